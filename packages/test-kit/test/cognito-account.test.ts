// What an access token opens in the pool itself, and what closes it before its time.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { call, fault, signIn, tokensOf } from './cognito-client.js';
import type { CognitoPool, CognitoPoolOptions } from '@axios-authorizer/test-kit';
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

afterEach(() => pool.stop());

test('revokeAccessTokens leaves the refresh tokens, revokeAll leaves nothing', async () => {
  const { AccessToken, IdToken, RefreshToken } = await start();
  const refresh = { ClientId: 'test-client', RefreshToken };
  pool.revokeAccessTokens();
  expect([pool.valid(AccessToken), pool.validId(IdToken)]).toEqual([false, false]);
  const refreshed = tokensOf(await call(pool, 'GetTokensFromRefreshToken', refresh));
  expect(pool.valid(refreshed.AccessToken)).toBe(true);
  pool.revokeAll();
  expect(pool.valid(refreshed.AccessToken)).toBe(false);
  const revoked = '400 NotAuthorizedException: Refresh Token has been revoked';
  expect(fault(await call(pool, 'GetTokensFromRefreshToken', refresh))).toBe(revoked);
});

test('GetUser describes the user while the access token is good', async () => {
  const { AccessToken, IdToken } = await start();
  const getUser = async (token: string): Promise<unknown> => {
    const answered = await call(pool, 'GetUser', { AccessToken: token });
    return answered.status === 200 ? answered.json : fault(answered);
  };
  const UserAttributes = [
    { Name: 'sub', Value: 'sub-1' },
    { Name: 'email', Value: 'a@example.org' },
  ];
  expect(await getUser(AccessToken)).toEqual({ Username: 'id-1', UserAttributes });
  expect(await getUser(IdToken)).toBe('400 NotAuthorizedException: Invalid Access Token');
  const other = await startCognitoPool({ users: [alice] });
  const foreign = tokensOf(await signIn(other, 'alice', { password }));
  await other.stop();
  expect(await getUser(foreign.AccessToken)).toBe('400 NotAuthorizedException: Invalid Access Token');
  pool.disable('alice');
  expect(await getUser(AccessToken)).toBe('400 NotAuthorizedException: User is disabled.');
  await clock.advance(300_000);
  expect(await getUser(AccessToken)).toBe('400 NotAuthorizedException: Access Token has expired');
});

test('GlobalSignOut ends every sign-in of the user and of nobody else', async () => {
  const first = await start({ users: [alice, { username: 'bob', password }] });
  const second = await again();
  const bob = tokensOf(await signIn(pool, 'bob', { password, at: clock.now() }));
  expect((await call(pool, 'GlobalSignOut', { AccessToken: first.AccessToken })).json).toEqual({});
  expect([first, second, bob].map(({ AccessToken }) => pool.valid(AccessToken))).toEqual([false, false, true]);
  const repeated = await call(pool, 'GlobalSignOut', { AccessToken: second.AccessToken });
  expect(fault(repeated)).toBe('400 NotAuthorizedException: Access Token has been revoked');
});
