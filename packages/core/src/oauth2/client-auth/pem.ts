// Private keys as PEM (RFC 7468). WebCrypto reads PKCS #8 alone, so what OpenSSL wrote before it is wrapped.
import { asString } from '../../internal/records.js';
import { ConfigurationError } from '../../token/errors/errors.js';

/** Key material in a form that WebCrypto reads. */
export interface KeyData {
  readonly format: 'jwk' | 'pkcs8';
  readonly data: JsonWebKey | Uint8Array<ArrayBuffer>;
  /** "RSA", or the name of its curve. */
  readonly kind: string;
}

const PRIVATE_BLOCK = /-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----([\s\S]+?)-----END \1-----/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/;

/** Object identifiers as they stand in a key (RFC 8017 A.1, RFC 5480 section 2, RFC 8410 section 3). */
const RSA_OID = '06092a864886f70d010101';
const EC_OID = '06072a8648ce3d0201';
const CURVES = { 'P-256': '06082a8648ce3d030107', 'P-384': '06052b81040022', 'P-521': '06052b81040023' };
const ED25519_OID = '06032b6570';
/** In hexadecimal digits: what stands before the key itself. */
const HEAD = 80;
/** From here on the first byte of a length counts those that hold it. */
const LONG_LENGTH = 0x80;

/** @throws ConfigurationError when there is no private key in it, it is encrypted, or of a kind that cannot sign */
export function pemKey(text: string): KeyData {
  const pem = text.replaceAll(/(?:\\r)?\\n/g, '\n'); // an environment variable may hold line ends in words
  if (/ENCRYPTED/.test(pem)) throw encrypted();
  const [, label, body = ''] = PRIVATE_BLOCK.exec(pem) ?? [];
  if (label === undefined)
    throw new ConfigurationError('`key` holds no whole private key: a JWK, PEM, CryptoKey or KeyObject is wanted');
  const der = hexOf(body);
  if (label === 'RSA PRIVATE KEY') return keyData('RSA', wrapped(`${RSA_OID}0500`, der));
  if (label !== 'EC PRIVATE KEY') return keyData(kindOf(der.slice(0, HEAD)), der);
  const [curve, oid] = curveIn(der) ?? ['an unknown curve', ''];
  return keyData(curve, wrapped(EC_OID + oid, der));
}

/** The bytes of the first certificate in a PEM. @throws ConfigurationError when there is none */
export function certificateBytes(pem: unknown, what: string): Uint8Array<ArrayBuffer> {
  const body = CERTIFICATE.exec(asString(pem)?.replaceAll(/(?:\\r)?\\n/g, '\n') ?? '')?.[1];
  if (body !== undefined) return bytesOf(hexOf(body));
  throw new ConfigurationError(
    `${what} must be a certificate as PEM (-----BEGIN CERTIFICATE-----); where is it read from?`,
  );
}

/** Where the content of the DER element begins that stands at `at` (X.690 section 8.1). */
export function contentStart(der: Uint8Array, at: number): number {
  const length = der[at + 1] ?? 0;
  return at + 2 + (length < LONG_LENGTH ? 0 : length - LONG_LENGTH);
}

/** Where the next element begins. */
export function elementEnd(der: Uint8Array, at: number): number {
  const start = contentStart(der, at);
  const digits = start === at + 2 ? der.subarray(at + 1, start) : der.subarray(at + 2, start);
  return digits.reduce((length, digit) => length * 0x100 + digit, 0) + start;
}

function encrypted(): ConfigurationError {
  return new ConfigurationError(
    'That private key is encrypted, which WebCrypto cannot read. On Node decrypt it first: key: createPrivateKey({ key, passphrase }) of node:crypto',
  );
}

function kindOf(head: string): string {
  if (head.includes(RSA_OID)) return 'RSA';
  if (head.includes(ED25519_OID)) return 'Ed25519';
  return curveIn(head)?.[0] ?? 'an unknown kind';
}

function curveIn(der: string): readonly [name: string, oid: string] | undefined {
  return Object.entries(CURVES).find(([, oid]) => der.includes(oid));
}

/** PrivateKeyInfo (RFC 5208 section 5): a version, the algorithm, and the key as it was. */
function wrapped(algorithm: string, key: string): string {
  return tagged('30', `020100${tagged('30', algorithm)}${tagged('04', key)}`);
}

function tagged(tag: string, content: string): string {
  const length = content.length / 2;
  const digits = length.toString(16).padStart(length < 0x100 ? 2 : 4, '0');
  return `${tag}${length < 0x80 ? '' : length < 0x100 ? '81' : '82'}${digits}${content}`;
}

function keyData(kind: string, der: string): KeyData {
  return { format: 'pkcs8', data: bytesOf(der), kind };
}

function hexOf(base64: string): string {
  try {
    return Array.from(atob(base64.replace(/\s/g, '')), (c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  } catch {
    throw new ConfigurationError('That PEM holds something other than base64; was it cut off?');
  }
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}
