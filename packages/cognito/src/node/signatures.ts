// Verifies signatures, and remembers which tokens carried a good one: an API gets the same token hundreds of times in its hour,
// and checking RSA is nine tenths of the work. Only the hash of a whole token is kept, with the very key it was checked by;
// what the token says is judged anew each time, so that it expires, and falls with its key, as if nothing were remembered.
import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { recordOf } from '@axios-authorizer/core/extend';
import { claimsOf } from './claims.js';

type Verify = (token: string, key: KeyObject, options: typeof HOW) => unknown;

/** The claims are judged beside, also those of a token that is remembered. */
const HOW = { algorithms: ['RS256' as const], ignoreExpiration: true, ignoreNotBefore: true };
/** About 2 MB. */
const MOST_REMEMBERED = 10_000;

export class Signatures {
  readonly #good = new Map<string, KeyObject>();
  #library: Promise<Verify> | undefined;

  /** What `token` says. @throws jsonwebtoken's error unless it is signed by `key` */
  async claimsOf(token: string, key: KeyObject): Promise<unknown> {
    const hash = createHash('sha256').update(token).digest('base64');
    if (this.#good.get(hash) === key) return claimsOf(token);
    const verify = await (this.#library ??= loadVerify());
    const claims = verify(token, key, HOW);
    this.#remember(hash, key);
    return claims;
  }

  /** The oldest goes first. */
  #remember(hash: string, key: KeyObject): void {
    this.#good.delete(hash);
    this.#good.set(hash, key);
    const [oldest] = this.#good.size > MOST_REMEMBERED ? this.#good.keys() : [];
    if (oldest !== undefined) this.#good.delete(oldest);
  }
}

/** Loaded with the first token: `import` once costs more than what it is for, `import()` at each token as much as RSA. */
async function loadVerify(): Promise<Verify> {
  return (await import('jsonwebtoken')).default.verify;
}

export function isBadSignature(error: unknown): boolean {
  return recordOf(error)['message'] === 'invalid signature';
}
