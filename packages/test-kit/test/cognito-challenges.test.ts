// What stands between a password and the tokens: Sessions that live three minutes, and the answers that they take.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import {
  begin,
  clientValue,
  fault,
  incorrect,
  names,
  parametersOf,
  prove,
  respond,
  sessionOf,
  signIn,
  tokensOf,
} from './cognito-client.js';
import type { CognitoPool, CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Parameters } from './cognito-client.js';

const password = 'Passw0rd!';
const clients = ['test-client', 'other'].map((clientId) => ({ clientId }));
const mismatch = '400 CodeMismatchException: Invalid code or auth state for the user.';
const expired = '400 NotAuthorizedException: Invalid session for the user, session is expired.';
const usedUp = '400 NotAuthorizedException: Invalid session for the user, session can only be used once.';
let clock: ManualClock;
let pool: CognitoPool;

/** The first challenge after the password. */
async function challenged(user: Partial<CognitoPoolUser>): Promise<Asked> {
  clock = new ManualClock();
  pool = await startCognitoPool({ users: [{ username: 'alice', password, ...user }], clients, clock });
  if (user.custom === undefined) return signIn(pool, 'alice', { password, at: clock.now() });
  const half = { USERNAME: 'alice', SRP_A: clientValue, CHALLENGE_NAME: 'SRP_A' };
  return prove(pool, await begin(pool, 'CUSTOM_AUTH', half), { password, at: clock.now() });
}

function answer(name: string, Session: string, responses: Parameters): Promise<Asked> {
  return respond(pool, name, { Session, USERNAME: 'alice', ...responses });
}

afterEach(() => pool.stop());

test.each([
  ['SMS_MFA', 'SMS_MFA_CODE', { CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS', CODE_DELIVERY_DESTINATION: '+*******0123' }],
  ['EMAIL_OTP', 'EMAIL_OTP_CODE', { CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL', CODE_DELIVERY_DESTINATION: 'u***@e***' }],
  ['SOFTWARE_TOKEN_MFA', 'SOFTWARE_TOKEN_MFA_CODE', { FRIENDLY_DEVICE_NAME: 'My authenticator' }],
] as const)('%s takes %s, after three wrong ones no more (G2)', async (mfa, member, told) => {
  const first = await challenged({ mfa });
  expect(first.json).toMatchObject({ ChallengeName: mfa, ChallengeParameters: told });
  const session = sessionOf(first);
  expect(fault(await answer(mfa, session, { [member]: 'wrong' }))).toBe(mismatch);
  expect(fault(await answer(mfa, session, { [member]: 'wrong' }))).toBe(mismatch);
  expect((await answer(mfa, session, { [member]: pool.code('alice') })).status).toBe(200);
  const second = sessionOf(await signIn(pool, 'alice', { password, at: clock.now() }));
  for (let count = 0; count < 3; count += 1) {
    expect(fault(await answer(mfa, second, { [member]: 'wrong' }))).toBe(mismatch);
  }
  expect(fault(await answer(mfa, second, { [member]: pool.code('alice') }))).toBe(expired);
});

test('a missing code is named and costs no attempt', async () => {
  const session = sessionOf(await challenged({ mfa: 'SMS_MFA' }));
  for (let count = 0; count < 4; count += 1) {
    const refused = await answer('SMS_MFA', session, { SOFTWARE_TOKEN_MFA_CODE: pool.code('alice') });
    expect(fault(refused)).toBe('400 InvalidParameterException: Missing required parameter SMS_MFA_CODE');
  }
  expect((await answer('SMS_MFA', session, { SMS_MFA_CODE: pool.code('alice') })).status).toBe(200);
});

test.each([
  [179_999, true],
  [180_000, false],
])('a Session that is %d ms old is good: %s', async (ms, good) => {
  const session = sessionOf(await challenged({ mfa: 'EMAIL_OTP' }));
  await clock.advance(ms);
  const answered = await answer('EMAIL_OTP', session, { EMAIL_OTP_CODE: pool.code('alice') });
  expect(good ? answered.status : fault(answered)).toBe(good ? 200 : expired);
});

test('a Session is used once, one that was dropped or never was is expired', async () => {
  const session = sessionOf(await challenged({ mfa: 'SMS_MFA' }));
  const responses = { SMS_MFA_CODE: pool.code('alice') };
  expect((await answer('SMS_MFA', session, responses)).status).toBe(200);
  expect(fault(await answer('SMS_MFA', session, responses))).toBe(usedUp);
  expect(fault(await answer('SMS_MFA', 'never', responses))).toBe(expired);
  const dropped = sessionOf(await signIn(pool, 'alice', { password, at: clock.now() }));
  pool.dropSessions();
  expect(fault(await answer('SMS_MFA', dropped, { SMS_MFA_CODE: pool.code('alice') }))).toBe(expired);
});

test('a Session belongs to one user, client and challenge, and is mandatory', async () => {
  const session = sessionOf(await challenged({ mfa: 'SMS_MFA' }));
  const right = { SMS_MFA_CODE: pool.code('alice') };
  const foreign = '400 NotAuthorizedException: Invalid session for the user.';
  expect(fault(await answer('SMS_MFA', session, { ...right, USERNAME: 'bob' }))).toBe(foreign);
  expect(fault(await answer('EMAIL_OTP', session, right))).toBe(foreign);
  const ofOther = { Session: session, USERNAME: 'alice', ...right };
  expect(fault(await respond(pool, 'SMS_MFA', ofOther, { clientId: 'other' }))).toBe(foreign);
  expect(fault(await respond(pool, 'SMS_MFA', right))).toContain('Missing required parameter Session');
  expect(fault(await respond(pool, 'SMS_MFA', { Session: session, ...right }))).toContain('parameter USERNAME');
  expect((await answer('SMS_MFA', session, right)).status).toBe(200);
});

test('a new password that is too short may be corrected (G2)', async () => {
  const first = await challenged({ mustChangePassword: true, email: 'a@example.org' });
  expect(parametersOf(first)).toEqual({
    USER_ID_FOR_SRP: 'alice',
    requiredAttributes: '[]',
    userAttributes: '{"email":"a@example.org"}',
  });
  const name = 'NEW_PASSWORD_REQUIRED';
  const short = await answer(name, sessionOf(first), { NEW_PASSWORD: '7 chars' });
  expect(fault(short)).toContain('400 InvalidPasswordException');
  const more = { NEW_PASSWORD: '8 chars!', 'userAttributes.name': 'Alice' };
  expect((await answer(name, sessionOf(first), more)).status).toBe(200);
  expect(fault(await signIn(pool, 'alice', { password, at: clock.now() }))).toBe(incorrect);
  const again = await signIn(pool, 'alice', { password: '8 chars!', at: clock.now() });
  expect(pool.valid(tokensOf(again).AccessToken)).toBe(true);
});

test('the challenges come one after the other, each with a Session of its own (G2)', async () => {
  const asked = await challenged({
    mustChangePassword: true,
    custom: [{ parameters: { question: '6 * 9' }, answer: '42' }],
    unknownChallenge: 'WEB_AUTHN',
    mfaChoices: ['EMAIL_OTP', 'SMS_MFA'],
  });
  const second = await answer('NEW_PASSWORD_REQUIRED', sessionOf(asked), { NEW_PASSWORD: 'long enough' });
  expect(parametersOf(second)).toEqual({ USERNAME: 'alice', question: '6 * 9' });
  const third = await answer('CUSTOM_CHALLENGE', sessionOf(second), { ANSWER: '42' });
  expect(third.json).toMatchObject({ ChallengeName: 'WEB_AUTHN', ChallengeParameters: { USERNAME: 'alice' } });
  const fourth = await answer('WEB_AUTHN', sessionOf(third), { ANSWER: 'yes' });
  expect(parametersOf(fourth)['MFAS_CAN_CHOOSE']).toBe('["EMAIL_OTP","SMS_MFA"]');
  const fifth = await answer('SELECT_MFA_TYPE', sessionOf(fourth), { ANSWER: 'SMS_MFA' });
  const last = await answer('SMS_MFA', sessionOf(fifth), { SMS_MFA_CODE: pool.code('alice') });
  expect(last.json).toMatchObject({ AuthenticationResult: { TokenType: 'Bearer' } });
  expect(new Set([asked, second, third, fourth, fifth].map(sessionOf)).size).toBe(5);
  expect(names(pool)).toHaveLength(7);
});

test.each<[string, Partial<CognitoPoolUser>]>([
  ['CUSTOM_CHALLENGE', { custom: [{ parameters: {}, answer: '42' }] }],
  ['WEB_AUTHN', { unknownChallenge: 'WEB_AUTHN' }],
])('a wrong answer to %s ends the sign-in', async (name, user) => {
  const session = sessionOf(await challenged(user));
  expect(fault(await answer(name, session, { ANSWER: 'wrong' }))).toBe(incorrect);
  expect(fault(await answer(name, session, { ANSWER: '42' }))).toBe(expired);
});

test('a kind of MFA that is not offered may be corrected', async () => {
  const session = sessionOf(await challenged({ mfaChoices: ['SMS_MFA'] }));
  const refused = await answer('SELECT_MFA_TYPE', session, { ANSWER: 'EMAIL_OTP' });
  expect(fault(refused)).toBe('400 InvalidParameterException: Invalid MFA type selected');
  expect((await answer('SELECT_MFA_TYPE', session, { ANSWER: 'SMS_MFA' })).status).toBe(200);
});
