// A sign-in that stops here and is finished in another process, which has the challenge as JSON and nothing else: neither
// the user's name nor the password. Both builds, since the two processes need not be of one kind.
import { ChallengeRequiredError, SRPAuthorizer } from '@axios-authorizer/cognito';
import { ManualClock, startCognitoPool } from '@axios-authorizer/test-kit';
import type { Challenge } from '@axios-authorizer/cognito';
import type { CognitoPool, CognitoPoolUser } from '@axios-authorizer/test-kit';
import { execFile } from 'node:child_process';
import { dirname } from 'node:path';

const clientInfo = { clientId: 'test-client' };
const person = { username: 'alice', password: 'Correct-Horse-1' };

/** Answers on its output what became of the question on its input. */
const script = `
  const read = async () => { let text = ''; for await (const part of process.stdin) text += part; return JSON.parse(text); };
  read().then(async ({ pool, challenge, answer }) => {
    const authorizer = new SRPAuthorizer({ clientId: 'test-client' }, pool);
    const outcome = await authorizer.answerChallenge(challenge, answer).then(
      ({ username, accessToken }) => ({ username, accessToken }),
      ({ name, code, kind, challenge }) => ({ name, code, kind, challenge }));
    console.log(JSON.stringify(outcome));
  });`;
const loads = {
  module: "import { SRPAuthorizer } from '@axios-authorizer/cognito';",
  commonjs: "const { SRPAuthorizer } = require('@axios-authorizer/cognito');",
} as const;
type Kind = keyof typeof loads;

interface Outcome {
  readonly username?: string;
  readonly accessToken?: string;
  readonly name?: string;
  readonly code?: string;
  readonly kind?: string;
  readonly challenge?: Challenge;
}

let pool: CognitoPool;
let clock: ManualClock;

/** A pool, and the challenge at which its user's sign-in stops here. */
async function stopped(user: Partial<CognitoPoolUser>): Promise<Challenge> {
  clock = new ManualClock(Date.now());
  pool = await startCognitoPool({ clock, users: [{ ...person, ...user }] });
  const { poolId: userPoolId, endpoint } = pool;
  const error: unknown = await new SRPAuthorizer(clientInfo, { userPoolId, endpoint, ...person, clock })
    .getToken()
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ChallengeRequiredError);
  return (error as ChallengeRequiredError).challenge;
}

afterEach(() => pool.stop());

/** What a process of its own makes of the challenge. */
function elsewhere(kind: Kind, challenge: Challenge | undefined, answer: unknown): Promise<Outcome> {
  const { poolId: userPoolId, endpoint } = pool;
  const args = [`--input-type=${kind}`, '-e', loads[kind] + script];
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, args, { cwd: dirname(__dirname), timeout: 20_000 }, (error, stdout) => {
      if (error) reject(error);
      else resolve(JSON.parse(stdout) as Outcome);
    });
    child.stdin?.end(JSON.stringify({ pool: { userPoolId, endpoint }, challenge, answer }));
  });
}

describe.each<Kind>(['module', 'commonjs'])('a process with the build for %s', (kind) => {
  it('answers a code that was asked for here, and gets the tokens (G2)', async () => {
    const challenge = await stopped({ mfa: 'SMS_MFA' });
    const { username, accessToken } = await elsewhere(kind, challenge, pool.code('alice'));
    expect(username).toBe('alice');
    expect(pool.valid(String(accessToken))).toBe(true);
    expect(pool.count('InitiateAuth')).toBe(1);
  });

  it('sets up an authenticator app with the secret that came along (G2)', async () => {
    const challenge = await stopped({ mfaSetup: true });
    expect(await elsewhere(kind, challenge, pool.code('alice'))).toMatchObject({ username: 'alice' });
    expect(pool.count('AssociateSoftwareToken')).toBe(1);
  });

  it('hands the next challenge on to a third process (G2)', async () => {
    const challenge = await stopped({ mustChangePassword: true, mfa: 'EMAIL_OTP' });
    const attributes = { NEW_PASSWORD: 'Brand-New-Horse-2', 'userAttributes.name': 'Alice' };
    const next = await elsewhere(kind, challenge, attributes);
    expect(next).toMatchObject({ name: 'ChallengeRequiredError', challenge: { name: 'EMAIL_OTP' } });
    expect(await elsewhere(kind, next.challenge, pool.code('alice'))).toMatchObject({ username: 'alice' });
  });

  it('is told of a wrong code, twice, and the right one is still taken (G2)', async () => {
    const challenge = await stopped({ mfa: 'SMS_MFA' });
    for (const code of ['first wrong', 'second wrong'])
      expect(await elsewhere(kind, challenge, code)).toMatchObject({ code: 'wrong_code', kind: 'credentials' });
    expect(await elsewhere(kind, challenge, pool.code('alice'))).toMatchObject({ username: 'alice' });
  });

  it('comes too late after three minutes: begin again (G2)', async () => {
    const challenge = await stopped({ mfa: 'SMS_MFA' });
    const code = pool.code('alice');
    await clock.advance(180_000);
    expect(await elsewhere(kind, challenge, code)).toMatchObject({ code: 'challenge_expired', kind: 'credentials' });
  });
});
