// Emulators and older pools do not know GetTokensFromRefreshToken. Only if they say so is the old way taken.
import { createHmac } from 'node:crypto';
import { cognitoError } from '@axios-authorizer/test-kit';
import type { Answer } from '@axios-authorizer/test-kit';
import { another, clientId, failureOf, passing, textsOf } from '../stage.js';
import { askedSince, ended, later, lifeMs, oldRefresh, refresh, rotating, signIn } from './stage.js';

const clientSecret = 'the-secret-of-the-app-client';
const legacy = { legacyRefreshOnly: true } as const;

/** In the words of AWS, of emulators, and of some more that mean the same. */
const words: readonly (readonly [string, number])[] = [
  ['UnknownOperationException', 400],
  ['UnknownOperationException', 404],
  ['com.amazon.coral.service#UnknownOperationException', 400],
  ['UnsupportedOperation', 400],
  ['UnsupportedOperationException', 400],
  ['InvalidAction', 400],
  ['CognitoLocal#Unsupported', 500],
  ['NotImplemented', 501],
  ['NotImplementedException', 500],
];

it.each(words)('%s with status %i means the old way, which is remembered (G3)', async (type, status) => {
  const scene = await ended({ pool: { legacyRefreshOnly: { type, status } } });
  const { pool, authorizer, first } = scene;
  const token = await authorizer.getToken();
  expect(pool.valid(token.accessToken)).toBe(true);
  expect(token.refreshToken).toBe(first.refreshToken);
  later(scene, lifeMs);
  await authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, oldRefresh, oldRefresh]);
});

it('LocalStack says InternalFailure with status 501, which means the same (G3)', async () => {
  const scene = await ended();
  const message = `API action '${refresh}' for service 'cognito-idp' not yet implemented or pro feature`;
  scene.pool.next(refresh, cognitoError('InternalFailure', message, 501));
  await scene.authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, oldRefresh]);
});

it('the secret hash is over the internal user name, and the device goes along (G3)', async () => {
  const { pool, authorizer, first } = await ended({
    user: { internalUsername: 'f0e1d2c3-alice' },
    client: { clientSecret },
    pool: { ...legacy, deviceTracking: 'always' },
    options: { username: 'alice@example.org' },
  });
  await authorizer.getToken();
  const hmac = createHmac('sha256', clientSecret).update(`f0e1d2c3-alice${clientId}`);
  expect(textsOf(pool.operations.at(-1))).toEqual({
    REFRESH_TOKEN: first.refreshToken,
    SECRET_HASH: hmac.digest('base64'),
    DEVICE_KEY: first.device?.key,
  });
});

it('of a client without secret and device only the refresh token is sent (G3)', async () => {
  const { pool, authorizer, first } = await ended({ pool: legacy });
  await authorizer.getToken();
  expect(pool.operations.at(-1)?.body).toEqual({
    ClientId: clientId,
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    AuthParameters: { REFRESH_TOKEN: first.refreshToken },
  });
});

it('another authorizer of the same pool finds it out for itself (G3)', async () => {
  const scene = await ended({ pool: legacy });
  await scene.authorizer.getToken();
  later(scene, lifeMs);
  const other = another(scene, { initialToken: scene.first });
  await other.getToken();
  expect(askedSince(scene)).toEqual([refresh, oldRefresh, refresh, oldRefresh]);
});

const noWord: readonly (readonly [string, Answer])[] = [
  ['a lost answer', { lost: true }],
  ['a cut connection', { reset: true }],
  ['TooManyRequestsException', cognitoError('TooManyRequestsException', 'Rate exceeded')],
  ['InternalErrorException', cognitoError('InternalErrorException', 'Later', 500)],
  ['InvalidParameterException', cognitoError('InvalidParameterException', 'DeviceKey is malformed')],
  ['ResourceNotFoundException', cognitoError('ResourceNotFoundException', 'No such client')],
  ['a bare 404', { status: 404, text: 'Not Found' }],
  ['a bare 500', { status: 500, text: '' }],
  ['a page', { status: 200, text: '<html>Operation is not supported</html>' }],
];

it.each(noWord)('%s is no such word: the old way is not tried (G3)', async (_what, answer) => {
  const scene = await ended({ pool: legacy });
  const { pool, authorizer } = scene;
  pool.next(refresh, answer);
  await failureOf(authorizer.getToken());
  expect(askedSince(scene)).toEqual([refresh]);
});

it('a lost answer is asked for again in the same way, and only the word that comes then leads to the old one (G3)', async () => {
  const scene = await ended({ pool: legacy, options: { maxRetries: 3 } });
  const { pool, clock, authorizer } = scene;
  pool.next(refresh, { reset: true });
  await passing(clock, authorizer.getToken());
  expect(askedSince(scene)).toEqual([refresh, refresh, oldRefresh]);
});

it('a pool that rotates and refuses the refresh token is not asked in the old way (G3)', async () => {
  const scene = await ended({ pool: rotating });
  scene.pool.revokeAll();
  await scene.authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, ...signIn]);
});

it('a pool that knows neither way ends the session, and is signed in to (G3)', async () => {
  const scene = await ended({ pool: { ...legacy, ...rotating } });
  const { pool, authorizer } = scene;
  const token = await authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, oldRefresh, ...signIn]);
  expect(pool.valid(token.accessToken)).toBe(true);
});

it.each(['NotAuthorizedException', 'UserNotFoundException', 'PasswordResetRequiredException'])(
  '%s in the old way drops the refresh token like in the new one (G3)',
  async (exception) => {
    const scene = await ended({ pool: legacy });
    const { pool, authorizer } = scene;
    pool.next('InitiateAuth', cognitoError(exception, 'No more'));
    const token = await authorizer.getToken();
    expect(askedSince(scene)).toEqual([refresh, oldRefresh, ...signIn]);
    expect(pool.valid(token.accessToken)).toBe(true);
  },
);

it('a failure in the old way keeps the refresh token, and the next try goes there at once (G3)', async () => {
  const scene = await ended({ pool: legacy });
  const { pool, authorizer, first } = scene;
  pool.next('InitiateAuth', cognitoError('TooManyRequestsException', 'Rate exceeded'));
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'throttled', operation: 'InitiateAuth' });
  expect(authorizer.token?.refreshToken).toBe(first.refreshToken);
  later(scene, 60_000);
  await authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, oldRefresh, oldRefresh]);
});

it('a session that is resumed from a refresh token alone goes the old way too (G3)', async () => {
  const scene = await ended({ pool: legacy, client: { clientSecret } });
  const { refreshToken = '' } = scene.first;
  const resumed = another(scene, { password: undefined, initialToken: { refreshToken } });
  expect(scene.pool.valid((await resumed.getToken()).accessToken)).toBe(true);
  expect(askedSince(scene)).toEqual([refresh, oldRefresh]);
});
