// SMART Backend Services (SMART App Launch 2.2 "Backend Services"): a token for a signed assertion, and nothing else.
import { Authorizer } from '@axios-authorizer/core';
import { quietly, systemClock } from '@axios-authorizer/core/extend';
import type { Clock, Token, TokenRequest, TokenSource, Transport } from '@axios-authorizer/core';
import { AssertionExchange } from './token/assertion-exchange.js';
import { authOptions } from './auth-options.js';
import type { SMARTBackendAuthOptions } from './auth-options.js';
import { Discovery } from './token/discovery.js';
import { ringOf } from './keys/key-ring.js';
import type { KeyRing } from './keys/key-ring.js';
import type { SmartConfiguration } from './token/smart-configuration.js';
import { scopeDoubts, scopeParameter } from './token/smart-scope.js';

/**
 * A token source for one FHIR server. It holds no token (an `Authorizer` does), only what it learnt of the server: its
 * SMART configuration and how far its clock is from ours.
 *
 * @example
 * ```ts
 * const auth = new SMARTBackendAuth({
 *   baseUrl: 'https://ehr.example.org/fhir',
 *   clientId,
 *   keys: await loadKeys('keys'),
 *   scope: 'system/Patient.rs',
 * });
 * const accessToken = await auth.getToken();
 * ```
 */
export class SMARTBackendAuth implements TokenSource {
  /** The FHIR base URL, as it was given. */
  readonly baseUrl: string;
  /** The client's id at the server. */
  readonly clientId: string;
  /** The scope as it is sent: blank-separated, each once. */
  readonly scope: string;
  /** What signs; shared with `jwksHandler`, it shows rotations at once. */
  readonly keys: KeyRing;
  /** The time that assertions and tokens go by: the option `clock`, or the system's. */
  readonly clock: Clock;
  readonly #options: SMARTBackendAuthOptions;
  readonly #discovery: Discovery;
  readonly #exchange: AssertionExchange;

  /** @throws ConfigurationError when an option cannot work */
  constructor(given: SMARTBackendAuthOptions) {
    const options = authOptions(given);
    const { baseUrl, clientId, allowInsecure, transport, clock = systemClock } = options;
    this.baseUrl = baseUrl;
    this.clientId = clientId;
    this.scope = scopeParameter(options.scope);
    this.keys = ringOf(options.keys);
    this.#options = options;
    this.clock = clock;
    const observer = quietly(options.observer);
    const notice = (message: string): void => observer?.({ type: 'notice', at: clock.now(), message });
    for (const doubt of scopeDoubts(this.scope)) notice(`${doubt}; it is sent as it is`);
    this.#discovery = new Discovery({ baseUrl, allowInsecure, transport, clock, notice });
    this.#exchange = new AssertionExchange({
      options,
      scope: this.scope,
      keys: this.keys,
      clock,
      configuration: (signal) => this.configuration(signal),
      discovery: this.#discovery,
      notice,
    });
  }

  /** How its requests leave; what holds for a hospital's network holds for its FHIR server too. */
  get transport(): Transport | undefined {
    return this.#options.transport;
  }

  /**
   * A token for a new assertion (RFC 6749 section 4.4 with RFC 7523 section 2.2); no refresh token is ever used.
   * @throws ConfigurationError before anything is sent, AuthenticationError `discovery_failed`, TokenEndpointError with a
   *   code and advice for what servers answer to a client that is registered wrongly
   */
  authorize({ signal = new AbortController().signal }: Partial<Pick<TokenRequest, 'signal'>> = {}): Promise<Token> {
    return this.#exchange.token(signal);
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
}
