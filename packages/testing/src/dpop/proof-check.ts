// Judges the proofs that one server gets (RFC 9449 section 4.3): each is for this request, new, and never seen before.
import { createHash, randomBytes } from 'node:crypto';
import type { Received } from '../server/loopback.js';
import { DpopError, readProof } from './signed-proof.js';

/** How a server judges proofs. */
export interface ProofCheckOptions {
  /** By which `iat` is judged. */
  readonly clock: { now(): number };
  /** Whether proofs must hold the nonce that the server gives (RFC 9449 sections 8 and 9). */
  readonly nonces: boolean;
}

/** `iat` may differ by so much, either way: a clock that is a little wrong, and the way here. */
const WINDOW_MS = 60_000;

export class ProofCheck {
  readonly #options: ProofCheckOptions;
  /** When each proof that was taken is too old in any case, in order of arrival. */
  readonly #seen = new Map<string, number>();
  #nonce = newNonce();

  constructor(options: ProofCheckOptions) {
    this.#options = options;
  }

  /** What the next proof must hold, for the header DPoP-Nonce; undefined where none is wanted. */
  get nonce(): string | undefined {
    return this.#options.nonces ? this.#nonce : undefined;
  }

  expireNonce(): void {
    this.#nonce = newNonce();
  }

  /**
   * @param accessToken what comes with the proof; undefined where a token is asked for
   * @returns the thumbprint of the key, whether or not the token is bound to it
   * @throws DpopError when there is no proof, or not one for this request
   */
  thumbprint(request: Received, accessToken?: string): string {
    const { dpop } = request.headers;
    if (typeof dpop !== 'string' || dpop === '') throw new DpopError('the header DPoP is missing');
    const { claims, thumbprint } = readProof(dpop);
    this.#assertRequest(claims, request, accessToken);
    this.#assertTime(claims);
    if (this.nonce !== undefined && claims['nonce'] !== this.nonce)
      throw new DpopError('the proof must hold the nonce of the header DPoP-Nonce', 'use_dpop_nonce');
    this.#assertNew(`${thumbprint} ${String(claims['jti'])}`);
    return thumbprint;
  }

  #assertRequest({ htm, htu, ath, jti }: Claims, request: Received, accessToken: string | undefined): void {
    const { method, url, headers } = request;
    if (typeof jti !== 'string' || jti === '') throw new DpopError('jti is missing');
    if (htm !== method) throw new DpopError('htm is not the method of this request');
    if (withoutQuery(htu) !== withoutQuery(`http://${headers.host}${url}`))
      throw new DpopError('htu is not the URL of this request');
    if (accessToken !== undefined && ath !== createHash('sha256').update(accessToken).digest('base64url'))
      throw new DpopError('ath is not the hash of the access token');
  }

  #assertTime({ iat }: Claims): void {
    if (typeof iat === 'number' && Math.abs(iat * 1000 - this.#options.clock.now()) <= WINDOW_MS) return;
    throw new DpopError('iat is more than a minute away from the time of this server');
  }

  /** Section 11.1. */
  #assertNew(proof: string): void {
    const now = this.#options.clock.now();
    for (const [earlier, until] of this.#seen) {
      if (until > now) break;
      this.#seen.delete(earlier);
    }
    if (this.#seen.has(proof)) throw new DpopError('jti has come before: each request has a proof of its own');
    this.#seen.set(proof, now + 2 * WINDOW_MS);
  }
}

type Claims = Readonly<Record<string, unknown>>;

/** As URLs are compared (section 4.3 point 9). @throws DpopError for what is none */
function withoutQuery(text: unknown): string {
  if (typeof text !== 'string' || !URL.canParse(text)) throw new DpopError('htu is no URL');
  const { origin, pathname } = new URL(text);
  return origin + pathname;
}

function newNonce(): string {
  return randomBytes(12).toString('base64url');
}
