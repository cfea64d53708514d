// Verifies the tokens of user pools, for the API behind them: @axios-authorizer/cognito/verify. Node only.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, isSecureUrl, systemClock } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { claimsOf, invalid, judged, kidOf, passes, refusedBy } from './claims.js';
import type { CognitoClaims, Expected } from './claims.js';
import { PoolKeys } from './pool-keys.js';
import { isBadSignature, Signatures } from './signatures.js';

export type { CognitoClaims } from './claims.js';

/** The options of {@link cognitoVerifier}: the pool, and which of its tokens count. */
export interface CognitoVerifierOptions {
  /** The id of the user pool, such as "eu-west-1_AbC123". */
  readonly userPoolId: string;
  /** The app clients whose tokens count. */
  readonly clientId: string | readonly string[];
  /** Which kind of token counts; 'either' takes both. */
  readonly tokenUse: 'access' | 'id' | 'either';
  /** Groups of the pool, of which the user must be in at least one. Default: none is asked for. */
  readonly groups?: string | readonly string[] | undefined;
  /** Scopes of which an access token must have at least one; an id token has none. Default: none is asked for. */
  readonly scopes?: string | readonly string[] | undefined;
  /** Your own judgement of a token that is good so far: anything but true refuses it; what it throws passes. Default: none. */
  readonly check?: ((claims: CognitoClaims) => boolean | Promise<boolean>) | undefined;
  /** What `iss` of a token must be, for an emulator for instance. Default: AWS's, for the pool. */
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
  tokenUse: ['access', 'id', 'either'],
  groups: 'any',
  scopes: 'any',
  check: 'function',
  issuer: 'string',
  jwksUri: 'string',
  allowInsecure: 'any',
  leewayMs: 'any',
  transport: 'object',
  clock: 'clock',
};

const WHERE = 'cognitoVerifier';

/**
 * A verifier that keeps the pool's keys: the key set is read again when a token has a key id that is not in it or a signature
 * that does not fit, at most once a minute, and in the background every five minutes, so that a key which left it is forgotten.
 * RS256 only; `iss`, `exp`, `nbf`, `token_use`, and `aud` (id token) or `client_id` (access token) must fit. The signature of a
 * token that comes again is not computed again; all else is judged each time.
 * @param given the pool, or a list of pools; the token's `iss` says which of them is meant
 * @returns a function that returns the claims of a good token, and throws AuthenticationError: `token_expired`,
 *   `token_invalid`, `token_insufficient` for a good token that lacks the group or scope, or of kind `unavailable`, with
 *   `retryAfterMs`, when the keys cannot be read (again) yet
 * @throws ConfigurationError when an option cannot work
 * @example
 * ```ts
 * const userPoolId = 'eu-west-1_AbCdEfGhI';
 * const verify = cognitoVerifier({ userPoolId, clientId, tokenUse: 'access', groups: ['admins', 'staff'] });
 * const { sub } = await verify(token.accessToken);
 * ```
 */
export function cognitoVerifier(
  given: CognitoVerifierOptions | readonly CognitoVerifierOptions[],
): (token: string) => Promise<CognitoClaims> {
  const pools = new Map<unknown, Verify>();
  for (const options of isList(given) ? given : [given]) {
    const { issuer, verify } = poolVerifier(options);
    if (pools.has(issuer)) throw new ConfigurationError(`${WHERE} was given the pool of ${issuer} twice`);
    pools.set(issuer, verify);
  }
  const [only, ...others] = pools.values();
  if (only === undefined) throw new ConfigurationError(`${WHERE} was given an empty list of pools`);
  if (others.length === 0) return only;
  return async (token) => {
    kidOf(token); // what is no token at all is told as that
    const verify = pools.get(claimsOf(token)['iss']);
    if (verify === undefined) throw invalid(`it was not issued by ${[...pools.keys()].join(' or ')}`);
    return verify(token);
  };
}

type Verify = (token: string) => Promise<CognitoClaims>;

function poolVerifier(given: CognitoVerifierOptions): { readonly issuer: string; readonly verify: Verify } {
  const options = checkOptions(given, WHERE, OPTIONS);
  const { userPoolId, issuer = issuerOf(userPoolId), check, clock = systemClock } = options;
  const { jwksUri = `${issuer}/.well-known/jwks.json`, allowInsecure, transport } = options;
  assertUsable({ issuer, jwksUri, allowInsecure });
  const expected = expectedBy(options, issuer);
  const keys = new PoolKeys({ jwksUri, allowInsecure, transport, clock });
  const signatures = new Signatures();
  const verify: Verify = async (token) => {
    const claims = await signedClaims(token, keys, signatures);
    return passes(check, judged(claims, expected, clock.now()));
  };
  return { issuer, verify };
}

function expectedBy(options: CognitoVerifierOptions, issuer: string): Expected {
  const { tokenUse, leewayMs = 0 } = options;
  if (tokenUse === undefined) throw new ConfigurationError(`${WHERE} needs \`tokenUse\`: 'access', 'id' or 'either'`);
  if (!(leewayMs >= 0 && leewayMs < Infinity))
    throw new ConfigurationError('leewayMs must be a finite number of at least 0');
  const clients = names(options.clientId);
  if (clients === undefined) throw new ConfigurationError('clientId is empty: whose tokens count?');
  const groups = optionalNames('groups', options.groups);
  const scopes = optionalNames('scopes', options.scopes);
  if (scopes !== undefined && tokenUse === 'id')
    throw new ConfigurationError("`scopes` are asked of access tokens, and tokenUse is 'id': id tokens have none");
  if (scopes?.some((scope) => /\s/.test(scope)))
    throw new ConfigurationError('Each of `scopes` is one scope, and one of them holds a blank: write a list');
  return { issuer, tokenUse, clients, groups, scopes, leewayMs };
}

/** A list that is empty, or holds something empty, would mean nobody or everybody. */
function optionalNames(option: string, given: unknown): readonly string[] | undefined {
  const listed = given === undefined ? [] : names(given);
  if (listed === undefined)
    throw new ConfigurationError(`\`${option}\` must be a name or a list of names, and one is empty; who may pass?`);
  return given === undefined ? undefined : listed;
}

/** One name or several; undefined for what is none. */
function names(given: unknown): readonly string[] | undefined {
  const listed: readonly unknown[] = Array.isArray(given) ? given.slice() : [given];
  const isUsable = listed.length > 0 && listed.every((name) => typeof name === 'string' && name !== '');
  return isUsable ? listed.map(String) : undefined;
}

function isList<One>(given: One | readonly One[]): given is readonly One[] {
  return Array.isArray(given);
}

/** A bad signature may mean that another key stands under the id by now: the key set is read once more for it. */
async function signedClaims(token: string, keys: PoolKeys, signatures: Signatures): Promise<unknown> {
  const kid = kidOf(token);
  const key = await keys.keyFor(kid);
  try {
    return await signatures.claimsOf(token, key);
  } catch (error) {
    const other = isBadSignature(error) ? await keys.otherKeyFor(kid) : undefined;
    if (other === undefined) throw refusedBy(error);
    return await signatures.claimsOf(token, other).catch((again: unknown) => Promise.reject(refusedBy(again)));
  }
}

function assertUsable({ issuer, jwksUri, allowInsecure }: Usable): void {
  if (issuer === '') throw new ConfigurationError('issuer is empty; where is it read from?');
  if (!isSecureText(jwksUri, allowInsecure))
    throw new ConfigurationError('jwksUri must be an https URL, or http on this machine or with allowInsecure');
}

interface Usable {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly allowInsecure: boolean | undefined;
}

function isSecureText(url: string, allowInsecure: boolean | undefined): boolean {
  try {
    return isSecureUrl(new URL(url), allowInsecure);
  } catch {
    return false;
  }
}

/**
 * Verifies one token, reading the key set for it; `cognitoVerifier` serves many. Throws as that does.
 *
 * @example
 * ```ts
 * const claims = await verifyCognitoToken(token.accessToken, {
 *   userPoolId: 'eu-west-1_AbCdEfGhI',
 *   clientId,
 *   tokenUse: 'access',
 * });
 * ```
 */
export async function verifyCognitoToken(
  token: string,
  options: CognitoVerifierOptions | readonly CognitoVerifierOptions[],
): Promise<CognitoClaims> {
  return cognitoVerifier(options)(token);
}

function issuerOf(userPoolId: string): string {
  const region = /^([a-z]+(?:-[a-z]+)+-\d+)_\w+$/.exec(userPoolId)?.[1];
  if (region === undefined)
    throw new ConfigurationError('userPoolId must be like eu-west-1_AbC123; where is it read from?');
  return `https://cognito-idp.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/${userPoolId}`;
}
