// When an acquisition tries once more, and after how long.
import type { AuthenticationError } from '../../token/errors/errors.js';
import { isFailingElsewhere } from '../../token/errors/lifecycle-errors.js';
import { recordOf } from '../../internal/records.js';
import { answerIn, codeOf } from '../../internal/client-error.js';

const FIRST_BACKOFF_MS = 200;
const LONGEST_BACKOFF_MS = 10_000;
/** A source that returns an expired token is usually just renewing it (as Bitfount's handler assumes). */
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
const TOO_MANY_REQUESTS = 429;
/** A server that limits its callers and does not say for how long counts by seconds at least, not by a fifth of one. */
const FIRST_THROTTLED_MS = 5_000;

export class RetryPolicy {
  #tries = 0;
  #ambiguousRefreshes = 0;
  #throttled = 0;
  readonly #maxRetries: number;

  constructor(maxRetries: number) {
    this.#maxRetries = maxRetries;
  }

  /** Milliseconds until the next try, or undefined when there is none. */
  delayAfter(failure: AuthenticationError, wasRefresh: boolean): number | undefined {
    const tries = this.#tries++;
    if (tries >= this.#maxRetries) return undefined;
    if (failure.code === 'expired_token') return FIRST_EXPIRED_DELAY_MS * 2 ** tries;
    if (!failure.transient || isFailingElsewhere(failure)) return undefined;
    const refreshed = wasRefresh || recordOf(failure)['grantType'] === 'refresh_token';
    if (refreshed && mayHaveArrived(failure) && ++this.#ambiguousRefreshes > 1) return undefined;
    const backoffMs = Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** tries) * Math.random();
    return Math.max(backoffMs, failure.retryAfterMs ?? this.#throttledMs(failure));
  }

  #throttledMs(failure: AuthenticationError): number {
    return isThrottled(failure) ? Math.min(LONGEST_BACKOFF_MS, FIRST_THROTTLED_MS * 2 ** this.#throttled++) : 0;
  }
}

function isThrottled(failure: AuthenticationError): boolean {
  return failure.code === 'throttled' || statusOf(failure) === TOO_MANY_REQUESTS;
}

/** Of the answer itself, or of the one that a user's source met. */
function statusOf(failure: AuthenticationError): number | undefined {
  return answerIn(failure)?.status;
}

function mayHaveArrived(failure: AuthenticationError): boolean {
  if (failure.code === 'throttled' || NOT_PROCESSED.has(statusOf(failure) ?? 0)) return false;
  return !NEVER_SENT.has(codeOf(failure.cause) ?? '');
}
