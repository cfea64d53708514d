// What goes out to renew a token: everything that the pool wants to see, and nothing else.
import axios from 'axios';
import { clientId, front } from '../stage.js';
import { askedSince, ended, refresh, rotating, sentRefreshTokens } from './stage.js';

const headers = {
  'Content-Type': 'application/x-amz-json-1.1',
  'X-Amz-Target': `AWSCognitoIdentityProviderService.${refresh}`,
};
const client = { clientSecret: 'the-secret-of-the-app-client' };

it('one request: the client and the refresh token, and no more (G3)', async () => {
  const { pool, authorizer, first } = await ended();
  const token = await authorizer.getToken();
  expect(pool.operations.at(-1)).toEqual({
    name: refresh,
    body: { ClientId: clientId, RefreshToken: first.refreshToken },
  });
  expect(pool.valid(token.accessToken)).toBe(true);
  expect(token.accessToken).not.toBe(first.accessToken);
});

it('a client with a secret sends it in plain, and no hash of it (G3)', async () => {
  const { pool, authorizer, first } = await ended({ client });
  await authorizer.getToken();
  expect(pool.operations.at(-1)?.body).toEqual({
    ClientId: clientId,
    RefreshToken: first.refreshToken,
    ClientSecret: client.clientSecret,
  });
});

it('the key of the device goes along, of its secrets none (G3)', async () => {
  const { pool, authorizer, first } = await ended({ client, pool: { deviceTracking: 'always' } });
  const token = await authorizer.getToken();
  expect(pool.operations.at(-1)?.body).toEqual({
    ClientId: clientId,
    RefreshToken: first.refreshToken,
    ClientSecret: client.clientSecret,
    DeviceKey: first.device?.key,
  });
  expect(pool.operations.at(-1)?.body['DeviceKey']).toBe(pool.devices('alice')[0]?.key);
  expect(token.device).toEqual(first.device);
});

it('the pool of the tests does refuse a refresh without the device, or without the secret (G3)', async () => {
  const { first, ...scene } = await ended({ client, pool: { deviceTracking: 'always' } });
  const [DeviceKey, ClientSecret] = [first.device?.key, client.clientSecret];
  const ask = async (parameters: object): Promise<number> => {
    const data = { ClientId: clientId, RefreshToken: first.refreshToken, ...parameters };
    return (await axios.post(scene.pool.endpoint, data, { headers, validateStatus: null })).status;
  };
  expect(await Promise.all([ask({ ClientSecret }), ask({ DeviceKey })])).toEqual([400, 400]);
  expect(await ask({ ClientSecret, DeviceKey })).toBe(200);
});

it('client metadata go along with a refresh too (G3)', async () => {
  const clientMetadata = { tenant: 'north' };
  const { pool, authorizer } = await ended({ options: { clientMetadata } });
  await authorizer.getToken();
  expect(pool.operations.at(-1)?.body['ClientMetadata']).toEqual(clientMetadata);
});

it('the headers are those of a pool operation, and no signature is among them (G3)', async () => {
  const { pool, authorizer } = await ended();
  await authorizer.getToken();
  const { headers: sent, method, url } = pool.requests.at(-1) ?? {};
  expect([method, url]).toEqual(['POST', '/']);
  expect(sent).toMatchObject({
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${refresh}`,
    'cache-control': 'no-store',
  });
  expect(sent).not.toHaveProperty('authorization');
  expect(sent).not.toHaveProperty('x-api-key');
});

it('without rotation no refresh token comes back, and the one that is held is kept and used again (G3)', async () => {
  const scene = await ended();
  const { pool, clock, authorizer, first } = scene;
  const second = await authorizer.getToken();
  expect(second.refreshToken).toBe(first.refreshToken);
  clock.set(clock.now() + 300_000);
  const third = await authorizer.getToken();
  expect(new Set([first, second, third].map(({ accessToken }) => accessToken)).size).toBe(3);
  expect(sentRefreshTokens(pool)).toEqual([first.refreshToken, first.refreshToken]);
  expect(askedSince(scene)).toEqual([refresh, refresh]);
});

it('with rotation the new refresh token takes the place of the old one, every time (G3)', async () => {
  const { pool, clock, authorizer, first } = await ended({ pool: rotating });
  const second = await authorizer.getToken();
  clock.set(clock.now() + 300_000);
  const third = await authorizer.getToken();
  expect(new Set([first, second, third].map(({ refreshToken }) => refreshToken)).size).toBe(3);
  expect(sentRefreshTokens(pool)).toEqual([first.refreshToken, second.refreshToken]);
});

it('whose the token is stays known through a refresh, and what else came in it is renewed (G3)', async () => {
  const { pool, authorizer, first } = await ended({ user: { internalUsername: 'f0e1d2c3-alice' } });
  const token = await authorizer.getToken();
  expect([token.username, authorizer.username]).toEqual(['f0e1d2c3-alice', 'f0e1d2c3-alice']);
  expect(pool.validId(String(token.idToken))).toBe(true);
  expect(token.idToken).not.toBe(first.idToken);
});

it('a token that is no longer fresh is renewed behind the back of the request that uses it (G3)', async () => {
  const scene = await ended({ options: { refreshAheadMs: 60_000, leewayMs: 5_000 } });
  const { pool, clock, first, authorizer } = scene;
  clock.set(clock.now() - 30_000);
  expect(await authorizer.getToken()).toBe(first);
  const renewed = await authorizer.getToken({ rejected: first });
  expect(renewed.accessToken).not.toBe(first.accessToken);
  expect(pool.count(refresh)).toBe(1);
});

it('a person may renew by force what is still good (G3)', async () => {
  const { api, client: things } = await front(await ended());
  await things.get('/before');
  await things.authorizer.getToken({ force: true });
  await things.get('/after');
  expect(new Set(api.bearers()).size).toBe(2);
});
