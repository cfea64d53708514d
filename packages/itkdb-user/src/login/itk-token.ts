// A login to the production database: its bearer is the id token.
import { createHash } from 'node:crypto';
import { jwtClaims, recordOf, asString } from '@axios-authorizer/core/extend';
import type { Token } from '@axios-authorizer/core';

/** A login to the production database: the id token is the bearer. */
export interface ItkToken extends Token {
  /** The id token, verified when it came; it follows "Bearer ". */
  readonly idToken: string;
  /** The user's identity in Unicorn, such as "23-2145-1"; "" when the id token does not say. */
  readonly identity: string;
  /** The user's name; "" when the id token does not say. */
  readonly name: string;
  /** Whom the login is for: ITKDB_ACCESS_AUDIENCE at that time. */
  readonly audience: string;
}

/** The claims of a login's id token, unverified: it was verified when it came. */
export function claimsOf(token: ItkToken | undefined): Readonly<Record<string, unknown>> {
  return token === undefined ? {} : (jwtClaims(token.idToken) ?? {});
}

/** What tells secrets apart without showing them. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** Seconds until `token` ends, never below 0; the part of a second that has begun does not count. */
export function secondsLeft({ expiresAt }: Pick<Token, 'expiresAt'>, now: number): number {
  return expiresAt === undefined ? 0 : Math.max(0, Math.floor((expiresAt.getTime() - now) / 1000));
}

/** The login out of what the service granted, and the claims that were verified. */
export function loginOf(granted: unknown, claims: unknown, { sentAt, audience }: Sent): ItkToken {
  const { access_token: accessToken, id_token: idToken } = recordOf(granted);
  const { uuidentity, name, exp } = recordOf(claims);
  return {
    accessToken: asString(accessToken) ?? '',
    idToken: asString(idToken) ?? '',
    identity: asString(uuidentity) ?? '',
    name: asString(name) ?? '',
    audience,
    expiresAt: new Date(Number(exp) * 1000),
    issuedAt: new Date(sentAt),
  };
}

interface Sent {
  readonly sentAt: number;
  readonly audience: string;
}
