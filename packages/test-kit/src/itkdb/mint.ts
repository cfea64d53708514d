// The id tokens of one login service, and what the database thinks of a bearer. It knows every token by heart, so its
// judgement owes nothing to any library that verifies signatures.

import { randomBytes } from 'node:crypto';
import type { ItkdbKeys } from './keys.js';
import type { ItkdbTokenOptions, ItkdbUser } from './options.js';

type Claims = Readonly<Record<string, unknown>>;

/** 'unreadable': never signed here; 'ended': expired, revoked, or meant for others. */
export type Verdict = 'good' | 'ended' | 'unreadable';

interface MintOptions {
  readonly keys: ItkdbKeys;
  readonly issuer: string;
  readonly audience: string;
  readonly lifeSeconds: number;
  readonly now: () => number;
}

export class ItkdbMint {
  readonly #options: MintOptions;
  readonly #signed = new Map<string, Claims>();
  readonly #revoked = new Set<string>();

  constructor(options: MintOptions) {
    this.#options = options;
  }

  /** An id token for `user` with other `claims` where given. */
  idToken(user: ItkdbUser, claims: object = {}, options: ItkdbTokenOptions = {}): string {
    const all = { ...this.#claimsOf(user), ...claims };
    const token = this.#options.keys.sign(all, options);
    const { alg = 'RS256', kid, signedBy } = options;
    if (alg === 'RS256' && kid === undefined && signedBy === undefined) {
      this.#signed.set(token, all);
    }
    return token;
  }

  verdict(bearer: string): Verdict {
    const claims = this.#signed.get(bearer);
    if (claims === undefined) {
      return 'unreadable';
    }
    const { issuer, audience, now } = this.#options;
    const { iss, aud, exp } = claims;
    const isOurs = iss === issuer && aud === audience;
    const isLive = typeof exp === 'number' && exp * 1000 > now() && !this.#revoked.has(bearer);
    return isOurs && isLive ? 'good' : 'ended';
  }

  /** The claim uuidentity of a token that was signed here. */
  identityOf(bearer: string): unknown {
    return this.#signed.get(bearer)?.['uuidentity'];
  }

  revokeAll(): void {
    [...this.#signed.keys()].forEach((token) => this.#revoked.add(token));
  }

  /** In the order and with the members of the recorded token. */
  #claimsOf({ name, identity }: ItkdbUser): Claims {
    const { issuer, audience, lifeSeconds, now } = this.#options;
    const iat = Math.floor(now() / 1000);
    const person = { name, uuidentity: identity, loa: 'basic', typ: 'ID', iss: issuer, sub: identity, aud: audience };
    return { ...person, iat, exp: iat + lifeSeconds, jti: randomBytes(8).toString('hex') };
  }
}
