// Whom the pool lets in by password, whom not, and with which words: the rules for InitiateAuth and PASSWORD_VERIFIER.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import {
  call,
  claim,
  fault,
  incorrect,
  initiate,
  names,
  parametersOf,
  poolName,
  respond,
  signIn,
  tokensOf,
} from './cognito-client.js';
import type { CognitoPool, CognitoPoolOptions, CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { Known, Parameters } from './cognito-client.js';
import type { Asked } from './ask.js';

const password = 'Passw0rd!';
const alice = { username: 'alice', password, sub: 'sub-1', email: 'a@example.org' };
let clock: ManualClock;
let pool: CognitoPool;

async function start(options: CognitoPoolOptions = {}, more: Partial<CognitoPoolUser> = {}): Promise<void> {
  clock = new ManualClock();
  pool = await startCognitoPool({ users: [{ ...alice, ...more }], clock, ...options });
}

/** A right answer but for what is said otherwise. */
async function verify(known: Partial<Known> = {}, more: Parameters = {}): Promise<Asked> {
  const parameters = parametersOf(await initiate(pool, 'alice'));
  const right = { group: poolName(pool), id: 'alice', password, at: clock.now() };
  return respond(pool, 'PASSWORD_VERIFIER', { ...claim(parameters, { ...right, ...known }), ...more });
}

afterEach(() => pool.stop());

test('the SRP challenge has parameters and no Session', async () => {
  await start({}, { internalUsername: 'internal-1' });
  const { json } = await initiate(pool, 'a@example.org');
  expect(Object.keys(json ?? {})).toEqual(['ChallengeName', 'ChallengeParameters']);
  expect(json).toMatchObject({
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      USERNAME: 'internal-1',
      USER_ID_FOR_SRP: 'internal-1',
      SALT: expect.stringMatching(/^[1-9a-f][0-9a-f]*$/) as unknown,
      SRP_B: expect.stringMatching(/^[1-9a-f][0-9a-f]*$/) as unknown,
      SECRET_BLOCK: expect.stringMatching(/^[\w+/]+={0,2}$/) as unknown,
    },
  });
});

test('a sub for a USERNAME is nobody, whatever is prevented', async () => {
  await start();
  expect(fault(await initiate(pool, 'sub-1'))).toBe('400 UserNotFoundException: User does not exist.');
});

test('an unknown user has the same UUID and salt each time, and no password', async () => {
  await start();
  const [first, second] = [await initiate(pool, 'nobody'), await initiate(pool, 'nobody')].map(parametersOf);
  expect(first?.['USER_ID_FOR_SRP']).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(second).toMatchObject({ USER_ID_FOR_SRP: first?.['USER_ID_FOR_SRP'], SALT: first?.['SALT'] });
  expect(second?.['SRP_B']).not.toBe(first?.['SRP_B']);
  expect(fault(await signIn(pool, 'nobody', { password, at: clock.now() }))).toBe(incorrect);
});

test.each<[string, Partial<Known>, Parameters]>([
  ['password', { password: 'Passw0rd?' }, {}],
  ['pool', { group: 'Other' }, {}],
  ['signature', {}, { PASSWORD_CLAIM_SIGNATURE: 'AAAA' }],
  ['SECRET_BLOCK', {}, { PASSWORD_CLAIM_SECRET_BLOCK: 'AAAA' }],
  ['USERNAME', {}, { USERNAME: 'a@example.org' }],
])('a wrong %s is an incorrect password', async (_name, known, more) => {
  await start();
  expect(fault(await verify(known, more))).toBe(incorrect);
});

test('a SECRET_BLOCK is good once, and only for the one it was made for', async () => {
  await start({ users: [alice, { username: 'bob', password }] });
  const parameters = parametersOf(await initiate(pool, 'alice'));
  const answer = claim(parameters, { group: poolName(pool), id: 'alice', password, at: clock.now() });
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', { ...answer, USERNAME: 'bob' }))).toBe(incorrect);
  expect((await respond(pool, 'PASSWORD_VERIFIER', answer)).status).toBe(200);
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', answer))).toBe(incorrect);
});

test('a SECRET_BLOCK that was answered wrongly is used up', async () => {
  await start();
  const parameters = parametersOf(await initiate(pool, 'alice'));
  const right = claim(parameters, { group: poolName(pool), id: 'alice', password, at: clock.now() });
  const wrong = { ...right, PASSWORD_CLAIM_SIGNATURE: 'AAAA' };
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', wrong))).toBe(incorrect);
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', right))).toBe(incorrect);
});

test('a SECRET_BLOCK belongs to the client that asked for it', async () => {
  await start({ clients: ['test-client', 'other'].map((clientId) => ({ clientId })) });
  const parameters = parametersOf(await initiate(pool, 'alice'));
  const answer = claim(parameters, { group: poolName(pool), id: 'alice', password, at: clock.now() });
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', answer, { clientId: 'other' }))).toBe(incorrect);
  expect((await respond(pool, 'PASSWORD_VERIFIER', answer)).status).toBe(200);
});

test('a SECRET_BLOCK lapses after three minutes', async () => {
  await start();
  const parameters = parametersOf(await initiate(pool, 'alice'));
  await clock.advance(180_000);
  const answer = claim(parameters, { group: poolName(pool), id: 'alice', password, at: clock.now() });
  expect(fault(await respond(pool, 'PASSWORD_VERIFIER', answer))).toBe(incorrect);
});

test.each<[Partial<CognitoPoolUser>, string]>([
  [{ disabled: true }, 'NotAuthorizedException: User is disabled.'],
  [{ confirmed: false }, 'UserNotConfirmedException: User is not confirmed.'],
  [{ mustResetPassword: true }, 'PasswordResetRequiredException: Password reset required for the user'],
])('%j is told only to who knows the password', async (more, expected) => {
  await start({}, more);
  expect(fault(await verify({ password: 'wrong' }))).toBe(incorrect);
  expect(fault(await verify())).toBe(`400 ${expected}`);
});

test('disable and enable, and a password set by an administrator', async () => {
  await start();
  pool.disable('alice');
  expect(fault(await verify())).toContain('User is disabled.');
  pool.enable('alice');
  expect((await verify()).status).toBe(200);
  pool.setPassword('alice', 'another');
  expect(fault(await verify())).toBe(incorrect);
  expect((await verify({ password: 'another' })).status).toBe(200);
});

test('a test that names a user who is not there is told so', async () => {
  await start();
  expect(() => pool.disable('nobody')).toThrow('The pool has no user nobody');
});

test('USER_PASSWORD_AUTH compares the password and goes on as SRP does', async () => {
  await start({}, { mfa: 'SMS_MFA' });
  const begin = (PASSWORD: string): Promise<Asked> =>
    call(pool, 'InitiateAuth', {
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: 'test-client',
      AuthParameters: { USERNAME: 'alice', PASSWORD },
    });
  expect(fault(await begin('wrong'))).toBe(incorrect);
  expect((await begin(password)).json).toMatchObject({ ChallengeName: 'SMS_MFA' });
});

test('a sign-in is two operations and ends with an AuthenticationResult', async () => {
  await start({ accessTokenSeconds: 77 });
  const signedIn = await verify();
  expect(Object.keys(tokensOf(signedIn)).toSorted()).toEqual([
    'AccessToken',
    'ExpiresIn',
    'IdToken',
    'RefreshToken',
    'TokenType',
  ]);
  expect(tokensOf(signedIn)).toMatchObject({ ExpiresIn: 77, TokenType: 'Bearer' });
  expect(names(pool)).toEqual(['InitiateAuth', 'RespondToAuthChallenge PASSWORD_VERIFIER']);
});
