// An answer that did not get through is handed in again by the tries of its own sign-in. When that has ended, so has the answer.
import { cognitoError, until } from '@axios-authorizer/test-kit';
import { alice, another, asked, failureOf, minuteMs, passing, world } from '../stage.js';
import { begun, bySms, RIGHT, stopped, typing } from './stage.js';
import type { Asked } from './stage.js';

const answered = 'RespondToAuthChallenge SMS_MFA';
const busy = cognitoError('TooManyRequestsException', 'Rate exceeded');

/** A right code that meets a pool which does this to it. */
async function code(...answers: readonly object[]): Promise<Asked> {
  const here = await typing(bySms, RIGHT);
  here.pool.next('RespondToAuthChallenge', undefined, ...answers);
  return here;
}

it('a pool that stays busy ends the sign-in; an hour later another one begins, and asks anew (G2, G4)', async () => {
  const here = await code(busy, busy, busy, busy);
  const { clock, authorizer, pool } = here;
  expect(await passing(clock, failureOf(authorizer.getToken()))).toMatchObject({ transient: true });
  expect(asked(pool)).toEqual([...begun, answered, answered, answered, answered]);
  await clock.advance(60 * minuteMs);
  expect((await authorizer.getToken()).username).toBe('alice');
  expect(here.questions).toHaveLength(2);
});

it('an answer that met silence is not sent again after the limit: the next call starts afresh (G2, C4)', async () => {
  const here = await code({ hang: true });
  const { clock, authorizer, pool } = here;
  const silent = failureOf(authorizer.getToken());
  await until(() => asked(pool).at(-1) === answered, 'the answer');
  await clock.advance(5 * minuteMs);
  expect(await silent).toMatchObject({ code: 'timeout' });
  expect((await authorizer.getToken()).username).toBe('alice');
  expect(asked(pool)).toEqual([...begun, answered, ...begun, answered]);
});

it('an answer that comes after the limit is not sent by the next call either (G2, C4)', async () => {
  const { pool, clock, authorizer } = await world({
    user: bySms,
    options: {
      onChallenge: async () => {
        const late = pool.count('InitiateAuth') === 1;
        if (late) await clock.sleep(6 * minuteMs);
        return late ? 'a late code' : pool.code('alice');
      },
    },
  });
  const failing = failureOf(authorizer.getToken());
  await clock.sleeping(2);
  await clock.advance(5 * minuteMs);
  expect(await failing).toMatchObject({ code: 'timeout' });
  await clock.advance(2 * minuteMs);
  expect((await authorizer.getToken()).username).toBe('alice');
  expect(asked(pool)).toEqual([...begun, ...begun, answered]);
});

it('a code that arrived, but whose answer was lost, costs one more sign-in and one more question (G2, G4)', async () => {
  const here = await code({ lost: true });
  expect((await passing(here.clock, here.authorizer.getToken())).username).toBe('alice');
  expect(here.questions).toHaveLength(2);
  expect(here.pool.count('InitiateAuth')).toBe(2);
});

it('an answer that has expired costs nobody else the session that is held (G2, G3)', async () => {
  const bob = { username: 'bob', password: 'Correct-Horse-2' };
  const here = await world({ pool: { users: [bob, { ...alice, ...bySms }] } });
  const { challenge } = await failureOf(here.authorizer.getToken());
  const shared = another(here, bob);
  const { refreshToken } = await shared.getToken();
  here.pool.dropSessions();
  const error = await failureOf(shared.answerChallenge(challenge, '123456'));
  expect(error).toMatchObject({ code: 'challenge_expired', kind: 'credentials' });
  expect(shared.token).toMatchObject({ username: 'bob', refreshToken });
  expect(here.pool.count('InitiateAuth')).toBe(2);
});

it('an answer that is submitted twice at once is sent once, and both callers are signed in (G2)', async () => {
  const here = await stopped(bySms);
  const answer = here.pool.code('alice');
  const tokens = await Promise.all([1, 2].map(() => here.authorizer.answerChallenge(here.challenge, answer)));
  expect(tokens.map(({ username }) => username)).toEqual(['alice', 'alice']);
  expect(asked(here.pool).slice(0, 3)).toEqual([...begun, answered]);
  expect([here.pool.count('InitiateAuth'), here.pool.count('RespondToAuthChallenge')]).toEqual([1, 2]);
});
