// People are slower than servers, and a challenge waits three minutes: who takes how long?
import { another, asked, failureOf, minuteMs, passing, world } from '../stage.js';
import { bySms, stopped } from './stage.js';
import type { World } from '../stage.js';

/** A world whose person takes that long to type the right code. */
async function taking(ms: number, options: { readonly timeoutMs?: number } = {}): Promise<World> {
  const onChallenge = async (): Promise<string> => {
    await here.clock.sleep(ms);
    return here.pool.code('alice');
  };
  const here = await world({ user: bySms, options: { ...options, onChallenge } });
  return here;
}

it('a person who takes two minutes signs in (G2)', async () => {
  const { clock, authorizer } = await taking(2 * minuteMs);
  expect((await passing(clock, authorizer.getToken())).username).toBe('alice');
});

it.each([
  ['a millisecond before', 3 * minuteMs - 1, 'alice'],
  ['at', 3 * minuteMs, 'challenge_expired'],
])('an answer %s the end of the challenge (G2)', async (_, ms, outcome) => {
  const { clock, authorizer } = await taking(ms);
  const signingIn = authorizer.getToken().then(
    ({ username }) => username,
    ({ code }: { readonly code: string }) => code,
  );
  await clock.sleeping(2);
  await clock.advance(ms);
  expect(await signingIn).toBe(outcome);
});

it('a person who never answers is waited for five minutes, and a late answer is not sent (G2)', async () => {
  const { pool, clock, authorizer } = await taking(6 * minuteMs);
  const error = failureOf(authorizer.getToken());
  await clock.sleeping(2);
  await clock.advance(5 * minuteMs);
  expect(await error).toMatchObject({ code: 'timeout', kind: 'unavailable' });
  await clock.advance(2 * minuteMs);
  expect(asked(pool)).toHaveLength(2);
});

it('timeoutMs says otherwise (G2)', async () => {
  const { clock, authorizer } = await taking(2 * minuteMs, { timeoutMs: minuteMs });
  expect(await passing(clock, failureOf(authorizer.getToken()))).toMatchObject({ code: 'timeout' });
});

it('an answer elsewhere has the same three minutes (G2)', async () => {
  const here = await stopped(bySms);
  await here.clock.advance(3 * minuteMs - 1);
  expect((await another(here).answerChallenge(here.challenge, here.pool.code('alice'))).username).toBe('alice');
});

it('after them the challenge has expired, which asks to begin again; doing so helps (G2)', async () => {
  const here = await stopped(bySms);
  await here.clock.advance(3 * minuteMs);
  const error = await failureOf(here.authorizer.answerChallenge(here.challenge, here.pool.code('alice')));
  expect(error).toMatchObject({ code: 'challenge_expired', kind: 'credentials', transient: false });
  expect(error.message).toContain('begin again');
  const { challenge } = await failureOf(here.authorizer.getToken({ force: true }));
  expect((await here.authorizer.answerChallenge(challenge, here.pool.code('alice'))).username).toBe('alice');
});

it('a session that the pool has dropped has expired as well (G2)', async () => {
  const here = await stopped(bySms);
  here.pool.dropSessions();
  const error = await failureOf(here.authorizer.answerChallenge(here.challenge, here.pool.code('alice')));
  expect(error).toMatchObject({ code: 'challenge_expired', kind: 'credentials' });
});

it('an answer that expired is not sent again by a later call (G2)', async () => {
  const here = await stopped(bySms);
  here.pool.dropSessions();
  await failureOf(here.authorizer.answerChallenge(here.challenge, here.pool.code('alice')));
  await failureOf(here.authorizer.getToken({ force: true }));
  expect(asked(here.pool).filter((name) => name.endsWith('SMS_MFA'))).toHaveLength(1);
});
