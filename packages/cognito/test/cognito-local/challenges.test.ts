// Challenges of cognito-local's pools: asked for there, by a sign-in with the password in plain, and answered here.
import { failureOf } from '../stage.js';
import {
  authorizerOf,
  email,
  localPool,
  members,
  password,
  plainChallenge,
  plainTokens,
  signInPlainly,
  totp,
} from './pool.js';
import type { LocalPool } from './pool.js';
import { startCognitoLocal } from './server.js';
import type { CognitoLocal } from './server.js';
import type { Challenge } from '../../src/index.js';

let local: CognitoLocal;

beforeAll(async () => {
  local = await startCognitoLocal();
});

afterAll(() => local.stop());

/** The user has an authenticator app by now; its secret. */
async function withAuthenticator({ local: emulator, ...pool }: LocalPool): Promise<string> {
  const { access: AccessToken } = await plainTokens({ local: emulator, ...pool });
  const { SecretCode } = await emulator.ask('AssociateSoftwareToken', { AccessToken });
  const secret = String(SecretCode);
  await emulator.ask('VerifySoftwareToken', { AccessToken, UserCode: totp(secret, Date.now()) });
  return secret;
}

it('NEW_PASSWORD_REQUIRED is answered, and the new password is the pool’s from then on (G2)', async () => {
  const pool = await localPool(local, false);
  const challenge = await plainChallenge(pool);
  expect(challenge.name).toBe('NEW_PASSWORD_REQUIRED');
  const token = await authorizerOf(pool).answerChallenge(challenge, 'Another-Horse-2');
  expect(token.username).toBe(challenge.username);
  const AuthParameters = { USERNAME: email, PASSWORD: 'Another-Horse-2' };
  const asked = { ClientId: pool.clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters };
  const { AuthenticationResult } = await local.ask('InitiateAuth', asked);
  expect(members(AuthenticationResult)['AccessToken']).toEqual(expect.any(String));
});

it('SOFTWARE_TOKEN_MFA: a wrong code is told as that, the right one signs in (G2)', async () => {
  const pool = await localPool(local);
  const secret = await withAuthenticator(pool);
  const challenge = await plainChallenge(pool);
  expect(challenge.name).toBe('SOFTWARE_TOKEN_MFA');
  const authorizer = authorizerOf(pool);
  expect(await failureOf(authorizer.answerChallenge(challenge, 'no code'))).toMatchObject({
    code: 'wrong_code',
    exception: 'CodeMismatchException',
  });
  const token = await authorizer.answerChallenge(challenge, totp(secret, Date.now()));
  expect(token.username).toBe(challenge.username);
});

it('a hook answers SELECT_MFA_TYPE and what it leads to in one go (G2)', async () => {
  const pool = await localPool(local);
  const secret = await withAuthenticator(pool);
  const { access: AccessToken } = await secondToken(pool, secret);
  await local.ask('SetUserMFAPreference', { AccessToken, SMSMfaSettings: { Enabled: true } });
  const challenge = await plainChallenge(pool);
  expect(challenge.name).toBe('SELECT_MFA_TYPE');
  const names: string[] = [];
  const authorizer = authorizerOf(pool, {
    onChallenge: ({ name }) => {
      names.push(name);
      return totp(secret, Date.now());
    },
  });
  const token = await authorizer.answerChallenge(challenge, 'SOFTWARE_TOKEN_MFA');
  expect([names, token.username]).toEqual([['SOFTWARE_TOKEN_MFA'], challenge.username]);
});

/** A token for a user who is asked for a code by now. */
async function secondToken(pool: LocalPool, secret: string): Promise<{ readonly access: string }> {
  const challenge = await plainChallenge(pool);
  const token = await authorizerOf(pool).answerChallenge(challenge, totp(secret, Date.now()));
  return { access: token.accessToken };
}

it('USER_PASSWORD_AUTH signs in from the start, with a new password and then with a code (G7)', async () => {
  const pool = await localPool(local, false);
  const options = { authFlow: 'USER_PASSWORD_AUTH', username: email, password } as const;
  const names: string[] = [];
  const hooked = authorizerOf(pool, {
    ...options,
    onChallenge: ({ name }) => {
      names.push(name);
      return 'Another-Horse-2';
    },
  });
  const first = await hooked.getToken();
  const { SecretCode } = await local.ask('AssociateSoftwareToken', { AccessToken: first.accessToken });
  const secret = String(SecretCode);
  const UserCode = totp(secret, Date.now());
  await local.ask('VerifySoftwareToken', { AccessToken: first.accessToken, UserCode });
  const onChallenge = ({ name }: Challenge): string => {
    names.push(name);
    return totp(secret, Date.now());
  };
  const second = await authorizerOf(pool, { ...options, password: 'Another-Horse-2', onChallenge }).getToken();
  expect(names).toEqual(['NEW_PASSWORD_REQUIRED', 'SOFTWARE_TOKEN_MFA']);
  expect(second.username).toBe(first.username);
});

it('a wrong password in plain is told as that (G7, G4)', async () => {
  const pool = await localPool(local);
  const options = { authFlow: 'USER_PASSWORD_AUTH', username: email, password: 'Wrong-Horse-1' } as const;
  expect(await failureOf(authorizerOf(pool, options).getToken())).toMatchObject({ kind: 'credentials' });
});

it('the emulator does ask: the password alone brings no tokens to a user with an authenticator (G2)', async () => {
  const pool = await localPool(local);
  await withAuthenticator(pool);
  expect(await signInPlainly(pool)).not.toHaveProperty('AuthenticationResult');
});
