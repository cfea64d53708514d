// MFA_SETUP: what the pool lists decides what is set up, and the hook chooses where there is a choice.
import { another, asked, failureOf, textsOf } from '../stage.js';
import { scene } from './stage.js';
import type { ChallengeAnswer } from '../../src/index.js';

const address = 'new@example.org';
const associated = ['AssociateSoftwareToken', 'VerifySoftwareToken', 'RespondToAuthChallenge MFA_SETUP'];
const mailed = ['RespondToAuthChallenge MFA_SETUP', 'RespondToAuthChallenge EMAIL_OTP'];

it.each<[what: string, answer: ChallengeAnswer]>([
  ['an address', address],
  ['an address by its name', { EMAIL: address }],
])('where only e-mail is offered %s sets it up, and its code is asked for next (G7)', async (_, answer) => {
  const here = await scene({
    user: { mfaSetup: ['SMS_MFA', 'EMAIL_OTP'] },
    answer: ({ name }, pool) => (name === 'MFA_SETUP' ? answer : pool.code('alice')),
  });
  expect((await here.authorizer.getToken()).username).toBe('b1a0');
  expect(asked(here.pool).slice(2)).toEqual(mailed);
  expect(textsOf(here.pool.operations[2])).toMatchObject({ USERNAME: 'b1a0', EMAIL: address });
  expect(here.questions.map(({ name, choices }) => [name, choices])).toEqual([
    ['MFA_SETUP', ['EMAIL_OTP']],
    ['EMAIL_OTP', undefined],
  ]);
});

it('an app beside SMS, which nobody can set up here, is set up without a choice (G7)', async () => {
  const here = await scene({
    user: { mfaSetup: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] },
    answer: (_, pool) => pool.code('alice'),
  });
  await here.authorizer.getToken();
  expect(asked(here.pool).slice(2)).toEqual(associated);
  expect(here.questions).toMatchObject([{ choices: ['SOFTWARE_TOKEN_MFA'] }]);
});

describe('where both are offered', () => {
  const user = { mfaSetup: ['SOFTWARE_TOKEN_MFA', 'EMAIL_OTP'] } as const;

  it('the hook chooses the app, and is told its secret then (G7)', async () => {
    const here = await scene({
      user,
      answer: ({ choices = [] }, pool) => (choices.length > 1 ? 'SOFTWARE_TOKEN_MFA' : pool.code('alice')),
    });
    await here.authorizer.getToken();
    expect(asked(here.pool).slice(2)).toEqual(associated);
    const [choice, app] = here.questions;
    expect(choice?.choices).toEqual(user.mfaSetup);
    expect(choice?.parameters).not.toHaveProperty('SECRET_CODE');
    expect(app?.parameters['SECRET_CODE']).toMatch(/^[A-Z2-7]{32}$/);
  });

  it.each<ChallengeAnswer[]>([['EMAIL_OTP', address], [address], [{ EMAIL: address }]])(
    'the hook chooses e-mail by %j (G7)',
    async (...answers) => {
      const left = [...answers];
      const here = await scene({ user, answer: (_, pool) => left.shift() ?? pool.code('alice') });
      expect((await here.authorizer.getToken()).username).toBe('b1a0');
      expect(asked(here.pool).slice(2)).toEqual(mailed);
    },
  );

  it('an answer that is neither is not sent, and the choices are named (G7)', async () => {
    const here = await scene({ user, answer: () => '123456' });
    const error = await failureOf(here.authorizer.getToken());
    expect(error).toMatchObject({ code: 'wrong_code', kind: 'credentials' });
    expect(error.message).toMatch(/SOFTWARE_TOKEN_MFA, EMAIL_OTP/);
    expect(here.pool.operations).toHaveLength(2);
  });

  it('the choice is made elsewhere: the app’s secret is part of the next challenge (G7)', async () => {
    const here = await scene({ user });
    const { challenge } = await failureOf(here.authorizer.getToken());
    const elsewhere = another(here, { username: undefined, password: undefined, onChallenge: undefined });
    const next = await failureOf(elsewhere.answerChallenge(challenge, 'SOFTWARE_TOKEN_MFA'));
    expect(next.challenge.parameters['SECRET_CODE']).toMatch(/^[A-Z2-7]{32}$/);
    expect((await elsewhere.answerChallenge(next.challenge, here.pool.code('alice'))).username).toBe('b1a0');
  });
});
