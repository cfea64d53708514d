// Asks a token endpoint for a token (RFC 6749 sections 3.2, 5.1 and 5.2), for every grant alike.
import { postForm } from './http.js';
import type { ClientAuth, EndpointAnswer, Transport } from './http.js';
import type { Clock } from '../internal/clock.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { endpointError, malformed, serverTimeMs, shown } from './endpoint-error.js';
import { jwtExpiry } from '../token/jwt.js';
import { omitUndefined, parseObject, asString } from '../internal/records.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import type { ProofOfPossession } from '../token/proof.js';
import type { Token } from '../token/token.js';

/** The options of {@link requestToken}: one request for a token. */
export interface RequestTokenOptions {
  /** The token endpoint: https, or http on this machine; a query is kept. */
  readonly url: string;
  /** Lets the request go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** The parameters of the grant; `grant_type` must be among them. */
  readonly body: URLSearchParams;
  /** How the client authenticates, anew on each attempt. Default: not at all. */
  readonly clientAuth?: ClientAuth | undefined;
  /** Ends the request. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** How the request leaves: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** The token's lifetime in ms where neither the answer nor a JWT states one. Default: until a server rejects it. */
  readonly defaultLifetimeMs?: number | undefined;
  /** Values of `token_type` that are taken besides Bearer, compared without case; the token is sent as Bearer. Default: none. */
  readonly acceptTokenTypes?: readonly string[] | undefined;
  /** Shows that the key is held to which the token will be bound: `dpopProof` of core/dpop. Default: it is a bearer token. */
  readonly proof?: ProofOfPossession | undefined;
  /** The token that is refreshed, whose nonces of an earlier run the proof can begin with. Default: none. */
  readonly before?: Token | undefined;
  /** Called with what is worth knowing and no failure, such as a secret beyond ASCII; never with a secret. Default: nobody is told. */
  readonly notice?: ((message: string) => void) | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const REQUEST: OptionTable<RequestTokenOptions> = {
  url: 'string',
  allowInsecure: 'any',
  body: 'object',
  clientAuth: 'function',
  signal: 'signal',
  transport: 'object',
  defaultLifetimeMs: 'any',
  acceptTokenTypes: 'any',
  proof: 'object',
  before: 'object',
  notice: 'function',
  clock: 'clock',
};

const LONGEST_LIFETIME_S = 100 * 365 * 24 * 3600;
/** A difference below this is the resolution of the Date header. */
const DATE_RESOLUTION_MS = 2_000;
/** Decimal notation, also as Java writes large numbers (1.0E7). */
const DECIMAL = /^\d+(\.\d*)?(e[+-]?\d+)?$/i;

/**
 * One token request, one attempt.
 * @returns the token; its expiry is counted from the moment of sending, a scope that is not answered is the one asked for
 *   (RFC 6749 section 5.1)
 * @throws ConfigurationError before anything is sent; TokenEndpointError for every answer that grants nothing, with the
 *   fields of RFC 6749 section 5.2 and the server's Date, never with what was sent
 *
 * @example
 * ```ts
 * const token = await requestToken({
 *   url: tokenUrl,
 *   clientAuth,
 *   body: new URLSearchParams({ grant_type: 'urn:example:voucher', voucher: 'a-voucher' }),
 * });
 * ```
 */
export async function requestToken(given: RequestTokenOptions): Promise<Token> {
  const options = checkOptions(given, 'requestToken', REQUEST);
  const { url, body, acceptTokenTypes } = options;
  assertTokenTypes(acceptTokenTypes);
  if (url === '') throw new ConfigurationError('requestToken: `url` is empty; where is it read from?');
  if (!url || body === undefined) throw new ConfigurationError('requestToken needs `url` and `body`');
  if (!body.get('grant_type')) throw new ConfigurationError('A token request needs a grant_type (RFC 6749 section 4)');
  return askForToken(options);
}

/** The same for our own sources, whose options were checked when they were made. */
export async function askForToken(options: RequestTokenOptions): Promise<Token> {
  const answer = await postForm(options);
  const members = parseObject(answer.text);
  if (answer.status !== 200 && answer.status !== 201) throw endpointError(answer, members, options.body);
  if (members === undefined) throw malformed(answer, 'is no JSON object');
  if (asString(members['error'])?.trim()) throw endpointError(answer, members, options.body);
  return tokenOf(members, answer, options);
}

function tokenOf(
  members: Readonly<Record<string, unknown>>,
  answer: EndpointAnswer,
  { body, defaultLifetimeMs, acceptTokenTypes = [], proof }: RequestTokenOptions,
): Token {
  const { access_token: accessToken, token_type: tokenType, expires_in: expiresIn, scope } = members;
  if (typeof accessToken !== 'string' || accessToken === '') throw malformed(answer, 'holds no access_token');
  const byDefault = defaultLifetimeMs === undefined ? NaN : answer.sentAt + defaultLifetimeMs;
  const end = statedEnd(accessToken, expiresIn, answer) ?? byDefault;
  const granted = Array.isArray(scope) ? scope.filter((one) => typeof one === 'string').join(' ') : scope; // some answer a list
  return {
    accessToken,
    issuedAt: new Date(answer.sentAt),
    ...(proof ? bound(tokenType, proof, answer) : { tokenType: acceptedType(tokenType, acceptTokenTypes, answer) }),
    ...omitUndefined({
      expiresAt: Number.isNaN(end) ? undefined : new Date(Math.min(end, answer.sentAt + LONGEST_LIFETIME_S * 1000)),
      refreshToken: asString(members['refresh_token']),
      idToken: asString(members['id_token']),
      issuedTokenType: asString(members['issued_token_type']),
      scope: asString(granted) ?? asString(body.get('scope')),
    }),
  };
}

/** What binds the token to the key. @throws TokenEndpointError when the server did not bind it */
function bound(tokenType: unknown, proof: ProofOfPossession, answer: EndpointAnswer): Partial<Token> {
  const how = proof.bind(typeof tokenType === 'string' ? tokenType.trim().toLowerCase() : '');
  if (typeof how === 'string') throw malformed(answer, how, 'configuration');
  return how;
}

/** "Bearer", also when nothing is said, or the type as the server wrote it when it is a listed one. */
function acceptedType(tokenType: unknown, listed: readonly string[], answer: EndpointAnswer): string {
  const type = typeof tokenType === 'string' ? tokenType.trim() : (tokenType ?? '');
  if (typeof type !== 'string') throw malformed(answer, 'holds a token_type that is no string', 'configuration');
  const known = type.toLowerCase();
  if (known === '' || known === 'bearer') return 'Bearer';
  if (listed.some((one) => one.trim().toLowerCase() === known)) return type;
  const what = `is of token_type "${shown(type, answer)}", which is not Bearer`;
  const cure = 'list it in `acceptTokenTypes` if the API takes it as Bearer all the same';
  throw malformed(answer, `${what} (${cure})`, 'configuration');
}

/** @throws ConfigurationError unless it is absent or a list of names */
export function assertTokenTypes(types: unknown): void {
  const names: readonly unknown[] = Array.isArray(types) ? types : [''];
  if (types !== undefined && names.some((name) => typeof name !== 'string' || name.trim() === ''))
    throw new ConfigurationError('`acceptTokenTypes` must be a list of names, such as ["BearerToken"]');
}

/** The end that the answer states, by the local clock and counted from the moment of sending (RFC 6749 section 5.1); else that of the JWT. */
function statedEnd(accessToken: string, expiresIn: unknown, answer: EndpointAnswer): number | undefined {
  const seconds = expiresInSeconds(expiresIn);
  return seconds === undefined ? jwtExpiryHere(accessToken, answer) : answer.sentAt + seconds * 1000;
}

/**
 * `expires_in` as servers write it: a number or a numeric string, at most a hundred years.
 * @returns seconds; undefined for anything else, which says nothing
 *
 * @example
 * ```ts
 * expiresInSeconds('3600'); // 3600
 * expiresInSeconds('soon'); // undefined
 * ```
 */
export function expiresInSeconds(expiresIn: unknown): number | undefined {
  const isDecimal = typeof expiresIn === 'string' && DECIMAL.test(expiresIn.trim());
  const seconds = typeof expiresIn === 'number' || isDecimal ? Number(expiresIn) : NaN;
  return seconds >= 0 ? Math.min(seconds, LONGEST_LIFETIME_S) : undefined;
}

/** From the `exp` of a JWT, which goes by the server's clock. */
function jwtExpiryHere(accessToken: string, answer: EndpointAnswer): number | undefined {
  const exp = jwtExpiry(accessToken);
  return exp === undefined ? undefined : exp - clockOffsetMs(answer);
}

/** How far the server's clock is ahead of ours. */
function clockOffsetMs(answer: EndpointAnswer): number {
  const offsetMs = serverTimeMs(answer) - (answer.sentAt + answer.receivedAt) / 2;
  return Math.abs(offsetMs) >= DATE_RESOLUTION_MS ? offsetMs : 0;
}
