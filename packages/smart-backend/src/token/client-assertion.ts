// The one-time JWT by which a client proves who it is (RFC 7523 section 3, SMART "Authenticating to the token endpoint").
import type { KeyObject } from 'node:crypto';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '@axios-authorizer/core';
import { assertionClaims, recordOf, asString } from '@axios-authorizer/core/extend';
import { privateKeyOf } from '../keys/key-material.js';
import type { SigningKey, SmartBackendSigner } from '../keys/smart-backend-keys.js';

export interface AssertionOptions {
  /** Issuer and subject. */
  readonly clientId: string;
  /** The token URL, exactly as it is posted to. */
  readonly audience: string;
  readonly key: SigningKey;
  /** By the server's clock, in ms since the epoch. */
  readonly nowMs: number;
  /** In ms, less than five minutes. */
  readonly lifetimeMs: number;
  readonly jku?: string | undefined;
  readonly issuedAt?: boolean | undefined;
  readonly notBefore?: boolean | undefined;
}

interface Parts {
  readonly header: {
    readonly alg: SigningKey['alg'];
    readonly kid: string;
    readonly typ: 'JWT';
    readonly jku?: string;
  };
  readonly claims: Readonly<Record<string, string | number>>;
}

/** The bytes of r‖s on P-384 (RFC 7518 section 3.4). */
const ES384_SIGNATURE_BYTES = 96;
/** Of the shortest key that RS384 allows. */
const SHORTEST_RS384_SIGNATURE_BYTES = 256;

/** A compact JWS with a `jti` that no other has. @throws ConfigurationError when the user's signer fails to sign */
export async function clientAssertion(options: AssertionOptions): Promise<string> {
  const parts = partsOf(options);
  const privateKey = privateKeyOf(options.key);
  if (privateKey !== undefined) return signedByLibrary(parts, privateKey);
  return 'sign' in options.key ? signedByUser(parts, options.key) : Promise.reject(noKey());
}

function partsOf({ key, jku, ...contents }: AssertionOptions): Parts {
  const { alg, kid } = key;
  return { header: { alg, kid, typ: 'JWT', ...(jku && { jku }) }, claims: assertionClaims(contents) };
}

/** jsonwebtoken would stamp an `iat` of its own, by a clock that is not ours. */
async function signedByLibrary({ header, claims }: Parts, privateKey: KeyObject): Promise<string> {
  const { default: jwt } = await import('jsonwebtoken');
  const noTimestamp = claims['iat'] === undefined;
  // jws writes a header's characters as single bytes: handed over as the bytes of its UTF-8 they come out whole
  const bytes = {
    ...header,
    kid: binary(header.kid),
    ...(header.jku && { jku: binary(header.jku) }),
  };
  return jwt.sign({ ...claims }, privateKey, {
    algorithm: header.alg,
    header: bytes,
    noTimestamp,
  });
}

async function signedByUser({ header, claims }: Parts, signer: SmartBackendSigner): Promise<string> {
  const input = `${encoded(header)}.${encoded(claims)}`;
  const signature = await askSigner(signer, Buffer.from(input));
  const raw = signer.alg === 'ES384' ? await joseSignature(signature) : Buffer.from(signature);
  return `${input}.${raw.toString('base64url')}`;
}

function binary(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

async function askSigner(signer: SmartBackendSigner, input: Uint8Array): Promise<Uint8Array> {
  const signature = await answerOf(signer, input);
  if (!ArrayBuffer.isView(signature))
    throw new ConfigurationError('sign() of the signer must return the bytes of a signature');
  const { buffer, byteOffset, byteLength } = signature;
  if (signer.alg === 'RS384' && byteLength < SHORTEST_RS384_SIGNATURE_BYTES)
    throw new ConfigurationError('sign() of the signer must return an RSA signature of at least 256 bytes for RS384');
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** A key service that is away is no fault of the program. */
async function answerOf(signer: SmartBackendSigner, input: Uint8Array): Promise<unknown> {
  try {
    return await signer.sign(input);
  } catch (cause) {
    if (isAuthenticationError(cause)) throw cause;
    const words = asString(recordOf(cause)['message']) ?? 'it threw no error';
    throw new AuthenticationError(`The signer of ${JSON.stringify(signer.kid)} failed: ${words}`, {
      code: 'source_failed',
      kind: 'unavailable',
      cause,
    });
  }
}

/** r‖s, also of the DER in which key services hand out ECDSA signatures. */
async function joseSignature(signature: Uint8Array): Promise<Buffer> {
  if (signature.length === ES384_SIGNATURE_BYTES) return Buffer.from(signature);
  const { default: format } = await import('ecdsa-sig-formatter');
  try {
    return Buffer.from(format.derToJose(Buffer.from(signature), 'ES384'), 'base64url');
  } catch (cause) {
    throw new ConfigurationError(`sign() of the signer must return ${ES384_SIGNATURE_BYTES} bytes (r‖s), or DER`, {
      cause,
    });
  }
}

function noKey(): ConfigurationError {
  return new ConfigurationError('A key must be one of generateKeyPair or loadKeys, or a signer { alg, kid, sign }');
}
