// What a request for the key set is answered with, whoever serves it: Node's http or a web handler.
import { createHash } from 'node:crypto';
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions } from '@axios-authorizer/core/extend';
import type { SigningKeys } from '../key-ring.js';
import { assertPublishable, publicJwks } from './public-jwks.js';

/** The options of `jwksHandler` and `jwksResponse`. */
export interface JwksHandlerOptions {
  /** How long servers may keep the key set, in ms: publish a new key that long before it signs. Default: 300 000. */
  readonly maxAgeMs?: number | undefined;
}

/** The keys, or what is asked for them at each request. */
export type JwksSource = SigningKeys | (() => SigningKeys | Promise<SigningKeys>);

export interface JwksQuestion {
  readonly method: string | undefined;
  /** If-None-Match. */
  readonly known: string;
}

export interface JwksAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @throws ConfigurationError when `maxAgeMs` is negative, or fixed keys cannot be published */
export function jwksAnswers(
  keys: JwksSource,
  options: JwksHandlerOptions | undefined,
  where: string,
): (question: JwksQuestion) => Promise<JwksAnswer> {
  const { maxAgeMs = 300_000 } = checkOptions(options, where, { maxAgeMs: 'any' });
  if (!(maxAgeMs >= 0 && maxAgeMs < Infinity))
    throw new ConfigurationError('maxAgeMs must be a finite number of at least 0');
  if (typeof keys !== 'function') assertPublishable(keys);
  const cacheControl = `public, max-age=${Math.floor(maxAgeMs / 1000)}`;
  return async (question) => {
    if (question.method !== 'GET' && question.method !== 'HEAD')
      return { status: 405, headers: { Allow: 'GET, HEAD' } };
    const body = await current(keys).catch(() => undefined);
    // a failure is the server's, and its details are nobody's business out there
    if (body === undefined) return { status: 500, headers: { 'Cache-Control': 'no-store' } };
    return answered(question, body, cacheControl);
  };
}

async function current(keys: JwksSource): Promise<string> {
  return JSON.stringify(await publicJwks(typeof keys === 'function' ? await keys() : keys));
}

function answered({ method, known }: JwksQuestion, body: string, cacheControl: string): JwksAnswer {
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  const headers = { 'Cache-Control': cacheControl, ETag: etag };
  if (matches(known, etag)) return { status: 304, headers };
  const full = { status: 200, headers: { 'Content-Type': 'application/json', ...headers } };
  return method === 'HEAD' ? full : { ...full, body };
}

/** If-None-Match is a list, compared weakly (RFC 9110 section 13.1.2). */
function matches(known: string, etag: string): boolean {
  const tags = known.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
