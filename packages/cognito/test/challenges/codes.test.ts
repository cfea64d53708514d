// Codes are mistyped, hooks give up and fail. What is sent, and who is asked again?
import { cognitoError } from '@axios-authorizer/test-kit';
import { asked, failureOf, passing, textsOf, world } from '../stage.js';
import { ChallengeRequiredError } from '../../src/index.js';
import type { CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { Challenge, ChallengeAnswer } from '../../src/index.js';
import type { World } from '../stage.js';

interface Typing extends World {
  readonly questions: readonly Challenge[];
}

const RIGHT = Symbol('the right code');
type Typed = ChallengeAnswer | typeof RIGHT | undefined;

/** A person who types these one after the other, and the last one for ever. */
async function typing(user: Partial<CognitoPoolUser>, ...typed: readonly Typed[]): Promise<Typing> {
  const questions: Challenge[] = [];
  const onChallenge = (challenge: Challenge): ChallengeAnswer | undefined => {
    questions.push(challenge);
    const answer = typed[Math.min(questions.length, typed.length) - 1];
    return answer === RIGHT ? here.pool.code('alice') : answer;
  };
  const here = await world({ user, options: { onChallenge } });
  return { ...here, questions };
}

const bySms = { mfa: 'SMS_MFA' } as const;
const begun = ['InitiateAuth USER_SRP_AUTH', 'RespondToAuthChallenge PASSWORD_VERIFIER'];
const answered = 'RespondToAuthChallenge SMS_MFA';

it('a code that is wrong twice and then right signs in; the hook is told of the refusals (G2)', async () => {
  const here = await typing(bySms, 'wrong', 'wrong again', RIGHT);
  expect((await here.authorizer.getToken()).username).toBe('alice');
  expect(here.questions.map(({ refused }) => refused)).toEqual([undefined, true, true]);
  expect(new Set(here.questions.map(({ session }) => session)).size).toBe(1);
  expect(asked(here.pool)).toEqual([...begun, answered, answered, answered]);
});

it('a refusal is no longer told with the next challenge (G2)', async () => {
  const here = await typing({ mfaChoices: ['SMS_MFA'] }, 'SMS_MFA', 'wrong', RIGHT);
  await here.authorizer.getToken();
  expect(here.questions.map(({ name, refused = false }) => `${name} ${refused}`)).toEqual([
    'SELECT_MFA_TYPE false',
    'SMS_MFA false',
    'SMS_MFA true',
  ]);
});

it('a code that is wrong too often ends the sign-in: begin again (G2)', async () => {
  const here = await typing(bySms, 'wrong');
  const error = await failureOf(here.authorizer.getToken());
  expect(error).toMatchObject({ code: 'challenge_expired', kind: 'session', exception: 'NotAuthorizedException' });
  expect(here.questions).toHaveLength(4);
  expect(asked(here.pool)).toEqual([...begun, answered, answered, answered, answered]);
});

it('the first code of a new app may be mistyped: the secret stays the same (G2)', async () => {
  const here = await typing({ mfaSetup: true }, '000000', RIGHT);
  expect((await here.authorizer.getToken()).username).toBe('alice');
  const [first, second] = here.questions;
  expect(second).toEqual({ ...first, refused: true });
  expect(here.pool.count('AssociateSoftwareToken')).toBe(1);
});

it('a right code that meets a busy pool is sent again; the person is not asked twice (G2, G4)', async () => {
  const here = await typing(bySms, RIGHT);
  here.pool.next('RespondToAuthChallenge', undefined, cognitoError('TooManyRequestsException', 'Rate exceeded'));
  expect((await passing(here.clock, here.authorizer.getToken())).username).toBe('alice');
  expect(here.questions).toHaveLength(1);
  expect(asked(here.pool)).toEqual([...begun, answered, answered]);
});

it('a code that has expired is asked for again (G2)', async () => {
  const here = await typing(bySms, RIGHT);
  here.pool.next('RespondToAuthChallenge', undefined, cognitoError('ExpiredCodeException', 'Code has expired'));
  expect((await here.authorizer.getToken()).username).toBe('alice');
  expect(here.questions.map(({ refused }) => refused)).toEqual([undefined, true]);
});

it('a hook that is wrong for ever is stopped, even by a pool that forgives for ever (G2)', async () => {
  const here = await typing(bySms, 'wrong');
  const wrong = Array.from({ length: 100 }, () => cognitoError('CodeMismatchException', 'Invalid code'));
  here.pool.next('RespondToAuthChallenge', undefined, ...wrong);
  expect(await failureOf(here.authorizer.getToken())).toBeInstanceOf(ChallengeRequiredError);
  expect(here.questions.length).toBeLessThan(30);
});

it('a wrong answer to a custom challenge ends the sign-in, and is not tried again (G2, G4)', async () => {
  const here = await typing({ custom: [{ parameters: {}, answer: 'red' }] }, 'green');
  const error = await failureOf(here.authorizer.getToken());
  expect(error).toMatchObject({ exception: 'NotAuthorizedException', transient: false });
  expect(here.questions).toHaveLength(1);
  expect(asked(here.pool)).toHaveLength(3);
});

it('a new password that the pool does not like is told as that (G2)', async () => {
  const here = await typing({ mustChangePassword: true }, 'short');
  const error = await failureOf(here.authorizer.getToken());
  expect(error).toMatchObject({ code: 'invalid_new_password', kind: 'credentials', transient: false });
  expect(error.message).toContain('Password not long enough');
});

it.each<[what: string, answer: ChallengeAnswer]>([
  ['an empty text', ''],
  ['an object with an empty code', { SMS_MFA_CODE: '' }],
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
  expect(error.challenge).toMatchObject({ name: 'SMS_MFA', refused: true });
  expect((await later.authorizer.answerChallenge(error.challenge, later.pool.code('alice'))).username).toBe('alice');
});

const closed = new Error('The dialog was closed');

it.each<[when: string, onChallenge: () => Promise<ChallengeAnswer>]>([
  ['at once', () => fail(closed)],
  ['later', () => Promise.reject(closed)],
])('a hook that throws %s ends the sign-in with its words; nothing more is sent (G2)', async (_, onChallenge) => {
  const { pool, authorizer } = await world({ user: bySms, options: { onChallenge } });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({ kind: 'unavailable', message: expect.stringContaining(closed.message) as string });
  expect(asked(pool)).toEqual(begun);
});

function fail(error: Error): never {
  throw error;
}

it('a hook may not answer for somebody else by accident: the user’s name is the challenge’s (G2)', async () => {
  const here = await typing({ ...bySms, internalUsername: 'internal-alice' }, RIGHT);
  await here.authorizer.getToken();
  expect(textsOf(here.pool.operations.at(-1))['USERNAME']).toBe('internal-alice');
});
