// The tokens themselves: what they claim, which key signed them, and when they stop being good.

import { createPublicKey, verify } from 'node:crypto';
import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { ask } from './ask.js';
import { call, signIn, tokensOf } from './cognito-client.js';
import type { CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';
import type { JsonWebKey } from 'node:crypto';
import type { Tokens } from './cognito-client.js';

const password = 'Passw0rd!';
const alice = { username: 'alice', internalUsername: 'id-1', password, sub: 'sub-1', email: 'a@example.org' };
let clock: ManualClock;
let pool: CognitoPool;

async function start(options: CognitoPoolOptions = {}): Promise<Tokens> {
  clock = new ManualClock();
  pool = await startCognitoPool({ users: [alice], clock, ...options });
  return again();
}

async function again(): Promise<Tokens> {
  return tokensOf(await signIn(pool, 'alice', { password, at: clock.now() }));
}

function part(token: string, index: 0 | 1): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

type Key = JsonWebKey & { readonly kid: string };

async function keySet(): Promise<readonly Key[]> {
  const { json } = await ask(pool.jwksUrl);
  return json?.['keys'] as Key[];
}

function signedBy(token: string, keys: readonly Key[]): string | undefined {
  const [header = '', body = '', signature = ''] = token.split('.');
  const data = Buffer.from(`${header}.${body}`);
  return keys.find((key) =>
    verify('sha256', data, createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url')),
  )?.kid;
}

afterEach(() => pool.stop());

test('an access token says which client and user, and has no audience (G5)', async () => {
  const { AccessToken } = await start();
  const iat = clock.now() / 1000;
  const { jti, origin_jti: origin, ...claims } = part(AccessToken, 1);
  expect(claims).toEqual({
    sub: 'sub-1',
    iss: `${pool.origin}/${pool.poolId}`,
    client_id: 'test-client',
    token_use: 'access',
    scope: 'aws.cognito.signin.user.admin',
    username: 'id-1',
    auth_time: iat,
    iat,
    exp: iat + 300,
  });
  expect([jti, origin]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});

test('an id token is for the client and describes the user (G5)', async () => {
  const { IdToken, AccessToken } = await start({ accessTokenSeconds: 60 });
  const iat = clock.now() / 1000;
  const { jti, ...claims } = part(IdToken, 1);
  expect(claims).toEqual({
    sub: 'sub-1',
    iss: pool.issuer,
    aud: 'test-client',
    token_use: 'id',
    'cognito:username': 'id-1',
    email: 'a@example.org',
    email_verified: true,
    origin_jti: part(AccessToken, 1)['origin_jti'],
    auth_time: iat,
    iat,
    exp: iat + 60,
  });
  expect(jti).not.toBe(part(AccessToken, 1)['jti']);
});

test('two keys: each signs one kind of token, and says which by kid (G5)', async () => {
  const { AccessToken, IdToken } = await start();
  const keys = await keySet();
  expect(keys).toHaveLength(2);
  const shape = { kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB' };
  expect(keys).toEqual([expect.objectContaining(shape), expect.objectContaining(shape)]);
  const kids = keys.map(({ kid }) => kid);
  expect([signedBy(IdToken, keys), signedBy(AccessToken, keys)]).toEqual(kids);
  expect([IdToken, AccessToken].map((token) => part(token, 0))).toEqual(kids.map((kid) => ({ alg: 'RS256', kid })));
  expect(new Set(kids).size).toBe(2);
});

test('a refresh keeps origin_jti and auth_time and changes jti', async () => {
  const { AccessToken, RefreshToken } = await start();
  await clock.advance(10_000);
  const refreshed = await call(pool, 'GetTokensFromRefreshToken', { ClientId: 'test-client', RefreshToken });
  const [before, after] = [AccessToken, tokensOf(refreshed).AccessToken].map((token) => part(token, 1));
  expect(after).toEqual({
    ...before,
    jti: expect.not.stringMatching(String(before?.['jti'])) as unknown,
    iat: clock.now() / 1000,
    exp: clock.now() / 1000 + 300,
  });
});

test('rotated keys leave the set with all that they signed; new ones sign (G5)', async () => {
  const old = await start();
  const oldKeys = await keySet();
  pool.rotateKeys();
  const keys = await keySet();
  expect(new Set([...oldKeys, ...keys].map(({ kid }) => kid)).size).toBe(4);
  expect([pool.valid(old.AccessToken), pool.validId(old.IdToken)]).toEqual([false, false]);
  const fresh = await again();
  expect([pool.valid(fresh.AccessToken), pool.validId(fresh.IdToken)]).toEqual([true, true]);
  expect(signedBy(fresh.AccessToken, keys)).toBe(keys[1]?.kid);
  expect(pool.count('jwks')).toBe(2);
});

test('a token is good until exp by the pool’s clock', async () => {
  const { AccessToken, IdToken } = await start();
  await clock.advance(299_999);
  expect([pool.valid(AccessToken), pool.validId(IdToken)]).toEqual([true, true]);
  await clock.advance(1);
  expect([pool.valid(AccessToken), pool.validId(IdToken)]).toEqual([false, false]);
});

test('what is no token of this pool or of that use is not valid', async () => {
  const { AccessToken, IdToken } = await start();
  const other = await startCognitoPool({ users: [alice], clock });
  const foreign = tokensOf(await signIn(other, 'alice', { password, at: clock.now() }));
  await other.stop();
  const forged = AccessToken.replace(/\.[^.]+\./, `.${Buffer.from('{"token_use":"access"}').toString('base64url')}.`);
  expect(['', 'x', '..', IdToken, foreign.AccessToken, forged].map((token) => pool.valid(token))).not.toContain(true);
  expect([AccessToken, foreign.IdToken].map((token) => pool.validId(token))).not.toContain(true);
});
