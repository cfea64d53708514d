// Keys that node:crypto made, so that nothing of the package vouches for itself.
import { createECDH, createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { rsaKeyPair } from '@axios-authorizer/test-kit';
import type { KeyObject } from 'node:crypto';
import type { Jwk } from '../../src/index.js';

const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;

// Keys are generated as PEM and read again: in Node 20 the export of a generated KeyObject as JWK never ends when the
// garbage collector frees, in the middle of it, the job that generated that key (both lock the key).

/** @param curve as OpenSSL calls it */
export function ecKey(curve = 'P-384'): KeyObject {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: curve, publicKeyEncoding, privateKeyEncoding });
  return createPrivateKey(privateKey);
}

export function rsaKey(modulusLength = 2048): KeyObject {
  return rsaKeyPair(modulusLength).privateKey;
}

export function pssKey(): KeyObject {
  const { privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding });
  return createPrivateKey(privateKey);
}

export function ed25519Key(): KeyObject {
  const { privateKey } = generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding });
  return createPrivateKey(privateKey);
}

export function x25519Key(): KeyObject {
  const { privateKey } = generateKeyPairSync('x25519', { publicKeyEncoding, privateKeyEncoding });
  return createPrivateKey(privateKey);
}

export function pkcs8(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }));
}

export function encrypted(key: KeyObject, passphrase: string): string {
  return String(key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }));
}

export function jwkOf(key: KeyObject): Jwk {
  return { kty: '', ...key.export({ format: 'jwk' }) };
}

export function publicJwkOf(key: KeyObject | Jwk): Jwk {
  return jwkOf(createPublicKey('kty' in key ? createPrivateKey({ key, format: 'jwk' }) : key));
}

export function spkiOf(key: KeyObject): string {
  return String(createPublicKey(key).export({ type: 'spki', format: 'pem' }));
}

/** A key of which `member` begins with `byte`: the first of a row of private numbers, always the same. */
export function keyWhere(member: 'x' | 'y' | 'd', byte: number): KeyObject {
  const curve = createECDH('secp384r1');
  for (let number = 1; ; number += 1) {
    const d = Buffer.alloc(48, member === 'd' ? 0 : 0x11);
    d.writeUInt32BE(number, 44);
    curve.setPrivateKey(d);
    const point = curve.getPublicKey();
    const numbers = { x: point.subarray(1, 49), y: point.subarray(49), d };
    if (numbers[member][0] === byte) return fromNumbers(numbers);
  }
}

function fromNumbers({ x, y, d }: Readonly<Record<'x' | 'y' | 'd', Buffer>>): KeyObject {
  const text = (number: Buffer): string => number.toString('base64url');
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-384', x: text(x), y: text(y), d: text(d) }, format: 'jwk' });
}

/** RFC 7638 section 3: the required members in the order of their names, hashed. */
export function thumbprint(key: KeyObject | Jwk): string {
  const { kty, crv, x, y, n, e } = publicJwkOf(key);
  const required = kty === 'EC' ? { crv, kty, x, y } : { e, kty, n };
  return createHash('sha256').update(JSON.stringify(required)).digest('base64url');
}

/** What of a private key must never show: each private number of the JWK, and the lines of each PEM. */
export function secretsOf(key: KeyObject): readonly string[] {
  const { d, p, q, dp, dq, qi } = jwkOf(key);
  const numbers = [d, p, q, dp, dq, qi].filter((number) => typeof number === 'string');
  return [...numbers, ...bodyLines(pkcs8(key))];
}

/** The lines of base64 in a PEM that are long enough to be a secret; the first holds little but the algorithm. */
export function bodyLines(pem: string): readonly string[] {
  const lines = pem.split('\n').filter((line) => !line.startsWith('-----') && line.length >= 16);
  return lines.slice(1);
}
