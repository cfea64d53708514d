// SMART Backend Services (SMART App Launch 2.2 "Backend Services"): a token for a signed assertion, and nothing else.
import { Authorizer, quietly, requestToken, systemClock } from '@axios-authorizer/core';
import type { ClientAuth, Clock, Observer, Token, TokenRequest, TokenSource } from '@axios-authorizer/core';
import { assertAuthOptions } from './auth-options.js';
import type { SMARTBackendAuthOptions } from './auth-options.js';
import { betterOffset, isTimeRefusal } from './clock-offset.js';
import type { RefusedRequest } from './clock-offset.js';
import { Discovery, isOutdated } from './discovery.js';
import { ringOf } from './key-ring.js';
import type { KeyRing } from './key-ring.js';
import { privateKeyJwt } from './private-key-jwt.js';
import { advised } from './registration-advice.js';
import type { SigningKey } from './smart-backend-keys.js';
import type { SmartConfiguration } from './smart-configuration.js';
import { notGranted, scopeParameter } from './smart-scope.js';

/** What may be mended by itself, each once for one token. */
type Remedy = 'endpoint' | 'clock';

/**
 * A token source for one FHIR server. It holds no token (an `Authorizer` does), only what it learnt of the server: its
 * SMART configuration and how far its clock is from ours.
 */
export class SMARTBackendAuth implements TokenSource {
  readonly baseUrl: string;
  readonly clientId: string;
  /** As it is sent. */
  readonly scope: string;
  /** What signs; shared with `jwksHandler`, it shows rotations at once. */
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly #options: SMARTBackendAuthOptions;
  readonly #discovery: Discovery;
  readonly #observer: Observer | undefined;
  #clockOffsetMs = 0;

  /** @throws ConfigurationError when an option cannot work */
  constructor(options: SMARTBackendAuthOptions) {
    assertAuthOptions(options);
    const { baseUrl, clientId, transport, clock = systemClock } = options;
    this.baseUrl = baseUrl;
    this.clientId = clientId;
    this.scope = scopeParameter(options.scope);
    this.keys = ringOf(options.keys);
    this.#options = options;
    this.clock = clock;
    this.#observer = quietly(options.observer);
    this.#discovery = new Discovery({
      baseUrl,
      transport,
      clock,
      notice: (message) => this.#notice(message),
    });
  }

  /**
   * A token for a new assertion (RFC 6749 section 4.4 with RFC 7523 section 2.2); no refresh token is ever used.
   * @throws ConfigurationError before anything is sent, AuthenticationError `discovery_failed`, TokenEndpointError with a
   *   code and advice for what servers answer to a client that is registered wrongly
   */
  authorize({ signal = new AbortController().signal }: Partial<Pick<TokenRequest, 'signal'>> = {}): Promise<Token> {
    return this.#exchange(signal, this.#options.tokenUrl === undefined ? ['endpoint', 'clock'] : ['clock']);
  }

  /**
   * One bearer token, fetched now, within 30 seconds; transient failures are tried again.
   * @throws AuthenticationError, CanceledError when the signal aborts
   */
  async getToken(options: { readonly signal?: AbortSignal } = {}): Promise<string> {
    return (await new Authorizer(this, { clock: this.clock }).getToken(options)).accessToken;
  }

  /** What the server says of itself, or what `tokenUrl` says; kept once it was read. @throws AuthenticationError `discovery_failed` */
  configuration(signal?: AbortSignal): Promise<SmartConfiguration> {
    const { tokenUrl } = this.#options;
    if (tokenUrl === undefined) return this.#discovery.read(signal);
    return Promise.resolve({ tokenUrl, algorithms: undefined, document: {} });
  }

  async #exchange(signal: AbortSignal, remedies: readonly Remedy[]): Promise<Token> {
    const configuration = await this.#fittingConfiguration(signal, remedies);
    const key = this.keys.choose(configuration.algorithms);
    const sending = { sentAt: this.clock.now(), offsetMs: this.#clockOffsetMs };
    const signed = (): void => void (sending.sentAt = this.clock.now());
    try {
      return this.#granted(await this.#request(configuration, signal, signed));
    } catch (error) {
      const refused = { ...sending, error, receivedAt: this.clock.now() };
      const remedy = await this.#remedy(refused, {
        configuration,
        signal,
        remedies,
      });
      if (remedy === undefined) throw this.#advised(error, configuration, key);
      const left = remedies.filter((one) => one !== remedy);
      return remedy === 'clock' ? this.#byServerTime(refused, signal, left) : this.#exchange(signal, left);
    }
  }

  /** A document that lists no algorithm of ours may be outdated. */
  async #fittingConfiguration(signal: AbortSignal, remedies: readonly Remedy[]): Promise<SmartConfiguration> {
    const known = await this.configuration(signal);
    if (this.keys.fits(known.algorithms) || !remedies.includes('endpoint')) return known;
    return this.#discovery.readAgain(signal);
  }

  /** A correction that mends nothing is not kept: the server's Date may be a proxy's, and wrong. */
  async #byServerTime({ offsetMs }: RefusedRequest, signal: AbortSignal, left: readonly Remedy[]): Promise<Token> {
    const corrected = this.#clockOffsetMs;
    try {
      return await this.#exchange(signal, left);
    } catch (error) {
      if (isTimeRefusal(error) && this.#clockOffsetMs === corrected) this.#clockOffsetMs = offsetMs;
      throw error;
    }
  }

  #request({ tokenUrl: url, algorithms }: SmartConfiguration, signal: AbortSignal, signed: () => void): Promise<Token> {
    const { parameters, transport, defaultLifetimeMs, clock } = this.#options;
    const clockOffsetMs = (): number => this.#clockOffsetMs;
    const authenticate = privateKeyJwt({
      ...this.#options,
      keys: this.keys,
      algorithms,
      clockOffsetMs,
    });
    const clientAuth: ClientAuth = async (request) => {
      await authenticate(request);
      signed();
    };
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: this.scope,
      ...parameters,
    });
    return requestToken({
      url,
      body,
      clientAuth,
      signal,
      transport,
      defaultLifetimeMs,
      clock,
    });
  }

  /** A refresh token has no place in this flow and is dropped; less scope than asked for is told. */
  #granted({ refreshToken: _dropped, ...token }: Token): Token {
    const missing = notGranted(this.scope, token.scope ?? this.scope);
    if (missing.length > 0)
      this.#notice(`${this.baseUrl} granted less than was asked for: ${missing.join(' ')} is missing`);
    return token;
  }

  async #remedy(refused: RefusedRequest, { configuration, signal, remedies }: Exchange): Promise<Remedy | undefined> {
    const offsetMs = betterOffset(refused);
    if (offsetMs !== undefined && remedies.includes('clock')) return this.#setClock(offsetMs);
    if (!isOutdated(refused.error) || !remedies.includes('endpoint')) return undefined;
    const { tokenUrl } = await this.#discovery.readAgain(signal).catch(() => configuration);
    return tokenUrl === configuration.tokenUrl ? undefined : 'endpoint';
  }

  #setClock(offsetMs: number): Remedy {
    this.#clockOffsetMs = offsetMs;
    const seconds = Math.round(offsetMs / 1000);
    this.#notice(
      `This machine's clock differs from that of ${this.baseUrl} by ${seconds} s; assertions are dated by the server's`,
    );
    return 'clock';
  }

  #advised(error: unknown, { tokenUrl }: SmartConfiguration, { kid, alg }: SigningKey): unknown {
    const { clientId, scope } = this;
    return advised(error, {
      clientId,
      tokenUrl,
      kid,
      alg,
      scope,
      jku: this.#options.jku,
    });
  }

  #notice(message: string): void {
    this.#observer?.({ type: 'notice', at: this.clock.now(), message });
  }
}

interface Exchange {
  readonly configuration: SmartConfiguration;
  readonly signal: AbortSignal;
  readonly remedies: readonly Remedy[];
}
