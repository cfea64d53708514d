// A session over a bearer token that nothing renews: sent as it is, until its owner replaces the session.
import { Authorizer } from '../authorizer.js';
import { isIdempotentRequestError, linearDelay, transientRetry } from '../axios/retry/transient-retry.js';
import { ClientSession } from './client-session.js';
import type { SessionConfig } from './client-session.js';
import { recordOf } from '../internal/records.js';
import { retryAfterMs } from '../token/errors/oauth-error.js';
import { assertHeaderToken } from '../token/token.js';

type RetryError = Parameters<typeof isIdempotentRequestError>[0];

/**
 * An axios instance that sends one static token, and retries transient failures of idempotent requests.
 *
 * @example
 * ```ts
 * const session = new BearerAuthSession('a token of somebody else', { baseURL: 'https://api.example.org' });
 * await session.get('/reports');
 * ```
 */
export class BearerAuthSession extends ClientSession {
  /** @throws ConfigurationError when the token cannot be sent, or `config` has neither `allow` nor `baseURL` */
  constructor(bearerToken: string, config?: SessionConfig) {
    assertHeaderToken(bearerToken, 'The bearer token');
    const authorizer = new Authorizer(() => Promise.resolve(bearerToken), {
      initialToken: { accessToken: bearerToken },
    });
    super(authorizer, config, { retry: transientRetry(bearerRetry), unauthorized: () => false });
  }
}

const IDEMPOTENT = /^(?:get|head|options|put|delete)$/i;
/** Request Timeout and Too Early (RFC 9110 section 15.5.9, RFC 8470 section 5.2): the server says itself that it may be sent again. */
const SEND_AGAIN = new Set<unknown>([408, 425]);
const FIRST_THROTTLED_MS = 5_000;

/** Network errors, 408, 425, 429 and 5xx of idempotent requests, three times at most. */
export const bearerRetry: NonNullable<Parameters<typeof transientRetry>[0]> = {
  retries: 3,
  retryCondition: (error) => isIdempotentRequestError(error) || maySendAgain(error),
  retryDelay: (count, error) => linearDelay(isSilentlyThrottled(error) ? FIRST_THROTTLED_MS : 0)(count, error),
};

function maySendAgain({ config, response }: RetryError): boolean {
  return SEND_AGAIN.has(response?.status) && IDEMPOTENT.test(config?.method ?? 'get');
}

/** Whether a server limits its callers and does not say for how long. */
function isSilentlyThrottled({ response }: RetryError): boolean {
  return response?.status === 429 && retryAfterMs(recordOf(response.headers)['retry-after'], Date.now()) === undefined;
}
