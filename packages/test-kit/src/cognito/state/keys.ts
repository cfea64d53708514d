// Two RSA keys, as every pool has: one for id tokens, one for access tokens. A verifier that takes the first key of the
// set for the only one fails here as it would fail there.

import { createHash, sign, verify } from 'node:crypto';
import { parseMembers } from '../members.js';
import { rsaKeyPair } from '../../key-pairs.js';
import type { KeyPair } from '../../key-pairs.js';
import type { KeyObject } from 'node:crypto';

export type TokenUse = 'access' | 'id';
export type Claims = Readonly<Record<string, unknown>>;

type Pairs = Readonly<Record<TokenUse, KeyPair>>;

/** Making keys costs more than all else that a pool does when it starts, so the pools of a process begin with the same two. */
let firstPairs: Pairs | undefined;

export class PoolKeys {
  #pairs: Pairs;

  private constructor(pairs: Pairs) {
    this.#pairs = pairs;
  }

  static make(): PoolKeys {
    firstPairs ??= { id: rsaKeyPair(), access: rsaKeyPair() };
    return new PoolKeys(firstPairs);
  }

  rotate(): void {
    this.#pairs = { id: rsaKeyPair(), access: rsaKeyPair() };
  }

  /** RFC 7517, 5. */
  jwks(): { readonly keys: readonly object[] } {
    const { id, access } = this.#pairs;
    return { keys: [id, access].map(toJwk) };
  }

  sign(use: TokenUse, claims: Claims): string {
    const { privateKey, publicKey } = this.#pairs[use];
    const input = [{ kid: kidOf(publicKey), alg: 'RS256' }, claims].map(encode).join('.');
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  }

  /** The claims of what a present key has signed for that use. */
  read(use: TokenUse, token: string): Claims | undefined {
    const [header = '', body = '', signature = ''] = token.split('.');
    const { publicKey } = this.#pairs[use];
    const input = Buffer.from(`${header}.${body}`);
    const isOurs = verify('sha256', input, publicKey, Buffer.from(signature, 'base64url'));
    return isOurs ? decode(body) : undefined;
  }
}

function toJwk({ publicKey }: KeyPair): object {
  return { ...publicKey.export({ format: 'jwk' }), kid: kidOf(publicKey), alg: 'RS256', use: 'sig' };
}

function kidOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64');
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decode(part: string): Claims {
  return parseMembers(Buffer.from(part, 'base64url').toString());
}
