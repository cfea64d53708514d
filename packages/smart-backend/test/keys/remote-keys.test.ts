// The private key lies in a KMS or an HSM, which hands out its public key as DER: can it be published, named and told apart?
import { createPublicKey, sign } from 'node:crypto';
import { KeyRing, loadKeys, publicJwks, thumbprint } from '../../src/index.js';
import { authorize, clientId, world } from '../stage.js';
import { ecKey, ed25519Key, jwkOf, pkcs8, publicJwkOf, rsaKey, spkiOf, thumbprint as rfc7638 } from './material.js';
import { problemOf } from './problem.js';
import type { SmartBackendSigner } from '../../src/index.js';
import type { KeyObject } from 'node:crypto';

const [rsa, ec] = [rsaKey(), ecKey()];

function derOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ type: 'spki', format: 'der' });
}

function signerOf(
  key: KeyObject,
  publicKey: Pick<SmartBackendSigner, 'publicKeyDer' | 'publicKeyPem'>,
): SmartBackendSigner {
  const alg = key.asymmetricKeyType === 'rsa' ? 'RS384' : 'ES384';
  return { alg, kid: 'kms', ...publicKey, sign: (input) => sign('sha384', input, key) };
}

it.each([
  ['RSA', rsa],
  ['EC', ec],
])('a signer that knows its %s key as DER publishes what it publishes as PEM (S8)', async (_kind, key) => {
  const der = derOf(key);
  const part = new Uint8Array([1, 2, ...der, 3]).subarray(2, 2 + der.length);
  const byPem = await publicJwks(signerOf(key, { publicKeyPem: spkiOf(key) }));
  for (const publicKeyDer of [der, Uint8Array.from(der), part])
    expect(await publicJwks(signerOf(key, { publicKeyDer }))).toEqual(byPem);
});

it('a PEM on one line is read as a public key too (S8)', async () => {
  const expected = await publicJwks(signerOf(ec, { publicKeyPem: spkiOf(ec) }));
  for (const lineEnd of [' ', '\\n', ''])
    expect(await publicJwks(signerOf(ec, { publicKeyPem: spkiOf(ec).replaceAll('\n', lineEnd) }))).toEqual(expected);
});

it('a server takes the assertions of a signer that was registered by its DER (S8)', async () => {
  for (const key of [rsa, ec]) {
    const keys = signerOf(key, { publicKeyDer: derOf(key) });
    const { auth } = await world({
      server: { clients: [{ clientId, jwks: await publicJwks(keys) }] },
      options: { keys },
    });
    await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
  }
});

it.each([
  ['another kind', derOf(rsa), 'algorithm'],
  ['another curve', derOf(ecKey('P-256')), 'curve'],
  ['rubbish', new Uint8Array([48, 130, 1, 2]), 'malformed'],
  ['the private key', ec.export({ type: 'pkcs8', format: 'der' }), 'malformed'],
] as const)('a DER of %s is refused instead of published (S8)', async (_what, publicKeyDer, problem) => {
  expect(await problemOf(() => publicJwks(signerOf(ec, { publicKeyDer })))).toBe(problem);
});

it('a ring knows a key by its DER: the same is one, another under its kid is refused (S8)', async () => {
  const one = signerOf(ec, { publicKeyDer: derOf(ec) });
  const ring = new KeyRing(one, signerOf(ec, { publicKeyDer: derOf(ec) }), signerOf(ec, { publicKeyPem: spkiOf(ec) }));
  expect(ring.keys).toEqual([one]);
  expect(await problemOf(() => ring.publish(signerOf(ecKey(), { publicKeyDer: derOf(ecKey()) })))).toBe('ambiguous');
});

it.each([
  ['RSA', rsa],
  ['EC', ec],
])('the thumbprint of an %s key is that of RFC 7638, however the key is given (S8)', async (_kind, key) => {
  const [loaded] = await loadKeys(pkcs8(key));
  const forms = [spkiOf(key), derOf(key), Uint8Array.from(derOf(key)), publicJwkOf(key), jwkOf(key), loaded];
  for (const form of [...forms, signerOf(key, { publicKeyDer: derOf(key) })])
    expect(await thumbprint(form as never)).toBe(rfc7638(key));
  expect(loaded?.kid).toBe(rfc7638(key));
});

it.each<readonly [what: string, from: unknown, problem: string]>([
  ['a private PEM', pkcs8(ec), 'malformed'],
  ['no PEM', 'key', 'malformed'],
  ['an empty text', '', 'malformed'],
  ['Ed25519', spkiOf(ed25519Key()), 'algorithm'],
  ['a JWK of another kind', publicJwkOf(ed25519Key()), 'algorithm'],
  ['a JWK without its members', { kty: 'EC', crv: 'P-384' }, 'malformed'],
  ['a JWK on another curve', publicJwkOf(ecKey('P-256')), 'curve'],
  ['a signer without its public key', { alg: 'ES384', kid: 'kms' }, 'missing'],
  ['nothing', undefined, 'missing'],
  ['null', null, 'missing'],
])('%s has no thumbprint for SMART (S8)', async (_what, from, problem) => {
  expect(await problemOf(() => thumbprint(from as never))).toBe(problem);
});
