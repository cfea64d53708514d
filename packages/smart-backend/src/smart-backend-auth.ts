// SMART Backend Services (SMART App Launch 2.2 "Backend Services"): a token for a signed assertion, and nothing else.
import { Authorizer, ConfigurationError, quietly, requestToken, systemClock } from '@axios-authorizer/core';
import type { Clock, Observer, Token, TokenRequest, TokenSource, Transport } from '@axios-authorizer/core';
import { betterOffset } from './clock-offset.js';
import type { RefusedRequest } from './clock-offset.js';
import { Discovery, isOutdated } from './discovery.js';
import { ringOf } from './key-ring.js';
import type { KeyRing } from './key-ring.js';
import { assertSettings, privateKeyJwt } from './private-key-jwt.js';
import type { AssertionSettings } from './private-key-jwt.js';
import { advised } from './registration-advice.js';
import type { SigningKey } from './smart-backend-keys.js';
import type { SmartConfiguration } from './smart-configuration.js';
import { notGranted, scopeParameter } from './smart-scope.js';
import type { SmartScope } from './smart-scope.js';

export interface SMARTBackendAuthOptions extends AssertionSettings {
  /** The FHIR base URL: https, or http on this machine. */
  readonly baseUrl: string;
  /** What is asked for, blank-separated or a list; checked before anything is sent. */
  readonly scope: string | readonly (string | SmartScope)[];
  /** The token endpoint, for servers that do not publish it. Default: discovered from `baseUrl`. */
  readonly tokenUrl?: string | undefined;
  /** Further parameters of the token request, such as `resource`. Default: none. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** The token's life in ms where the server does not state it. Default: until a server refuses it. */
  readonly defaultLifetimeMs?: number | undefined;
  /** How our requests leave: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Told of shortcomings of the server, of corrected clocks and of lesser grants. Default: nobody. */
  readonly observer?: Observer | undefined;
}

/** What may be mended by itself, each once for one token. */
type Remedy = 'endpoint' | 'clock';

const RESERVED = ['grant_type', 'scope', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

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
    assertSettings(options);
    assertParameters(options.parameters);
    const { baseUrl, clientId, transport, clock = systemClock } = options;
    this.baseUrl = baseUrl;
    this.clientId = clientId;
    this.scope = scopeParameter(options.scope);
    this.keys = ringOf(options.keys);
    this.#options = options;
    this.clock = clock;
    this.#observer = quietly(options.observer);
    this.#discovery = new Discovery({ baseUrl, transport, clock, notice: (message) => this.#notice(message) });
  }

  /**
   * A token for a new assertion (RFC 6749 section 4.4 with RFC 7523 section 2.2); no refresh token is ever used.
   * @throws ConfigurationError before anything is sent, AuthenticationError `discovery_failed`, TokenEndpointError with a
   *   code and advice for what servers answer to a client that is registered wrongly
   */
  authorize({ signal }: Pick<TokenRequest, 'signal'>): Promise<Token> {
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
    const configuration = await this.configuration(signal);
    const key = this.keys.choose(configuration.algorithms);
    const sending = { sentAt: this.clock.now(), offsetMs: this.#clockOffsetMs };
    try {
      return this.#granted(await this.#request(configuration, signal));
    } catch (error) {
      const refused = { ...sending, error, receivedAt: this.clock.now() };
      const remedy = await this.#remedy(refused, { configuration, signal, remedies });
      if (remedy === undefined) throw this.#advised(error, configuration, key);
      return this.#exchange(
        signal,
        remedies.filter((left) => left !== remedy),
      );
    }
  }

  #request({ tokenUrl: url, algorithms }: SmartConfiguration, signal: AbortSignal): Promise<Token> {
    const { parameters, transport, defaultLifetimeMs, clock } = this.#options;
    const clockOffsetMs = (): number => this.#clockOffsetMs;
    const clientAuth = privateKeyJwt({ ...this.#options, keys: this.keys, algorithms, clockOffsetMs });
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: this.scope, ...parameters });
    return requestToken({ url, body, clientAuth, signal, transport, defaultLifetimeMs, clock });
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
    return advised(error, { clientId, tokenUrl, kid, alg, scope, jku: this.#options.jku });
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

function assertParameters(parameters: Readonly<Record<string, string>> = {}): void {
  const taken = RESERVED.filter((name) => name in parameters);
  if (taken.length > 0)
    throw new ConfigurationError(
      `\`parameters\` may not hold ${taken.join(', ')}: SMART Backend Services says what they are`,
    );
}
