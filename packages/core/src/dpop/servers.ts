// What servers have said for the next proof: the nonce of each, and how far its clock is ahead of ours.
import { headerValue, recordOf } from '../internal/records.js';
import { httpDateMs } from '../token/errors/oauth-error.js';
import type { ProvenAnswer, ProvenRequest } from '../token/proof.js';

/** RFC 9449 section 8.1, and no longer than a header that anybody would send back. */
const NONCE = /^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/;
/** So many servers are known at a time. */
const MOST = 100;
/** So many nonces are kept with a token. */
const MOST_KEPT = 8;
/** A clock that differs by less is right: `Date` has seconds only, and an answer takes its time. */
const LEAST_DIFFERENCE_MS = 5_000;
const LONGEST_AGE_S = 366 * 24 * 3600;

export class Servers {
  readonly #nonces = new Map<string, string>();
  readonly #offsets = new Map<string, number>();
  /** What was found last: a clock that is wrong here is wrong towards all. */
  #lastOffset = 0;

  nonceFor(request: ProvenRequest): string | undefined {
    const place = placeOf(request);
    const earlier = recordOf(request.token?.proofNonces);
    return this.#nonces.get(place) ?? asNonce(Object.hasOwn(earlier, place) ? earlier[place] : undefined);
  }

  offsetFor({ url }: ProvenRequest): number {
    return this.#offsets.get(url.origin) ?? this.#lastOffset;
  }

  /** The nonces that were given last, for a later run. */
  get nonces(): Readonly<Record<string, string>> {
    return Object.fromEntries([...this.#nonces].slice(-MOST_KEPT));
  }

  /** Takes the nonce that comes with an answer of any kind (RFC 9449 section 8.2). */
  noteNonce(request: ProvenRequest, { headers }: ProvenAnswer): void {
    const nonce = asNonce(headerValue(headers, 'dpop-nonce'));
    if (nonce !== undefined) put(this.#nonces, placeOf(request), nonce);
  }

  /** A server that took a proof for untimely, and does not say the time, is not judged by the clocks of others. */
  forgetOthersTime({ url }: ProvenRequest): void {
    if (!this.#offsets.has(url.origin)) put(this.#offsets, url.origin, 0);
  }

  /** Takes the server's time. @param midpoint between sending and receiving, in ms since the epoch */
  noteTime(
    { url }: ProvenRequest,
    { headers }: ProvenAnswer,
    midpoint: { readonly at: number; readonly within: number },
  ): void {
    const difference = timeOf(headers) - midpoint.at;
    if (Number.isNaN(difference)) return;
    this.#lastOffset = Math.abs(difference) > LEAST_DIFFERENCE_MS + midpoint.within ? difference : 0;
    put(this.#offsets, url.origin, this.#lastOffset);
  }
}

/** The authorization server and the resources of an origin give nonces of their own (RFC 9449 sections 8 and 9). */
function placeOf({ url, accessToken }: ProvenRequest): string {
  return `${accessToken === undefined ? 'as' : 'rs'} ${url.origin}`;
}

function asNonce(value: unknown): string | undefined {
  return typeof value === 'string' && NONCE.test(value) ? value : undefined;
}

/** The newest last; the oldest is forgotten first. */
function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST && oldest !== undefined) map.delete(oldest);
}

/** `Date` and what the answer spent in caches; NaN when it is not said. */
function timeOf(headers: unknown): number {
  const ageS = Number(headerValue(headers, 'age') ?? 0);
  return httpDateMs(String(headerValue(headers, 'date'))) + (ageS >= 0 && ageS <= LONGEST_AGE_S ? ageS * 1000 : 0);
}
