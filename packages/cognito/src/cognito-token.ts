// A token of a user pool, out of an AuthenticationResult.
import { AuthenticationError } from '@axios-authorizer/core';
import { omitUndefined, expiresInSeconds, jwtClaims, recordOf, asString } from '@axios-authorizer/core/extend';
import type { Token } from '@axios-authorizer/core';

/** A device that the pool remembers; its password is a secret. */
export interface CognitoDevice {
  /** The device key, as the pool issued it. */
  readonly key: string;
  /** The device group key, as the pool issued it. */
  readonly groupKey: string;
  /** Proves the device; made here, and known to nobody else. A secret. */
  readonly password: string;
}

/** Whether it has all that a device needs to prove itself. */
export function isDevice(value: unknown): value is CognitoDevice {
  const { key, groupKey, password } = recordOf(value);
  return [key, groupKey, password].every((text) => asString(text) !== undefined);
}

/** A token of a user pool, with whose it is. */
export interface CognitoToken extends Token {
  /** The user's name within the pool. */
  readonly username: string;
  /** The device that it is bound to; absent where the pool remembers none. */
  readonly device?: CognitoDevice;
}

/** Which of the two tokens an API wants. */
export type TokenUse = 'access' | 'id';

/** @throws AuthenticationError when there is no access token in it */
export function tokenOf(
  result: unknown,
  { sentAt, tokenUse }: { readonly sentAt: number; readonly tokenUse: TokenUse },
): CognitoToken {
  const { AccessToken, IdToken, RefreshToken, ExpiresIn } = recordOf(result);
  const accessToken = asString(AccessToken);
  const idToken = asString(IdToken);
  if (accessToken === undefined || (tokenUse === 'id' && idToken === undefined)) throw incomplete(tokenUse);
  const ofIdToken = tokenUse === 'id' && idToken !== undefined ? lifeOf(idToken) : undefined;
  const lifeS = ofIdToken ?? expiresInSeconds(ExpiresIn) ?? lifeOf(accessToken);
  return {
    accessToken,
    username: usernameIn(accessToken),
    tokenType: 'Bearer',
    issuedAt: new Date(sentAt),
    ...omitUndefined({
      idToken,
      refreshToken: asString(RefreshToken),
      expiresAt: lifeS === undefined ? undefined : new Date(sentAt + lifeS * 1000),
    }),
  };
}

/** In seconds, by the pool's own clock, so that ours does not matter. */
function lifeOf(jwt: string): number | undefined {
  const { exp, iat } = jwtClaims(jwt) ?? {};
  return typeof exp === 'number' && typeof iat === 'number' ? expiresInSeconds(exp - iat) : undefined;
}

function usernameIn(accessToken: string): string {
  const { username, sub } = jwtClaims(accessToken) ?? {};
  return asString(username) ?? asString(sub) ?? '';
}

function incomplete(tokenUse: TokenUse): AuthenticationError {
  return new AuthenticationError(`The answer of the user pool holds no ${tokenUse} token`, {
    code: 'invalid_response',
    kind: 'unavailable',
  });
}
