// Bitfount's session over a JWT that an external source renews.
import type { Authorizer } from '../authorizer.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { ClientSession } from './client-session.js';
import type { SessionConfig } from './client-session.js';
import { recordOf } from '../internal/records.js';
import { introspectToken } from '../oauth2/introspection.js';
import type { TokenQuestion } from '../oauth2/introspection.js';
import type { RefreshableJWTHandler } from './refreshable-jwt.js';

/**
 * An axios instance whose allowed requests carry the handler's token; made with `new`, called like any instance.
 *
 * @example
 * ```ts
 * const handler = new RefreshableJWTHandler({ getToken: async () => ['a.b.c', undefined] });
 * const session = new RefreshableJWTSession(handler, { baseURL: 'https://api.example.org' });
 * await session.get('/reports');
 * ```
 */
export class RefreshableJWTSession extends ClientSession {
  readonly #handler: RefreshableJWTHandler;

  /** @throws ConfigurationError when `config` has neither `allow` nor `baseURL` */
  constructor(authenticationHandler: RefreshableJWTHandler, config?: SessionConfig) {
    super(authorizerOf(authenticationHandler), config);
    this.#handler = authenticationHandler;
  }

  /** What keeps the JWT good. */
  get authenticationHandler(): RefreshableJWTHandler {
    return this.#handler;
  }

  /** Whether the token is still valid, with a minute's buffer. */
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
   * @param options `timeoutMs`: default 10 000; `allowInsecure`: also at plain http beyond this machine, default false;
   *   `transport`: how the request leaves
   * @returns whether it is active; false as well when authentication fails; undefined when the endpoint could not be asked
   * @throws ConfigurationError when the URL cannot be used
   */
  async validateTokenViaIntrospection(
    url: string,
    options: Pick<TokenQuestion, 'timeoutMs' | 'allowInsecure' | 'transport'> = {},
  ): Promise<boolean | undefined> {
    let token: string;
    try {
      token = await this.#handler.getValidToken();
    } catch {
      return false;
    }
    return introspectToken({ url, token, bearer: token, ...options });
  }
}

function authorizerOf(handler: RefreshableJWTHandler): Authorizer {
  if (recordOf(handler)['authorizer'] === undefined)
    throw new ConfigurationError(
      'RefreshableJWTSession needs a RefreshableJWTHandler, and a config with `baseURL` or `allow`',
    );
  return handler.authorizer;
}
