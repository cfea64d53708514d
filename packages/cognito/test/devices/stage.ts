// What the tests of remembered devices have in common: a pool that tracks them, and sign-ins that begin anew.
import { another, world } from '../stage.js';
import type { CognitoPoolOptions } from '@axios-authorizer/test-kit';
import type { Challenge, CognitoToken, SRPAuthorizer, SRPAuthorizerOptions } from '../../src/index.js';
import type { World, WorldOptions } from '../stage.js';

export interface Tracked extends World {
  /** What the hook was asked for. */
  readonly questions: readonly string[];
}

/** A world whose user has MFA by SMS, unless something is said of her, and a hook that knows the code. */
export async function tracked(
  deviceTracking: NonNullable<CognitoPoolOptions['deviceTracking']>,
  given: WorldOptions = {},
): Promise<Tracked> {
  const questions: string[] = [];
  const onChallenge = ({ name }: Challenge): string => {
    questions.push(name);
    return here.pool.code('alice');
  };
  const here = await world({
    ...given,
    user: given.user ?? { mfa: 'SMS_MFA' },
    pool: { deviceTracking, ...given.pool },
    options: { onChallenge, ...given.options },
  });
  return { ...here, questions };
}

/** A sign-in from the start: the session is over everywhere. */
export function signInAnew({ pool }: Pick<World, 'pool'>, authorizer: SRPAuthorizer): Promise<CognitoToken> {
  pool.revokeAll();
  return authorizer.getToken({ force: true });
}

/** An authorizer as a new process makes it, with what it has kept of the last one. */
export function resumed(
  here: World,
  initialToken: CognitoToken,
  changes?: Partial<SRPAuthorizerOptions>,
): SRPAuthorizer {
  return another(here, { initialToken, ...changes });
}
