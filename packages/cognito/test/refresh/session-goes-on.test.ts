// Nothing but the six exceptions ends a session: not a busy pool, not a mistake of the program, not a network that is away.
import { cognitoError } from '@axios-authorizer/test-kit';
import type { Answer } from '@axios-authorizer/test-kit';
import { memoryTokenStore } from '@axios-authorizer/core';
import type { CognitoToken } from '../../src/index.js';
import { another, failureOf, loopback, passing, world } from '../stage.js';
import { askedSince, ended, later, refresh, rotating, sentRefreshTokens } from './stage.js';

const others: readonly (readonly [string, string, number])[] = [
  ['TooManyRequestsException', 'unavailable', 400],
  ['ThrottlingException', 'unavailable', 400],
  ['RequestLimitExceeded', 'unavailable', 400],
  ['InternalErrorException', 'unavailable', 400],
  ['InternalErrorException', 'unavailable', 500],
  ['ServiceUnavailable', 'unavailable', 503],
  ['LimitExceededException', 'credentials', 400],
  ['InvalidParameterException', 'configuration', 400],
  ['ResourceNotFoundException', 'configuration', 400],
  ['InvalidUserPoolConfigurationException', 'configuration', 400],
  ['UserLambdaValidationException', 'credentials', 400],
  ['UnexpectedLambdaException', 'unavailable', 400],
  ['ForbiddenException', 'configuration', 403],
  ['ExceptionOfTomorrow', 'configuration', 400],
  ['SerializationException', 'configuration', 400],
];

const pages: readonly (readonly [string, Answer])[] = [
  ['a page of a proxy', { status: 502, text: '<html>Bad Gateway</html>' }],
  ['a page of a hotel', { status: 200, text: '<html>Welcome</html>' }],
  ['an answer without a token', { json: { AuthenticationResult: {} } }],
  ['an empty answer', { status: 200, text: '' }],
  ['a cut connection', { reset: true }],
  ['a lost answer', { lost: true }],
];

const pools = [
  ['that lasts', {}],
  ['that is rotated', rotating],
] as const;

describe.each(pools)('a refresh token %s', (_kind, pool) => {
  it.each(others)('%s (%s, %i) keeps it, and nobody signs in (G3)', async (exception, kind, status) => {
    const store = memoryTokenStore<CognitoToken>();
    const scene = await ended({ pool, options: { store } });
    const { authorizer, first } = scene;
    scene.pool.next(refresh, cognitoError(exception, 'Not now', status));
    expect(await failureOf(authorizer.getToken())).toMatchObject({ exception, kind, operation: refresh });
    expect([authorizer.token?.refreshToken, (await store.load())?.refreshToken]).toEqual([
      first.refreshToken,
      first.refreshToken,
    ]);
    later(scene, 3_600_000);
    expect(scene.pool.valid((await authorizer.getToken()).accessToken)).toBe(true);
    expect(sentRefreshTokens(scene.pool)).toEqual([first.refreshToken, first.refreshToken]);
    expect(askedSince(scene)).toEqual([refresh, refresh]);
  });
});

it.each(pages)('%s keeps it, is something to try again later, and nobody signs in (G3)', async (_what, answer) => {
  const scene = await ended();
  const { pool, authorizer, first } = scene;
  pool.next(refresh, answer);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'unavailable' });
  expect(authorizer.token?.refreshToken).toBe(first.refreshToken);
  later(scene, 60_000);
  expect(pool.valid((await authorizer.getToken()).accessToken)).toBe(true);
  expect(askedSince(scene)).toEqual([refresh, refresh]);
});

it('a redirect is not followed with the refresh token, which is kept (G3)', async () => {
  const stranger = await loopback((_, response) => void response.end('{}'));
  const { pool, authorizer, first } = await ended();
  pool.next(refresh, { status: 307, headers: { location: stranger.origin } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ operation: refresh, status: 307 });
  expect(stranger.requests).toEqual([]);
  expect(authorizer.token?.refreshToken).toBe(first.refreshToken);
});

it('the network is down: the refresh token is kept, and nothing else is tried (G3)', async () => {
  const scene = await ended({ options: { maxRetries: 3 } });
  const { pool, clock, authorizer, first } = scene;
  await pool.stop();
  expect(await failureOf(passing(clock, authorizer.getToken()))).toMatchObject({ code: 'network', transient: true });
  expect(authorizer.token?.refreshToken).toBe(first.refreshToken);
  expect(askedSince(scene)).toEqual([]);
});

it('a pool that never answers is left after the limit, and the refresh token kept and used again (G3)', async () => {
  const scene = await ended({ options: { timeoutMs: 10_000 } });
  const { pool, clock, authorizer, first } = scene;
  pool.next(refresh, { hang: true });
  const waiting = failureOf(authorizer.getToken());
  await clock.sleeping(1);
  await clock.advance(10_000);
  expect(await waiting).toMatchObject({ code: 'timeout', kind: 'unavailable' });
  later(scene, 60_000);
  const token = await authorizer.getToken();
  expect(pool.valid(token.accessToken)).toBe(true);
  expect(new Set(sentRefreshTokens(pool))).toEqual(new Set([first.refreshToken]));
});

it('a throttled refresh beside a live token: the token is used meanwhile (G3)', async () => {
  const scene = await ended({ options: { leewayMs: 60_000 } });
  const { pool, authorizer, first } = scene;
  scene.clock.set(scene.clock.now() - 30_000);
  pool.throttle(1);
  expect(await authorizer.getToken()).toBe(first);
  expect(askedSince(scene)).toEqual([refresh]);
});

it('what a refused refresh says shows no secret (G3)', async () => {
  const { pool, authorizer, first } = await ended({ client: { clientSecret: 'the-secret-of-the-client' } });
  const echo = `Token ${first.refreshToken} of the-secret-of-the-client`;
  pool.next(refresh, cognitoError('InvalidParameterException', echo));
  const { message, stack = '' } = await failureOf(authorizer.getToken());
  expect(message).toContain('[redacted]');
  expect(`${message} ${stack}`).not.toMatch(new RegExp(`the-secret-of-the-client|${first.refreshToken}`));
});

it('an answer to a challenge that has lapsed does not end the session that is held meanwhile (G3)', async () => {
  const scene = await world({ user: { mfa: 'SMS_MFA' }, options: { onChallenge: () => scene.pool.code('alice') } });
  const { pool, authorizer } = scene;
  const { refreshToken } = await authorizer.getToken();
  const { challenge } = await failureOf(another(scene, { onChallenge: undefined }).getToken());
  pool.dropSessions();
  const held = another(scene, { onChallenge: undefined, password: undefined, initialToken: authorizer.token });
  expect(await failureOf(held.answerChallenge(challenge, '123456'))).toMatchObject({ code: 'challenge_expired' });
  expect(held.token?.refreshToken).toBe(refreshToken);
});
