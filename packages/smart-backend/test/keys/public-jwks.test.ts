// What of a key is published, and can a server read it?
import { createPublicKey } from 'node:crypto';
import { generateKeyPair, KeyRing, loadKeys, publicJwks, SmartBackendKeys } from '../../src/index.js';
import { ecKey, ed25519Key, jwkOf, keyWhere, pkcs8, publicJwkOf, rsaKey, spkiOf } from './material.js';
import { problemOf } from './problem.js';
import type { Jwk, PublicJwk, SigningKeys, SmartBackendSigner } from '../../src/index.js';
import type { KeyObject } from 'node:crypto';

const [rsa, ec] = [rsaKey(), ecKey()];

function keysOf(key: KeyObject, kid: string): SmartBackendKeys {
  return new SmartBackendKeys({ privateJwk: jwkOf(key), kid });
}

function signerOf(key: KeyObject, kid: string): SmartBackendSigner {
  const alg = key.asymmetricKeyType === 'rsa' ? 'RS384' : 'ES384';
  return { alg, kid, publicKeyPem: spkiOf(key), sign: () => new Uint8Array(96) };
}

/** Exactly this is published of a key. */
function expected(key: KeyObject, kid: string): Jwk {
  const alg = key.asymmetricKeyType === 'rsa' ? 'RS384' : 'ES384';
  return { ...publicJwkOf(key), kid, alg, use: 'sig', key_ops: ['verify'] };
}

async function published(...keys: readonly SigningKeys[]): Promise<readonly PublicJwk[]> {
  return (await publicJwks(...keys)).keys;
}

it.each([
  ['keys', keysOf],
  ['a signer that knows its public key', signerOf],
])('of %s exactly the public members, kid, alg, use and key_ops are published (S4)', async (_what, make) => {
  expect(await publicJwks(make(rsa, 'r'), make(ec, 'e'))).toEqual({ keys: [expected(rsa, 'r'), expected(ec, 'e')] });
});

it('nothing else that stood in the source is published (S4)', async () => {
  const extras = { ext: true, key_ops: ['sign'], use: 'sig', 'x-owner': 'ours', x5t: 'abc', oth: [], iat: 5 };
  for (const key of [rsa, ec]) {
    const source = { ...jwkOf(key), ...extras, kid: 'a' };
    const direct = new SmartBackendKeys({ privateJwk: source });
    expect(await published(direct)).toEqual([expected(key, 'a')]);
    expect(await published(await loadKeys(source))).toEqual([expected(key, 'a')]);
    expect(await published(await loadKeys(JSON.stringify({ keys: [source] })))).toEqual([expected(key, 'a')]);
  }
});

it('no private number is published, under any name (S4)', async () => {
  const text = JSON.stringify(await publicJwks(keysOf(rsa, 'r'), keysOf(ec, 'e')));
  const { d, p, q, dp, dq, qi } = jwkOf(rsa);
  for (const number of [d, p, q, dp, dq, qi, jwkOf(ec)['d']]) expect(text).not.toContain(String(number));
  expect(Object.keys((await published(keysOf(rsa, 'r')))[0] ?? {}).toSorted()).toEqual(
    ['alg', 'e', 'key_ops', 'kid', 'kty', 'n', 'use'].toSorted(),
  );
});

it('lists, rings and single keys are one set, in order and each key once (S3)', async () => {
  const [one, two, three] = [keysOf(rsa, 'one'), keysOf(ec, 'two'), signerOf(ecKey(), 'three')];
  const jwks = await published(one, [two, one], new KeyRing(three, two));
  expect(jwks.map(({ kid }) => kid)).toEqual(['one', 'two', 'three']);
});

it.each([
  ['two keys', keysOf(ecKey(), 'a'), keysOf(ecKey(), 'a')],
  ['keys of two kinds', keysOf(rsa, 'a'), keysOf(ec, 'a')],
  ['a key and a signer', keysOf(rsa, 'a'), signerOf(ec, 'a')],
])('%s with one kid are refused: a server could not choose (S3)', async (_what, one, two) => {
  expect(await problemOf(() => publicJwks(one, two))).toBe('ambiguous');
  expect(await problemOf(() => publicJwks([one, two]))).toBe('ambiguous');
});

it('a signer that does not know its public key cannot be published (S4)', async () => {
  const { publicKeyPem: _unknown, ...signer } = signerOf(ec, 'kms-1');
  expect(await problemOf(() => publicJwks(signer))).toBe('public');
  await expect(publicJwks(signer)).rejects.toThrow('"kms-1"');
});

it('a signer whose public key is of another kind, or none, is refused instead of published (S4)', async () => {
  const pems = [spkiOf(rsa), spkiOf(ecKey('P-256')), spkiOf(ed25519Key()), 'no PEM', ''];
  for (const publicKeyPem of pems)
    expect(await problemOf(() => publicJwks({ ...signerOf(ec, 'a'), publicKeyPem }))).toEqual(expect.any(String));
});

it('a signer whose "public key" is the private one publishes no private number (S4)', async () => {
  const signer = { ...signerOf(ec, 'a'), publicKeyPem: pkcs8(ec) };
  const outcome = await published(signer).catch((error: unknown) => error);
  expect(JSON.stringify(outcome)).not.toContain(String(jwkOf(ec)['d']));
});

it('coordinates have 48 bytes each, whatever they begin with (S4)', async () => {
  const rare = [keyWhere('x', 0), keyWhere('y', 0), keyWhere('d', 0), keyWhere('x', 0x5f)];
  const keys = [...rare, ...Array.from({ length: 50 }, () => ecKey())].map((key, index) => ({ kid: `${index}`, key }));
  const jwks = await published(keys.map(({ key, kid }) => keysOf(key, kid)));
  expect(jwks).toEqual(keys.map(({ key, kid }) => expected(key, kid)));
  const lengths = jwks.flatMap(({ x, y }) => [x, y].map((number) => Buffer.from(String(number), 'base64url').length));
  expect(new Set(lengths)).toEqual(new Set([48]));
});

it('a server that imports the key set has the public keys (S4)', async () => {
  const made = await Promise.all([generateKeyPair('ES384'), generateKeyPair('RS384', { modulusLength: 2048 })]);
  const pems = (await published(made)).map((key) =>
    String(createPublicKey({ key, format: 'jwk' }).export({ type: 'spki', format: 'pem' })),
  );
  expect(pems).toEqual(made.map(({ publicKeyPem }) => publicKeyPem));
});
