// Asks a token endpoint for a token (RFC 6749 sections 3.2, 5.1 and 5.2), for every grant alike.
import type { EndpointAnswer, Transport } from './bare-client.js';
import { postForm } from './form-post.js';
import type { ClientAuth } from './form-post.js';
import type { Clock } from './clock.js';
import { ConfigurationError } from './errors.js';
import { endpointFailure, malformed, serverTimeMs, shown } from './endpoint-failure.js';
import { jwtExpiry } from './jwt.js';
import { definedOnly, parseObject, textOf } from './members.js';
import type { Token } from './token.js';

export interface RequestTokenOptions {
  /** The token endpoint: https, or http on this machine; a query is kept. */
  readonly url: string;
  /** The parameters of the grant; `grant_type` must be among them. */
  readonly body: URLSearchParams;
  /** How the client authenticates, anew on each attempt. Default: not at all. */
  readonly clientAuth?: ClientAuth | undefined;
  /** Ends the request. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** How the request leaves: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** The token's life in ms where neither the answer nor a JWT states one. Default: until a server refuses it. */
  readonly defaultLifetimeMs?: number | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * One token request, one attempt.
 * @returns the token; its expiry is counted from the moment of sending, a scope that is not answered is the one asked for
 *   (RFC 6749 section 5.1)
 * @throws ConfigurationError before anything is sent; TokenEndpointError for every answer that grants nothing, with the
 *   fields of RFC 6749 section 5.2 and the server's Date, never with what was sent
 */
export async function requestToken(options: RequestTokenOptions): Promise<Token> {
  const { body, clientAuth = none } = options;
  if (!body.get('grant_type')) throw new ConfigurationError('A token request needs a grant_type (RFC 6749 section 4)');
  const answer = await postForm({ ...options, clientAuth });
  const members = parseObject(answer.text);
  if (answer.status !== 200 && answer.status !== 201) throw endpointFailure(answer, members, body);
  if (members === undefined) throw malformed(answer, 'is no JSON object');
  if (typeof members['error'] === 'string') throw endpointFailure(answer, members, body);
  return {
    ...definedOnly({ scope: textOf(body.get('scope')) }),
    ...tokenOf(members, answer, options.defaultLifetimeMs),
  };
}

function none(): void {
  // a public client sends nothing
}

function tokenOf(
  members: Readonly<Record<string, unknown>>,
  answer: EndpointAnswer,
  defaultLifetimeMs: number | undefined,
): Token {
  const { access_token: accessToken, token_type: tokenType } = members;
  if (typeof accessToken !== 'string' || accessToken === '') throw malformed(answer, 'holds no access_token');
  if (tokenType !== undefined && textOf(tokenType)?.toLowerCase() !== 'bearer')
    throw malformed(answer, `is of token_type "${shown(tokenType, answer)}", which is not Bearer`, 'configuration');
  const stated = statedEnd(members['expires_in'], answer) ?? jwtEnd(accessToken, answer);
  const endsAt = stated ?? (defaultLifetimeMs === undefined ? undefined : answer.sentAt + defaultLifetimeMs);
  return {
    accessToken,
    issuedAt: new Date(answer.sentAt),
    tokenType: 'Bearer',
    ...definedOnly({
      expiresAt: endsAt === undefined ? undefined : new Date(endsAt),
      refreshToken: textOf(members['refresh_token']),
      idToken: textOf(members['id_token']),
      scope: scopeOf(members['scope']),
    }),
  };
}

/** Some servers answer a list. */
function scopeOf(scope: unknown): string | undefined {
  return textOf(Array.isArray(scope) ? scope.filter((one) => typeof one === 'string').join(' ') : scope);
}

const LONGEST_LIFE_S = 100 * 365 * 24 * 3600;
/** A difference below this is the second's grain of the Date header. */
const CLOCK_GRAIN_MS = 2_000;

/** From `expires_in`, a number or a numeric string, counted from the moment of sending. */
function statedEnd(expiresIn: unknown, answer: EndpointAnswer): number | undefined {
  if (expiresIn === undefined || expiresIn === null || expiresIn === '') return undefined;
  const seconds = Number(expiresIn);
  if (!(seconds >= 0) || typeof expiresIn === 'boolean')
    throw malformed(answer, 'states an expires_in that is no number of seconds');
  return answer.sentAt + Math.min(seconds, LONGEST_LIFE_S) * 1000;
}

/** From the `exp` of a JWT, by the server's clock. */
function jwtEnd(accessToken: string, answer: EndpointAnswer): number | undefined {
  const exp = jwtExpiry(accessToken);
  return exp === undefined ? undefined : exp - clockOffsetMs(answer);
}

/** How far the server's clock is ahead of ours. */
function clockOffsetMs(answer: EndpointAnswer): number {
  const offsetMs = serverTimeMs(answer) - (answer.sentAt + answer.receivedAt) / 2;
  return Math.abs(offsetMs) >= CLOCK_GRAIN_MS ? offsetMs : 0;
}
