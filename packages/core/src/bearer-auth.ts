// A session over a bearer token that nothing renews: sent as it is, until its owner replaces the session.
import { Authorizer } from './authorizer.js';
import { ClientSession } from './client-session.js';
import type { SessionConfig } from './client-session.js';
import { assertHeaderToken } from './token.js';

/** An axios instance that sends one static token, and retries transient failures of idempotent requests. */
export class BearerAuthSession extends ClientSession {
  /** @throws ConfigurationError when the token cannot be sent, or `config` has neither `allow` nor `baseURL` */
  constructor(bearerToken: string, config?: SessionConfig) {
    assertHeaderToken(bearerToken, 'The bearer token');
    const authorizer = new Authorizer(() => Promise.resolve(bearerToken), {
      initialToken: { accessToken: bearerToken },
    });
    super(authorizer, config, { retry: { retries: 3 }, unauthorized: () => false });
  }
}
