// A refresh got no answer, and with rotation its refresh token may be spent. The grace period is there for that.
import { cognitoError } from '@axios-authorizer/test-kit';
import { another, failureOf, passing } from '../stage.js';
import { askedSince, ended, later, refresh, rotating, sentRefreshTokens, signIn } from './stage.js';

const options = { maxRetries: 3 };
const noGrace = { refreshRotation: { graceSeconds: 0 } } as const;

it('inside the grace period one repetition repairs it, and nobody notices (G3)', async () => {
  const scene = await ended({ pool: rotating, options });
  const { pool, clock, authorizer, first } = scene;
  pool.next(refresh, { lost: true });
  const token = await passing(clock, authorizer.getToken());
  expect(askedSince(scene)).toEqual([refresh, refresh]);
  expect(sentRefreshTokens(pool)).toEqual([first.refreshToken, first.refreshToken]);
  expect(pool.valid(token.accessToken)).toBe(true);
  expect(token.refreshToken).not.toBe(first.refreshToken);
});

it('the session goes on with what the repetition brought (G3)', async () => {
  const scene = await ended({ pool: rotating, options });
  const { pool, clock, authorizer } = scene;
  pool.next(refresh, { lost: true });
  const second = await passing(clock, authorizer.getToken());
  later(scene, 300_000);
  const third = await passing(clock, authorizer.getToken());
  expect(sentRefreshTokens(pool).at(-1)).toBe(second.refreshToken);
  expect(pool.valid(third.accessToken)).toBe(true);
});

it('after the grace period the repetition counts as reuse, and a new sign-in repairs it (G3)', async () => {
  const scene = await ended({ pool: noGrace, options });
  const { pool, clock, authorizer } = scene;
  pool.next(refresh, { lost: true });
  const token = await passing(clock, authorizer.getToken());
  expect(askedSince(scene)).toEqual([refresh, refresh, ...signIn]);
  expect(pool.valid(token.accessToken)).toBe(true);
});

it('of a reuse that was retried the observer is told the outcome alone, and no token (G3)', async () => {
  const { pool, clock, authorizer, events, first } = await ended({ pool: noGrace, options });
  pool.next(refresh, { lost: true });
  await passing(clock, authorizer.getToken());
  expect(events.filter(({ type }) => type === 'failed')).toEqual([]);
  expect(JSON.stringify(events)).not.toContain(first.refreshToken);
});

it('after the grace period and without a password the session is over (G3)', async () => {
  const scene = await ended({ pool: noGrace });
  const { pool, clock, first } = scene;
  const resumed = another(scene, { ...options, password: undefined, initialToken: first });
  pool.next(refresh, { lost: true });
  expect(await failureOf(passing(clock, resumed.getToken()))).toMatchObject({
    code: 'session_over',
    kind: 'session',
  });
  expect(askedSince(scene)).toEqual([refresh, refresh]);
  expect(resumed.token).not.toHaveProperty('refreshToken');
});

it.each([
  ['lost', { lost: true }],
  ['cut off', { reset: true }],
  ['answered with 500 and no word of Cognito’s', { status: 500, text: '' }],
  ['answered with InternalErrorException', cognitoError('InternalErrorException', 'Something went wrong', 500)],
] as const)('a refresh that is always %s goes out twice and not once more (G3)', async (_how, answer) => {
  const scene = await ended({ pool: rotating, options });
  const { pool, clock, authorizer, first } = scene;
  pool.next(refresh, answer, answer, answer, answer);
  expect(await failureOf(passing(clock, authorizer.getToken()))).toMatchObject({ kind: 'unavailable' });
  expect(askedSince(scene)).toEqual([refresh, refresh]);
  expect(authorizer.token?.refreshToken).toBe(first.refreshToken);
});

it('a throttled refresh was not looked at, and is repeated as often as any other throttled call (G3, G4)', async () => {
  const scene = await ended({ pool: rotating, options });
  const { pool, clock, authorizer } = scene;
  pool.throttle(3);
  const token = await passing(clock, authorizer.getToken());
  expect(askedSince(scene)).toEqual([refresh, refresh, refresh, refresh]);
  expect(pool.valid(token.accessToken)).toBe(true);
});

it('a refresh token that another one has used is a reuse: the family falls, one sign-in repairs it (G3)', async () => {
  const scene = await ended({ pool: rotating });
  const { pool, authorizer, first } = scene;
  const thief = another(scene, { password: undefined, initialToken: first });
  const stolen = await thief.getToken();
  later(scene, 60_000);
  const token = await authorizer.getToken();
  expect(askedSince(scene)).toEqual([refresh, refresh, ...signIn]);
  expect(pool.valid(token.accessToken)).toBe(true);
  later(scene, 300_000);
  await failureOf(thief.getToken());
  expect(pool.valid(stolen.accessToken)).toBe(false);
});

it('two that refresh with one token inside the grace period both go on (G3)', async () => {
  const scene = await ended({ pool: rotating });
  const { pool, authorizer, first } = scene;
  const twin = another(scene, { initialToken: first });
  const tokens = await Promise.all([authorizer.getToken(), twin.getToken()]);
  expect(tokens.map(({ accessToken }) => pool.valid(accessToken))).toEqual([true, true]);
  expect(askedSince(scene)).toEqual([refresh, refresh]);
});
