// A key pair that signs client assertions. It may be printed: the private half shows only to who asks for it by name.
import { checkOptions } from '@axios-authorizer/core/extend';
import { privateMembers } from './jwk.js';
import type { Jwk, PublicKeyText } from './jwk.js';
import { keyMaterialOf, MATERIAL } from './key-material.js';
import type { KeyMaterial } from './key-material.js';
import { SmartKeyError } from './smart-key-error.js';
import type { SupportedAlg } from './supported-alg.js';

/** Where the private key lies elsewhere (KMS, HSM), this signs in its place. */
export interface SmartBackendSigner extends PublicKeyText {
  /** The algorithm that it signs with. */
  readonly alg: SupportedAlg;
  /** The key id that assertions name, as it stands in the registered key set. */
  readonly kid: string;
  /**
   * Signs `input` with SHA-384: RS384 as RSASSA-PKCS1-v1_5, ES384 as r‖s (RFC 7518 section 3.4) or as the DER that key
   * services hand out.
   */
  sign(input: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** What signs: a key in this process, or a signer that asks a key service. */
export type SigningKey = SmartBackendKeys | SmartBackendSigner;

/** What {@link SmartBackendKeys} are made of. */
export interface SmartBackendKeysOptions {
  /** The private key (RFC 7518 section 6.2.2 or 6.3.2). */
  readonly privateJwk: Jwk;
  /** The key id, unique in the key set. Default: the JWK's own; one of them must be there. */
  readonly kid?: string | undefined;
}

/**
 * One key pair: signs assertions with its private half, shows only the public one.
 *
 * @throws {@link SmartKeyError} when the key does not fit RS384 or ES384
 *
 * @example
 * ```ts
 * const [keys] = await loadKeys('keys/2026-11.private.json');
 * const registered = [keys?.kid, keys?.alg, keys?.publicKeyPem]; // `keys` itself, when printed, shows nothing private
 * ```
 */
export class SmartBackendKeys {
  static {
    const get = function (this: SmartBackendKeys): KeyMaterial {
      return this.#material;
    };
    Object.defineProperty(this.prototype, MATERIAL, { get });
  }
  /** The algorithm that the key is for: RS384 for RSA, ES384 for P-384. */
  readonly alg: SupportedAlg;
  /** The key id that assertions name. */
  readonly kid: string;
  /** The public key as SPKI PEM, for a registration by hand. */
  readonly publicKeyPem: string;
  readonly #material: KeyMaterial;
  readonly #privateJwk: Jwk;

  /** @throws SmartKeyError when it is no private key for RS384 or ES384, or has no kid */
  constructor(options: SmartBackendKeysOptions) {
    const table = { privateJwk: 'any', kid: 'any' } as const;
    const { privateJwk, kid = privateJwk?.kid } = checkOptions(options, 'SmartBackendKeys', table);
    if (typeof kid !== 'string' || kid === '')
      throw new SmartKeyError('kid', 'The key has no kid; loadKeys gives it its RFC 7638 thumbprint');
    const members = privateMembers(privateJwk);
    this.#material = keyMaterialOf(members);
    this.alg = this.#material.alg;
    this.kid = kid;
    assertMeantFor(privateJwk, this.alg);
    this.#privateJwk = { ...members, kid, alg: this.alg };
    this.publicKeyPem = String(this.#material.publicKey.export({ type: 'spki', format: 'pem' }));
  }

  /** The private key as data: whoever prints this prints the key. */
  get privateJwk(): Jwk {
    return this.#privateJwk;
  }
}

/** @throws SmartKeyError when the JWK says that it is for something else */
function assertMeantFor({ alg: stated, use }: Jwk, alg: SupportedAlg): void {
  if (stated !== undefined && stated !== alg)
    throw new SmartKeyError('algorithm', `The JWK says alg ${JSON.stringify(stated)}; that key can sign ${alg} only`);
  if (use !== undefined && use !== 'sig')
    throw new SmartKeyError('algorithm', `The JWK says use ${JSON.stringify(use)}; a signing key is wanted`);
}
