// Which key signs, which are published, and how does one follow another?
import { ConfigurationError } from '@axios-authorizer/core';
import { KeyRing, publicJwks, SmartBackendKeys } from '../../src/index.js';
import { ecKey, jwkOf, rsaKey } from './material.js';
import { failureOf, problemOf } from './problem.js';
import type { SigningKey } from '../../src/index.js';

const rsa = new SmartBackendKeys({ privateJwk: jwkOf(rsaKey()), kid: 'rsa' });
const ec = new SmartBackendKeys({ privateJwk: jwkOf(ecKey()), kid: 'ec' });
const nextEc = new SmartBackendKeys({ privateJwk: jwkOf(ecKey()), kid: 'next' });
const remote: SigningKey = { alg: 'RS384', kid: 'remote', sign: () => new Uint8Array(256) };

async function published(ring: KeyRing): Promise<readonly string[]> {
  return (await publicJwks(ring)).keys.map(({ kid }) => kid);
}

it.each<readonly [what: string, offered: readonly string[] | undefined, kid: string]>([
  ['without a list the first key', undefined, 'ec'],
  ['RS384 only', ['RS384'], 'rsa'],
  ['ES384 only', ['ES384'], 'ec'],
  ['both, RS384 first', ['RS384', 'ES384'], 'rsa'],
  ['both, ES384 first', ['ES384', 'RS384'], 'ec'],
  ['others before ours', ['none', 'RS256', 'PS384', 'ES512', 'RS384', 'ES384'], 'rsa'],
  ['one twice', ['ES384', 'ES384', 'RS384'], 'ec'],
])('%s: the order is the server’s, and the keys’ within (S3)', (_what, offered, kid) => {
  expect(new KeyRing(ec, nextEc, rsa, remote).choose(offered).kid).toBe(kid);
});

it.each([[['RS256']], [[]], [['rs384', 'RS384 ', 'RS384\n']], [['RS384']]])(
  'no key fits %j, which is a ConfigurationError that names both sides (S3)',
  async (offered) => {
    const error = await failureOf(() => new KeyRing(ec, nextEc).choose(offered));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: expect.stringContaining('ES384') as unknown });
    expect(error).toMatchObject({ message: expect.stringContaining(offered.join(', ')) as unknown });
  },
);

it('a published key is in the key set and does not sign yet (S3)', async () => {
  const ring = new KeyRing(ec);
  ring.publish(nextEc);
  await expect(published(ring)).resolves.toEqual(['ec', 'next']);
  expect([ring.choose(undefined).kid, ring.choose(['ES384']).kid]).toEqual(['ec', 'ec']);
});

it('a rotation: publish the new, sign with it, retire the old (S3)', async () => {
  const ring = new KeyRing(ec);
  ring.publish(nextEc);
  ring.signWith('next');
  expect(ring.choose(['ES384']).kid).toBe('next');
  await expect(published(ring)).resolves.toEqual(['ec', 'next']);
  ring.retire('ec');
  expect(ring.choose(['ES384']).kid).toBe('next');
  await expect(published(ring)).resolves.toEqual(['next']);
});

it('a key that was told to sign signs wherever the server takes its algorithm, whatever comes first (S3)', () => {
  const ring = new KeyRing(ec, rsa);
  ring.signWith('rsa');
  expect(ring.choose(undefined).kid).toBe('rsa');
  expect(ring.choose(['ES384', 'RS384']).kid).toBe('rsa');
  expect(ring.choose(['ES384']).kid).toBe('ec');
});

it('one key is told for each algorithm, the latest first where both fit (S3)', () => {
  const ring = new KeyRing(ec, nextEc, rsa);
  ring.signWith('rsa');
  ring.signWith('next');
  expect(ring.choose(['RS384', 'ES384']).kid).toBe('next');
  expect(ring.choose(['RS384']).kid).toBe('rsa');
  ring.signWith('ec');
  expect(ring.choose(['ES384']).kid).toBe('ec');
  ring.signWith('rsa');
  expect(ring.choose(undefined).kid).toBe('rsa');
});

it('a retired key signs no more, and the one told before it does (S3)', () => {
  const ring = new KeyRing(ec, nextEc, rsa);
  ring.signWith('rsa');
  ring.signWith('next');
  ring.retire('next');
  expect(ring.choose(undefined).kid).toBe('rsa');
  ring.retire('rsa');
  expect(ring.choose(undefined).kid).toBe('ec');
});

it('a key that comes back after its retirement waits to be told again (S3)', () => {
  const ring = new KeyRing(ec, nextEc);
  ring.signWith('next');
  ring.retire('next');
  ring.publish(nextEc);
  expect(ring.choose(undefined).kid).toBe('ec');
});

it('the last key cannot be retired, and stays (S3)', async () => {
  const ring = new KeyRing(ec);
  expect(await problemOf(() => ring.retire('ec'))).toBe('missing');
  expect(ring.choose(undefined)).toBe(ec);
});

it.each(['signWith', 'retire'] as const)('%s of an unknown kid is told, and changes nothing (S3)', async (call) => {
  const ring = new KeyRing(ec, rsa);
  for (const kid of ['EC', 'none', '']) expect(await problemOf(() => ring[call](kid))).toBe('missing');
  expect(ring.keys).toEqual([ec, rsa]);
  expect(ring.choose(undefined)).toBe(ec);
});

it('a key is published once, however often it is handed in (S3)', () => {
  const ring = new KeyRing(ec, ec);
  ring.publish(ec);
  expect(ring.keys).toEqual([ec]);
});

it('two keys with one kid are refused, at once or later (S3)', async () => {
  const twin = new SmartBackendKeys({ privateJwk: jwkOf(ecKey()), kid: 'ec' });
  expect(await problemOf(() => new KeyRing(ec, twin))).toBe('ambiguous');
  const ring = new KeyRing(ec);
  expect(await problemOf(() => ring.publish(twin))).toBe('ambiguous');
  expect(ring.keys).toEqual([ec]);
});

it('the list of keys that was handed out does not change afterwards (S3)', () => {
  const ring = new KeyRing(ec);
  const before = ring.keys;
  ring.publish(rsa);
  expect(before).toEqual([ec]);
});

it.each<readonly [what: string, keys: readonly unknown[]]>([
  ['no key at all', []],
  ['undefined', [undefined]],
  ['null', [null]],
  ['a promise of keys', [Promise.resolve(ec)]],
  ['a private JWK', [rsa.privateJwk]],
  ['a list in a list', [[ec]]],
  ['a signer without kid', [{ ...remote, kid: undefined }]],
  ['a signer with an empty kid', [{ ...remote, kid: '' }]],
  ['a signer for RS256', [{ ...remote, alg: 'RS256' }]],
  ['a signer that cannot sign', [{ alg: 'RS384', kid: 'remote' }]],
  ['one good key and one bad', [ec, {}]],
])('a ring of %s is a ConfigurationError (S3)', async (_what, keys) => {
  expect(await failureOf(() => new KeyRing(...(keys as SigningKey[])))).toBeInstanceOf(ConfigurationError);
});
