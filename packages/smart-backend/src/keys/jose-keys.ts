// The one file that knows node-jose: it makes keys, takes their thumbprints and exports key sets. Loaded on first use, so
// that a service that only signs never loads it. It gets JWKs only: of PEM it cannot read one P-384 key in 256 (where the
// point's x begins with 5F it takes the point for nested ASN.1).
import type jose from 'node-jose';
import { publicMembers } from './jwk.js';
import type { Jwk } from './jwk.js';
import type { SupportedAlg } from './supported-alg.js';

/** A new private key. @param bits of RSA, ignored for ES384 */
export async function generateJwk(alg: SupportedAlg, bits: number): Promise<Jwk> {
  const { JWK } = await nodeJose();
  const store = JWK.createKeyStore();
  const key = await (alg === 'RS384' ? store.generate('RSA', bits) : store.generate('EC', 'P-384'));
  return jwkOf(key.toJSON(true));
}

/** The keys of a set, as node-jose exports them: public members only. */
export async function exportedPublic(keys: readonly Jwk[]): Promise<readonly Jwk[]> {
  const { JWK } = await nodeJose();
  const store = JWK.createKeyStore();
  const added = await Promise.all(keys.map((jwk) => store.add({ ...jwk })));
  return added.map((key) => jwkOf(key.toJSON()));
}

/** The RFC 7638 thumbprint (SHA-256) of a key, in base64url. */
export async function thumbprintOf(jwk: Jwk): Promise<string> {
  const { JWK, util } = await nodeJose();
  const key = await JWK.asKey({ ...publicMembers(jwk) });
  return util.base64url.encode(Buffer.from(await key.thumbprint('SHA-256')));
}

async function nodeJose(): Promise<typeof jose> {
  return (await import('node-jose')).default;
}

/** Its types say `object`. */
function jwkOf(json: object): Jwk {
  return { kty: '', ...json };
}
