// What the tests of refreshing begin with: somebody who signed in some time ago, whose access token has ended by now.
import type { CognitoPool } from '@axios-authorizer/test-kit';
import type { CognitoToken } from '../../src/index.js';
import { asked, world } from '../stage.js';
import type { World, WorldOptions } from '../stage.js';

/** The life of an access token in these tests. */
export const lifeMs = 300_000;
export const dayMs = 86_400_000;
export const rotating = { refreshRotation: { graceSeconds: 60 } } as const;
export const refresh = 'GetTokensFromRefreshToken';
export const oldRefresh = 'InitiateAuth REFRESH_TOKEN_AUTH';
export const signIn: readonly string[] = ['InitiateAuth USER_SRP_AUTH', 'RespondToAuthChallenge PASSWORD_VERIFIER'];

export interface SignedIn extends World {
  /** The token of the sign-in. */
  readonly first: CognitoToken;
}

export async function signedIn(given: WorldOptions = {}): Promise<SignedIn> {
  const scene = await world(given);
  return { ...scene, first: await scene.authorizer.getToken() };
}

/** Signed in, and the access token has ended since; each acquisition is one try unless `maxRetries` is given. */
export async function ended(given: WorldOptions = {}): Promise<SignedIn> {
  const scene = await signedIn({ ...given, options: { maxRetries: 0, ...given.options } });
  later(scene, lifeMs);
  return scene;
}

export function later({ clock }: Pick<World, 'clock'>, ms: number): void {
  clock.set(clock.now() + ms);
}

/** What was asked after the sign-in. */
export function askedSince({ pool }: Pick<World, 'pool'>): readonly string[] {
  return asked(pool).slice(signIn.length);
}

/** The refresh tokens that were sent, in order, whichever way. */
export function sentRefreshTokens({ operations }: Pick<CognitoPool, 'operations'>): readonly unknown[] {
  return operations.flatMap(({ body }) => {
    const { REFRESH_TOKEN } = (body['AuthParameters'] ?? {}) as Readonly<Record<string, unknown>>;
    return [body['RefreshToken'], REFRESH_TOKEN].filter((token) => token !== undefined);
  });
}
