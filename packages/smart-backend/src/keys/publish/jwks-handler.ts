// Serves the key set to authorization servers: from any Node http server, Express and its like, and from web handlers.
import { ConfigurationError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import { jwksAnswers } from './jwks-answer.js';
import type { JwksHandlerOptions, JwksSource } from './jwks-answer.js';

/** What the handler needs of a request; `http.IncomingMessage` has it. */
export interface JwksRequest {
  /** The HTTP method. Default: not GET, so 405. */
  readonly method?: string | undefined;
  /** The headers, names in lower case; `if-none-match` is read. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What the handler needs of a response; `http.ServerResponse` has it. */
export interface JwksResponse {
  /** Sends the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Sends the body and ends the answer; without one there is none (HEAD, 304). */
  end(body?: string): unknown;
}

/** Answers one request, and never rejects: for `http.createServer`, or `app.get` of Express. */
export type JwksHandler = (request: JwksRequest, response: JwksResponse) => Promise<void>;

/**
 * Answers every GET and HEAD with the public key set, to anybody, with Cache-Control and an ETag.
 * @param keys a `KeyRing` shows its rotations at once; a function is asked for each request
 * @throws ConfigurationError when `maxAgeMs` is negative
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * createServer(jwksHandler(await loadKeys('keys'))).listen(8443);
 * ```
 */
export function jwksHandler(keys: JwksSource, options?: JwksHandlerOptions): JwksHandler {
  const answer = jwksAnswers(keys, options, 'jwksHandler');
  return async (request, response) => {
    try {
      const known = String(request.headers['if-none-match'] ?? '');
      const { status, headers, body } = await answer({ method: request.method, known });
      response.writeHead(status, { ...headers });
      response.end(body);
    } catch {
      // somebody else has answered, or nobody listens any more: Node's http server awaits no handler
    }
  };
}

/** What `jwksResponse` needs of a request; the fetch standard's `Request` has it. */
export interface WebJwksRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The headers; `if-none-match` is read. */
  readonly headers: {
    /** The value of a header, whatever its case; null when there is none. */
    get(name: string): string | null;
  };
}

/**
 * Answers one request for the public key set as `jwksHandler` does, in web handlers (Next.js route handlers, workers, Deno, Bun,
 * Hono): the `Response` to a `Request`.
 * @param keys as for `jwksHandler`
 * @throws ConfigurationError without a Request or when `maxAgeMs` is negative, SmartKeyError when the keys cannot be published
 * @example
 * ```ts
 * const keys = await loadKeys('keys');
 * export const GET = (request: Request): Promise<Response> => jwksResponse(request, keys);
 * ```
 */
export async function jwksResponse(
  request: WebJwksRequest,
  keys: JwksSource,
  options?: JwksHandlerOptions,
): Promise<Response> {
  if (typeof recordOf(recordOf(request)['headers'])['get'] !== 'function')
    throw new ConfigurationError(
      'jwksResponse takes the Request of a web handler, then the keys; Node has jwksHandler',
    );
  const answer = jwksAnswers(keys, options, 'jwksResponse');
  const known = request.headers.get('if-none-match') ?? '';
  const { status, headers, body } = await answer({ method: request.method, known });
  return new Response(body ?? null, { status, headers: { ...headers } });
}
