// Does the client that AWS wrote find here what it finds at AWS? What it signs in with was not written for this pool.

import { startCognitoPool } from '@axios-authorizer/test-kit';
import { names } from './cognito-client.js';
import { ReferenceClient } from './cognito-reference.js';
import type { CognitoPool, CognitoPoolOptions, CognitoPoolUser } from '@axios-authorizer/test-kit';

const password = 'Passw0rd: ünï🔐';
const alice = { username: 'alice', password, email: 'a@example.org', phone: '+4912345' };
let pool: CognitoPool;

async function start(more: Partial<CognitoPoolUser> = {}, options: CognitoPoolOptions = {}): Promise<void> {
  pool = await startCognitoPool({ users: [{ ...alice, ...more }], ...options });
}

afterEach(() => pool.stop());

test('a user signs in and gets three tokens of the pool', async () => {
  await start();
  const { session, failure } = await new ReferenceClient(pool, 'alice').signIn(password);
  expect(failure).toBeUndefined();
  expect(pool.valid(session?.getAccessToken().getJwtToken() ?? '')).toBe(true);
  expect(pool.validId(session?.getIdToken().getJwtToken() ?? '')).toBe(true);
  expect(session?.getRefreshToken().getToken()).toMatch(/^[\w-]{100,}$/);
  expect(names(pool)).toEqual(['InitiateAuth', 'RespondToAuthChallenge PASSWORD_VERIFIER']);
});

test.each(['a@example.org', '+4912345', 'alice', 'b1a0'])('%s is a name of the same user (G2)', async (name) => {
  await start({ internalUsername: 'b1a0' });
  const { session } = await new ReferenceClient(pool, name).signIn(password);
  expect(session?.getAccessToken().decodePayload()).toMatchObject({ username: 'b1a0' });
});

test('a wrong password and an unknown user fail alike, at the verifier', async () => {
  await start();
  const failure = 'NotAuthorizedException: Incorrect username or password.';
  expect(await new ReferenceClient(pool, 'alice').signIn('wrong')).toEqual({ failure });
  expect(await new ReferenceClient(pool, 'nobody').signIn(password)).toEqual({ failure });
  expect(pool.count('RespondToAuthChallenge')).toBe(2);
});

test('an unknown user of a pool that says so fails at once', async () => {
  await start({}, { preventUserExistenceErrors: false });
  const { failure } = await new ReferenceClient(pool, 'nobody').signIn(password);
  expect(failure).toBe('UserNotFoundException: User does not exist.');
  expect(names(pool)).toEqual(['InitiateAuth']);
});

test('a new password is asked for once and is the password from then on (G2)', async () => {
  await start({ mustChangePassword: true });
  const client = new ReferenceClient(pool, 'alice');
  expect(await client.signIn(password)).toEqual({ challenge: 'newPasswordRequired' });
  const { session } = await client.does((user, callbacks) =>
    user.completeNewPasswordChallenge('An0ther one', { name: 'Alice' }, callbacks),
  );
  expect(session?.getIdToken().decodePayload()).toMatchObject({ name: 'Alice', email: 'a@example.org' });
  expect((await new ReferenceClient(pool, 'alice').signIn(password)).failure).toContain('Incorrect');
  expect((await new ReferenceClient(pool, 'alice').signIn('An0ther one')).session).toBeDefined();
});

test('an SMS code, wrong twice and then right (G2)', async () => {
  await start({ mfa: 'SMS_MFA' });
  const client = new ReferenceClient(pool, 'alice');
  expect(await client.signIn(password)).toEqual({ challenge: 'mfaRequired' });
  const mismatch = { failure: expect.stringMatching(/^CodeMismatchException/) as unknown };
  expect(await client.does((user, callbacks) => user.sendMFACode('wrong', callbacks))).toEqual(mismatch);
  expect(await client.does((user, callbacks) => user.sendMFACode('wrong', callbacks))).toEqual(mismatch);
  const { session } = await client.does((user, callbacks) => user.sendMFACode(pool.code('alice'), callbacks));
  expect(session).toBeDefined();
});

test('a kind of MFA is chosen, then the authenticator’s code given (G2)', async () => {
  await start({ mfaChoices: ['SMS_MFA', 'SOFTWARE_TOKEN_MFA'] });
  const client = new ReferenceClient(pool, 'alice');
  expect(await client.signIn(password)).toEqual({ challenge: 'selectMFAType' });
  const kind = 'SOFTWARE_TOKEN_MFA';
  const chosen = await client.does((user, callbacks) => user.sendMFASelectionAnswer(kind, callbacks));
  expect(chosen).toEqual({ challenge: 'totpRequired' });
  const { session } = await client.does((user, callbacks) => user.sendMFACode(pool.code('alice'), callbacks, kind));
  expect(session).toBeDefined();
});

test('an authenticator is set up during the sign-in and asked for at the next one (G2)', async () => {
  await start({ mfaSetup: true });
  const client = new ReferenceClient(pool, 'alice');
  expect(await client.signIn(password)).toEqual({ challenge: 'mfaSetup' });
  const secretCode = await new Promise((associateSecretCode, onFailure) =>
    client.user.associateSoftwareToken({ associateSecretCode, onFailure }),
  );
  expect(secretCode).toMatch(/^[A-Z2-7]{32}$/);
  const { session } = await client.does((user, callbacks) =>
    user.verifySoftwareToken(pool.code('alice'), 'phone', callbacks),
  );
  expect(session).toBeDefined();
  expect(await new ReferenceClient(pool, 'alice').signIn(password)).toEqual({ challenge: 'totpRequired' });
});

test('two custom rounds are answered one after the other (G2)', async () => {
  const custom = ['1', '2'].map((answer) => ({ parameters: { question: answer }, answer }));
  await start({ custom });
  const client = new ReferenceClient(pool, 'alice');
  expect(await client.signIn(password, 'CUSTOM_AUTH')).toEqual({ challenge: 'customChallenge' });
  const again = await client.does((user, callbacks) => user.sendCustomChallengeAnswer('1', callbacks));
  expect(again).toEqual({ challenge: 'customChallenge' });
  const { session } = await client.does((user, callbacks) => user.sendCustomChallengeAnswer('2', callbacks));
  expect(session).toBeDefined();
});

test('without a password a question is asked at once (G7)', async () => {
  await start({ custom: [{ parameters: { question: '1' }, answer: '1' }] });
  const client = new ReferenceClient(pool, 'alice');
  expect(await client.askFirst()).toEqual({ challenge: 'customChallenge' });
  const { session } = await client.does((user, callbacks) => user.sendCustomChallengeAnswer('1', callbacks));
  expect(session).toBeDefined();
});

test('a password in plain signs in (G7)', async () => {
  await start();
  expect((await new ReferenceClient(pool, 'alice').signIn(password, 'USER_PASSWORD_AUTH')).session).toBeDefined();
});

test('a session is refreshed, its attributes are read, and signing out everywhere ends it', async () => {
  await start();
  const client = new ReferenceClient(pool, 'alice');
  const { session } = await client.signIn(password);
  const refreshToken = session?.getRefreshToken() ?? {};
  const refreshed = await new Promise<boolean>((resolve) =>
    client.user.refreshSession(refreshToken, (error, next) =>
      resolve(error === null && pool.valid(next.getAccessToken().getJwtToken())),
    ),
  );
  expect(refreshed).toBe(true);
  const attributes = await new Promise((resolve) =>
    client.user.getUserAttributes((_error, list) => resolve(JSON.parse(JSON.stringify(list)))),
  );
  expect(attributes).toContainEqual({ Name: 'email', Value: 'a@example.org' });
  await new Promise((onSuccess, onFailure) => client.user.globalSignOut({ onSuccess, onFailure }));
  expect(pool.valid(session?.getAccessToken().getJwtToken() ?? '')).toBe(false);
});
