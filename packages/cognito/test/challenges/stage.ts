// What the tests of challenges have in common: people who answer so and so, and sign-ins that stopped for want of an answer.
import { another, failureOf, world } from '../stage.js';
import type { CognitoPool, CognitoPoolUser } from '@axios-authorizer/test-kit';
import type { AuthFlow, Challenge, ChallengeAnswer, SRPAuthorizer } from '../../src/index.js';
import type { World } from '../stage.js';

export const bySms = { mfa: 'SMS_MFA' } as const;
/** The operations before the first challenge. */
export const begun = ['InitiateAuth USER_SRP_AUTH', 'RespondToAuthChallenge PASSWORD_VERIFIER'] as const;

export interface Asked extends World {
  /** What the hook was asked, in order. */
  readonly questions: readonly Challenge[];
}

type Answer = ChallengeAnswer | undefined | Promise<ChallengeAnswer | undefined>;

/** A world whose hook answers so. */
export async function answering(
  user: Partial<CognitoPoolUser>,
  answer: (challenge: Challenge, pool: CognitoPool) => Answer,
): Promise<Asked> {
  const questions: Challenge[] = [];
  const onChallenge = (challenge: Challenge): Answer => {
    questions.push(challenge);
    return answer(challenge, here.pool);
  };
  const here = await world({ user, options: { onChallenge, authFlow: flowFor(user) } });
  return { ...here, questions };
}

/** An application asks its own questions in a flow of their own. */
function flowFor({ custom }: Partial<CognitoPoolUser>): AuthFlow {
  return custom === undefined ? 'USER_SRP_AUTH' : 'CUSTOM_AUTH';
}

export const RIGHT: unique symbol = Symbol('the right code');

/** A person who types these one after the other, and the last one for ever. */
export function typing(
  user: Partial<CognitoPoolUser>,
  ...typed: readonly (ChallengeAnswer | typeof RIGHT | undefined)[]
): Promise<Asked> {
  const left = [...typed];
  return answering(user, (_, pool) => {
    const answer = left.length > 1 ? left.shift() : left[0];
    return answer === RIGHT ? pool.code('alice') : answer;
  });
}

export interface Stopped extends World {
  /** As it arrives elsewhere: through JSON. */
  readonly challenge: Challenge;
}

export function sent(challenge: Challenge): Challenge {
  return JSON.parse(JSON.stringify(challenge)) as Challenge;
}

/** A sign-in that stopped at its first challenge. */
export async function stopped(user: Partial<CognitoPoolUser>): Promise<Stopped> {
  const here = await world({ user, options: { authFlow: flowFor(user) } });
  const { challenge } = await failureOf(here.authorizer.getToken());
  return { ...here, challenge: sent(challenge) };
}

/** An authorizer that knows neither the user nor the password. */
export function elsewhere(here: Pick<World, 'clientInfo' | 'options'>): SRPAuthorizer {
  return another(here, { username: undefined, password: undefined });
}
