// A session goes on in another process: from a refresh token alone, from a whole token, or from what a store holds.
import { cognitoError } from '@axios-authorizer/test-kit';
import { Authorizer, memoryTokenStore } from '@axios-authorizer/core';
import { SRPSource } from '../../src/index.js';
import type { CognitoToken } from '../../src/index.js';
import { another, failureOf, front } from '../stage.js';
import { askedSince, ended, later, lifeMs, refresh, rotating, sentRefreshTokens, signedIn, signIn } from './stage.js';

const nobody = { username: undefined, password: undefined };

it.each([
  ['one that lasts', {}],
  ['one that is rotated', rotating],
])('from a refresh token alone, %s, without user name and password (G3)', async (_kind, pool) => {
  const scene = await signedIn({ pool });
  const { refreshToken = '' } = scene.first;
  const resumed = another(scene, { ...nobody, initialToken: { refreshToken } });
  expect([resumed.username, resumed.authenticated, resumed.token]).toEqual([undefined, false, undefined]);
  const token = await resumed.getToken();
  expect(askedSince(scene)).toEqual([refresh]);
  expect([resumed.username, scene.pool.valid(token.accessToken)]).toEqual(['alice', true]);
  later(scene, lifeMs);
  await resumed.getToken();
  expect(sentRefreshTokens(scene.pool)).toEqual([refreshToken, token.refreshToken]);
});

it('a refresh token alone that is refused: the pool’s own words, and it is not sent again (G3)', async () => {
  const scene = await signedIn();
  const resumed = another(scene, { ...nobody, initialToken: { refreshToken: 'a token of yesterday' } });
  expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'session_over', kind: 'session' });
  later(scene, 3_600_000);
  expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'session_over', kind: 'session' });
  expect(askedSince(scene)).toEqual([refresh]);
});

it('a refresh token alone that is refused: with a password, a sign-in (G3)', async () => {
  const scene = await signedIn();
  const resumed = another(scene, { initialToken: { refreshToken: 'a token of yesterday' } });
  expect(scene.pool.valid((await resumed.getToken()).accessToken)).toBe(true);
  expect(askedSince(scene)).toEqual([refresh, ...signIn]);
});

it('a refresh token alone outlives a pool that is busy (G3)', async () => {
  const scene = await signedIn();
  const { refreshToken = '' } = scene.first;
  const resumed = another(scene, { ...nobody, maxRetries: 0, initialToken: { refreshToken } });
  scene.pool.throttle(1);
  expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'throttled', transient: true });
  later(scene, 60_000);
  expect((await resumed.getToken()).refreshToken).toBe(refreshToken);
});

it('from a whole token that is live: nothing is asked (G3)', async () => {
  const scene = await signedIn();
  const resumed = another(scene, { ...nobody, initialToken: scene.first });
  expect(await resumed.getToken()).toBe(scene.first);
  expect([resumed.username, resumed.authenticated]).toEqual(['alice', true]);
  expect(askedSince(scene)).toEqual([]);
});

it('from a whole token that has ended: one refresh before the first request (G3)', async () => {
  const scene = await ended();
  const { api, client } = await front({
    ...scene,
    options: { ...scene.options, ...nobody, initialToken: scene.first },
  });
  expect((await client.get('/things')).status).toBe(200);
  expect(askedSince(scene)).toEqual([refresh]);
  expect(api.bearers()).toEqual([client.authorizer.accessToken]);
});

it('from a whole token without an end, which the API refuses: one refresh, one resend (G3)', async () => {
  const scene = await ended();
  const { expiresAt: _end, ...initialToken } = scene.first;
  const { api, client } = await front({ ...scene, options: { ...scene.options, ...nobody, initialToken } });
  expect((await client.get('/things')).status).toBe(200);
  expect(askedSince(scene)).toEqual([refresh]);
  expect(api.bearers()).toEqual([scene.first.accessToken, client.authorizer.accessToken]);
});

it('from a token that went through JSON, its dates revived (G3)', async () => {
  const scene = await ended({ pool: { deviceTracking: 'always' } });
  const saved = JSON.parse(JSON.stringify(scene.first)) as CognitoToken;
  const initialToken = { ...saved, expiresAt: new Date(String(saved.expiresAt)), issuedAt: new Date(0) };
  const token = await another(scene, { ...nobody, initialToken }).getToken();
  expect(token).toMatchObject({ username: 'alice', device: scene.first.device });
});

it('from a store: what is live is used, what has ended is refreshed and stored (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const scene = await signedIn({ pool: rotating, options: { store } });
  expect(await another(scene, nobody).getToken()).toEqual(scene.first);
  expect(askedSince(scene)).toEqual([]);
  later(scene, lifeMs);
  const renewed = await another(scene, nobody).getToken();
  expect(askedSince(scene)).toEqual([refresh]);
  expect(await store.load()).toEqual(renewed);
});

it('from an empty store, without a password: not_authenticated, and nothing is asked (G3)', async () => {
  const scene = await signedIn();
  const resumed = another(scene, { ...nobody, store: memoryTokenStore<CognitoToken>() });
  expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(askedSince(scene)).toEqual([]);
});

it('a user name without a password resumes, and signs in no one (G3)', async () => {
  const scene = await ended();
  const resumed = another(scene, { password: undefined, initialToken: scene.first });
  await resumed.getToken();
  scene.pool.revokeAll();
  expect(await failureOf(resumed.getToken({ force: true }))).toMatchObject({ code: 'session_over' });
  expect(askedSince(scene)).toEqual([refresh, refresh]);
});

it('the source alone, in an authorizer of core, resumes as well (G3)', async () => {
  const scene = await ended();
  const { maxRetries: _limit, ...options } = scene.options;
  const source = new SRPSource(scene.clientInfo, { ...options, ...nobody });
  const authorizer = new Authorizer(source, { clock: scene.clock, initialToken: scene.first });
  expect(scene.pool.valid((await authorizer.getToken()).accessToken)).toBe(true);
});

it('a new refresh token that is handed in wins over the stored session that is over (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const old = await ended({ options: { store } });
  old.pool.next(refresh, cognitoError('TokenRevokedException', 'No more'));
  const { refreshToken = '' } = await another(old, { store: undefined }).getToken();
  const resumed = another(old, { ...nobody, initialToken: { refreshToken } });
  later(old, lifeMs);
  expect((await resumed.getToken()).refreshToken).toBe(refreshToken);
});
