// Hooks that answer nothing, give up, or fail: what is sent, and what is the caller told?
import { ConfigurationError } from '@axios-authorizer/core';
import { alice, another, asked, failureOf, minuteMs, textsOf, world } from '../stage.js';
import { begun, bySms, RIGHT, typing } from './stage.js';
import { ChallengeRequiredError } from '../../src/index.js';
import type { ChallengeAnswer } from '../../src/index.js';

it.each<[what: string, answer: ChallengeAnswer]>([
  ['an empty text', ''],
  ['an object with an empty code', { SMS_MFA_CODE: '' }],
  ['a number', 123_456 as unknown as ChallengeAnswer],
  ['a number in an object', { SMS_MFA_CODE: 123_456 } as unknown as ChallengeAnswer],
])('%s is not sent: it would count as a wrong code (G2)', async (_, answer) => {
  const here = await typing(bySms, answer);
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'wrong_code', kind: 'credentials' });
  expect(asked(here.pool)).toEqual(begun);
});

it.each<[what: string, answer: ChallengeAnswer]>([
  ['an empty text', ''],
  ['an object without a code', {}],
])('%s as the first code of a new app is not sent (G2)', async (_, answer) => {
  const here = await typing({ mfaSetup: true }, answer);
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'wrong_code' });
  expect(here.pool.count('VerifySoftwareToken')).toBe(0);
});

it('a hook that gives up leads to a ChallengeRequiredError, at first or after a refusal (G2)', async () => {
  const here = await typing(bySms, undefined);
  expect(await failureOf(here.authorizer.getToken())).toBeInstanceOf(ChallengeRequiredError);
  const later = await typing(bySms, 'wrong', undefined);
  const error = await failureOf(later.authorizer.getToken());
  expect(error.challenge).toMatchObject({ name: 'SMS_MFA', refusal: { code: 'wrong_code' } });
  expect((await later.authorizer.answerChallenge(error.challenge, later.pool.code('alice'))).username).toBe('alice');
});

const closed = new Error('The dialog was closed');

it.each<[when: string, onChallenge: () => Promise<ChallengeAnswer>]>([
  ['at once', () => fail(closed)],
  ['later', () => Promise.reject(closed)],
])('a hook that throws %s ends the sign-in as `session`, with its error as the cause (G7)', async (_, onChallenge) => {
  const { pool, clock, authorizer } = await world({ user: bySms, options: { onChallenge } });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ code: 'sign_in_cancelled', kind: 'session', transient: false });
  expect(error.message).toContain(closed.message);
  expect(error.cause).toHaveProperty('cause', closed);
  await clock.advance(minuteMs - 1);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'session' });
  expect(asked(pool)).toEqual(begun);
});

it.each([undefined, null, 7n, { secret: 'of the person' }, ''])(
  'a hook may throw anything, such as %p: what is no text is not said (G7)',
  async (thrown) => {
    const { authorizer } = await world({ user: bySms, options: { onChallenge: () => Promise.reject(thrown) } });
    const error = await failureOf(authorizer.getToken());
    expect(error).toMatchObject({
      code: 'sign_in_cancelled',
      message: 'The sign-in was cancelled: `onChallenge` threw',
    });
  },
);

it('one of our own errors passes as it is (G7)', async () => {
  const own = new ConfigurationError('The dialog needs a window');
  const { authorizer } = await world({ user: bySms, options: { onChallenge: () => Promise.reject(own) } });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'configuration', message: own.message });
});

it('who cancels an answer given for another user does not end the session that is held (G7)', async () => {
  const bob = { username: 'bob', password: 'Correct-Horse-2' };
  const here = await world({ pool: { users: [bob, { ...alice, mfaChoices: ['SMS_MFA'] }] } });
  const { challenge } = await failureOf(here.authorizer.getToken());
  const shared = another(here, { ...bob, onChallenge: () => Promise.reject(closed) });
  const { refreshToken } = await shared.getToken();
  const error = await failureOf(shared.answerChallenge(challenge, 'SMS_MFA'));
  expect(error).toMatchObject({ code: 'sign_in_cancelled' });
  expect(shared.token).toMatchObject({ username: 'bob', refreshToken });
});

function fail(error: Error): never {
  throw error;
}

it('a hook may not answer for somebody else by accident: the user’s name is the challenge’s (G2)', async () => {
  const here = await typing({ ...bySms, internalUsername: 'internal-alice' }, RIGHT);
  await here.authorizer.getToken();
  expect(textsOf(here.pool.operations.at(-1))['USERNAME']).toBe('internal-alice');
});
