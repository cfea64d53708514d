// A sign-out does not wait for what is on its way, and what arrives after it is nobody's.
import { gate, until } from '@axios-authorizer/test-kit';
import type { Gate } from '@axios-authorizer/test-kit';
import { memoryTokenStore } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import { another, failureOf, front, world } from '../stage.js';
import { askedSince, ended, refresh, rotating, signIn } from '../refresh/stage.js';
import type { SignedIn } from '../refresh/stage.js';

interface Refreshing extends SignedIn {
  readonly store: ReturnType<typeof memoryTokenStore<CognitoToken>>;
  /** What `onToken` was told. */
  readonly told: readonly CognitoToken[];
  readonly answer: Gate;
  readonly waiting: Promise<unknown>;
}

/** A refresh of a rotating pool is on its way. */
async function refreshing(): Promise<Refreshing> {
  const [store, answer, told] = [memoryTokenStore<CognitoToken>(), gate(), [] as CognitoToken[]];
  const onToken = (token: CognitoToken): void => void told.push(token);
  const scene = await ended({ pool: rotating, options: { store, onToken } });
  scene.pool.next(refresh, { after: answer.opened });
  const waiting = failureOf(scene.authorizer.getToken());
  await until(() => scene.pool.count(refresh) === 1, 'the refresh');
  return { ...scene, store, told, answer, waiting };
}

it('a refresh on its way is discarded: those who wait are told, and nothing of it is kept (G3)', async () => {
  const { authorizer, store, told, answer, waiting, first } = await refreshing();
  const logout = authorizer.logout();
  expect(await waiting).toMatchObject({ code: 'logged_out', kind: 'session' });
  answer.open();
  await logout;
  expect(authorizer.token).toBeUndefined();
  expect(await failureOf(store.load())).toMatchObject({ code: 'logged_out' });
  expect(told).toEqual([first]);
});

it('what it brings after all is good for nobody: its family was revoked (G3)', async () => {
  const scene = await refreshing();
  const { authorizer, pool, answer, first } = scene;
  const logout = authorizer.logout();
  answer.open();
  await logout;
  const { refreshToken = '' } = first;
  const resumed = another(scene, { password: undefined, store: undefined, initialToken: { refreshToken } });
  expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'session_over' });
  expect(pool.count('RevokeToken')).toBe(1);
});

it('who asks during the sign-out, or after it, gets a token of a new sign-in (G3)', async () => {
  const scene = await refreshing();
  const { authorizer, pool, answer, first } = scene;
  const logout = authorizer.logout();
  const asked = authorizer.getToken();
  answer.open();
  await logout;
  const { accessToken } = await authorizer.getToken();
  expect((await asked).accessToken).toBe(accessToken);
  expect([accessToken === first.accessToken, pool.valid(accessToken)]).toEqual([false, true]);
  expect(askedSince(scene)).toEqual([refresh, 'RevokeToken', ...signIn]);
});

it('a sign-in on its way is discarded (G3)', async () => {
  const { pool, authorizer } = await world();
  const answer = gate();
  pool.next('RespondToAuthChallenge', { after: answer.opened });
  const waiting = failureOf(authorizer.getToken());
  await until(() => pool.count('RespondToAuthChallenge') === 1, 'the second step');
  const logout = authorizer.logout();
  expect(await waiting).toMatchObject({ code: 'logged_out' });
  answer.open();
  await logout;
  expect(authorizer.token).toBeUndefined();
});

it('a request of a client that waits for the refresh fails as logged out, and never goes out (G3)', async () => {
  const scene = await ended();
  const { api, client } = await front({ ...scene, options: { ...scene.options, initialToken: scene.first } });
  scene.pool.next(refresh, { hang: true });
  const waiting = failureOf(client.get('/things'));
  await until(() => scene.pool.count(refresh) === 1, 'the refresh');
  await client.authorizer.logout();
  expect(await waiting).toMatchObject({ code: 'logged_out', kind: 'session' });
  expect(api.requests).toEqual([]);
});
