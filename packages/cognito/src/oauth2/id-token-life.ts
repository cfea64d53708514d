// A token whose id token is what is used ends with that.
import { expiresInSeconds, jwtClaims } from '@axios-authorizer/core/extend';
import type { Token } from '@axios-authorizer/core';

/** By the server's own clock, so that ours does not matter. */
export function endingWithItsIdToken(token: Token): Token {
  const { exp, iat } = jwtClaims(token.idToken ?? '') ?? {};
  const seconds = typeof exp === 'number' && typeof iat === 'number' ? expiresInSeconds(exp - iat) : undefined;
  if (seconds === undefined || !token.issuedAt) return token;
  return { ...token, expiresAt: new Date(token.issuedAt.getTime() + seconds * 1000) };
}
