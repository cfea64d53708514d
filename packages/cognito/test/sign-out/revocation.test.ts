// Signing out ends the session at the pool as well, or all of the user's.
import { memoryTokenStore } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import { another, clientId, failureOf, front } from '../stage.js';
import { askedSince, later, lifeMs, refresh, rotating, signedIn, signIn } from '../refresh/stage.js';
import type { SignedIn } from '../refresh/stage.js';

const clientSecret = 'the-secret-of-the-app-client';
const everywhere = { signOut: 'everywhere' } as const;

/** Whether a session goes on with that token, for somebody who has nothing else. */
async function isAlive(scene: SignedIn, initialToken: CognitoToken | undefined): Promise<boolean> {
  const { refreshToken = '' } = initialToken ?? {};
  const resumed = another(scene, {
    username: undefined,
    password: undefined,
    store: undefined,
    initialToken: { refreshToken },
  });
  return resumed.getToken().then(
    () => true,
    () => false,
  );
}

it('the refresh token is revoked, and nobody goes on with it (G3)', async () => {
  const scene = await signedIn();
  const { pool, authorizer, first } = scene;
  await authorizer.logout();
  expect(pool.operations.at(-1)).toEqual({
    name: 'RevokeToken',
    body: { ClientId: clientId, Token: first.refreshToken },
  });
  expect([authorizer.token, authorizer.authenticated]).toEqual([undefined, false]);
  expect(await isAlive(scene, first)).toBe(false);
  expect(pool.valid(first.accessToken)).toBe(false);
});

it('a client with a secret sends it in plain, and no hash of it (G3)', async () => {
  const { pool, authorizer, first } = await signedIn({ client: { clientSecret } });
  await authorizer.logout();
  expect(pool.operations.at(-1)?.body).toEqual({
    ClientId: clientId,
    Token: first.refreshToken,
    ClientSecret: clientSecret,
  });
  expect(pool.valid(first.accessToken)).toBe(false);
});

it('with rotation the family falls with the token that is held (G3)', async () => {
  const scene = await signedIn({ pool: rotating });
  later(scene, lifeMs);
  const second = await scene.authorizer.getToken();
  await scene.authorizer.logout();
  expect(await Promise.all([isAlive(scene, scene.first), isAlive(scene, second)])).toEqual([false, false]);
});

it('other sessions of the user go on (G3)', async () => {
  const scene = await signedIn();
  const other = await another(scene).getToken();
  await scene.authorizer.logout();
  expect(await isAlive(scene, other)).toBe(true);
});

it('everywhere: one GlobalSignOut with the access token, and no other session goes on (G3)', async () => {
  const scene = await signedIn({ options: everywhere, client: { clientSecret } });
  const { pool, authorizer, first } = scene;
  const other = await another(scene).getToken();
  const before = pool.operations.length;
  await authorizer.logout();
  expect(pool.operations.slice(before)).toEqual([{ name: 'GlobalSignOut', body: { AccessToken: first.accessToken } }]);
  expect([pool.valid(first.accessToken), pool.valid(other.accessToken)]).toEqual([false, false]);
  expect(await Promise.all([isAlive(scene, first), isAlive(scene, other)])).toEqual([false, false]);
});

it('everywhere, where the id token is attached: it is still the access token that signs out (G3, G5)', async () => {
  const { pool, authorizer, first } = await signedIn({ options: { ...everywhere, tokenUse: 'id' } });
  await authorizer.logout();
  expect(pool.operations.at(-1)?.body).toEqual({ AccessToken: first.accessToken });
});

it('everywhere, with an access token that has ended: this session at least does not go on (G3)', async () => {
  const scene = await signedIn({ options: everywhere });
  later(scene, lifeMs);
  await scene.authorizer.logout();
  expect(await isAlive(scene, scene.first)).toBe(false);
});

it('everywhere, with a refresh token alone: this session at least does not go on (G3)', async () => {
  const scene = await signedIn();
  const { refreshToken = '' } = scene.first;
  await another(scene, { ...everywhere, initialToken: { refreshToken } }).logout();
  expect(await isAlive(scene, scene.first)).toBe(false);
});

it('a refresh token alone, never used, is revoked too (G3)', async () => {
  const scene = await signedIn();
  const { refreshToken = '' } = scene.first;
  await another(scene, { initialToken: { refreshToken } }).logout();
  expect(askedSince(scene)).toEqual(['RevokeToken']);
  expect(await isAlive(scene, scene.first)).toBe(false);
});

it('a token without a refresh token is forgotten without a word to the pool (G3)', async () => {
  const scene = await signedIn();
  const { refreshToken: _none, ...initialToken } = scene.first;
  const authorizer = another(scene, { initialToken });
  await authorizer.logout();
  expect(askedSince(scene)).toEqual([]);
  expect(authorizer.token).toBeUndefined();
});

it('who never signed in, or has signed out, revokes nothing (G3)', async () => {
  const scene = await signedIn();
  await another(scene).logout();
  await scene.authorizer.logout();
  await scene.authorizer.logout();
  expect(askedSince(scene)).toEqual(['RevokeToken']);
});

it('afterwards the next request signs in anew (G3)', async () => {
  const scene = await signedIn();
  const { api, client } = await front({ ...scene, options: { ...scene.options, initialToken: scene.first } });
  await client.get('/before');
  await client.authorizer.logout();
  await client.get('/after');
  expect(askedSince(scene)).toEqual(['RevokeToken', ...signIn]);
  expect(api.refused).toBe(0);
  expect(new Set(api.bearers()).size).toBe(2);
});

it('afterwards the next request fails with not_authenticated where there is no password, and reaches no API (G3)', async () => {
  const scene = await signedIn();
  const options = { ...scene.options, password: undefined, initialToken: scene.first };
  const { api, client } = await front({ ...scene, options });
  await client.get('/before');
  await client.authorizer.logout();
  expect(await failureOf(client.get('/after'))).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(api.requests).toHaveLength(1);
  expect(askedSince(scene)).toEqual(['RevokeToken']);
});

it('what another process has refreshed since is revoked as well (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const scene = await signedIn({ pool: rotating, options: { store } });
  const renewed = await another(scene).getToken({ force: true });
  await scene.authorizer.logout();
  expect(await isAlive(scene, renewed)).toBe(false);
  expect(await failureOf(store.load())).toMatchObject({ code: 'logged_out' });
  expect(scene.pool.count(refresh)).toBe(2);
});
