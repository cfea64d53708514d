// What the tests of the ways to sign in have in common: a user with every first factor, and a hook that answers and notes.
import { world } from '../stage.js';
import { testPasskey } from '@axios-authorizer/test-kit';
import type { CognitoFirstFactor, CognitoPool, CognitoPoolUser, TestPasskey } from '@axios-authorizer/test-kit';
import type { Challenge, ChallengeAnswer, SRPAuthorizerOptions } from '../../src/index.js';
import type { World } from '../stage.js';

export const firstFactors: readonly CognitoFirstFactor[] = [
  'PASSWORD_SRP',
  'PASSWORD',
  'EMAIL_OTP',
  'SMS_OTP',
  'WEB_AUTHN',
];
/** A question in the place of a second factor. */
export const custom = [{ parameters: { question: '6 * 9' }, answer: '42' }];

export interface Scene extends World {
  /** What the hook was asked, in order. */
  readonly questions: readonly Challenge[];
  readonly passkey: TestPasskey;
}

export interface SceneOptions {
  readonly user?: Partial<CognitoPoolUser>;
  readonly options?: Partial<SRPAuthorizerOptions>;
  readonly answer?: (challenge: Challenge, pool: CognitoPool, passkey: TestPasskey) => ChallengeAnswer | undefined;
}

/** A pool with one user whose name within it is another, and an authorizer that signs in by the e-mail address. */
export async function scene({ user, options, answer = () => undefined }: SceneOptions): Promise<Scene> {
  const questions: Challenge[] = [];
  const passkey = testPasskey();
  const here = await world({
    user: { internalUsername: 'b1a0', firstFactors, passkey, ...user },
    client: { clientSecret: 'the-secret-of-the-app-client' },
    options: {
      username: 'alice@example.org',
      onChallenge: (challenge) => {
        questions.push(challenge);
        return answer(challenge, here.pool, passkey);
      },
      ...options,
    },
  });
  return { ...here, questions, passkey };
}
