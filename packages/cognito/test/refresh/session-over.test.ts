// Six exceptions say that a refresh token is worth nothing any more. Only they drop it; then the password is tried once.
import { cognitoError } from '@axios-authorizer/test-kit';
import { memoryTokenStore } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import { another, failureOf, minuteMs } from '../stage.js';
import { askedSince, dayMs, ended, later, refresh, rotating, sentRefreshTokens, signIn } from './stage.js';
import type { SignedIn } from './stage.js';

const terminal = [
  'NotAuthorizedException',
  'TokenRevokedException',
  'UserNotFoundException',
  'PasswordResetRequiredException',
  'UserNotConfirmedException',
  'RefreshTokenReuseException',
];

describe.each(terminal)('%s', (exception) => {
  const refusal = cognitoError(exception, 'No more');

  it('drops the refresh token and signs in once, and callers see nothing of it (G3)', async () => {
    const scene = await ended();
    const { pool, authorizer, first } = scene;
    pool.next(refresh, refusal);
    const tokens = await Promise.all(Array.from({ length: 50 }, () => authorizer.getToken()));
    expect(askedSince(scene)).toEqual([refresh, ...signIn]);
    expect(new Set(tokens).size).toBe(1);
    expect(tokens[0]?.refreshToken).not.toBe(first.refreshToken);
    expect(pool.valid(String(tokens[0]?.accessToken))).toBe(true);
  });

  it('without a password it is the end, in the store too, and nothing is asked again (G3)', async () => {
    const scene = await ended({ pool: { deviceTracking: 'always' } });
    const { pool, first } = scene;
    const store = memoryTokenStore<CognitoToken>();
    const resumed = another(scene, { password: undefined, initialToken: first, store });
    pool.next(refresh, refusal);
    expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'session_over', kind: 'session' });
    const stored = await store.load();
    expect([resumed.token?.refreshToken, stored?.refreshToken]).toEqual([undefined, undefined]);
    expect([resumed.token?.device, stored?.device]).toEqual([first.device, first.device]);
    later(scene, 60 * minuteMs);
    expect(await failureOf(resumed.getToken())).toMatchObject({ code: 'session_over' });
    expect(pool.count(refresh)).toBe(1);
  });
});

/** What has to be done to a pool so that it really says so. */
const causes: readonly (readonly [string, (scene: SignedIn) => void, string])[] = [
  ['revoked', ({ pool }) => pool.revokeAll(), 'Refresh Token has been revoked'],
  ['30 days old', (scene) => later(scene, 30 * dayMs), 'Refresh Token has expired'],
];

it.each(causes)('a refresh token that is %s: one sign-in (G3)', async (_what, cause) => {
  const scene = await ended();
  cause(scene);
  const token = await scene.authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, ...signIn]);
  expect(scene.pool.valid(token.accessToken)).toBe(true);
});

it('a rotated refresh token does not outlive the first of its family (G3)', async () => {
  const scene = await ended({ pool: rotating });
  await scene.authorizer.getToken();
  later(scene, 30 * dayMs - 600_000);
  await scene.authorizer.getToken();
  later(scene, 600_000);
  await scene.authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, refresh, refresh, ...signIn]);
});

it('a user who was disabled: the session is dropped, one sign-in is tried, and no more until a minute is over (G3, G4)', async () => {
  const scene = await ended();
  const { pool, authorizer } = scene;
  pool.disable('alice');
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'wrong_credentials', kind: 'credentials' });
  expect(askedSince(scene)).toEqual([refresh, ...signIn]);
  expect(authorizer.token).not.toHaveProperty('refreshToken');
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
  expect(askedSince(scene)).toHaveLength(3);
  pool.enable('alice');
  later(scene, minuteMs);
  expect(pool.valid((await authorizer.getToken()).accessToken)).toBe(true);
  expect(askedSince(scene)).toEqual([refresh, ...signIn, ...signIn]);
});

it.each([
  ['PasswordResetRequiredException', 'password_reset_required'],
  ['UserNotConfirmedException', 'user_not_confirmed'],
  ['UserNotFoundException', 'wrong_credentials'],
  ['NotAuthorizedException', 'wrong_credentials'],
])('%s again at the sign-in says what a person has to do: %s (G3, G4)', async (exception, code) => {
  const scene = await ended();
  const { pool, authorizer, first } = scene;
  pool.next(refresh, cognitoError(exception, 'No more'));
  pool.next('RespondToAuthChallenge', cognitoError(exception, 'No more'));
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code, kind: 'credentials', exception });
  expect(askedSince(scene)).toEqual([refresh, ...signIn]);
  expect(sentRefreshTokens(pool)).toEqual([first.refreshToken]);
});

it('a live access token is used to its end after its refresh token was refused (G3)', async () => {
  const scene = await ended();
  const { pool, authorizer } = scene;
  const token = await authorizer.getToken();
  pool.next(refresh, cognitoError('TokenRevokedException', 'No more'));
  pool.next('InitiateAuth', cognitoError('InternalErrorException', 'Later', 500));
  await failureOf(authorizer.getToken({ force: true }));
  expect(authorizer.token).toMatchObject({ accessToken: token.accessToken });
  expect(authorizer.authenticated).toBe(true);
  expect((await authorizer.getToken()).accessToken).toBe(token.accessToken);
});

it('a session that ends while the pool is away: the sign-in comes later, the dropped token never (G3)', async () => {
  const scene = await ended();
  const { pool, authorizer, first } = scene;
  pool.revokeAll();
  pool.next('InitiateAuth', { reset: true });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'unavailable', transient: true });
  later(scene, minuteMs);
  await authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, 'InitiateAuth USER_SRP_AUTH', ...signIn]);
  expect(sentRefreshTokens(pool)).toEqual([first.refreshToken]);
});

it('a password that is asked for only when it is needed is not asked for by a refresh (G3)', async () => {
  let asked = 0;
  const password = (): string => {
    asked += 1;
    return 'Correct-Horse-1';
  };
  const scene = await ended({ options: { password } });
  await scene.authorizer.getToken();
  expect(asked).toBe(1);
  scene.pool.revokeAll();
  later(scene, 300_000);
  await scene.authorizer.getToken();
  expect(asked).toBe(2);
});
