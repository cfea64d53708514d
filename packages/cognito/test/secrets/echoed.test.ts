// A pool, an emulator or a gateway that says back what it was sent: its message is shown without the secrets in it.
import { leaks, testPasskey } from '@axios-authorizer/test-kit';
import { another, failureOf, notices } from '../stage.js';
import { echoing, newPassword, secretsOf, secretWorld, wrongCode } from './stage.js';
import type { CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { Challenge, ChallengeAnswer, SRPAuthorizerOptions } from '../../src/index.js';

const bySms = { mfa: 'SMS_MFA' } as const;
const fingerprint = 'the-fingerprint-of-the-browser';

it.each<[step: string, user: Partial<CognitoPoolUser>, answer: ChallengeAnswer | undefined]>([
  ['InitiateAuth', {}, undefined],
  ['PASSWORD_VERIFIER', {}, undefined],
  ['NEW_PASSWORD_REQUIRED', { mustChangePassword: true }, newPassword],
  ['SMS_MFA', bySms, wrongCode],
  ['SOFTWARE_TOKEN_MFA', { mfa: 'SOFTWARE_TOKEN_MFA' }, wrongCode],
  ['CUSTOM_CHALLENGE', { custom: [{ parameters: {}, answer: 'red' }] }, wrongCode],
  ['AssociateSoftwareToken', { mfaSetup: true }, wrongCode],
  ['VerifySoftwareToken', { mfaSetup: true }, wrongCode],
])('%s (C11)', async (step, user, answer) => {
  const here = await secretWorld(user);
  const endpoint = await echoing(here, step);
  const sessions: string[] = [];
  const onChallenge = ({ session }: { readonly session: string }): ChallengeAnswer | undefined => {
    sessions.push(session);
    return answer;
  };
  const authFlow = user.custom === undefined ? 'USER_SRP_AUTH' : 'CUSTOM_AUTH';
  const error = await failureOf(another(here, { endpoint, onChallenge, authFlow }).getToken());
  expect(error).toMatchObject({ name: 'CognitoError', exception: 'InvalidParameterException' });
  expect(error.message).toContain('You sent [redacted]');
  expect(leaks(error, [...secretsOf(here), ...sessions])).toEqual([]);
});

it.each<[step: string, options: Partial<SRPAuthorizerOptions>]>([
  ['USER_PASSWORD_AUTH', { authFlow: 'USER_PASSWORD_AUTH' }],
  ['USER_AUTH', { authFlow: 'USER_AUTH', preferredChallenge: 'PASSWORD' }],
  ['SELECT_CHALLENGE', { authFlow: 'USER_AUTH' }],
  ['WEB_AUTHN', { authFlow: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' }],
  ['EMAIL_OTP', { authFlow: 'USER_AUTH', preferredChallenge: 'EMAIL_OTP' }],
  ['InitiateAuth', { userContextData: { encodedData: fingerprint } }],
])('%s with %j (C11, G7)', async (step, options) => {
  const passkey = testPasskey();
  const here = await secretWorld({ firstFactors: ['PASSWORD', 'WEB_AUTHN', 'EMAIL_OTP'], passkey });
  const isFirst = step === 'InitiateAuth' || step.startsWith('USER_');
  const endpoint = await echoing(here, isFirst ? step : `"ChallengeName":"${step}"`);
  const onChallenge = ({ name, parameters }: Challenge): ChallengeAnswer | undefined => {
    const { CREDENTIAL_REQUEST_OPTIONS: asked } = parameters;
    if (asked !== undefined) return passkey.answer(asked);
    return name === 'EMAIL_OTP' ? wrongCode : undefined;
  };
  const error = await failureOf(another(here, { endpoint, onChallenge, ...options }).getToken());
  expect(error.message).toContain('You sent [redacted]');
  expect(leaks(error, [...secretsOf(here), fingerprint])).toEqual([]);
});

it('DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER (C11)', async () => {
  for (const step of ['DEVICE_SRP_AUTH', 'DEVICE_PASSWORD_VERIFIER']) {
    const here = await secretWorld({});
    const initialToken = await here.authorizer.getToken();
    const endpoint = await echoing(here, step);
    here.pool.revokeAll();
    const error = await failureOf(another(here, { endpoint, initialToken }).getToken({ force: true }));
    expect(error.message).toContain('You sent [redacted]');
    expect(leaks(error, secretsOf(here))).toEqual([]);
  }
});

it('GetTokensFromRefreshToken, where the client secret goes in plain (C11)', async () => {
  const here = await secretWorld({});
  const initialToken = await here.authorizer.getToken();
  const endpoint = await echoing(here, 'GetTokensFromRefreshToken');
  const error = await failureOf(another(here, { endpoint, initialToken }).getToken({ force: true }));
  expect(error.message).toContain('You sent [redacted]');
  expect(leaks(error, secretsOf(here))).toEqual([]);
});

it.each(['ConfirmDevice', 'RevokeToken', 'GlobalSignOut'])(
  '%s, which only the observer is told of (C11)',
  async (step) => {
    const here = await secretWorld({});
    const endpoint = await echoing(here, step);
    const signOut = step === 'GlobalSignOut' ? 'everywhere' : 'session';
    const authorizer = another(here, { endpoint, signOut });
    const token = await authorizer.getToken();
    await authorizer.logout();
    const held = [token.accessToken, String(token.refreshToken), String(token.idToken)];
    expect(notices(here)).toHaveLength(1);
    expect(notices(here)[0]).toContain('[redacted]');
    expect(leaks(here.events, [...secretsOf(here), ...held])).toEqual([]);
  },
);
