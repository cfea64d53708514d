// What is said of a key that can be read, but must not sign?
import { loadKeys } from '../../src/index.js';
import { ecKey, ed25519Key, jwkOf, pkcs8, pssKey, rsaKey, x25519Key } from './material.js';
import { failureOf, problemOf } from './problem.js';
import type { KeyObject } from 'node:crypto';

const [rsa, ec] = [rsaKey(), ecKey()];
const [rsaJwk, ecJwk] = [jwkOf(rsa), jwkOf(ec)];

function sec1(key: KeyObject): string {
  return String(key.export({ type: 'sec1', format: 'pem' }));
}

const curves = ['P-256', 'P-521', 'secp256k1'].flatMap((curve) => {
  const key = ecKey(curve);
  return [
    [curve, 'PKCS #8', pkcs8(key)],
    [curve, 'SEC 1', sec1(key)],
    [curve, 'a JWK', jwkOf(key)],
    [curve, 'a JWK that says ES384', { ...jwkOf(key), alg: 'ES384' }],
  ] as const;
});

it.each(curves)('a key on %s as %s is on the wrong curve (S4)', async (_curve, _what, from) => {
  expect(await problemOf(() => loadKeys(from))).toBe('curve');
  expect(await failureOf(() => loadKeys(from))).toMatchObject({
    message: expect.stringContaining('P-384') as unknown,
  });
});

it.each([1024, 1536, 2040])('an RSA key of %i bits is too short, as PEM and as JWK (S4)', async (bits) => {
  const key = rsaKey(bits);
  for (const from of [pkcs8(key), jwkOf(key), { ...jwkOf(key), alg: 'RS384' }])
    expect(await failureOf(() => loadKeys(from))).toMatchObject({
      problem: 'too_short',
      message: expect.stringMatching(`2048.*${bits}`) as unknown,
    });
});

const ed25519 = ed25519Key();
const x25519 = x25519Key();
const pss = pssKey();

it.each([
  ['an Ed25519 PEM', pkcs8(ed25519)],
  ['an Ed25519 JWK', jwkOf(ed25519)],
  ['an X25519 PEM', pkcs8(x25519)],
  ['an RSA-PSS PEM', pkcs8(pss)],
  ['a JWK for RS256', { ...rsaJwk, alg: 'RS256' }],
  ['a JWK for PS384', { ...rsaJwk, alg: 'PS384' }],
  ['a JWK for RSA-OAEP', { ...rsaJwk, alg: 'RSA-OAEP' }],
  ['an RSA JWK that says ES384', { ...rsaJwk, alg: 'ES384' }],
  ['an EC JWK that says RS384', { ...ecJwk, alg: 'RS384' }],
  ['an EC JWK for ECDH-ES', { ...ecJwk, alg: 'ECDH-ES' }],
  ['a JWK for encryption', { ...ecJwk, use: 'enc' }],
  ['a JWK of any other use', { ...rsaJwk, use: 'wrap' }],
])('%s is for another algorithm (S4)', async (_what, from) => {
  expect(await problemOf(() => loadKeys(from))).toBe('algorithm');
});

it('a JWK that says what it is for is taken when that fits (S4)', async () => {
  const keys = [
    { ...rsaJwk, kid: 'r', alg: 'RS384', use: 'sig', key_ops: ['sign'] },
    { ...ecJwk, kid: 'e', alg: 'ES384', use: 'sig', key_ops: ['sign'], ext: false, 'x-note': 'ours' },
  ];
  expect(await loadKeys({ keys })).toMatchObject([
    { kid: 'r', alg: 'RS384' },
    { kid: 'e', alg: 'ES384' },
  ]);
});

it.each(['', 7, {}, true])('a JWK whose kid is %j has no usable kid (S4)', async (kid) => {
  expect(await problemOf(() => loadKeys({ ...ecJwk, kid: kid as string }))).toBe('kid');
});

it('an empty kid that was given is none (S4)', async () => {
  expect(await problemOf(() => loadKeys(pkcs8(ec), { kid: '' }))).toBe('kid');
});

it('two private keys under one kid cannot be told apart (S3)', async () => {
  const keys = [rsaJwk, ecJwk].map((jwk) => ({ ...jwk, kid: 'default' }));
  expect(await failureOf(() => loadKeys({ keys }))).toMatchObject({
    problem: 'ambiguous',
    message: expect.stringContaining('"default"') as unknown,
  });
});

it('a kid for two private keys is refused (S4)', async () => {
  expect(await problemOf(() => loadKeys(pkcs8(rsa) + pkcs8(ec), { kid: 'mine' }))).toBe('ambiguous');
});
