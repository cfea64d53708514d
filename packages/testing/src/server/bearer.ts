// Every API of the kit must see the same bearer in the same header, or their counts could not be compared.

import type { Received } from './loopback.js';

/**
 * The token of `Authorization: Bearer …` (RFC 6750, 2.1), undefined when there is none.
 * @example
 * ```ts
 * const server = await startLoopback((request, response) => {
 *   response.statusCode = bearerOf(request) === undefined ? 401 : 200;
 *   response.end();
 * });
 * ```
 */
export function bearerOf(request: Received): string | undefined {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
