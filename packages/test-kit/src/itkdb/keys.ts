// The login service signs with one key at a time and publishes the former ones until they are dropped. What a verifier
// must refuse is made here as well: other algorithms, other keys, other key ids.

import { createHash, createHmac, sign } from 'node:crypto';
import { rsaKeyPair } from '../key-pairs.js';
import type { KeyPair } from '../key-pairs.js';
import type { ItkdbTokenOptions } from './options.js';

type Alg = NonNullable<ItkdbTokenOptions['alg']>;

/** Making keys costs more than all else that a service does when it starts, so those of a process begin with the same one. */
let firstPair: KeyPair | undefined;
let strangersPair: KeyPair | undefined;

export class ItkdbKeys {
  /** The newest first. */
  #pairs: readonly KeyPair[];
  #signing: KeyPair;

  private constructor(pair: KeyPair) {
    this.#pairs = [pair];
    this.#signing = pair;
  }

  static make(): ItkdbKeys {
    firstPair ??= rsaKeyPair();
    return new ItkdbKeys(firstPair);
  }

  rotate(): void {
    this.#signing = rsaKeyPair();
    this.#pairs = [this.#signing, ...this.#pairs];
  }

  dropOld(): void {
    this.#pairs = [this.#signing];
  }

  /** RFC 7517, 5. */
  jwks(): { readonly keys: readonly object[] } {
    return { keys: this.#pairs.map(toJwk) };
  }

  sign(claims: object, { alg = 'RS256', kid, signedBy }: ItkdbTokenOptions = {}): string {
    const ours = kidOf(this.#signing);
    const pair = signedBy === 'stranger' ? stranger() : this.#signing;
    const header = { alg, kid: kid === null ? undefined : (kid ?? ours), typ: 'JWT' };
    const input = [header, claims].map(encode).join('.');
    return `${input}.${signature(input, alg, pair).toString('base64url')}`;
  }
}

function signature(input: string, alg: Alg, { publicKey, privateKey }: KeyPair): Buffer {
  if (alg === 'none') {
    return Buffer.alloc(0);
  }
  if (alg === 'HS256') {
    const pem = publicKey.export({ format: 'pem', type: 'spki' });
    return createHmac('sha256', pem).update(input).digest();
  }
  return sign(`sha${alg.slice(2)}`, Buffer.from(input), privateKey);
}

function stranger(): KeyPair {
  strangersPair ??= rsaKeyPair();
  return strangersPair;
}

function toJwk(pair: KeyPair): object {
  return { ...pair.publicKey.export({ format: 'jwk' }), kid: kidOf(pair), alg: 'RS256', use: 'sig' };
}

/** Sixteen hexadecimal digits, as recorded. */
function kidOf({ publicKey }: KeyPair): string {
  const der = publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
