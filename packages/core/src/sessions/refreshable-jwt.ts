// Bitfount's words for core: a JWT that an external source renews, and its handler.
import { Authorizer } from '../authorizer.js';
import { internalsOf } from '../authorizer/internals.js';
import { AUTHORIZER_OPTIONS } from '../lifecycle/options.js';
import type { AuthorizerOptions } from '../lifecycle/options.js';
import { checkOptions } from '../token/options-check.js';
import { systemClock } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { AuthenticationError, ConfigurationError } from '../token/errors/errors.js';
import { omitUndefined } from '../internal/records.js';
import type { OptionTable } from '../token/options-check.js';
import type { Token } from '../token/token.js';
import type { TokenRequest } from '../token/source.js';

/** A JSON web token and when it ends. */
export interface JWT {
  /** The token as issued, without "Bearer ". */
  readonly jwt: string;
  /** When it ends, by the local clock. */
  readonly expires: Date;
}

/** Fetches a token from the external source: the pair of the JWT and its end. It may throw; the handler wraps that. `request.signal` ends it. */
export type GetJWT = (request: TokenRequest) => Promise<ExpiringJWT> | ExpiringJWT;
/** An end that is not known is `undefined`: good until a server rejects it. */
export type ExpiringJWT = readonly [jwt: string, expires: Date | undefined];

/** A JWT to begin with, if there is one, and what renews it. `jwt` and `expires` count only as a pair. */
export interface RefreshableJWT {
  /** The token to begin with. Default: the first comes from `getToken`. */
  readonly jwt?: string;
  /** When `jwt` ends. Default: `jwt` is not used. */
  readonly expires?: Date;
  /** Fetches the next one, whenever one is missing, about to end or rejected. */
  readonly getToken: GetJWT;
}

/** Bitfount's buffer: a token counts as expired this long before its end. */
const BUFFER_MS = 60_000;

/**
 * Whether a token that ends at `expires` is good for another minute.
 *
 * @example
 * ```ts
 * const valid = isTokenValid(new Date(Date.now() + 60_000));
 * ```
 */
export function isTokenValid(expires: Date, clock: Clock = systemClock): boolean {
  return expires.getTime() - BUFFER_MS >= clock.now();
}

/** The options of a {@link RefreshableJWTHandler}: a {@link RefreshableJWT}, and those of an authorizer. */
export interface RefreshableJWTHandlerOptions
  extends RefreshableJWT, Omit<AuthorizerOptions, 'initialToken' | 'leewayMs'> {
  /** Told of each new token before any caller sees it, and awaited for 2 s at most. Default: nobody. */
  onToken?(token: Token): void | Promise<void>;
  /** Told once a session that it is over for good, so that only a person can go on. Default: nobody. */
  onSessionEnd?(error: AuthenticationError): void | Promise<void>;
}

function handlerTable(): OptionTable<RefreshableJWTHandlerOptions> {
  const { initialToken: _jwt, leewayMs: _buffer, ...passedOn } = AUTHORIZER_OPTIONS;
  return { ...passedOn, jwt: 'any', expires: 'any', getToken: 'function' };
}

/**
 * Keeps an external source's JWT good: fetched when missing or within a minute of its end, by one call for all callers.
 *
 * @example
 * ```ts
 * const handler = new RefreshableJWTHandler({ getToken: async () => ['a.b.c', new Date(Date.now() + 300_000)] });
 * const jwt = await handler.getValidToken();
 * ```
 */
export class RefreshableJWTHandler {
  /** What attaches to clients. */
  readonly authorizer: Authorizer;
  readonly #clock: Clock;

  /** @throws ConfigurationError when an option cannot work */
  constructor(handlerOptions: RefreshableJWTHandlerOptions) {
    if (typeof handlerOptions?.getToken !== 'function')
      throw new ConfigurationError('RefreshableJWTHandler takes one object: { getToken, jwt?, expires? }');
    const { jwt, expires, getToken, ...options } = checkOptions(
      handlerOptions,
      'RefreshableJWTHandler',
      handlerTable(),
    );
    const initial = jwt !== undefined && expires !== undefined ? { accessToken: jwt, expiresAt: expires } : undefined;
    this.#clock = options.clock ?? systemClock;
    // the original's `expires - buffer >= now` is valid at equality, core's `now < end - leeway` is not
    this.authorizer = new Authorizer(async (request) => tokenOf(await getToken(request)), {
      ...options,
      leewayMs: BUFFER_MS - 1,
      ...(initial && { initialToken: initial }),
    });
    if ((jwt === undefined) !== (expires === undefined))
      internalsOf(this.authorizer).observer?.({
        type: 'notice',
        at: this.#clock.now(),
        message: 'jwt and expires count only as a pair: the one given was dropped',
      });
  }

  /** Whether the token is still valid, with a minute's buffer. */
  get authenticated(): boolean {
    const expires = this.authorizer.token?.expiresAt;
    return this.authorizer.authenticated && (expires === undefined || isTokenValid(expires, this.#clock));
  }

  /** The JWT that is held now, whatever its age; undefined when there is none. */
  get jwt(): string | undefined {
    return this.authorizer.accessToken;
  }

  /** When it ends; undefined when there is none, or its end is not known. */
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
   * Fetches a token unless a valid one is held. A source that returns an expired token is asked again, after 1 s, 2 s, 4 s …
   * @param options `force`: although a valid one is held, which is gone when that fails; `maxRetries`: default 3
   * @throws AuthenticationError whatever the source threw, with that as its cause
   */
  async authenticate(options: { force?: boolean; maxRetries?: number } = {}): Promise<void> {
    await this.#validToken(options);
  }

  /**
   * @param options `force`: although a valid one is held, which is gone when that fails
   * @throws AuthenticationError
   */
  async getValidToken(options: { force?: boolean } = {}): Promise<string> {
    return (await this.#validToken(options)).accessToken;
  }

  /**
   * @param options `force`: although a valid one is held, which is gone when that fails
   * @throws AuthenticationError
   */
  async getValidTokenWithExpiry(options: { force?: boolean } = {}): Promise<ExpiringJWT> {
    const { accessToken, expiresAt } = await this.#validToken(options);
    return [accessToken, expiresAt];
  }

  /** The original discards the token before it forces; here it serves others until it is clear that there is none in its place. */
  async #validToken(options: { force?: boolean; maxRetries?: number }): Promise<Token> {
    const { lifecycle } = internalsOf(this.authorizer);
    const { token } = lifecycle;
    try {
      return await lifecycle.get(options);
    } catch (error) {
      if (options.force && token !== undefined) lifecycle.forget(token);
      throw error;
    }
  }
}

function tokenOf(pair: unknown): Token {
  if (!Array.isArray(pair) || pair.length !== 2)
    throw new ConfigurationError('getToken must return a pair: [jwt, expires]');
  const [accessToken, expiresAt] = pair as readonly unknown[];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its members are checked like those of every answer
  return omitUndefined({ accessToken, expiresAt }) as unknown as Token;
}
