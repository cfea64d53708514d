// When is the pool's key set read, and which of its keys count?
import { ecKeyPair, ed25519KeyPair, gate, until } from '@axios-authorizer/test-kit';
import { cognitoVerifier } from '../../src/node/verify.js';
import { failureOf, invalid, jwksOf, jwtOf, keys, poolKey, readIntervalMs, tokenBy, world } from './stage.js';
import type { World } from './stage.js';

const third = poolKey('key-3');

function strangers(count: number, { accessClaims }: Pick<World, 'accessClaims'>): readonly string[] {
  return Array.from({ length: count }, (_, index) => jwtOf(accessClaims(), { kid: `stranger-${index}` }));
}

/** The set cannot be read again yet, so that an unknown key is no verdict. */
function notReadYet(retryAfterMs: number) {
  return { code: 'keys_not_read_yet', kind: 'unavailable', transient: true, retryAfterMs };
}

it('nothing is read before the first token, and nothing for what is no token (G5)', async () => {
  const { verify, jwks } = await world();
  await failureOf(verify('no token'));
  expect(jwks.requests).toEqual([]);
});

it('one reading serves a thousand tokens of both keys (G5)', async () => {
  const stage = await world();
  const tokens = keys.map((key) => tokenBy(key, stage));
  for (let count = 0; count < 500; count += 1) await Promise.all(tokens.map(stage.verify));
  expect(stage.jwks.requests).toHaveLength(1);
  expect(stage.jwks.requests[0]).toMatchObject({ method: 'GET', headers: { accept: 'application/json' } });
});

it('fifty first verifications at once share one reading (G5)', async () => {
  const stage = await world();
  const tokens = Array.from({ length: 50 }, (_, index) => tokenBy(index % 2 ? keys[0] : keys[1], stage));
  await expect(Promise.all(tokens.map(stage.verify))).resolves.toHaveLength(50);
  expect(stage.jwks.requests).toHaveLength(1);
});

it('a key that left the set is forgotten within ten minutes, without an unknown one being asked for (C16, G5)', async () => {
  const stage = await world();
  const outlived = jwtOf(stage.accessClaims({ exp: Date.UTC(2027, 0, 1) / 1000 }));
  await stage.verify(outlived);
  stage.jwks.answer = jwksOf(keys[1]);
  await stage.clock.advance(600_000);
  expect(await failureOf(stage.verify(outlived))).toMatchObject(invalid);
  expect(stage.jwks.requests).toHaveLength(2);
});

it('another key under the same id costs one more reading, and so do a hundred bad signatures (C16, G5)', async () => {
  const stage = await world();
  await stage.verify(tokenBy(keys[0], stage));
  const inPlace = { ...third, kid: keys[0].kid, jwk: { ...third.jwk, kid: keys[0].kid } };
  stage.jwks.answer = jwksOf(inPlace, keys[1]);
  await stage.clock.advance(readIntervalMs);
  await expect(stage.verify(tokenBy(inPlace, stage))).resolves.toMatchObject({ username: 'bob' });
  expect(stage.jwks.requests).toHaveLength(2);
  await stage.clock.advance(readIntervalMs);
  const forged = Array.from({ length: 100 }, () => tokenBy(keys[0], stage));
  const outcomes = await Promise.all(forged.map((token) => failureOf(stage.verify(token))));
  expect(outcomes.every(({ code }) => code === 'token_invalid')).toBe(true);
  expect(stage.jwks.requests).toHaveLength(3);
});

it('after a rotation the new key costs one more reading, and the old one is gone (G5)', async () => {
  const stage = await world();
  await stage.verify(tokenBy(keys[0], stage));
  stage.jwks.answer = jwksOf(keys[1], third);
  await stage.clock.advance(readIntervalMs);
  const tokens = Array.from({ length: 20 }, () => tokenBy(third, stage));
  await expect(Promise.all(tokens.map(stage.verify))).resolves.toHaveLength(20);
  expect(stage.jwks.requests).toHaveLength(2);
  expect(await failureOf(stage.verify(tokenBy(keys[0], stage)))).toMatchObject(invalid);
  expect(stage.jwks.requests).toHaveLength(2);
});

it('a hundred tokens with made-up kids cost one reading per interval, and only what was read for them is a verdict (G5, G9)', async () => {
  const stage = await world();
  const [first = '', ...others] = strangers(100, stage);
  expect(await failureOf(stage.verify(first))).toMatchObject(invalid);
  for (const token of others) expect(await failureOf(stage.verify(token))).toMatchObject(notReadYet(readIntervalMs));
  await stage.clock.advance(readIntervalMs - 1);
  for (const token of others) expect(await failureOf(stage.verify(token))).toMatchObject(notReadYet(1));
  expect(stage.jwks.requests).toHaveLength(1);
  await stage.clock.advance(1);
  const outcomes = await Promise.all(strangers(100, stage).map((token) => failureOf(stage.verify(token))));
  expect(outcomes.every(({ code }) => code === 'token_invalid')).toBe(true);
  expect(stage.jwks.requests).toHaveLength(2);
});

it('during a rotation with made-up kids an honest token is asked to come again, and is good then (G9)', async () => {
  const stage = await world();
  await stage.verify(tokenBy(keys[0], stage));
  await stage.clock.advance(readIntervalMs);
  await failureOf(stage.verify(strangers(1, stage)[0] ?? ''));
  stage.jwks.answer = jwksOf(keys[0], third);
  await stage.clock.advance(20_000);
  const error = await failureOf(stage.verify(tokenBy(third, stage)));
  expect(error).toMatchObject(notReadYet(readIntervalMs - 20_000));
  expect(error.message).toContain('read again in 40 s');
  await expect(stage.verify(tokenBy(keys[0], stage))).resolves.toMatchObject({ username: 'bob' });
  await stage.clock.advance(error.retryAfterMs ?? 0);
  await expect(stage.verify(tokenBy(third, stage))).resolves.toMatchObject({ username: 'bob' });
});

it('a token whose signature is remembered falls with its key, and is good by another key of that id only if that signed it (G9)', async () => {
  const stage = await world();
  const outlived = jwtOf(stage.accessClaims({ exp: Date.UTC(2027, 0, 1) / 1000 }));
  for (let times = 0; times < 3; times += 1) await stage.verify(outlived);
  stage.jwks.answer = jwksOf({ jwk: { ...third.jwk, kid: keys[0].kid } }, keys[1]);
  await stage.clock.advance(600_000);
  expect(await failureOf(stage.verify(outlived))).toMatchObject(invalid);
  stage.jwks.answer = jwksOf(keys[1]);
  await stage.clock.advance(600_000);
  expect(await failureOf(stage.verify(outlived))).toMatchObject(invalid);
  expect(await failureOf(stage.verify(outlived))).toMatchObject(invalid);
});

it('meanwhile good tokens pass at once, and wait for no reading (G5)', async () => {
  const stage = await world();
  await stage.verify(tokenBy(keys[0], stage));
  await stage.clock.advance(readIntervalMs);
  const held = gate();
  stage.jwks.answer = { ...jwksOf(...keys), after: held.opened };
  const asked = Promise.all(strangers(100, stage).map((token) => failureOf(stage.verify(token))));
  await until(() => stage.jwks.requests.length === 2);
  await expect(stage.verify(tokenBy(keys[1], stage))).resolves.toMatchObject({ username: 'bob' });
  held.open();
  expect((await asked).every(({ code }) => code === 'token_invalid')).toBe(true);
  expect(stage.jwks.requests).toHaveLength(2);
});

it('keys of other types, without a kid or broken do not spoil the others (G5)', async () => {
  const stage = await world();
  const curve = ecKeyPair('P-384').publicKey.export({ format: 'jwk' });
  const edwards = ed25519KeyPair().publicKey.export({ format: 'jwk' });
  const others = [
    { ...curve, kid: 'a', use: 'sig' },
    { ...edwards, kid: 'b' },
    { kty: 'oct', kid: 'c', k: 'c2VjcmV0' },
    { kty: 'from the future', kid: 'd', use: 'sig' },
    { ...third.jwk, kid: undefined },
    { kty: 'RSA', kid: 'e', use: 'sig', alg: 'RS256', n: 'AQ', e: '' },
    { kty: 'RSA', kid: 'f', use: 'sig' },
  ];
  stage.jwks.answer = jwksOf(...others.map((jwk) => ({ jwk })), ...keys);
  for (const key of keys) await expect(stage.verify(tokenBy(key, stage))).resolves.toMatchObject({ username: 'bob' });
});

it('the key set of a pool stands under its issuer (G5)', async () => {
  const stage = await world();
  const issuer = `${stage.jwks.origin}/eu-west-1_AbC123`;
  const verify = cognitoVerifier({ ...stage.options, issuer, jwksUri: undefined });
  await expect(verify(jwtOf(stage.accessClaims({ iss: issuer })))).resolves.toMatchObject({ iss: issuer });
  expect(stage.jwks.requests.map(({ url }) => url)).toEqual(['/eu-west-1_AbC123/.well-known/jwks.json']);
});

it.each([
  ['eu-west-1_AbC123', 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123'],
  ['us-gov-west-1_AbC123', 'https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_AbC123'],
  ['cn-north-1_AbC123', 'https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_AbC123'],
])('%s is issued by %s (G5)', async (userPoolId, iss) => {
  const { verify, accessClaims } = await world({ userPoolId });
  await expect(verify(jwtOf(accessClaims({ iss })))).resolves.toMatchObject({ iss });
});
