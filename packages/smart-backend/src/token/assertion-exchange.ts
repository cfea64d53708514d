// A signed assertion for a token. When a server rejects it, two things may fix that, each once for one token: the token
// endpoint has moved, or the clocks differ.
import { AuthenticationError } from '@axios-authorizer/core';
import {
  asString,
  ClockOffset,
  isOutdated,
  pickOptions,
  recordOf,
  requestToken,
  setParameters,
} from '@axios-authorizer/core/extend';
import type { ClientAuth, Clock, Token } from '@axios-authorizer/core';
import type { FailedSending } from '@axios-authorizer/core/extend';
import type { SMARTBackendAuthOptions } from '../auth-options.js';
import type { Discovery } from './discovery.js';
import type { KeyRing } from '../keys/key-ring.js';
import { ASSERTION_OPTIONS, privateKeyJwt } from './private-key-jwt.js';
import { advised } from './registration-advice.js';
import type { SigningKey } from '../keys/smart-backend-keys.js';
import type { SmartConfiguration } from './smart-configuration.js';
import { notGranted } from './smart-scope.js';

export interface AssertionExchangeTask {
  readonly options: SMARTBackendAuthOptions;
  /** As it is sent. */
  readonly scope: string;
  readonly keys: KeyRing;
  readonly clock: Clock;
  /** What was discovered, or what `tokenUrl` says. */
  readonly configuration: (signal: AbortSignal) => Promise<SmartConfiguration>;
  /** Asked again when what was discovered may be outdated. */
  readonly discovery: Discovery;
  /** Told of corrected clocks and of lesser grants. */
  readonly notice: (message: string) => void;
}

type Remedy = 'endpoint' | 'clock';

export class AssertionExchange {
  readonly #task: AssertionExchangeTask;
  readonly #clockOffset: ClockOffset;

  constructor(task: AssertionExchangeTask) {
    this.#task = task;
    this.#clockOffset = new ClockOffset({ server: task.options.baseUrl, notice: task.notice });
  }

  /** @throws what `SMARTBackendAuth.authorize` throws */
  token(signal: AbortSignal): Promise<Token> {
    return this.#exchange(signal, this.#task.options.tokenUrl === undefined ? ['endpoint', 'clock'] : ['clock']);
  }

  async #exchange(signal: AbortSignal, remedies: readonly Remedy[]): Promise<Token> {
    const { keys, clock } = this.#task;
    const configuration = await this.#fittingConfiguration(signal, remedies);
    const key = keys.choose(configuration.algorithms);
    const sending = { sentAt: clock.now(), offsetMs: this.#clockOffset.ms, isSigned: false };
    const signed = (): void => void Object.assign(sending, { sentAt: clock.now(), isSigned: true });
    try {
      return this.#granted(await this.#request(configuration, signal, signed));
    } catch (error) {
      if (!sending.isSigned) throw ofSigner(error, key);
      const refused = { ...sending, error, receivedAt: clock.now() };
      const remedy = await this.#remedy(refused, { configuration, signal, remedies });
      if (remedy === undefined) throw this.#advised(error, configuration, key);
      const again = (): Promise<Token> =>
        this.#exchange(
          signal,
          remedies.filter((one) => one !== remedy),
        );
      return remedy === 'clock' ? this.#clockOffset.keptIfFixed(refused, again) : again();
    }
  }

  /** A document that lists no algorithm of ours may be outdated. */
  async #fittingConfiguration(signal: AbortSignal, remedies: readonly Remedy[]): Promise<SmartConfiguration> {
    const { configuration, keys, discovery } = this.#task;
    const known = await configuration(signal);
    if (keys.fits(known.algorithms) || !remedies.includes('endpoint')) return known;
    return discovery.readAgain(signal);
  }

  #request({ tokenUrl: url, algorithms }: SmartConfiguration, signal: AbortSignal, signed: () => void): Promise<Token> {
    const { options, keys, scope, notice } = this.#task;
    const { parameters, transport, defaultLifetimeMs, acceptTokenTypes, allowInsecure, clock } = options;
    const clockOffsetMs = (): number => this.#clockOffset.ms;
    const authenticate = privateKeyJwt({ ...pickOptions(options, ASSERTION_OPTIONS), keys, algorithms, clockOffsetMs });
    const clientAuth: ClientAuth = async (request) => {
      await authenticate(request);
      signed();
    };
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope });
    setParameters(body, parameters);
    const how = { notice, transport, defaultLifetimeMs, acceptTokenTypes, allowInsecure, clock };
    return requestToken({ url, body, clientAuth, signal, ...how });
  }

  /** A refresh token has no place in this flow and is dropped; less scope than asked for is told. */
  #granted({ refreshToken: _dropped, ...token }: Token): Token {
    const { scope, options, notice } = this.#task;
    const missing = notGranted(scope, token.scope ?? scope);
    if (missing.length > 0)
      notice(`${options.baseUrl} granted less than was asked for: ${missing.join(' ')} is missing`);
    return token;
  }

  async #remedy(refused: FailedSending, { configuration, signal, remedies }: Exchange): Promise<Remedy | undefined> {
    if (remedies.includes('clock') && this.#clockOffset.correct(refused)) return 'clock';
    if (!isOutdated(refused.error) || !remedies.includes('endpoint')) return undefined;
    const { tokenUrl } = await this.#task.discovery.readAgain(signal).catch(() => configuration);
    return tokenUrl === configuration.tokenUrl ? undefined : 'endpoint';
  }

  #advised(error: unknown, { tokenUrl, document }: SmartConfiguration, { kid, alg }: SigningKey): unknown {
    const { scope, options } = this.#task;
    const { clientId, jku, audience = tokenUrl } = options;
    return advised(error, { clientId, tokenUrl, audience, issuer: asString(document['issuer']), kid, alg, scope, jku });
  }
}

/** The limit of an acquisition says what had not answered (C4): here that was whoever signs. */
function ofSigner(error: unknown, { kid }: SigningKey): unknown {
  const { code, message, cause } = recordOf(error);
  if (code !== 'timeout') return error;
  const limit = asString(recordOf(cause)['message']) ?? String(message); // core names the client authentication before it
  return new AuthenticationError(`The signer of ${JSON.stringify(kid)} had not answered: ${limit}`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
    cause: error,
  });
}

interface Exchange {
  readonly configuration: SmartConfiguration;
  readonly signal: AbortSignal;
  readonly remedies: readonly Remedy[];
}
