// When an acquisition tries once more, and after how long.
import { AuthenticationError, isAuthenticationError } from './errors.js';
import { membersOf, textOf } from './members.js';
import { redactedError } from './redacted-error.js';

const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 10_000;
/** A source that hands back an expired token is usually just renewing it (as Bitfount's handler assumes). */
const FIRST_EXPIRED_DELAY_MS = 1_000;
/** The request certainly never arrived. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_INVALID_URL',
]);
/** The server says that it did not look at the request. */
const NOT_PROCESSED = new Set([425, 429]);

export class RetryPolicy {
  #tries = 0;
  #ambiguousRefreshes = 0;
  readonly #maxRetries: number;

  constructor(maxRetries: number) {
    this.#maxRetries = maxRetries;
  }

  /** Milliseconds until the next try, or undefined when there is none. */
  delayAfter(failure: AuthenticationError, wasRefresh: boolean): number | undefined {
    const tries = this.#tries++;
    if (tries >= this.#maxRetries) return undefined;
    if (failure.code === 'expired_token') return FIRST_EXPIRED_DELAY_MS * 2 ** tries;
    if (!failure.transient) return undefined;
    const refreshed = wasRefresh || membersOf(failure)['grantType'] === 'refresh_token';
    if (refreshed && mayHaveArrived(failure) && ++this.#ambiguousRefreshes > 1) return undefined;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tries) * Math.random();
    return Math.max(backoffMs, failure.retryAfterMs ?? 0);
  }
}

/**
 * Any failure as one of ours; what a user's source throws is wrapped and not repeated.
 * @param secrets what was in play, and must stand neither in its words nor in those of its cause. Default: nothing is looked for
 */
export function asAuthenticationError(error: unknown, secrets?: readonly string[]): AuthenticationError {
  const cause = secrets ? redactedError(error, secrets) : error;
  if (isAuthenticationError(cause)) return cause;
  const message = textOf(cause) ?? textOf(membersOf(cause)['message']);
  return new AuthenticationError(`The token source failed${message === undefined ? '' : `: ${message}`}`, {
    code: 'source_failed',
    kind: 'unavailable',
    cause,
  });
}

function mayHaveArrived(failure: AuthenticationError): boolean {
  const { code } = membersOf(failure.cause);
  if (failure.code === 'throttled' || NOT_PROCESSED.has(Number(membersOf(failure)['status']))) return false;
  return !NEVER_SENT.has(textOf(code) ?? '');
}
