// The ways into the pool besides SRP: what each begins with, and what it takes.

import { startCognitoPool, testPasskey } from '@axios-authorizer/test-kit';
import {
  begin,
  clientValue,
  fault,
  incorrect,
  parametersOf,
  prove,
  respond,
  sessionOf,
  signIn,
  tokensOf,
} from './cognito-client.js';
import type { CognitoFirstFactor, CognitoPool, CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Texts } from './cognito-client.js';

const password = 'Passw0rd!';
const custom = [{ parameters: { question: '6 * 9' }, answer: '42' }];
const firstFactors: readonly CognitoFirstFactor[] = ['EMAIL_OTP', 'SMS_OTP', 'PASSWORD', 'PASSWORD_SRP', 'WEB_AUTHN'];
let pool: CognitoPool;

async function start(user: Partial<CognitoPoolUser> = {}): Promise<void> {
  const alice = { username: 'alice', password, email: 'a@example.org', internalUsername: 'b1a0', ...user };
  pool = await startCognitoPool({ users: [alice] });
}

function choose(asked: Asked, answers: Texts): Promise<Asked> {
  return respond(pool, 'SELECT_CHALLENGE', { USERNAME: 'a@example.org', Session: sessionOf(asked), ...answers });
}

function isSignedIn(asked: Asked): boolean {
  return pool.valid(tokensOf(asked)?.AccessToken ?? '');
}

afterEach(() => pool.stop());

test('CUSTOM_AUTH asks its question after a proof by SRP, which USER_SRP_AUTH never does (G7)', async () => {
  await start({ custom });
  const half = { USERNAME: 'alice', SRP_A: clientValue, CHALLENGE_NAME: 'SRP_A' };
  const asked = await prove(pool, await begin(pool, 'CUSTOM_AUTH', half), { password });
  expect(asked.json).toMatchObject({ ChallengeName: 'CUSTOM_CHALLENGE' });
  expect(isSignedIn(await signIn(pool, 'alice', { password }))).toBe(true);
});

test('CUSTOM_AUTH without SRP asks its question at once (G7)', async () => {
  await start({ custom });
  const asked = await begin(pool, 'CUSTOM_AUTH', { USERNAME: 'alice' });
  expect(parametersOf(asked)).toEqual({ USERNAME: 'b1a0', question: '6 * 9' });
  const answers = { USERNAME: 'b1a0', Session: sessionOf(asked), ANSWER: '42' };
  expect(isSignedIn(await respond(pool, 'CUSTOM_CHALLENGE', answers))).toBe(true);
});

test('whom nothing is asked CUSTOM_AUTH does not let in without a password (G7)', async () => {
  await start();
  expect(fault(await begin(pool, 'CUSTOM_AUTH', { USERNAME: 'alice' }))).toBe(incorrect);
  expect(fault(await begin(pool, 'CUSTOM_AUTH', { USERNAME: 'nobody' }))).toBe(incorrect);
});

test.each([{}, { PREFERRED_CHALLENGE: 'WEB_AUTHN' }])(
  'USER_AUTH with %j, which the user does not have, tells what may be chosen (G7)',
  async (preferred) => {
    await start({ firstFactors: ['EMAIL_OTP', 'PASSWORD'] });
    const { json } = await begin(pool, 'USER_AUTH', { USERNAME: 'alice', ...preferred });
    const AvailableChallenges = ['EMAIL_OTP', 'PASSWORD'];
    expect(json).toMatchObject({ ChallengeName: 'SELECT_CHALLENGE', ChallengeParameters: {}, AvailableChallenges });
  },
);

test.each(['EMAIL_OTP', 'SMS_OTP'] as const)('%s is preferred, or chosen, and takes its code (G7)', async (name) => {
  await start({ firstFactors });
  const preferred = await begin(pool, 'USER_AUTH', { USERNAME: 'alice', PREFERRED_CHALLENGE: name });
  expect(preferred.json).toMatchObject({ ChallengeName: name });
  const asked = await choose(await begin(pool, 'USER_AUTH', { USERNAME: 'a@example.org' }), { ANSWER: name });
  const code = { [`${name}_CODE`]: pool.code('alice') };
  const answers = { USERNAME: 'b1a0', Session: sessionOf(asked) };
  expect(fault(await respond(pool, name, { ...answers, [`${name}_CODE`]: 'wrong' }))).toContain('CodeMismatch');
  expect(isSignedIn(await respond(pool, name, { ...answers, ...code }))).toBe(true);
});

test('a password is chosen together with what proves it (G7)', async () => {
  await start({ firstFactors });
  const open = (): Promise<Asked> => begin(pool, 'USER_AUTH', { USERNAME: 'a@example.org' });
  expect(fault(await choose(await open(), { ANSWER: 'PASSWORD' }))).toContain('Missing required parameter PASSWORD');
  expect(fault(await choose(await open(), { ANSWER: 'PASSWORD_SRP' }))).toContain('Missing required parameter SRP_A');
  expect(fault(await choose(await open(), { ANSWER: 'PASSWORD', PASSWORD: 'wrong' }))).toBe(incorrect);
  expect(isSignedIn(await choose(await open(), { ANSWER: 'PASSWORD', PASSWORD: password }))).toBe(true);
  const verifier = await choose(await open(), { ANSWER: 'PASSWORD_SRP', SRP_A: clientValue });
  expect(isSignedIn(await prove(pool, verifier, { password }))).toBe(true);
});

test('what is preferred without what proves it is asked for by its own name (G7)', async () => {
  await start({ firstFactors });
  const prefer = (name: string): Promise<Asked> =>
    begin(pool, 'USER_AUTH', { USERNAME: 'alice', PREFERRED_CHALLENGE: name });
  const plain = await prefer('PASSWORD');
  const answers = { USERNAME: 'b1a0', Session: sessionOf(plain), PASSWORD: password };
  expect(isSignedIn(await respond(pool, 'PASSWORD', answers))).toBe(true);
  const half = { USERNAME: 'b1a0', Session: sessionOf(await prefer('PASSWORD_SRP')), SRP_A: clientValue };
  expect(isSignedIn(await prove(pool, await respond(pool, 'PASSWORD_SRP', half), { password }))).toBe(true);
});

test('WEB_AUTHN takes what the passkey signs for this very challenge, and nothing else (G7)', async () => {
  const passkey = testPasskey();
  await start({ firstFactors, passkey });
  const open = async (): Promise<readonly [string, Texts]> => {
    const asked = await begin(pool, 'USER_AUTH', { USERNAME: 'alice', PREFERRED_CHALLENGE: 'WEB_AUTHN' });
    return [parametersOf(asked)['CREDENTIAL_REQUEST_OPTIONS'] ?? '', { USERNAME: 'b1a0', Session: sessionOf(asked) }];
  };
  const answered = async (credential: object, about: Texts): Promise<Asked> =>
    respond(pool, 'WEB_AUTHN', { ...about, CREDENTIAL: JSON.stringify(credential) });
  const [options, about] = await open();
  expect(isSignedIn(await answered(passkey.answer(options), about))).toBe(true);
  const invalid = '400 NotAuthorizedException: Invalid credential';
  const [, later] = await open();
  expect(fault(await answered(passkey.answer(options), later))).toBe(invalid);
  const [again, last] = await open();
  expect(fault(await answered({ ...testPasskey().answer(again), id: passkey.id }, last))).toBe(invalid);
});

test.each<[string, readonly ('SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP' | 'SMS_MFA')[], string | undefined]>([
  ['offered', ['SMS_MFA', 'EMAIL_OTP'], undefined],
  ['not offered', ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'], '400 InvalidParameterException'],
])('MFA_SETUP by e-mail, where it is %s (G7)', async (_, mfaSetup, refused) => {
  await start({ mfaSetup });
  const asked = await signIn(pool, 'alice', { password });
  expect(parametersOf(asked)['MFAS_CAN_SETUP']).toBe(JSON.stringify(mfaSetup));
  const answers = { USERNAME: 'b1a0', Session: sessionOf(asked), EMAIL: 'new@example.org' };
  const next = await respond(pool, 'MFA_SETUP', answers);
  expect(refused === undefined ? next.json?.['ChallengeName'] : fault(next)).toContain(refused ?? 'EMAIL_OTP');
});
