// What a pool asks after the password, answered by the hook: each challenge that there is, and those that are yet to come.
import { asked, textsOf } from '../stage.js';
import { answering } from './stage.js';
import type { CognitoMfa, CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { ChallengeAnswer } from '../../src/index.js';
import type { World } from '../stage.js';
import type { Asked } from './stage.js';

function namesOf({ questions }: Asked): readonly string[] {
  return questions.map(({ name }) => name);
}

/** What the last RespondToAuthChallenge answered. */
function lastAnswer({ pool }: World): Readonly<Record<string, string>> {
  return textsOf(pool.operations.filter(({ name }) => name === 'RespondToAuthChallenge').at(-1));
}

describe.each<[when: string, hand: (answer: ChallengeAnswer) => ChallengeAnswer | Promise<ChallengeAnswer>]>([
  ['at once', (answer) => answer],
  ['later', async (answer) => Promise.resolve(answer)],
])('answered %s', (_, hand) => {
  it.each<[name: CognitoMfa, response: string]>([
    ['SMS_MFA', 'SMS_MFA_CODE'],
    ['SOFTWARE_TOKEN_MFA', 'SOFTWARE_TOKEN_MFA_CODE'],
    ['EMAIL_OTP', 'EMAIL_OTP_CODE'],
  ])('%s takes the code as %s (G2)', async (mfa, response) => {
    const here = await answering({ mfa }, (__, pool) => hand(pool.code('alice')));
    expect((await here.authorizer.getToken()).username).toBe('alice');
    expect(namesOf(here)).toEqual([mfa]);
    expect(lastAnswer(here)).toEqual({ USERNAME: 'alice', [response]: here.pool.code('alice') });
  });

  it('NEW_PASSWORD_REQUIRED takes the new password, which is good from then on (G2)', async () => {
    const here = await answering({ mustChangePassword: true }, () => hand('Brand-New-Horse-2'));
    await here.authorizer.getToken();
    expect(lastAnswer(here)).toEqual({ USERNAME: 'alice', NEW_PASSWORD: 'Brand-New-Horse-2' });
    const after = await answering({ password: 'Brand-New-Horse-2' }, () => 'not asked');
    await after.authorizer.getToken();
    expect(after.questions).toEqual([]);
  });

  it('CUSTOM_CHALLENGE takes an answer, round after round (G2)', async () => {
    const custom = ['red', 'green', 'blue'].map((answer) => ({ parameters: { hint: `like ${answer}` }, answer }));
    const here = await answering({ custom }, ({ parameters }) => hand(String(parameters['hint']).slice(5)));
    expect((await here.authorizer.getToken()).username).toBe('alice');
    expect(namesOf(here)).toEqual(['CUSTOM_CHALLENGE', 'CUSTOM_CHALLENGE', 'CUSTOM_CHALLENGE']);
    expect(lastAnswer(here)).toEqual({ USERNAME: 'alice', ANSWER: 'blue' });
  });
});

it('the hook sees the name, whom it is for, what the pool says and the session (G2)', async () => {
  const here = await answering({ mfa: 'SMS_MFA', internalUsername: 'internal-alice' }, (_, pool) => pool.code('alice'));
  await here.authorizer.getToken();
  expect(here.questions).toEqual([
    {
      name: 'SMS_MFA',
      username: 'internal-alice',
      parameters: {
        USER_ID_FOR_SRP: 'internal-alice',
        CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS',
        CODE_DELIVERY_DESTINATION: '+*******0123',
      },
      session: here.pool.operations.at(-1)?.body['Session'],
    },
  ]);
});

it('the user’s attributes go along with a new password when the answer is an object (G2)', async () => {
  const given = { NEW_PASSWORD: 'Brand-New-Horse-2', 'userAttributes.name': 'Alice', 'userAttributes.locale': 'en' };
  const here = await answering({ mustChangePassword: true }, () => given);
  await here.authorizer.getToken();
  expect(lastAnswer(here)).toEqual({ USERNAME: 'alice', ...given });
});

it('the attributes that the pool has are told with NEW_PASSWORD_REQUIRED (G2)', async () => {
  const here = await answering({ mustChangePassword: true }, () => 'Brand-New-Horse-2');
  await here.authorizer.getToken();
  const { requiredAttributes, userAttributes } = here.questions[0]?.parameters ?? {};
  expect(JSON.parse(String(requiredAttributes))).toEqual([]);
  expect(JSON.parse(String(userAttributes))).toEqual({ email: 'alice@example.org' });
});

it.each<CognitoMfa>(['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'])(
  'SELECT_MFA_TYPE takes %s, whose code is asked for next (G2)',
  async (choice) => {
    const choices: readonly CognitoMfa[] = ['SMS_MFA', 'SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'];
    const here = await answering({ mfaChoices: choices }, ({ name }, pool) =>
      name === 'SELECT_MFA_TYPE' ? choice : pool.code('alice'),
    );
    expect((await here.authorizer.getToken()).username).toBe('alice');
    expect(namesOf(here)).toEqual(['SELECT_MFA_TYPE', choice]);
    expect(JSON.parse(String(here.questions[0]?.parameters['MFAS_CAN_CHOOSE']))).toEqual(choices);
  },
);

it('MFA_SETUP tells the secret for the app, and takes its first code (G2)', async () => {
  const here = await answering({ mfaSetup: true }, (_, pool) => pool.code('alice'));
  expect((await here.authorizer.getToken()).username).toBe('alice');
  expect(here.questions[0]?.parameters['SECRET_CODE']).toMatch(/^[A-Z2-7]{32}$/);
  expect(asked(here.pool).slice(2)).toEqual([
    'AssociateSoftwareToken',
    'VerifySoftwareToken',
    'RespondToAuthChallenge MFA_SETUP',
  ]);
  expect(lastAnswer(here)).toEqual({ USERNAME: 'alice' });
});

it.each(['WEB_AUTHN_IN_2031', 'constructor', 'toString'])(
  'a challenge called %s passes through, and takes an answer (G2)',
  async (unknownChallenge) => {
    const here = await answering({ unknownChallenge }, () => 'yes');
    expect((await here.authorizer.getToken()).username).toBe('alice');
    expect(namesOf(here)).toEqual([unknownChallenge]);
    expect(lastAnswer(here)).toEqual({ USERNAME: 'alice', ANSWER: 'yes' });
  },
);

it.each<[user: Partial<CognitoPoolUser>, name: string]>([
  [{ mfa: 'SMS_MFA' }, 'SMS_MFA_CODE'],
  [{ mfaSetup: true }, 'SOFTWARE_TOKEN_MFA_CODE'],
  [{ mfaSetup: true }, 'ANSWER'],
])('for a user with %j an object with %s will do as well (G2)', async (user, name) => {
  const here = await answering(user, (_, pool) => ({ [name]: pool.code('alice') }));
  expect((await here.authorizer.getToken()).username).toBe('alice');
});

it('all of them in one sign-in, one question at a time (G2)', async () => {
  const here = await answering(
    {
      mustChangePassword: true,
      custom: [{ parameters: {}, answer: 'ANSWER to CUSTOM_CHALLENGE' }],
      unknownChallenge: 'LATER',
      mfaChoices: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'],
    },
    ({ name }, pool) => {
      const answers: Readonly<Record<string, string>> = { LATER: 'yes', SELECT_MFA_TYPE: 'EMAIL_OTP' };
      return name === 'EMAIL_OTP' ? pool.code('alice') : (answers[name] ?? `ANSWER to ${name}`);
    },
  );
  expect((await here.authorizer.getToken()).username).toBe('alice');
  const names = ['NEW_PASSWORD_REQUIRED', 'CUSTOM_CHALLENGE', 'LATER', 'SELECT_MFA_TYPE', 'EMAIL_OTP'];
  expect(namesOf(here)).toEqual(names);
  expect(asked(here.pool).slice(2)).toEqual(names.map((name) => `RespondToAuthChallenge ${name}`));
  expect(new Set(here.questions.map(({ session }) => session)).size).toBe(names.length);
});
