// Verifies the tokens of a user pool, for the API behind it: @axios-authorizer/cognito/verify. Node only.
import type { KeyObject } from 'node:crypto';
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, isSecureUrl, recordOf, systemClock } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';
import type { JwksCache, OptionTable } from '@axios-authorizer/core/extend';
import { poolKeys } from './pool-keys.js';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    token_invalid: true;
    token_expired: true;
  }
}

export interface CognitoVerifierOptions {
  /** Such as "eu-west-1_AbC123". */
  readonly userPoolId: string;
  /** The app clients whose tokens count. */
  readonly clientId: string | readonly string[];
  /** Which kind of token counts. */
  readonly tokenUse: 'access' | 'id';
  /** Default: AWS's, for the pool. */
  readonly issuer?: string | undefined;
  /** The key set: https, or http on this machine. Default: `.well-known/jwks.json` of the issuer. */
  readonly jwksUri?: string | undefined;
  /** Lets the key set be read over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** How much clocks may differ, in ms. Default: 0. */
  readonly leewayMs?: number | undefined;
  /** How the key set is fetched: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const OPTIONS: OptionTable<CognitoVerifierOptions> = {
  userPoolId: 'string',
  clientId: 'any',
  tokenUse: ['access', 'id'],
  issuer: 'string',
  jwksUri: 'string',
  allowInsecure: 'any',
  leewayMs: 'any',
  transport: 'object',
  clock: 'clock',
};

/** The claims of a token that was found good. */
export interface CognitoClaims {
  readonly sub: string;
  readonly iss: string;
  readonly exp: number;
  readonly token_use: 'access' | 'id';
  readonly [claim: string]: unknown;
}

/**
 * A verifier that keeps the pool's keys: the key set is read again when a token has a key id that is not in it or a signature
 * that does not fit, at most once a minute, and in the background every five minutes, so that a key which left it is forgotten.
 * RS256 only; `iss`, `exp`, `token_use`, and `aud` (id token) or `client_id` (access token) must fit.
 * @returns a function that returns the claims of a good token, and throws AuthenticationError: `token_expired`,
 *   `token_invalid`, or of kind `unavailable` when the keys cannot be read
 * @throws ConfigurationError when an option cannot work
 */
export function cognitoVerifier(given: CognitoVerifierOptions): (token: string) => Promise<CognitoClaims> {
  const options = checkOptions(given, 'cognitoVerifier', OPTIONS);
  const { userPoolId, issuer = issuerOf(userPoolId), clock = systemClock, leewayMs = 0 } = options;
  const clients = typeof options.clientId === 'string' ? [options.clientId] : options.clientId;
  if (!Array.isArray(clients) || clients.length === 0 || clients.includes(''))
    throw new ConfigurationError('clientId is empty: whose tokens count?');
  if (options.tokenUse === undefined)
    throw new ConfigurationError("cognitoVerifier needs `tokenUse`: 'access' or 'id'");
  const { jwksUri = `${issuer}/.well-known/jwks.json`, allowInsecure, transport } = options;
  assertUsable({ issuer, jwksUri, leewayMs, allowInsecure });
  const keys = poolKeys({ jwksUri, allowInsecure, transport, clock });
  return async (token) => {
    const expected = { issuer, clockTolerance: leewayMs / 1000, now: clock.now() };
    return judged(await claimsOf(token, keys, expected), clients, options.tokenUse);
  };
}

/** A bad signature may mean that another key stands under the id by now: the key set is read once more for it. */
async function claimsOf(token: string, keys: JwksCache<KeyObject>, expected: Expected): Promise<unknown> {
  const kid = kidOf(token);
  const key = await keys.find(kid);
  if (key === undefined) throw invalid('it is signed with a key that the user pool does not have');
  try {
    return await signedClaims(token, key, expected);
  } catch (error) {
    const other = isBadSignature(error) ? await keys.findAgain(kid) : undefined;
    if (other === undefined) throw refusedBy(error);
    return await signedClaims(token, other, expected).catch((again: unknown) => Promise.reject(refusedBy(again)));
  }
}

function assertUsable({ issuer, jwksUri, leewayMs, allowInsecure }: Usable): void {
  if (issuer === '') throw new ConfigurationError('issuer is empty; where is it read from?');
  if (!isSecureText(jwksUri, allowInsecure))
    throw new ConfigurationError('jwksUri must be an https URL, or http on this machine or with allowInsecure');
  if (!(leewayMs >= 0 && leewayMs < Infinity))
    throw new ConfigurationError('leewayMs must be a finite number of at least 0');
}

interface Usable {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly leewayMs: number;
  readonly allowInsecure: boolean | undefined;
}

function isSecureText(url: string, allowInsecure: boolean | undefined): boolean {
  try {
    return isSecureUrl(new URL(url), allowInsecure);
  } catch {
    return false;
  }
}

/** Verifies one token, reading the key set for it; `cognitoVerifier` serves many. Throws as that does. */
export async function verifyCognitoToken(token: string, options: CognitoVerifierOptions): Promise<CognitoClaims> {
  return cognitoVerifier(options)(token);
}

function issuerOf(userPoolId: string): string {
  const region = /^([a-z]+(?:-[a-z]+)+-\d+)_\w+$/.exec(userPoolId)?.[1];
  if (region === undefined)
    throw new ConfigurationError('userPoolId must be like eu-west-1_AbC123; where is it read from?');
  return `https://cognito-idp.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/${userPoolId}`;
}

function kidOf(token: unknown): string {
  const [header = ''] = String(token).split('.');
  try {
    const { kid } = recordOf(JSON.parse(Buffer.from(header, 'base64url').toString()));
    if (typeof kid === 'string' && kid !== '') return kid;
  } catch {
    // said below
  }
  throw invalid('it is no signed JWT with a key id');
}

interface Expected {
  readonly issuer: string;
  /** In seconds. */
  readonly clockTolerance: number;
  readonly now: number;
}

async function signedClaims(
  token: string,
  key: KeyObject,
  { issuer, clockTolerance, now }: Expected,
): Promise<unknown> {
  const { default: jwt } = await import('jsonwebtoken');
  const clockTimestamp = Math.floor(now / 1000);
  return jwt.verify(token, key, { algorithms: ['RS256'], issuer, clockTolerance, clockTimestamp });
}

function isBadSignature(error: unknown): boolean {
  return recordOf(error)['message'] === 'invalid signature';
}

function refusedBy(error: unknown): AuthenticationError {
  const { name, message } = recordOf(error);
  if (name === 'TokenExpiredError')
    return new AuthenticationError('The token has expired', { code: 'token_expired', kind: 'session' });
  return invalid(String(message));
}

function judged(claims: unknown, clients: readonly string[], tokenUse: 'access' | 'id'): CognitoClaims {
  const { token_use: use, aud, client_id: client, exp } = recordOf(claims);
  if (use !== tokenUse) throw invalid(`it is no ${tokenUse} token`);
  if (typeof exp !== 'number') throw invalid('it has no end');
  const issuedTo = tokenUse === 'id' ? aud : client;
  if (typeof issuedTo !== 'string' || !clients.includes(issuedTo)) throw invalid('it was issued to another client');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- just checked
  return claims as CognitoClaims;
}

function invalid(why: string): AuthenticationError {
  return new AuthenticationError(`The token is not accepted: ${why}`, { code: 'token_invalid', kind: 'credentials' });
}
