// Whether a signature is good must not be asked of the library that made it: here it is node:crypto and RFC 7518 alone.

import { createPublicKey, verify } from 'node:crypto';
import { demandClient, Refusal } from './refusal.js';
import type { Jwk } from './key-sets.js';
import type { DecodedAssertion } from './assertion.js';
import type { KeyObject } from 'node:crypto';

interface Algorithm {
  readonly kty: 'RSA' | 'EC';
  readonly hash: string;
  readonly crv?: string;
  /** r and s one behind the other (RFC 7518, 3.4), never DER. */
  readonly bytes?: number;
}

const algorithms: Readonly<Record<string, Algorithm>> = {
  RS256: { kty: 'RSA', hash: 'sha256' },
  RS384: { kty: 'RSA', hash: 'sha384' },
  RS512: { kty: 'RSA', hash: 'sha512' },
  ES256: { kty: 'EC', hash: 'sha256', crv: 'P-256', bytes: 64 },
  ES384: { kty: 'EC', hash: 'sha384', crv: 'P-384', bytes: 96 },
  ES512: { kty: 'EC', hash: 'sha512', crv: 'P-521', bytes: 132 },
};
const leastRsaBits = 2048; // RFC 7518, 3.3

/** Throws a Refusal unless exactly one key fits the header and the signature is that key's. */
export function checkSignature({ header, signed, signature }: DecodedAssertion, keys: readonly Jwk[]): void {
  const name = String(header['alg']);
  const algorithm = algorithms[name];
  demandClient(algorithm !== undefined, `Algorithm not allowed: ${name}`);
  const key = publicKey(theOneKey(keys, header['kid'], algorithm), name);
  const { hash, bytes = signature.length } = algorithm;
  demandClient(signature.length === bytes, `The signature must be ${bytes} bytes of r and s, not ${signature.length}`);
  const good = verify(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature);
  demandClient(good, 'The signature of the assertion is invalid');
}

/** SMART App Launch 2.2, client-confidential-asymmetric, "signature verification": kid and kty must leave one key. */
function theOneKey(keys: readonly Jwk[], kid: unknown, { kty, crv }: Algorithm): Jwk {
  const named = keys.filter((key) => key['kid'] === kid);
  demandClient(named.length > 0, `No public key with kid '${String(kid)}' is registered for this client`);
  const [key, ...more] = named.filter((candidate) => candidate['kty'] === kty && candidate['crv'] === crv);
  demandClient(key !== undefined, `The key with kid '${String(kid)}' does not fit the algorithm`);
  demandClient(more.length === 0, `More than one key with kid '${String(kid)}' fits the algorithm`);
  return key;
}

function publicKey(jwk: Jwk, name: string): KeyObject {
  const { alg = name, use = 'sig', key_ops: operations = ['verify'] } = jwk;
  const meant = alg === name && use === 'sig' && Array.isArray(operations) && operations.includes('verify');
  demandClient(meant, `The registered key is not meant for verifying ${name}`);
  const key = importKey(jwk);
  const { modulusLength = leastRsaBits } = key.asymmetricKeyDetails ?? {};
  demandClient(modulusLength >= leastRsaBits, `An RSA key needs ${leastRsaBits} bits or more`);
  return key;
}

function importKey(jwk: Jwk): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new Refusal('invalid_client', 'The registered key cannot be read');
  }
}
