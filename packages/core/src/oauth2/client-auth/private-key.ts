// What signs an assertion: a private key in one of the forms that programs have it in, signed with by WebCrypto, or a function.
import {
  asString,
  bytesToString,
  isObject,
  omitUndefined,
  ownProperty,
  parseObject,
  recordOf,
} from '../../internal/records.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { subtle } from './assertion.js';
import { algorithmOf, verifiedBy } from './key-pair.js';
import type { PublicHalf, Sign } from './key-pair.js';
import { pemKey } from './pem.js';
import type { KeyData } from './pem.js';

/** A signature over `input`; for ECDSA r‖s (RFC 7518 section 3.4), or the DER that key services hand out. */
export type SignFunction = (input: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array>;

/**
 * A private key: a JWK (also as JSON), PEM (PKCS #8, PKCS #1, SEC 1; text or its bytes), a CryptoKey, a KeyObject of Node, or a function that signs
 * where the key lies elsewhere (KMS, HSM).
 */
export type PrivateKey = PrivateJwk | string | Uint8Array | CryptoKey | NodeKeyObject | SignFunction;

/** A private JWK (RFC 7517); its `kid` and `alg` are the defaults of the options of these names. */
export interface PrivateJwk extends JsonWebKey {
  /** Which of the registered keys it is (RFC 7517 section 4.5). Default: none is named. */
  readonly kid?: string | undefined;
}

/** What is used of a KeyObject of node:crypto. */
export interface NodeKeyObject {
  /** "private". */
  readonly type: string;
  /** "rsa", "ec", "ed25519" … */
  readonly asymmetricKeyType?: string | undefined;
  /** The key as a JWK. */
  export(options: { readonly format: 'jwk' }): object;
}

/** A key that was recognized. */
export interface SigningKey {
  /** What it can sign, the usual first. */
  readonly algorithms: readonly string[];
  /** Its own id, where it has one. */
  readonly kid?: string | undefined;
  /** @throws ConfigurationError when it is too weak, cannot be read, or its halves are of two keys */
  readonly sign: Sign;
}

const RSA = ['RS256', 'PS256', 'RS384', 'PS384', 'RS512', 'PS512'];
const BY_KIND: Readonly<Record<string, readonly string[]>> = {
  RSA,
  'P-256': ['ES256'],
  'P-384': ['ES384'],
  'P-521': ['ES512'],
  Ed25519: ['EdDSA', 'Ed25519'], // the second is its name since RFC 9864
};
/** RFC 7518 section 3.3. */
const SHORTEST_RSA_BITS = 2048;

/** @throws ConfigurationError for what is no private key, or one that signs none of RS, PS, ES and EdDSA */
export function signingKey(key: Exclude<PrivateKey, SignFunction>): SigningKey {
  const { algorithm, usages, export: exported } = recordOf(key);
  if (isObject(algorithm) && Array.isArray(usages)) return ofCryptoKey(key, algorithm, usages);
  if (typeof exported === 'function') return ofJwk(exportedJwk(key, exported));
  const text = typeof key === 'string' ? key : bytesToString(key);
  if (text === undefined) return ofJwk(recordOf(key));
  const jwk = text.trim().startsWith('{') ? parseObject(text) : undefined;
  return jwk === undefined ? ofData(pemKey(text)) : ofJwk(jwk);
}

function exportedJwk(key: unknown, exported: CallableFunction): Readonly<Record<string, unknown>> {
  if (recordOf(key)['type'] !== 'private') throw noPrivateKey('That KeyObject is not a private one');
  try {
    return recordOf(Reflect.apply(exported, key, [{ format: 'jwk' }]));
  } catch (cause) {
    throw new ConfigurationError('That KeyObject cannot be used: RSA, P-256, P-384, P-521 or Ed25519 is wanted', {
      cause,
    });
  }
}

function ofJwk(jwk: Readonly<Record<string, unknown>>): SigningKey {
  const { kty, crv, alg, kid, use, d, keys } = jwk;
  if (Array.isArray(keys)) throw noPrivateKey('That is a key set: pass one of its `keys`');
  if (d === undefined) throw noPrivateKey('That JWK has no `d`: it is a public key, or none');
  if (use !== undefined && use !== 'sig') throw noPrivateKey('That JWK is for encryption (`use`), not for signatures');
  const { alg: _alg, key_ops: _ops, use: _use, ext: _ext, kid: _kid, ...data } = jwk;
  const read = ofData({ format: 'jwk', data, kind: kty === 'RSA' ? 'RSA' : String(crv ?? kty) });
  const algorithms = alg === undefined ? read.algorithms : read.algorithms.filter((name) => name === alg);
  if (algorithms.length === 0)
    throw new ConfigurationError(
      `The JWK says alg ${JSON.stringify(alg)}, and its key signs ${read.algorithms.join(', ')}`,
    );
  return { algorithms, kid: asString(kid), sign: verifiedBy(publicHalf(data), read.sign) };
}

function publicHalf({ kty, crv, x, y, n, e }: JsonWebKey): PublicHalf {
  const mismatch = 'The private and the public members of that JWK are of two keys';
  return { format: 'jwk', data: omitUndefined({ kty, crv, x, y, n, e }), mismatch };
}

function ofData({ format, data, kind }: KeyData): SigningKey {
  const algorithms = ownProperty(BY_KIND, kind) ?? [];
  if (algorithms.length === 0)
    throw new ConfigurationError(`A key of ${kind} cannot be used: RSA, P-256, P-384, P-521 or Ed25519 is wanted`);
  const imported = new Map<string, Promise<CryptoKey>>();
  return {
    algorithms,
    sign: async (alg, input) => {
      const key = imported.get(alg) ?? importKey({ format, data, kind }, alg);
      imported.set(alg, key);
      return signWith(await key, alg, input);
    },
  };
}

async function importKey({ format, data, kind }: KeyData, alg: string): Promise<CryptoKey> {
  const subtleCrypto = subtle();
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one overload takes a JWK, the other bytes
    return await subtleCrypto.importKey(format as 'jwk', data as JsonWebKey, algorithmOf(alg), false, ['sign']);
  } catch (cause) {
    throw new ConfigurationError(
      `The private key (${kind}) cannot be read, or this platform's WebCrypto does not sign ${alg}; is it whole?`,
      { cause },
    );
  }
}

function ofCryptoKey(
  key: unknown,
  algorithm: Readonly<Record<string, unknown>>,
  usages: readonly unknown[],
): SigningKey {
  if (recordOf(key)['type'] !== 'private' || !usages.includes('sign'))
    throw noPrivateKey('That CryptoKey is not a private one, or not for "sign"');
  const { name, hash, namedCurve } = algorithm;
  const bits = String(recordOf(hash)['name']).slice('SHA-'.length);
  const rsa = { 'RSASSA-PKCS1-v1_5': [`RS${bits}`], 'RSA-PSS': [`PS${bits}`] };
  const fitting = { ...rsa, ECDSA: ownProperty(BY_KIND, String(namedCurve)), Ed25519: BY_KIND['Ed25519'] };
  const algorithms = Object.entries(fitting).find(([known]) => known === name)?.[1] ?? [];
  if (algorithms.length === 0) throw noPrivateKey(`A CryptoKey for ${String(name)} cannot be used`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has the members of one
  return { algorithms, sign: (alg, input) => signWith(key as CryptoKey, alg, input) };
}

/** @throws ConfigurationError when it is too weak */
async function signWith(key: CryptoKey, alg: string, input: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { modulusLength } = recordOf(key.algorithm);
  if (typeof modulusLength === 'number' && modulusLength < SHORTEST_RSA_BITS)
    throw new ConfigurationError(
      `${alg} needs an RSA key of at least ${SHORTEST_RSA_BITS} bits (RFC 7518 section 3.3), that one has ${modulusLength}`,
    );
  return new Uint8Array(await subtle().sign(algorithmOf(alg), key, input));
}

function noPrivateKey(what: string): ConfigurationError {
  return new ConfigurationError(`${what}; a private key for signatures is wanted`);
}
