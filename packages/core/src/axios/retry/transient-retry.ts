// The one file that imports axios-retry. It stays a file of its own in the build, so that axios-retry, which bundlers cannot
// leave out by itself, is only in the bundles that use it.
import axiosRetry, { isIdempotentRequestError, linearDelay } from 'axios-retry';
import type { IAxiosRetryConfig } from 'axios-retry';
import type { AxiosInstance } from 'axios';
import type { RetrySetup } from '../attach.js';

export { isIdempotentRequestError, linearDelay };

/**
 * Retries transient failures with axios-retry: network errors and answers of 5xx or 429. By default only idempotent requests
 * (GET, HEAD, OPTIONS, PUT, DELETE; RFC 9110 section 9.2.2) are sent again: axios-retry alone would repeat a POST after a network
 * error. A 401 is no transient failure: `attachAuth` refreshes the token and retries by itself.
 * @param options axios-retry's, copied: `retries` (default 3), `retryDelay` in ms (default none, but `Retry-After` is heeded),
 *   `retryCondition` (default: idempotent requests) and others
 * @returns what the option `retry` of `attachAuth` takes; one may serve several clients
 * @example
 * ```ts
 * attachAuth(client, authorizer, { retry: transientRetry({ retries: 3 }) });
 * ```
 */
export function transientRetry(options: IAxiosRetryConfig = {}): RetrySetup {
  const { retryCondition = isIdempotentRequestError, ...others } = options;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- attachAuth has seen that it is callable; axios's two declarations differ
  return (client) => axiosRetry(client as AxiosInstance, { ...others, retryCondition });
}
