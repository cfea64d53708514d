// The signature of a DPoP proof and the key that it brings along (RFC 9449 sections 4.2 and 4.3, points 2 to 7), by node:crypto alone.
import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';

/** A proof whose signature is good; what it claims is still to be judged. */
export interface SignedProof {
  /** Of its key (RFC 7638). */
  readonly thumbprint: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Why a proof is not taken; `code` is the `error` of the answer (RFC 9449 section 12.2). */
export class DpopError extends Error {
  readonly code: 'invalid_dpop_proof' | 'use_dpop_nonce';

  constructor(message: string, code: DpopError['code'] = 'invalid_dpop_proof') {
    super(message);
    this.code = code;
  }
}

interface Algorithm {
  readonly kty: string;
  readonly crv?: string;
  readonly hash: string | undefined;
  readonly padding?: number;
}

const ALGORITHMS: ReadonlyMap<unknown, Algorithm> = new Map([
  ['ES256', { kty: 'EC', crv: 'P-256', hash: 'sha256' }],
  ['ES384', { kty: 'EC', crv: 'P-384', hash: 'sha384' }],
  ['ES512', { kty: 'EC', crv: 'P-521', hash: 'sha512' }],
  ['RS256', { kty: 'RSA', hash: 'sha256', padding: constants.RSA_PKCS1_PADDING }],
  ['PS256', { kty: 'RSA', hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING }],
  ['Ed25519', { kty: 'OKP', crv: 'Ed25519', hash: undefined }],
  ['EdDSA', { kty: 'OKP', crv: 'Ed25519', hash: undefined }],
]);

/** What proofs may be signed with: `dpop_signing_alg_values_supported`, and `algs` of a challenge. */
export const PROOF_ALGS: readonly string[] = [...ALGORITHMS.keys()].map(String);

const JWT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const SHORTEST_RSA_BITS = 2048;

/** @throws DpopError for what is no proof, or not signed with the key that it holds */
export function readProof(jwt: string): SignedProof {
  const [, header = '', payload = '', signature = ''] = JWT.exec(jwt) ?? [];
  const { typ, alg, jwk, crit } = objectIn(header, 'header');
  if (typ !== 'dpop+jwt') throw new DpopError('typ of a proof is dpop+jwt');
  const algorithm = ALGORITHMS.get(alg);
  if (algorithm === undefined) throw new DpopError(`alg must be one of ${PROOF_ALGS.join(', ')}`);
  if (crit !== undefined) throw new DpopError('what crit names is not understood here');
  const key = publicKeyOf(jwk, algorithm);
  if (!isSigned(`${header}.${payload}`, signature, { key, algorithm }))
    throw new DpopError('the signature is not that of the jwk in the header');
  return { thumbprint: thumbprintOf(key), claims: objectIn(payload, 'payload') };
}

function objectIn(part: string, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    if (isRecord(value)) return value;
  } catch {
    // said below
  }
  throw new DpopError(`the ${name} is no JSON object: a proof is one JWT`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function publicKeyOf(jwk: unknown, { kty, crv }: Algorithm): KeyObject {
  if (!isRecord(jwk) || jwk['kty'] !== kty || jwk['crv'] !== crv)
    throw new DpopError(`jwk must be the public key, of type ${kty}${crv === undefined ? '' : ` and curve ${crv}`}`);
  if (PRIVATE.some((name) => Object.hasOwn(jwk, name))) throw new DpopError('jwk must hold no private member');
  const key = keyIn(jwk);
  const { modulusLength = SHORTEST_RSA_BITS } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < SHORTEST_RSA_BITS) throw new DpopError(`an RSA key has at least ${SHORTEST_RSA_BITS} bits`);
  return key;
}

function keyIn(jwk: JsonWebKey): KeyObject {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new DpopError('jwk is no public key');
  }
}

function isSigned(
  text: string,
  signature: string,
  { key, algorithm }: { readonly key: KeyObject; readonly algorithm: Algorithm },
): boolean {
  const { hash, padding } = algorithm;
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  const how = { key, dsaEncoding: 'ieee-p1363' as const, ...(padding !== undefined && { padding, saltLength }) };
  return verify(hash, Buffer.from(text), how, Buffer.from(signature, 'base64url'));
}

/** Of the required members in alphabetical order (RFC 7638 section 3), as the key itself writes them. */
function thumbprintOf(key: KeyObject): string {
  const { crv, e, kty, n, x, y } = key.export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ crv, e, kty, n, x, y })).digest('base64url');
}
