// Every way into a pool: what is sent, what the hook is asked, and what never leaves.
import { another, asked, failureOf, textsOf } from '../stage.js';
import { custom, firstFactors, scene } from './stage.js';
import type { Challenge, ChallengeAnswer, SRPAuthorizerOptions } from '../../src/index.js';
import type { Scene } from './stage.js';

const userAuth = { authFlow: 'USER_AUTH' } as const;
const noPassword = { password: undefined } as const;

function namesOf({ questions }: Scene): readonly string[] {
  return questions.map(({ name }) => name);
}

async function signedIn(here: Scene): Promise<void> {
  const token = await here.authorizer.getToken();
  expect([token.username, here.pool.valid(token.accessToken)]).toEqual(['b1a0', true]);
}

/** Whether the password stands in anything that was sent. */
function isSent({ pool }: Scene, password = 'Correct-Horse-1'): boolean {
  return JSON.stringify(pool.operations).includes(password);
}

it('CUSTOM_AUTH proves the password by SRP and then asks its question (G7)', async () => {
  const here = await scene({ user: { custom }, options: { authFlow: 'CUSTOM_AUTH' }, answer: () => '42' });
  await signedIn(here);
  const [first, verifier, answer] = here.pool.operations.map(textsOf);
  expect(first).toMatchObject({ USERNAME: 'alice@example.org', CHALLENGE_NAME: 'SRP_A' });
  expect(verifier).toMatchObject({ USERNAME: 'b1a0' });
  expect(answer).toMatchObject({ USERNAME: 'b1a0', ANSWER: '42' });
  expect(here.questions).toMatchObject([{ name: 'CUSTOM_CHALLENGE', parameters: { question: '6 * 9' } }]);
  expect(isSent(here)).toBe(false);
});

it('CUSTOM_AUTH without a password asks its question at once (G7)', async () => {
  const options = { authFlow: 'CUSTOM_AUTH', ...noPassword } as const;
  const here = await scene({ user: { custom }, options, answer: () => '42' });
  await signedIn(here);
  expect(Object.keys(textsOf(here.pool.operations[0])).toSorted()).toEqual(['SECRET_HASH', 'USERNAME']);
  expect(asked(here.pool)).toEqual(['InitiateAuth CUSTOM_AUTH', 'RespondToAuthChallenge CUSTOM_CHALLENGE']);
});

it('a wrong password is told before the question is asked, and a wrong answer ends the sign-in (G7)', async () => {
  const options = { authFlow: 'CUSTOM_AUTH', password: 'Wrong-Horse-1' } as const;
  const wrong = await scene({ user: { custom }, options });
  expect(await failureOf(wrong.authorizer.getToken())).toMatchObject({ code: 'wrong_credentials' });
  expect(wrong.questions).toEqual([]);
  const here = await scene({ user: { custom }, options: { authFlow: 'CUSTOM_AUTH' }, answer: () => '54' });
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'challenge_expired' });
});

it('USER_PASSWORD_AUTH sends the password in plain, in one request (G7)', async () => {
  const here = await scene({ options: { authFlow: 'USER_PASSWORD_AUTH' } });
  await signedIn(here);
  expect(asked(here.pool)).toEqual(['InitiateAuth USER_PASSWORD_AUTH']);
  expect(textsOf(here.pool.operations[0])).toMatchObject({ PASSWORD: 'Correct-Horse-1' });
});

it('USER_PASSWORD_AUTH goes on with the second factor, and is tried once with a wrong password (G7, G4)', async () => {
  const options = { authFlow: 'USER_PASSWORD_AUTH' } as const;
  await signedIn(await scene({ user: { mfa: 'SMS_MFA' }, options, answer: (_, pool) => pool.code('alice') }));
  const wrong = await scene({ options: { ...options, password: 'Wrong-Horse-1' } });
  expect(await failureOf(wrong.authorizer.getToken())).toMatchObject({ code: 'wrong_credentials' });
  expect(wrong.pool.operations).toHaveLength(1);
});

it.each<[preferred: 'EMAIL_OTP' | 'SMS_OTP', member: string]>([
  ['EMAIL_OTP', 'EMAIL_OTP_CODE'],
  ['SMS_OTP', 'SMS_OTP_CODE'],
])('%s in place of a password: the hook is asked for the code alone (G7)', async (preferredChallenge, member) => {
  const options = { ...userAuth, ...noPassword, preferredChallenge };
  const here = await scene({ options, answer: (_, pool) => pool.code('alice') });
  await signedIn(here);
  expect(namesOf(here)).toEqual([preferredChallenge]);
  const [first, last] = here.pool.operations.map(textsOf);
  expect(first).toMatchObject({ USERNAME: 'alice@example.org', PREFERRED_CHALLENGE: preferredChallenge });
  expect(last).toMatchObject({ [member]: here.pool.code('alice') });
});

it('a code is wrong once, and asked for again in the same session (G7)', async () => {
  const options = { ...userAuth, ...noPassword, preferredChallenge: 'EMAIL_OTP' } as const;
  const here = await scene({ options, answer: ({ refusal }, pool) => (refusal ? pool.code('alice') : 'wrong') });
  await signedIn(here);
  expect(here.questions.map(({ refusal }) => refusal?.code)).toEqual([undefined, 'wrong_code']);
  expect(here.pool.count('InitiateAuth')).toBe(1);
});

it.each(['PASSWORD_SRP', 'PASSWORD'] as const)('%s in USER_AUTH needs no hook (G7)', async (preferredChallenge) => {
  const here = await scene({ options: { ...userAuth, preferredChallenge } });
  await signedIn(here);
  expect([namesOf(here), isSent(here)]).toEqual([[], preferredChallenge === 'PASSWORD']);
});

it.each<[form: string, given: (text: string) => ChallengeAnswer]>([
  ['as the browser returns it', (text) => lent(JSON.parse(text) as object)],
  ['as JSON', (text) => text],
  ['as an object', (text) => JSON.parse(text) as ChallengeAnswer],
  ['by its name', (text) => ({ CREDENTIAL: text })],
])('WEB_AUTHN hands the hook its options, and the pool the credential %s (G7)', async (_, given) => {
  const here = await scene({
    options: { ...userAuth, ...noPassword, preferredChallenge: 'WEB_AUTHN' },
    answer: ({ parameters }, __, passkey) =>
      given(JSON.stringify(passkey.answer(String(parameters['CREDENTIAL_REQUEST_OPTIONS'])))),
  });
  await signedIn(here);
  const options = JSON.parse(String(here.questions[0]?.parameters['CREDENTIAL_REQUEST_OPTIONS'])) as object;
  expect(options).toMatchObject({ rpId: 'localhost', allowCredentials: [{ id: here.passkey.id }] });
});

/** As a PublicKeyCredential: its members stand on the prototype, and `toJSON` knows them. */
function lent(members: object): ChallengeAnswer {
  return Object.create({ ...members, toJSON: () => members }) as ChallengeAnswer;
}

it('without a preference the hook chooses, and hears what there is (G7)', async () => {
  const here = await scene({
    options: { ...userAuth, ...noPassword },
    answer: ({ name }, pool) => (name === 'SELECT_CHALLENGE' ? 'EMAIL_OTP' : pool.code('alice')),
  });
  await signedIn(here);
  expect(namesOf(here)).toEqual(['SELECT_CHALLENGE', 'EMAIL_OTP']);
  expect(here.questions[0]?.choices).toEqual(firstFactors);
});

it('what is preferred and is not there: the hook chooses among the rest (G7)', async () => {
  const here = await scene({
    user: { firstFactors: ['SMS_OTP'] },
    options: { ...userAuth, ...noPassword, preferredChallenge: 'EMAIL_OTP' },
    answer: ({ choices }, pool) => choices?.[0] ?? pool.code('alice'),
  });
  await signedIn(here);
  expect(here.questions[0]).toMatchObject({ name: 'SELECT_CHALLENGE', choices: ['SMS_OTP'] });
});

it.each<[who: string, options: Partial<SRPAuthorizerOptions>, answer: ChallengeAnswer]>([
  ['the hook', {}, 'PASSWORD_SRP'],
  ['the hook, with the password', noPassword, { ANSWER: 'PASSWORD_SRP', PASSWORD: 'Correct-Horse-1' }],
])('%s chooses PASSWORD_SRP: the password itself is not sent (G7)', async (_, options, answer) => {
  const here = await scene({ options: { ...userAuth, ...options }, answer: () => answer });
  await signedIn(here);
  expect(asked(here.pool)).toEqual([
    'InitiateAuth USER_AUTH',
    'RespondToAuthChallenge SELECT_CHALLENGE',
    'RespondToAuthChallenge PASSWORD_VERIFIER',
  ]);
  expect(isSent(here)).toBe(false);
});

it.each<[hook: string, options: Partial<SRPAuthorizerOptions>]>([
  ['chooses nothing', {}],
  ['is not there', { onChallenge: undefined }],
])('a password that is given signs in where the hook %s (G7)', async (_, options) => {
  const here = await scene({ options: { ...userAuth, ...options } });
  await signedIn(here);
  expect(textsOf(here.pool.operations[1])).toMatchObject({ ANSWER: 'PASSWORD_SRP' });
});

it('where only PASSWORD is offered the given password is sent (G7)', async () => {
  const here = await scene({ user: { firstFactors: ['EMAIL_OTP', 'PASSWORD'] }, options: userAuth });
  await signedIn(here);
  expect(textsOf(here.pool.operations[1])).toMatchObject({ ANSWER: 'PASSWORD', PASSWORD: 'Correct-Horse-1' });
});

it('a choice is made elsewhere, and what it leads to as well (G7)', async () => {
  const here = await scene({ options: { ...userAuth, ...noPassword, onChallenge: undefined } });
  const { challenge } = await failureOf(here.authorizer.getToken());
  expect(challenge).toMatchObject({ name: 'SELECT_CHALLENGE', choices: firstFactors });
  const elsewhere = another(here, { username: undefined });
  const sent = JSON.parse(JSON.stringify(challenge)) as Challenge;
  const next = await failureOf(elsewhere.answerChallenge(sent, 'SMS_OTP'));
  expect(next.challenge.name).toBe('SMS_OTP');
  expect((await elsewhere.answerChallenge(next.challenge, here.pool.code('alice'))).username).toBe('b1a0');
});

it('a passkey that nobody answers for is a challenge like any other (G7)', async () => {
  const options = { ...userAuth, ...noPassword, preferredChallenge: 'WEB_AUTHN' } as const;
  const here = await scene({ options });
  const { challenge } = await failureOf(here.authorizer.getToken());
  const credential = here.passkey.answer(String(challenge.parameters['CREDENTIAL_REQUEST_OPTIONS']));
  expect((await another(here).answerChallenge(challenge, credential)).username).toBe('b1a0');
});

it('what is preferred without a password asks the hook for it, and by SRP it stays here (G7)', async () => {
  const options = { ...userAuth, ...noPassword, preferredChallenge: 'PASSWORD_SRP' } as const;
  const here = await scene({ options, answer: () => 'Correct-Horse-1' });
  await signedIn(here);
  expect(namesOf(here)).toEqual(['PASSWORD_SRP']);
  expect(isSent(here)).toBe(false);
  const plain = await scene({
    options: { ...options, preferredChallenge: 'PASSWORD' },
    answer: () => 'Correct-Horse-1',
  });
  await signedIn(plain);
  expect(textsOf(plain.pool.operations[1])).toMatchObject({ PASSWORD: 'Correct-Horse-1' });
});

it.each<[options: Partial<SRPAuthorizerOptions>, message: RegExp]>([
  [{ authFlow: 'USER_SRP' as 'USER_SRP_AUTH' }, /`authFlow` of SRPAuthorizer must be 'USER_SRP_AUTH' or/],
  [{ ...userAuth, preferredChallenge: 'EMAIL' as 'EMAIL_OTP' }, /`preferredChallenge`.*'EMAIL_OTP'/],
  [{ preferredChallenge: 'EMAIL_OTP' }, /preferredChallenge is for authFlow: 'USER_AUTH'/],
  [{ authFlows: 'CUSTOM_AUTH' } as object, /knows no option authFlows; did you mean authFlow\?/],
  [{ preferredChalenge: 'PASSWORD' } as object, /did you mean preferredChallenge\?/],
  [{ userContext: {} } as object, /did you mean userContextData\?/],
  [{ deviceStore: {} } as object, /knows no option deviceStore/],
  [{ devices: new Map() as never }, /devices must be \{ load\(username\), save/],
  [{ userContextData: 'the-fingerprint' as never }, /options of userContextData must be one object, with encodedData/],
  [{ userContextData: { EncodedData: 'x' } as never }, /userContextData knows no option EncodedData; did you mean enc/],
  [{ device: { key: 'a' } as never }, /device must be \{ key, groupKey, password \}/],
])('%j is refused when the authorizer is made (G7, G8)', async (options, message) => {
  const here = await scene({});
  expect(() => another(here, options)).toThrow(message);
});

it.each([userAuth, { authFlow: 'CUSTOM_AUTH' } as const])(
  '%j without a user name sends nothing: there is nobody to ask for (G7)',
  async (options) => {
    const here = await scene({});
    const nobody = another(here, { ...options, ...noPassword, username: undefined });
    expect(await failureOf(nobody.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
    expect(here.pool.requests).toEqual([]);
  },
);

it('a hook that cancels a passkey is no outage: no second message is sent by itself (G7)', async () => {
  const cancelled = new DOMException('The operation was not allowed', 'NotAllowedError');
  const here = await scene({
    options: { ...userAuth, ...noPassword, preferredChallenge: 'WEB_AUTHN' },
    answer: () => {
      throw cancelled;
    },
  });
  expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'sign_in_cancelled', kind: 'session' });
  await failureOf(here.authorizer.getToken());
  expect(here.pool.count('InitiateAuth')).toBe(1);
});

it.each(['PASSWORD_VERIFIER', 'PASSWORD', 'PASSWORD_SRP', 'SELECT_CHALLENGE'])(
  'a server that asks for %s for ever gets the password once, and then nobody answers (G7)',
  async (ChallengeName) => {
    const here = await scene({ options: { ...userAuth, preferredChallenge: 'PASSWORD_SRP' } });
    const json = { ChallengeName, ChallengeParameters: {}, Session: 'one', AvailableChallenges: ['PASSWORD'] };
    here.pool.next('RespondToAuthChallenge', ...Array.from({ length: 50 }, () => ({ json })));
    expect(await failureOf(here.authorizer.getToken())).toMatchObject({ code: 'challenge_required' });
    expect(here.pool.operations.length).toBeLessThan(5);
  },
);
