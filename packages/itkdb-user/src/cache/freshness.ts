// How long an answer of the database is good for, in the words that the cache reads: its headers.
import type { AxiosResponse } from 'axios';

/**
 * As the original's heuristic: `expiresAfter` replaces max-age and Expires, but never no-store. The key holds the user, so
 * what is private may be kept; of the successes, only a 200 is.
 */
export function freshen({ status, headers }: AxiosResponse, lifeMs: number | undefined): void {
  if (status !== 200 && status !== 304) headers['cache-control'] = 'no-store';
  const stated = String(headers['cache-control'] ?? '');
  if (lifeMs !== undefined && !/\bno-store\b/i.test(stated)) {
    headers['cache-control'] = `max-age=${Math.floor(lifeMs / 1000)}`;
    delete headers['expires'];
    delete headers['age'];
  } else if (/\bprivate\b/i.test(stated)) headers['cache-control'] = stated.replace(/\bprivate\b\s*,?\s*/i, '');
}
