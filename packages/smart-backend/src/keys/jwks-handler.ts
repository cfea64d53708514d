// Serves the key set to authorization servers, from any Node http server, Express and its like.
import { createHash } from 'node:crypto';
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import type { SigningKeys } from './key-ring.js';
import { assertPublishable, publicJwks } from './public-jwks.js';

export interface JwksHandlerOptions {
  /** How long servers may keep the key set, in ms: publish a new key that long before it signs. Default: 300 000. */
  readonly maxAgeMs?: number | undefined;
}

/** What the handler needs of a request; `http.IncomingMessage` has it. */
export interface JwksRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What the handler needs of a response; `http.ServerResponse` has it. */
export interface JwksResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body?: string): unknown;
}

export type JwksHandler = (request: JwksRequest, response: JwksResponse) => Promise<void>;

/**
 * Answers every GET and HEAD with the public key set, to anybody, with Cache-Control and an ETag.
 * @param keys a `KeyRing` shows its rotations at once; a function is asked for each request
 * @throws ConfigurationError when `maxAgeMs` is negative
 */
export function jwksHandler(
  keys: SigningKeys | (() => SigningKeys | Promise<SigningKeys>),
  options?: JwksHandlerOptions,
): JwksHandler {
  const { maxAgeMs = 300_000 } = checkOptions(options, 'jwksHandler', { maxAgeMs: 'any' });
  if (!(maxAgeMs >= 0 && maxAgeMs < Infinity))
    throw new ConfigurationError('maxAgeMs must be a finite number of at least 0');
  if (typeof keys !== 'function') assertPublishable(keys);
  const maxAge = `public, max-age=${Math.floor(maxAgeMs / 1000)}`;
  const current = async (): Promise<string> =>
    JSON.stringify(await publicJwks(typeof keys === 'function' ? await keys() : keys));
  return async (request, response) => {
    try {
      if (request.method !== 'GET' && request.method !== 'HEAD') refuse(response);
      else await answer(request, response, { maxAge, current });
    } catch {
      // somebody else has answered, or nobody listens any more: Node's http server awaits no handler
    }
  };
}

function refuse(response: JwksResponse): void {
  response.writeHead(405, { Allow: 'GET, HEAD' });
  response.end();
}

interface KeySet {
  readonly maxAge: string;
  readonly current: () => Promise<string>;
}

/** A failure is the server's, and its details are nobody's business out there. */
async function answer(request: JwksRequest, response: JwksResponse, { maxAge, current }: KeySet): Promise<void> {
  const body = await current().catch(() => undefined);
  if (body === undefined) {
    response.writeHead(500, { 'Cache-Control': 'no-store' });
    response.end();
    return;
  }
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const isKnown = matches(request.headers['if-none-match'], etag);
  const type = isKnown ? {} : { 'Content-Type': 'application/json' };
  response.writeHead(isKnown ? 304 : 200, {
    ...type,
    'Cache-Control': maxAge,
    ETag: etag,
  });
  response.end(isKnown || request.method === 'HEAD' ? undefined : body);
}

/** If-None-Match is a list, compared weakly (RFC 9110 section 13.1.2). */
function matches(header: string | readonly string[] | undefined, etag: string): boolean {
  const tags = String(header ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
