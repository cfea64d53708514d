// The RFC 7638 thumbprint of a key that lies elsewhere, for the kid of a signer.
import { recordOf } from '@axios-authorizer/core/extend';
import { thumbprintOf } from './jose-keys.js';
import type { Jwk, PublicKeyText } from './jwk.js';
import { publicJwkOf, publicPemOf } from './key-material.js';
import { SmartKeyError } from './smart-key-error.js';

/**
 * The RFC 7638 thumbprint (SHA-256, base64url) of a public key, which is the kid that `loadKeys` and `generateKeyPair` give.
 * @param key SPKI as PEM or as the DER bytes of a key service, a JWK, or keys of `loadKeys`
 * @throws SmartKeyError `malformed`, or `curve`, `too_short`, `algorithm` when the key is not for RS384 or ES384
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const kid = await thumbprint(await readFile('public-key.pem', 'utf8'));
 * ```
 */
export async function thumbprint(key: string | Uint8Array | Jwk | PublicKeyText): Promise<string> {
  const given = typeof key === 'string' || key instanceof Uint8Array || isJwk(key) ? key : publicPemOf(recordOf(key));
  if (given === undefined) throw new SmartKeyError('missing', 'thumbprint needs a public key: PEM, DER or a JWK');
  return thumbprintOf(publicJwkOf(given));
}

function isJwk(key: Jwk | PublicKeyText): key is Jwk {
  return typeof recordOf(key)['kty'] === 'string';
}
