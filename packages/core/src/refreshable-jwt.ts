// Bitfount's words for the engine: a JWT that an external source renews, its handler, and a session over it.
import { introspectToken } from './introspection.js';
import { Authorizer } from './authorizer.js';
import type { AuthorizerOptions } from './authorizer-options.js';
import { ClientSession } from './client-session.js';
import type { SessionConfig } from './client-session.js';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { AuthenticationError } from './errors.js';
import { engineOf } from './authorizer.js';
import type { Token } from './token.js';

/** A JSON web token and when it ends. */
export interface JWT {
  readonly jwt: string;
  readonly expires: Date;
}

/** Fetches a token from the external source: the pair of the JWT and its end. It may throw; the handler wraps that. */
export type GetJWT = () => Promise<readonly [jwt: string, expires: Date]> | readonly [jwt: string, expires: Date];

/** A JWT to begin with, if there is one, and what renews it. `jwt` and `expires` count only as a pair. */
export interface RefreshableJWT {
  readonly jwt?: string;
  readonly expires?: Date;
  readonly getToken: GetJWT;
}

/** Bitfount's buffer: a token counts as expired this long before its end. */
const BUFFER_MS = 60_000;

/** Whether a token that ends at `expires` is good for another minute. */
export function isTokenValid(expires: Date, clock: Clock = systemClock): boolean {
  return expires.getTime() - BUFFER_MS >= clock.now();
}

export interface RefreshableJWTHandlerOptions
  extends RefreshableJWT, Omit<AuthorizerOptions, 'initialToken' | 'leewayMs'> {}

/** Keeps an external source's JWT good: fetched when missing or within a minute of its end, by one call for all callers. */
export class RefreshableJWTHandler {
  /** What attaches to clients. */
  readonly authorizer: Authorizer;
  readonly #clock: Clock;

  /** @throws ConfigurationError when an option cannot work */
  constructor({ jwt, expires, getToken, ...options }: RefreshableJWTHandlerOptions) {
    const initial = jwt !== undefined && expires !== undefined ? { accessToken: jwt, expiresAt: expires } : undefined;
    this.#clock = options.clock ?? systemClock;
    const authorize = async (): Promise<Token> => {
      const [accessToken, expiresAt] = await getToken();
      return { accessToken, expiresAt };
    };
    // the original's `expires - buffer >= now` is valid at equality, the engine's `now < end - leeway` is not
    this.authorizer = new Authorizer(authorize, {
      ...options,
      leewayMs: BUFFER_MS - 1,
      ...(initial && { initialToken: initial }),
    });
    if ((jwt === undefined) !== (expires === undefined))
      engineOf(this.authorizer).observer?.({
        type: 'notice',
        at: this.#clock.now(),
        message: 'jwt and expires count only as a pair: the one given was dropped',
      });
  }

  /** Whether the token is still valid, with a minute's buffer. */
  get authenticated(): boolean {
    const { token } = this.authorizer;
    return (
      this.authorizer.authenticated && token?.expiresAt !== undefined && isTokenValid(token.expiresAt, this.#clock)
    );
  }

  get jwt(): string | undefined {
    return this.authorizer.accessToken;
  }

  get expires(): Date | undefined {
    return this.authorizer.token?.expiresAt;
  }

  /** The headers of an authenticated request. @throws AuthenticationError when there is no valid token */
  get requestHeaders(): Record<string, string> {
    const { token } = this.authorizer;
    if (token === undefined || !this.authenticated)
      throw new AuthenticationError('There is no valid token yet: await authenticate() first', {
        code: 'not_authenticated',
        kind: 'session',
      });
    return this.authorizer.headersFor(token);
  }

  /**
   * Fetches a token unless a valid one is held. A source that hands back an expired token is asked again, after 1 s, 2 s, 4 s …
   * @param options `force`: although a valid one is held; `maxRetries`: default 3
   * @throws AuthenticationError whatever the source threw, with that as its cause
   */
  async authenticate(options: { force?: boolean; maxRetries?: number } = {}): Promise<void> {
    await engineOf(this.authorizer).lifecycle.get(options);
  }

  /** @throws AuthenticationError */
  async getValidToken(options: { force?: boolean } = {}): Promise<string> {
    return (await this.authorizer.getToken(options)).accessToken;
  }

  /** @throws AuthenticationError */
  async getValidTokenWithExpiry(
    options: { force?: boolean } = {},
  ): Promise<readonly [jwt: string, expires: Date | undefined]> {
    const { accessToken, expiresAt } = await this.authorizer.getToken(options);
    return [accessToken, expiresAt];
  }
}

/** An axios instance whose requests in scope carry the handler's token; made with `new`, called like any instance. */
export class RefreshableJWTSession extends ClientSession {
  readonly #handler: RefreshableJWTHandler;

  /** @throws ConfigurationError when `config` has neither `allow` nor `baseURL` */
  constructor(authenticationHandler: RefreshableJWTHandler, config?: SessionConfig) {
    super(authenticationHandler.authorizer, config);
    this.#handler = authenticationHandler;
  }

  get authenticationHandler(): RefreshableJWTHandler {
    return this.#handler;
  }

  get authenticated(): boolean {
    return this.#handler.authenticated;
  }

  /** The headers of an authenticated request, authenticating first when need be. */
  get requestHeaders(): Promise<Record<string, string>> {
    return this.#handler.authenticate().then(() => this.#handler.requestHeaders);
  }

  /** @throws AuthenticationError */
  authenticate(): Promise<void> {
    return this.#handler.authenticate();
  }

  /**
   * Asks an introspection endpoint about the session's own token (RFC 7662), with that token as the caller's.
   * @param options `timeoutMs`: default 10 000
   * @returns whether it is active; false as well when authentication fails; undefined when the endpoint could not be asked
   * @throws ConfigurationError when the URL cannot be used
   */
  async validateTokenViaIntrospection(url: string, options: { timeoutMs?: number } = {}): Promise<boolean | undefined> {
    let token: string;
    try {
      token = await this.#handler.getValidToken();
    } catch {
      return false;
    }
    return introspectToken({ url, token, bearer: token, ...options });
  }
}
