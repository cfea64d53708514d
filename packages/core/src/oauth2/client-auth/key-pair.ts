// Whether the two halves of a key pair belong together. Some platforms import a JWK with the modulus of another key, and nobody
// compares a key with the certificate beside it: the server would say no more than `invalid_client`.
import { ConfigurationError } from '../../token/errors/errors.js';
import { subtle } from './assertion.js';
import { contentStart, elementEnd } from './pem.js';

/** What makes a signature: of `input`, by `alg`. */
export type Sign = (alg: string, input: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/** The public half of a key, and what to say where it is of another one. */
export interface PublicHalf {
  readonly format: 'jwk' | 'spki';
  readonly data: JsonWebKey | Uint8Array<ArrayBuffer>;
  readonly mismatch: string;
}

/** An SPKI that says so can be read by few platforms (RFC 4055 section 1.2). */
const RSASSA_PSS = '6,9,42,134,72,134,247,13,1,1,10';
/** What stands before the key in a certificate: serial number, algorithm, issuer, validity, subject (RFC 5280 section 4.1). */
const BEFORE_KEY = 5;
const VERSION = 0xa0;

/**
 * `sign`, whose first signature by each algorithm is verified by the public half.
 * @throws ConfigurationError where that half is of another key
 */
export function verifiedBy(half: PublicHalf, sign: Sign): Sign {
  const verified = new Set<string>();
  return async (alg, input) => {
    const signature = await sign(alg, input);
    if (!verified.has(alg) && !(await isVerified(half, alg, { signature, input })))
      throw new ConfigurationError(half.mismatch);
    verified.add(alg);
    return signature;
  };
}

interface Signed {
  readonly signature: Uint8Array;
  readonly input: Uint8Array<ArrayBuffer>;
}

async function isVerified({ format, data }: PublicHalf, alg: string, { signature, input }: Signed): Promise<boolean> {
  if (ArrayBuffer.isView(data) && data.join().includes(RSASSA_PSS)) return true;
  const crypto = subtle();
  const parameters = algorithmOf(alg);
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one overload takes a JWK, the other bytes
    const key = await crypto.importKey(format as 'jwk', data as JsonWebKey, parameters, false, ['verify']);
    return await crypto.verify(parameters, key, new Uint8Array(signature), input);
  } catch {
    return false; // a key of another kind
  }
}

/** The public key of a certificate as SPKI; of what is none, bytes that are no key. */
export function keyOfCertificate(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let at = contentStart(der, contentStart(der, 0));
  if (der[at] === VERSION) at = elementEnd(der, at);
  for (let passed = 0; passed < BEFORE_KEY; passed += 1) at = elementEnd(der, at);
  return der.slice(at, elementEnd(der, at));
}

/**
 * What WebCrypto calls the algorithm, to import a key and to sign (RFC 7518 section 3.1, RFC 8037 section 3.1); of the parameters each
 * algorithm reads its own.
 */
export function algorithmOf(alg: string): RsaHashedImportParams & EcKeyImportParams & { readonly saltLength: number } {
  const bits = alg.slice(2);
  return {
    name: NAMES[alg.slice(0, 2)] ?? 'RSASSA-PKCS1-v1_5',
    namedCurve: `P-${bits === '512' ? 521 : bits}`,
    hash: `SHA-${bits}`,
    saltLength: Number(bits) / 8,
  };
}

const NAMES: Readonly<Record<string, string>> = { ES: 'ECDSA', Ed: 'Ed25519', PS: 'RSA-PSS' };
