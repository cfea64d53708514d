// What does generateKeyPair make when nothing is to be written down?
import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { generateKeyPair, SmartBackendKeys, SupportedAlg } from '../../src/index.js';
import { jwkOf, publicJwkOf, thumbprint } from './material.js';
import { problemOf } from './problem.js';

function signsForItself({ privateJwk, publicKeyPem }: SmartBackendKeys): boolean {
  const input = Buffer.from('something to sign');
  const signature = sign('sha384', input, createPrivateKey({ key: privateJwk, format: 'jwk' }));
  return verify('sha384', input, createPublicKey(publicKeyPem), signature);
}

function modulusBits({ publicKeyPem }: SmartBackendKeys): number | undefined {
  return createPublicKey(publicKeyPem).asymmetricKeyDetails?.modulusLength;
}

it('the two algorithms go by the names of RFC 7518 (S4)', () => {
  expect(SupportedAlg).toEqual({ RS384: 'RS384', ES384: 'ES384' });
});

it('an ES384 pair is on P-384, and its halves belong together (S4)', async () => {
  const keys = await generateKeyPair('ES384');
  expect(keys).toBeInstanceOf(SmartBackendKeys);
  expect(keys.alg).toBe('ES384');
  expect(keys.privateJwk).toMatchObject({ kty: 'EC', crv: 'P-384', alg: 'ES384', kid: keys.kid });
  expect(signsForItself(keys)).toBe(true);
  expect(keys.publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
});

it('an RS384 pair has 3072 bits, or as many as asked for, and its halves belong together (S4)', async () => {
  const keys = await generateKeyPair('RS384');
  expect(keys.alg).toBe('RS384');
  expect(modulusBits(keys)).toBe(3072);
  expect(keys.privateJwk).toMatchObject({ kty: 'RSA', e: 'AQAB', alg: 'RS384', kid: keys.kid });
  expect(signsForItself(keys)).toBe(true);
  expect(modulusBits(await generateKeyPair('RS384', { modulusLength: 2048 }))).toBe(2048);
});

it.each(['ES384', 'RS384'] as const)('the kid of an %s pair is its RFC 7638 thumbprint (S4)', async (alg) => {
  const keys = await generateKeyPair(alg, { modulusLength: 2048 });
  expect(keys.kid).toBe(thumbprint(keys.privateJwk));
  expect(keys.kid).toMatch(/^[\w-]{43}$/);
});

it('a kid that was given is kept, whatever it is made of (S4)', async () => {
  const kid = '2026/01 é "key"';
  const keys = await generateKeyPair('ES384', { kid });
  expect([keys.kid, keys.privateJwk.kid]).toEqual([kid, kid]);
});

it('no two pairs are the same (S4)', async () => {
  const pairs = await Promise.all(Array.from({ length: 20 }, () => generateKeyPair('ES384')));
  expect(new Set(pairs.map(({ kid }) => kid)).size).toBe(20);
  expect(new Set(pairs.map(({ publicKeyPem }) => publicKeyPem)).size).toBe(20);
});

it('the public half is that of the private half (S4)', async () => {
  const { privateJwk, publicKeyPem } = await generateKeyPair('ES384');
  expect(jwkOf(createPublicKey(publicKeyPem))).toEqual(publicJwkOf(privateJwk));
});

it.each([0, 1024, 2047, 2049, 16_385, 1_000_000, -2048, Number.NaN, Number.POSITIVE_INFINITY])(
  'a modulusLength of %p is refused as too_short, and nothing is generated (S4)',
  async (modulusLength) => {
    expect(await problemOf(() => generateKeyPair('RS384', { modulusLength }))).toBe('too_short');
  },
);

it.each(['RS256', 'ES256', 'PS384', 'HS384', 'none', '', undefined])(
  'the algorithm %p is refused as algorithm (S4)',
  async (alg) => {
    expect(await problemOf(() => generateKeyPair(alg as never))).toBe('algorithm');
  },
);

it('an empty kid is refused as kid (S4)', async () => {
  expect(await problemOf(() => generateKeyPair('ES384', { kid: '' }))).toBe('kid');
});

it('keys are made of a private JWK, with its own kid or another (S4)', async () => {
  const { privateJwk, publicKeyPem, kid } = await generateKeyPair('ES384');
  expect(new SmartBackendKeys({ privateJwk })).toMatchObject({ alg: 'ES384', kid, publicKeyPem });
  expect(new SmartBackendKeys({ privateJwk, kid: 'other' })).toMatchObject({ kid: 'other', publicKeyPem });
  const { kid: _without, ...anonymous } = privateJwk;
  expect(await problemOf(() => new SmartBackendKeys({ privateJwk: anonymous }))).toBe('kid');
});
