// JSON Web Keys (RFC 7517) as plain data; the package's types mention no library's.

/** A JSON Web Key (RFC 7517 section 4), public or private. */
export interface Jwk {
  /** The key type, "RSA" or "EC" (RFC 7517 section 4.1). */
  readonly kty: string;
  /** The key id. Default: `loadKeys` takes the RFC 7638 thumbprint. */
  readonly kid?: string;
  /** The algorithm that it is for, "RS384" or "ES384". Default: what the key can do. */
  readonly alg?: string;
  readonly [member: string]: unknown;
}

/** A JSON Web Key Set (RFC 7517 section 5). */
export interface Jwks {
  /** The keys of the set. */
  readonly keys: readonly Jwk[];
}

/** What is published of a key: the members that SMART asks for, and no others. */
export interface PublicJwk extends Jwk {
  /** The key id, unique in the set; assertions name it. */
  readonly kid: string;
  /** The algorithm that it is for, "RS384" or "ES384". */
  readonly alg: string;
  /** It is for signatures, and nothing else. */
  readonly use: 'sig';
  /** Whoever has it can verify, and not sign. */
  readonly key_ops: readonly ['verify'];
}

/** The key set as it is published and registered. */
export interface PublicJwks {
  /** One public key for each key of the client. */
  readonly keys: readonly PublicJwk[];
}

/** How a signer says its public key. */
export interface PublicKeyText {
  /** The public key as SPKI PEM, so that it can be published. Default: `publicKeyDer`. */
  readonly publicKeyPem?: string | undefined;
  /** The same as DER, as AWS KMS and PKCS#11 hand it out. Default: the key is not published. */
  readonly publicKeyDer?: Uint8Array | undefined;
}

const PUBLIC_MEMBERS: Readonly<Record<string, readonly string[]>> = { RSA: ['n', 'e'], EC: ['crv', 'x', 'y'] };
/** The key material of a private key (RFC 7518 sections 6.2.2 and 6.3.2), by `kty`. */
export const PRIVATE_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'],
  EC: ['crv', 'x', 'y', 'd'],
};

/** `kty` and the public key material of `jwk`, from an allow-list: what else a file held is not published. */
export function publicMembers(jwk: Jwk): Jwk {
  return pick(jwk, PUBLIC_MEMBERS[jwk.kty] ?? []);
}

/** `kty` and the key material of a private `jwk`. */
export function privateMembers(jwk: Jwk): Jwk {
  return pick(jwk, PRIVATE_MEMBERS[jwk.kty] ?? []);
}

function pick(jwk: Jwk, names: readonly string[]): Jwk {
  const material = names.filter((name) => name in jwk).map((name) => [name, jwk[name]] as const);
  return Object.assign({ kty: jwk.kty }, Object.fromEntries<unknown>(material));
}
