// What a token says, and whether that is what an API asks for.
import { AuthenticationError } from '@axios-authorizer/core';
import { parseObject, recordOf } from '@axios-authorizer/core/extend';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    /** The token is not of this pool, client or kind, or its signature does not fit: answer 401. */
    token_invalid: true;
    /** The token has expired: answer 401, and the caller refreshes it. */
    token_expired: true;
    /** The token is good, but its user lacks the group or scope that is asked for: answer 403. */
    token_insufficient: true;
    /**
     * The token names a key that was not in the key set a moment ago: answer 503, it is read again after
     * `retryAfterMs`.
     */
    keys_not_read_yet: true;
  }
}

/** The claims of a token that was found good. */
export interface CognitoClaims {
  /** The user's id in the pool, a UUID; for client credentials that of the app client. */
  readonly sub: string;
  /** The pool that issued it, as a URL. */
  readonly iss: string;
  /** When it ends, in seconds since the epoch. */
  readonly exp: number;
  /** Which kind of token it is. */
  readonly token_use: 'access' | 'id';
  /** What an access token may be used for, blank-separated; absent from id tokens. */
  readonly scope?: string;
  /** The user's groups in the pool; absent when there are none. */
  readonly 'cognito:groups'?: readonly string[];
  readonly [claim: string]: unknown;
}

/** What the claims of a good token are measured by. */
export interface Expected {
  readonly issuer: string;
  readonly tokenUse: 'access' | 'id' | 'either';
  readonly clients: readonly string[];
  readonly groups: readonly string[] | undefined;
  readonly scopes: readonly string[] | undefined;
  readonly leewayMs: number;
}

/** @throws AuthenticationError `token_invalid` for what is no JWT that names its key */
export function kidOf(token: unknown): string {
  const { kid } = partOf(token, 0);
  if (typeof kid !== 'string' || kid === '') throw invalid('it is no signed JWT with a key id');
  return kid;
}

/** What the token says, before anything of it is trusted. */
export function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  return partOf(token, 1);
}

function partOf(token: unknown, index: 0 | 1): Readonly<Record<string, unknown>> {
  const part = typeof token === 'string' ? token.split('.', 2)[index] : undefined;
  return parseObject(Buffer.from(part ?? '', 'base64url').toString()) ?? {};
}

/**
 * Judges the claims of a token whose signature is good.
 * @param nowMs since the epoch; whole seconds count (RFC 7519 sections 4.1.4 and 4.1.5)
 * @throws AuthenticationError `token_expired`, `token_invalid`, or `token_insufficient` for want of a group or scope
 */
export function judged(given: unknown, expected: Expected, nowMs: number): CognitoClaims {
  const claims = recordOf(given);
  if (claims['iss'] !== expected.issuer) throw invalid(`it was not issued by ${expected.issuer}`);
  assertTime(claims, Math.floor(nowMs / 1000), expected.leewayMs / 1000);
  assertUse(claims, expected);
  assertAnyOf(expected.groups, claims['cognito:groups'], 'group');
  assertAnyOf(expected.scopes, wordsIn(claims['scope']), 'scope');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just checked
  return claims as CognitoClaims;
}

function assertTime({ exp, nbf }: Readonly<Record<string, unknown>>, nowS: number, leewayS: number): void {
  if (typeof exp !== 'number') throw invalid('it has no expiry');
  if (nowS >= exp + leewayS)
    throw new AuthenticationError('The token has expired', { code: 'token_expired', kind: 'session' });
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= nowS + leewayS)) throw invalid('it is not yet valid');
}

function assertUse(claims: Readonly<Record<string, unknown>>, { tokenUse, clients }: Expected): void {
  const { token_use: use, aud, client_id: client } = claims;
  const uses: readonly unknown[] = tokenUse === 'either' ? ['access', 'id'] : [tokenUse];
  if (!uses.includes(use)) throw invalid(`it is no ${uses.join(' or ')} token`);
  const issuedTo = use === 'id' ? aud : client;
  if (typeof issuedTo !== 'string' || !clients.includes(issuedTo)) throw invalid('it was issued to another client');
}

function assertAnyOf(wanted: readonly string[] | undefined, has: unknown, what: string): void {
  const named: readonly unknown[] = Array.isArray(has) ? has : [];
  if (wanted !== undefined && !wanted.some((one) => named.includes(one)))
    throw new AuthenticationError(`The token is good, but lacks the ${what}: ${wanted.join(' or ')}`, {
      code: 'token_insufficient',
      kind: 'credentials',
    });
}

function wordsIn(scope: unknown): readonly string[] {
  return typeof scope === 'string' ? scope.split(' ') : [];
}

/** What the program's own check says. @throws what the check throws; `token_invalid` for anything but true */
export async function passes(
  check: ((claims: CognitoClaims) => boolean | Promise<boolean>) | undefined,
  claims: CognitoClaims,
): Promise<CognitoClaims> {
  const answer: unknown = check === undefined || (await check(claims));
  if (answer !== true) throw invalid('the `check` of the verifier says no');
  return claims;
}

/** What jsonwebtoken says of a signature. */
export function refusedBy(error: unknown): AuthenticationError {
  return invalid(String(recordOf(error)['message'] ?? error));
}

export function invalid(why: string): AuthenticationError {
  return new AuthenticationError(`The token is not accepted: ${why}`, { code: 'token_invalid', kind: 'credentials' });
}
