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

const DEFAULT_BITS = 2048;
/** Where the test runner puts the RSA keys that it made for all test files: PKCS#8 PEMs, separated by semicolons. */
const READY_KEYS = 'TEST_KIT_RSA_KEYS';
let readyKeys: readonly string[] | undefined;
let drawn = 0;

/**
 * Of the usual size they are drawn in turn from those that the test runner made, if it did: making one costs more than most
 * tests, and neighbours still differ.
 * @param modulusLength in bits, default 2048
 */
export function rsaKeyPair(modulusLength: number = DEFAULT_BITS): KeyPair {
  const ready = modulusLength === DEFAULT_BITS ? nextReadyKey() : undefined;
  return pairOf(ready ?? generateKeyPairSync('rsa', { modulusLength, ...pem }).privateKey);
}

function nextReadyKey(): string | undefined {
  readyKeys ??= process.env[READY_KEYS]?.split(';') ?? [];
  drawn += 1;
  return readyKeys[drawn % readyKeys.length];
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
