// Codes are mistyped, and expire. What is sent, and who is asked again?
import { cognitoError } from '@axios-authorizer/test-kit';
import { asked, failureOf, passing } from '../stage.js';
import { begun, bySms, elsewhere, RIGHT, sent, stopped, typing } from './stage.js';
import { ChallengeRequiredError } from '../../src/index.js';

const answered = 'RespondToAuthChallenge SMS_MFA';
const mismatch = { code: 'wrong_code', message: 'Invalid code or auth state for the user.' };

it('a code that is wrong twice and then right signs in; the hook is told of the refusals (G2)', async () => {
  const here = await typing(bySms, 'wrong', 'wrong again', RIGHT);
  expect((await here.authorizer.getToken()).username).toBe('alice');
  expect(here.questions.map(({ refusal }) => refusal)).toEqual([undefined, mismatch, mismatch]);
  expect(new Set(here.questions.map(({ session }) => session)).size).toBe(1);
  expect(asked(here.pool)).toEqual([...begun, answered, answered, answered]);
});

it('a refusal is no longer told with the next challenge (G2)', async () => {
  const here = await typing({ mfaChoices: ['SMS_MFA'] }, 'SMS_MFA', 'wrong', RIGHT);
  await here.authorizer.getToken();
  expect(here.questions.map(({ name, refusal }) => [name, refusal])).toEqual([
    ['SELECT_MFA_TYPE', undefined],
    ['SMS_MFA', undefined],
    ['SMS_MFA', mismatch],
  ]);
});

it('a code that is wrong too often ends the sign-in: begin again (G2)', async () => {
  const here = await typing(bySms, 'wrong');
  const error = await failureOf(here.authorizer.getToken());
  expect(error).toMatchObject({ code: 'challenge_expired', kind: 'credentials', exception: 'NotAuthorizedException' });
  expect(here.questions).toHaveLength(4);
  expect(asked(here.pool)).toEqual([...begun, answered, answered, answered, answered]);
});

it('the first code of a new app may be mistyped: the secret stays the same (G2)', async () => {
  const here = await typing({ mfaSetup: true }, '000000', RIGHT);
  expect((await here.authorizer.getToken()).username).toBe('alice');
  const [first, second] = here.questions;
  const refusal = { code: 'wrong_code', message: 'Code mismatch and fail enable Software Token MFA' };
  expect(second).toEqual({ ...first, refusal });
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
  expect(here.questions.map(({ refusal }) => refusal?.message)).toEqual([undefined, 'Code has expired']);
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

it('a new password that the pool refuses is asked for again in the same session, and the hook hears why (G7)', async () => {
  const here = await typing({ mustChangePassword: true }, 'short', 'Brand-New-Horse-2');
  expect((await here.authorizer.getToken()).username).toBe('alice');
  const message = 'Password does not conform to policy: Password not long enough';
  expect(here.questions.map(({ refusal }) => refusal)).toEqual([undefined, { code: 'invalid_new_password', message }]);
  const changed = 'RespondToAuthChallenge NEW_PASSWORD_REQUIRED';
  expect(asked(here.pool)).toEqual([...begun, changed, changed]);
});

it('a password that was used before is asked for again as well (G7)', async () => {
  const here = await typing({ mustChangePassword: true }, 'Brand-New-Horse-2');
  const used = cognitoError('PasswordHistoryPolicyViolationException', 'It was used before');
  here.pool.next('RespondToAuthChallenge', undefined, used);
  expect((await here.authorizer.getToken()).username).toBe('alice');
  expect(here.questions[1]?.refusal).toEqual({ code: 'invalid_new_password', message: 'It was used before' });
});

it('whoever gives up after a refusal hands it on with the challenge: why, in the pool’s words (G7)', async () => {
  const here = await typing({ mustChangePassword: true }, 'short', undefined);
  const error = await failureOf(here.authorizer.getToken());
  expect(error).toBeInstanceOf(ChallengeRequiredError);
  const { challenge, refusal } = error;
  expect(refusal).toMatchObject({ code: 'invalid_new_password' });
  expect(error.message).toContain('Password not long enough');
  expect(challenge.refusal).toEqual(refusal);
  expect((await elsewhere(here).answerChallenge(sent(challenge), 'Brand-New-Horse-2')).username).toBe('alice');
});

it('elsewhere a refused password is told with its words, and may be given again (G7)', async () => {
  const here = await stopped({ mustChangePassword: true });
  const error = await failureOf(elsewhere(here).answerChallenge(here.challenge, 'short'));
  expect(error).toMatchObject({ code: 'invalid_new_password', kind: 'credentials', transient: false });
  expect(error.said).toBe('Password does not conform to policy: Password not long enough');
  expect((await elsewhere(here).answerChallenge(here.challenge, 'Brand-New-Horse-2')).username).toBe('alice');
});

it('twenty callers at once share one question (G2)', async () => {
  const here = await typing(bySms, RIGHT);
  const tokens = await Promise.all(Array.from({ length: 20 }, () => here.authorizer.getToken()));
  expect(new Set(tokens).size).toBe(1);
  expect(here.questions).toHaveLength(1);
});
