// The key set that is registered with servers: public keys only, member by member from an allow-list.
import { exportedPublic } from '../jose-keys.js';
import { publicMembers } from '../jwk.js';
import type { Jwk, PublicJwk, PublicJwks } from '../jwk.js';
import { ringOf } from '../key-ring.js';
import type { SigningKeys } from '../key-ring.js';
import { publicJwkOf, publicPemOf } from '../key-material.js';
import type { SigningKey } from '../smart-backend-keys.js';
import { SmartKeyError } from '../smart-key-error.js';

/**
 * The JWK Set (RFC 7517 section 5) of all these keys, each with `kid`, `alg`, `use` and `key_ops`, never `d`.
 * @throws SmartKeyError `ambiguous` when two keys have one kid, `public` for a signer without its public key
 *
 * @example
 * ```ts
 * const text = JSON.stringify(await publicJwks(await loadKeys('keys'))); // what the server needs to know
 * ```
 */
export async function publicJwks(...keys: readonly SigningKeys[]): Promise<PublicJwks> {
  const all = ringOf([...new Set(keys.flatMap((some) => ringOf(some).keys))]).keys;
  const exported = await exportedPublic(all.map(publicKeyOf));
  return {
    keys: all.map(({ kid, alg }, index) => published(exported[index], kid, alg)),
  };
}

/** @throws SmartKeyError, ConfigurationError */
export function assertPublishable(keys: SigningKeys): void {
  ringOf(keys).keys.forEach(publicKeyOf);
}

function publicKeyOf(key: SigningKey): Jwk {
  const { kid, alg } = key;
  const pem = publicPemOf(key);
  if (pem === undefined)
    throw new SmartKeyError(
      'public',
      `The signer ${JSON.stringify(kid)} has neither publicKeyPem nor publicKeyDer, so its key cannot be published`,
    );
  return publicMembers(publicJwkOf(pem, alg));
}

function published(jwk: Jwk = { kty: '' }, kid: string, alg: string): PublicJwk {
  return { ...publicMembers(jwk), kid, alg, use: 'sig', key_ops: ['verify'] };
}
