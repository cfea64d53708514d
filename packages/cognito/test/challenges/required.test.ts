// Without a hook the sign-in stops with an error that carries the challenge: whoever gets it, here or elsewhere, goes on.
import { another, asked, clientId, failureOf, front, minuteMs, world } from '../stage.js';
import { begun, bySms, elsewhere, sent, stopped } from './stage.js';
import { ChallengeRequiredError } from '../../src/index.js';
import type { CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { SRPAuthorizer } from '../../src/index.js';
import type { World } from '../stage.js';
import type { Stopped } from './stage.js';

it('the error says what is needed, and what to do about it (G2)', async () => {
  const { authorizer } = await world({ user: bySms });
  const error = await failureOf(authorizer.getToken());
  expect(error).toMatchObject({
    name: 'ChallengeRequiredError',
    code: 'challenge_required',
    kind: 'credentials',
    transient: false,
    challengeName: 'SMS_MFA',
  });
  expect(error.message).toMatch(/alice.*SMS_MFA.*onChallenge/);
  expect(error.challenge).toMatchObject({ name: 'SMS_MFA', username: 'alice' });
});

it('each of a hundred callers has the challenge in an error of its own, for one code (G2)', async () => {
  const { pool, authorizer } = await world({ user: bySms });
  const errors = await Promise.all(Array.from({ length: 100 }, () => failureOf(authorizer.getToken())));
  expect(new Set(errors).size).toBe(100);
  expect(new Set(errors.map(({ challenge }) => challenge.session)).size).toBe(1);
  expect(errors.every((error) => error instanceof ChallengeRequiredError)).toBe(true);
  expect(asked(pool)).toEqual(begun);
});

it('until it is answered no further code is asked for: calls cool down (G2, G4)', async () => {
  const { pool, clock, authorizer } = await stopped(bySms);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
  await clock.advance(minuteMs - 1);
  expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down' });
  expect(asked(pool)).toEqual(begun);
});

it.each<[who: string, make: (here: World) => SRPAuthorizer]>([
  ['the same authorizer', ({ authorizer }) => authorizer],
  ['another one', (here) => another(here)],
  ['one that knows neither user nor password', elsewhere],
])('%s goes on with the answer, in one request (G2)', async (_, make) => {
  const here = await stopped(bySms);
  const authorizer = make(here);
  const token = await authorizer.answerChallenge(here.challenge, here.pool.code('alice'));
  expect(token.username).toBe('alice');
  expect(here.pool.valid(token.accessToken)).toBe(true);
  expect(await authorizer.getToken()).toBe(token);
  expect(asked(here.pool)).toEqual([...begun, 'RespondToAuthChallenge SMS_MFA']);
});

it.each<[what: string, user: Partial<CognitoPoolUser>, answer: (here: Stopped) => string | Record<string, string>]>([
  ['NEW_PASSWORD_REQUIRED', { mustChangePassword: true }, () => 'Brand-New-Horse-2'],
  ['SMS_MFA', bySms, ({ pool }) => pool.code('alice')],
  ['SOFTWARE_TOKEN_MFA', { mfa: 'SOFTWARE_TOKEN_MFA' }, ({ pool }) => pool.code('alice')],
  ['EMAIL_OTP', { mfa: 'EMAIL_OTP' }, ({ pool }) => ({ EMAIL_OTP_CODE: pool.code('alice') })],
  ['MFA_SETUP', { mfaSetup: true }, ({ pool }) => pool.code('alice')],
  ['CUSTOM_CHALLENGE', { custom: [{ parameters: {}, answer: 'red' }] }, () => 'red'],
  ['WEB_AUTHN_IN_2031', { unknownChallenge: 'WEB_AUTHN_IN_2031' }, () => 'yes'],
])('%s is answered elsewhere (G2)', async (name, user, answer) => {
  const here = await stopped(user);
  expect(here.challenge.name).toBe(name);
  expect((await elsewhere(here).answerChallenge(here.challenge, answer(here))).username).toBe('alice');
});

it('the secret of a new authenticator app travels with the challenge (G2)', async () => {
  const { challenge, pool } = await stopped({ mfaSetup: true });
  expect(challenge.parameters['SECRET_CODE']).toMatch(/^[A-Z2-7]{32}$/);
  expect(pool.count('AssociateSoftwareToken')).toBe(1);
});

it('one answer may lead to the next challenge: new password, choice, code (G2)', async () => {
  const here = await stopped({ mustChangePassword: true, mfaChoices: ['EMAIL_OTP', 'SMS_MFA'] });
  const authorizer = elsewhere(here);
  const choice = await failureOf(authorizer.answerChallenge(here.challenge, 'Brand-New-Horse-2'));
  expect(choice).toMatchObject({ name: 'ChallengeRequiredError', challengeName: 'SELECT_MFA_TYPE' });
  const code = await failureOf(authorizer.answerChallenge(sent(choice.challenge), 'EMAIL_OTP'));
  expect(code).toMatchObject({ challengeName: 'EMAIL_OTP' });
  const token = await elsewhere(here).answerChallenge(sent(code.challenge), here.pool.code('alice'));
  expect(token.username).toBe('alice');
});

it('a hook answers what comes after the answer (G2)', async () => {
  const here = await stopped({ mustChangePassword: true, ...bySms });
  const hooked = another(here, { password: undefined, onChallenge: () => here.pool.code('alice') });
  expect((await hooked.answerChallenge(here.challenge, 'Brand-New-Horse-2')).username).toBe('alice');
});

it('an axios client hands the challenge to its caller, and goes on after the answer (G2)', async () => {
  const here = await world({ user: bySms });
  const { api, client } = await front(here);
  const error = await failureOf(client.get('/things'));
  expect(error).toBeInstanceOf(ChallengeRequiredError);
  await client.authorizer.answerChallenge(sent(error.challenge), here.pool.code('alice'));
  expect((await client.get('/things')).status).toBe(200);
  expect(api.served).toBe(1);
});

it('the secret hash of an answer elsewhere is that of the internal name (G2)', async () => {
  const clientSecret = 'the-secret-of-the-app-client';
  const here = await world({
    user: { ...bySms, internalUsername: 'internal-alice' },
    client: { clientId, clientSecret },
    options: { username: 'alice@example.org' },
  });
  const { challenge } = await failureOf(here.authorizer.getToken());
  const token = await elsewhere(here).answerChallenge(sent(challenge), here.pool.code('alice'));
  expect(token.username).toBe('internal-alice');
});
