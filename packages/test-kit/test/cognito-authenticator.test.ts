// Authenticator apps: how one is set up in the middle of a sign-in, and which codes it shows.

import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import { totp } from '../src/cognito/steps/totp.js';
import { call, fault, respond, sessionOf, signIn } from './cognito-client.js';
import type { CognitoPool, CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { Parameters } from './cognito-client.js';

const password = 'Passw0rd!';
const mismatch = '400 CodeMismatchException: Invalid code or auth state for the user.';
const usedUp = '400 NotAuthorizedException: Invalid session for the user, session can only be used once.';
let clock: ManualClock;
let pool: CognitoPool;

/** The first challenge after the password. */
async function challenged(user: Partial<CognitoPoolUser>): Promise<Asked> {
  clock = new ManualClock();
  pool = await startCognitoPool({ users: [{ username: 'alice', password, ...user }], clock });
  return signIn(pool, 'alice', { password, at: clock.now() });
}

function answer(name: string, Session: string, responses: Parameters): Promise<Asked> {
  return respond(pool, name, { Session, USERNAME: 'alice', ...responses });
}

afterEach(() => pool.stop());

test('an authenticator is set up with the Sessions handed from call to call (G2)', async () => {
  const first = sessionOf(await challenged({ mfaSetup: true }));
  const associated = await call(pool, 'AssociateSoftwareToken', { Session: first });
  const secretCode = String(associated.json?.['SecretCode']);
  expect(fault(await call(pool, 'AssociateSoftwareToken', { Session: first }))).toBe(usedUp);
  const Session = sessionOf(associated);
  expect(fault(await answer('MFA_SETUP', Session, {}))).toContain('400 InvalidParameterException');
  const wrong = await call(pool, 'VerifySoftwareToken', { Session, UserCode: '000000x' });
  expect(fault(wrong)).toContain('400 EnableSoftwareTokenMFAException: Code mismatch');
  const UserCode = totp(secretCode, clock.now());
  expect(pool.code('alice')).toBe(UserCode);
  const verified = await call(pool, 'VerifySoftwareToken', { Session, UserCode, FriendlyDeviceName: 'phone' });
  expect(verified.json).toMatchObject({ Status: 'SUCCESS' });
  expect((await answer('MFA_SETUP', sessionOf(verified), {})).status).toBe(200);
  expect((await signIn(pool, 'alice', { password, at: clock.now() })).json).toMatchObject({
    ChallengeName: 'SOFTWARE_TOKEN_MFA',
  });
});

test('no authenticator is set up with the Session of another challenge', async () => {
  const Session = sessionOf(await challenged({ mfa: 'SMS_MFA' }));
  const refused = await call(pool, 'AssociateSoftwareToken', { Session });
  expect(fault(refused)).toBe('400 NotAuthorizedException: Invalid session for the user.');
});

test.each([
  [59_000, '287082'],
  [1_111_111_109_000, '081804'],
  [1_234_567_890_000, '005924'],
  [20_000_000_000_000, '353130'],
])('the authenticator’s code at %d ms is that of RFC 6238, appendix B', (ms, code) => {
  expect(totp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', ms)).toBe(code);
});

test('an authenticator may be half a minute early or late, not a whole one', async () => {
  const session = sessionOf(await challenged({ mfa: 'SOFTWARE_TOKEN_MFA' }));
  const code = pool.code('alice');
  await clock.advance(60_000);
  expect(fault(await answer('SOFTWARE_TOKEN_MFA', session, { SOFTWARE_TOKEN_MFA_CODE: code }))).toBe(mismatch);
  clock.set(clock.now() - 30_000);
  expect((await answer('SOFTWARE_TOKEN_MFA', session, { SOFTWARE_TOKEN_MFA_CODE: code })).status).toBe(200);
});
