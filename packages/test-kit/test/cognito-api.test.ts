// The API behind the pool: whose tokens it takes, and that it wants its key as well.

import { ManualClock, startCognitoApi, startCognitoPool } from '@axios-authorizer/test-kit';
import { ask, bearer } from './ask.js';
import { signIn, tokensOf } from './cognito-client.js';
import type { CognitoPool, ResourceServer } from '@axios-authorizer/test-kit';
import type { Tokens } from './cognito-client.js';

const password = 'Passw0rd!';
let clock: ManualClock;
let pool: CognitoPool;
let api: ResourceServer;

async function start(tokenUse?: 'access' | 'id'): Promise<Tokens> {
  clock = new ManualClock();
  pool = await startCognitoPool({ users: [{ username: 'alice', password }], clock });
  api = await startCognitoApi(pool, { apiKey: 'key-1', ...(tokenUse && { tokenUse }) });
  return tokensOf(await signIn(pool, 'alice', { password, at: clock.now() }));
}

async function get(token: string, key: string): Promise<number> {
  const headers = new Headers(bearer(token).headers);
  headers.set('x-api-key', key);
  return (await ask(`${api.origin}/x`, { headers })).status;
}

afterEach(async () => {
  await api.stop();
  await pool.stop();
});

test('an access token gets in while it lives, an id token does not (G5)', async () => {
  const { AccessToken, IdToken } = await start();
  expect([await get(AccessToken, 'key-1'), await get(IdToken, 'key-1')]).toEqual([200, 401]);
  await clock.advance(300_000);
  expect(await get(AccessToken, 'key-1')).toBe(401);
  expect([api.served, api.refused]).toEqual([1, 2]);
});

test('where id tokens are wanted, it is the other way round (G5)', async () => {
  const { AccessToken, IdToken } = await start('id');
  expect([await get(AccessToken, 'key-1'), await get(IdToken, 'key-1')]).toEqual([401, 200]);
});

test('a wrong API key is forbidden, whatever the token', async () => {
  const { AccessToken } = await start();
  expect(await get(AccessToken, 'key-2')).toBe(403);
  expect((await ask(api.origin, bearer(AccessToken))).status).toBe(403);
});

test('what the pool revokes, the API refuses', async () => {
  const { AccessToken } = await start();
  pool.revokeAccessTokens();
  expect(await get(AccessToken, 'key-1')).toBe(401);
});
