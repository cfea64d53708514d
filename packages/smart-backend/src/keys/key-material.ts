// Judges key material with node:crypto: is it private, on the right curve, long enough, and whole?
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { PRIVATE_MEMBERS } from './jwk.js';
import type { Jwk, PublicKeyText } from './jwk.js';
import { withLines } from './key-form.js';
import { SmartKeyError } from './smart-key-error.js';
import type { SupportedAlg } from './supported-alg.js';

/** What RFC 7518 section 3.3 asks of RSA. */
const SHORTEST_RSA_BITS = 2048;
/** Node's name of P-384. */
const P_384 = 'secp384r1';

export interface KeyMaterial {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly alg: SupportedAlg;
}

/** The way to the material of a `SmartBackendKeys`, also of another copy of that class (ESM beside CommonJS). */
export const MATERIAL: unique symbol = Symbol.for('@axios-authorizer/smart-backend key');

/** The private key object of a key pair; undefined for a signer. */
export function privateKeyOf(key: object): KeyObject | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the symbol is ours
  const material = Reflect.get(key, MATERIAL) as KeyMaterial | undefined;
  return material?.privateKey;
}

/**
 * The key that a private JWK holds, seen to sign what its own public half verifies.
 * @throws SmartKeyError
 */
export function keyMaterialOf(jwk: Jwk): KeyMaterial {
  if (jwk['d'] === undefined && (jwk.kty === 'RSA' || jwk.kty === 'EC'))
    throw new SmartKeyError('public', 'That JWK is a public key (it has no `d`); the private one is wanted');
  assertWhole(jwk);
  const privateKey = imported(jwk);
  const alg = algOf(privateKey);
  const publicKey = createPublicKey(privateKey);
  if (!belongTogether(privateKey, publicKey))
    throw new SmartKeyError('malformed', 'The private and the public half of that key do not belong together');
  return { privateKey, publicKey, alg };
}

function belongTogether(privateKey: KeyObject, publicKey: KeyObject): boolean {
  const probe = Buffer.from('probe');
  try {
    return verify('sha384', probe, publicKey, sign('sha384', probe, privateKey));
  } catch {
    return false; // BoringSSL (Bun) checks an RSA signature before it hands it out
  }
}

function assertWhole(jwk: Jwk): void {
  if (typeof jwk.kty !== 'string' || jwk.kty === '') throw new SmartKeyError('malformed', 'That JWK has no kty');
  const wanted = PRIVATE_MEMBERS[jwk.kty];
  if (wanted === undefined)
    throw new SmartKeyError(
      'algorithm',
      `A JWK of kty ${JSON.stringify(jwk.kty)} cannot sign RS384 or ES384: RSA or EC is wanted`,
    );
  const missing = wanted.filter((name) => typeof jwk[name] !== 'string');
  if (missing.length > 0) throw new SmartKeyError('malformed', `That private JWK lacks ${missing.join(', ')}`);
}

function imported(jwk: Jwk): KeyObject {
  try {
    return createPrivateKey({ key: { ...jwk }, format: 'jwk' });
  } catch (cause) {
    throw new SmartKeyError('malformed', 'That private JWK cannot be read; is it whole?', { cause });
  }
}

/** The private key of a PEM, as data. @throws SmartKeyError */
export function privateJwkOf(pem: string, passphrase: string | undefined): Jwk {
  const key = fromPem(pem, passphrase);
  algOf(key);
  return { kty: '', ...key.export({ format: 'jwk' }) };
}

/** The public key of a signer, as SPKI PEM; undefined when it does not say it. @throws SmartKeyError `malformed` */
export function publicPemOf({ publicKeyPem, publicKeyDer }: PublicKeyText): string | undefined {
  if (publicKeyPem !== undefined || publicKeyDer === undefined) return publicKeyPem;
  return String(publicKeyOf(publicKeyDer).export({ type: 'spki', format: 'pem' }));
}

/** The public key of an SPKI or a JWK for `alg`, as data. @throws SmartKeyError `malformed`, or when it is not for RS384 or ES384 */
export function publicJwkOf(given: string | Uint8Array | Jwk, alg?: SupportedAlg): Jwk {
  const key = publicKeyOf(given);
  const own = algOf(key);
  if (own !== (alg ?? own)) throw new SmartKeyError('algorithm', `That public key is for ${own}, not for ${alg}`);
  return { kty: '', ...key.export({ format: 'jwk' }) };
}

/** Of PEM, of the DER that key services hand out, or of a JWK. */
function publicKeyOf(given: string | Uint8Array | Jwk): KeyObject {
  try {
    if (given instanceof Uint8Array) return createPublicKey({ key: Buffer.from(given), type: 'spki', format: 'der' });
    if (typeof given !== 'string') return createPublicKey({ key: { ...given }, format: 'jwk' });
    if (/PRIVATE/.test(given)) throw new Error('It is a private key');
    return createPublicKey(withLines(given.replaceAll('\\n', '\n')));
  } catch (cause) {
    throw new SmartKeyError('malformed', 'That is no public key: SPKI is wanted, as PEM or DER, or a JWK', { cause });
  }
}

function fromPem(key: string, passphrase: string | undefined): KeyObject {
  const isEncrypted = /ENCRYPTED/.test(key);
  if (isEncrypted && passphrase === undefined)
    throw new SmartKeyError('encrypted', 'That private key is encrypted: pass its `passphrase`');
  try {
    return createPrivateKey({ key, ...(isEncrypted && { passphrase }) });
  } catch (cause) {
    if (isEncrypted)
      throw new SmartKeyError('passphrase', 'The passphrase does not open that private key, or the key is damaged', {
        cause,
      });
    throw new SmartKeyError('malformed', 'That private key cannot be read; is it whole?', { cause });
  }
}

/** The algorithm that a key is for. @throws SmartKeyError `curve`, `too_short` or `algorithm` */
function algOf({ asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject): SupportedAlg {
  if (type === 'ec' && details.namedCurve === P_384) return 'ES384';
  if (type === 'ec')
    throw new SmartKeyError(
      'curve',
      `ES384 needs a key on P-384, that one is on ${details.namedCurve ?? 'another curve'}`,
    );
  if (type !== 'rsa')
    throw new SmartKeyError(
      'algorithm',
      `A key of type ${type ?? 'unknown'} cannot sign RS384 or ES384: RSA or EC on P-384 is wanted`,
    );
  const bits = details.modulusLength ?? 0;
  if (bits < SHORTEST_RSA_BITS)
    throw new SmartKeyError(
      'too_short',
      `RS384 needs an RSA key of at least ${SHORTEST_RSA_BITS} bits, that one has ${bits}`,
    );
  return 'RS384';
}
