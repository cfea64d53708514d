// Key pairs for tests. They are made as PEM and read again: on Node 20 a key object that `generateKeyPairSync` made itself can
// lock up the process when it is exported as a JWK while the garbage collector clears the job that made it.

import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
const pem = { publicKeyEncoding, privateKeyEncoding };

/** @param modulusLength in bits, default 2048 */
export function rsaKeyPair(modulusLength = 2048): KeyPair {
  return pairOf(generateKeyPairSync('rsa', { modulusLength, ...pem }).privateKey);
}

/** @param namedCurve as Node names it, such as P-384 */
export function ecKeyPair(namedCurve: string): KeyPair {
  return pairOf(generateKeyPairSync('ec', { namedCurve, ...pem }).privateKey);
}

export function ed25519KeyPair(): KeyPair {
  return pairOf(generateKeyPairSync('ed25519', pem).privateKey);
}

/** The compiler takes the PEM for a key object. */
function pairOf(made: unknown): KeyPair {
  const privateKey = createPrivateKey(String(made));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}
