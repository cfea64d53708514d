// What ends refresh tokens before their time: rotation with its grace period, and RevokeToken.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { call, fault, signIn, tokensOf } from './cognito-client.js';
import type { CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Parameters, Tokens } from './cognito-client.js';

const password = 'Passw0rd!';
const refusal = (message: string): string => `400 NotAuthorizedException: ${message}`;
const reused = '400 RefreshTokenReuseException: Refresh token has been reused.';
let clock: ManualClock;
let pool: CognitoPool;

async function start(options: CognitoPoolOptions = {}): Promise<Tokens> {
  clock = new ManualClock();
  const users = [{ username: 'alice', password }];
  pool = await startCognitoPool({ users, clock, ...options });
  return again();
}

async function again(): Promise<Tokens> {
  return tokensOf(await signIn(pool, 'alice', { password, at: clock.now() }));
}

function refresh(RefreshToken: string, more: Parameters = {}): Promise<Asked> {
  return call(pool, 'GetTokensFromRefreshToken', { ClientId: 'test-client', RefreshToken, ...more });
}

function refreshOfOld(REFRESH_TOKEN: string, { ClientId = 'test-client', ...more }: Parameters = {}): Promise<Asked> {
  return call(pool, 'InitiateAuth', {
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId,
    AuthParameters: { REFRESH_TOKEN, ...more },
  });
}

afterEach(() => pool.stop());

test('with rotation a new refresh token comes, and REFRESH_TOKEN_AUTH is closed (G3)', async () => {
  const { RefreshToken } = await start({ refreshRotation: { graceSeconds: 0 } });
  expect(fault(await refreshOfOld(RefreshToken))).toContain(refusal('Refresh token rotation is enabled'));
  const next = tokensOf(await refresh(RefreshToken)).RefreshToken;
  expect(next).not.toBe(RefreshToken);
  expect((await refresh(next)).status).toBe(200);
});

test('the old token is good during its grace period, so a lost answer does no harm (G3)', async () => {
  const { RefreshToken } = await start({ refreshRotation: { graceSeconds: 10 } });
  const first = tokensOf(await refresh(RefreshToken));
  await clock.advance(9_999);
  const second = tokensOf(await refresh(RefreshToken));
  expect(second.RefreshToken).not.toBe(first.RefreshToken);
  await clock.advance(1);
  expect(fault(await refresh(RefreshToken))).toBe(reused);
});

test('reuse after the grace period ends the whole family (G3)', async () => {
  const { RefreshToken, AccessToken } = await start({ refreshRotation: { graceSeconds: 0 } });
  const other = await again();
  const next = tokensOf(await refresh(RefreshToken));
  expect(fault(await refresh(RefreshToken))).toBe(reused);
  expect(fault(await refresh(next.RefreshToken))).toBe(refusal('Refresh Token has been revoked'));
  expect([pool.valid(AccessToken), pool.valid(next.AccessToken), pool.valid(other.AccessToken)]).toEqual([
    false,
    false,
    true,
  ]);
});

test('RevokeToken ends a sign-in, and no other (G3)', async () => {
  const { RefreshToken, AccessToken } = await start();
  const other = await again();
  const revoke = (Token: string, more: Parameters = {}): Promise<Asked> =>
    call(pool, 'RevokeToken', { ClientId: 'test-client', Token, ...more });
  expect(fault(await revoke(AccessToken))).toBe('400 UnsupportedTokenTypeException: Wrong token type');
  expect(fault(await revoke(RefreshToken, { ClientSecret: 'none' }))).toContain('400 UnauthorizedException');
  expect((await revoke('unknown')).json).toEqual({});
  expect((await revoke(RefreshToken)).json).toEqual({});
  expect(fault(await refresh(RefreshToken))).toBe(refusal('Refresh Token has been revoked'));
  expect([pool.valid(AccessToken), pool.valid(other.AccessToken)]).toEqual([false, true]);
  expect((await refresh(other.RefreshToken)).status).toBe(200);
});

test('RevokeToken of another client’s token is refused', async () => {
  const { RefreshToken } = await start({ clients: ['test-client', 'other'].map((clientId) => ({ clientId })) });
  const refused = await call(pool, 'RevokeToken', { ClientId: 'other', Token: RefreshToken });
  expect(fault(refused)).toContain('400 UnauthorizedException');
  expect((await refresh(RefreshToken)).status).toBe(200);
});
