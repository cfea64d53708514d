// Asks a token endpoint for a token (RFC 6749 sections 3.2, 5.1 and 5.2), for every grant alike.
import type { EndpointAnswer, Transport } from './http.js';
import { postForm } from './form-post.js';
import type { ClientAuth } from './form-post.js';
import type { Clock } from '../internal/clock.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { endpointError, malformed, shown } from './endpoint-error.js';
import { omitUndefined, parseObject, asString } from '../internal/records.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import { expiryOf } from './token-lifetime.js';
import type { Token } from '../token/token.js';

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
  notice: 'function',
  clock: 'clock',
};

/**
 * One token request, one attempt.
 * @returns the token; its expiry is counted from the moment of sending, a scope that is not answered is the one asked for
 *   (RFC 6749 section 5.1)
 * @throws ConfigurationError before anything is sent; TokenEndpointError for every answer that grants nothing, with the
 *   fields of RFC 6749 section 5.2 and the server's Date, never with what was sent
 */
export async function requestToken(given: RequestTokenOptions): Promise<Token> {
  const options = checkOptions(given, 'requestToken', REQUEST);
  const { body, clientAuth = none } = options;
  assertTokenTypes(options.acceptTokenTypes);
  if (!options.url || body === undefined) throw new ConfigurationError('requestToken needs `url` and `body`');
  if (!body.get('grant_type')) throw new ConfigurationError('A token request needs a grant_type (RFC 6749 section 4)');
  const answer = await postForm({ ...options, clientAuth });
  const members = parseObject(answer.text);
  if (answer.status !== 200 && answer.status !== 201) throw endpointError(answer, members, body);
  if (members === undefined) throw malformed(answer, 'is no JSON object');
  if (asString(members['error'])?.trim()) throw endpointError(answer, members, body);
  return {
    ...omitUndefined({ scope: asString(body.get('scope')) }),
    ...tokenOf(members, answer, options),
  };
}

function none(): void {
  // a public client sends nothing
}

function tokenOf(
  members: Readonly<Record<string, unknown>>,
  answer: EndpointAnswer,
  { defaultLifetimeMs, acceptTokenTypes = [] }: RequestTokenOptions,
): Token {
  const { access_token: accessToken, token_type: tokenType, expires_in: expiresIn } = members;
  if (typeof accessToken !== 'string' || accessToken === '') throw malformed(answer, 'holds no access_token');
  return {
    accessToken,
    issuedAt: new Date(answer.sentAt),
    tokenType: acceptedType(tokenType, acceptTokenTypes, answer),
    ...omitUndefined({
      expiresAt: expiryOf({ accessToken, expiresIn, defaultLifetimeMs }, answer),
      refreshToken: asString(members['refresh_token']),
      idToken: asString(members['id_token']),
      scope: scopeOf(members['scope']),
    }),
  };
}

/** "Bearer", also when nothing is said, or the type as the server wrote it when it is a listed one. */
function acceptedType(tokenType: unknown, listed: readonly string[], answer: EndpointAnswer): string {
  const type = typeof tokenType === 'string' ? tokenType.trim() : (tokenType ?? '');
  if (typeof type !== 'string') throw malformed(answer, 'holds a token_type that is no string', 'configuration');
  if (type === '' || isOneOf(type, ['bearer'])) return 'Bearer';
  if (isOneOf(type, listed)) return type;
  const what = `is of token_type "${shown(type, answer)}", which is not Bearer`;
  const cure = 'list it in `acceptTokenTypes` if the API takes it as Bearer all the same';
  throw malformed(answer, `${what} (${cure})`, 'configuration');
}

function isOneOf(type: string, types: readonly string[]): boolean {
  return types.some((one) => one.trim().toLowerCase() === type.toLowerCase());
}

/** @throws ConfigurationError unless it is absent or a list of names */
export function assertTokenTypes(types: unknown): void {
  const names: readonly unknown[] = Array.isArray(types) ? types : [''];
  if (types !== undefined && names.some((name) => typeof name !== 'string' || name.trim() === ''))
    throw new ConfigurationError('`acceptTokenTypes` must be a list of names, such as ["BearerToken"]');
}

/** Some servers answer a list. */
function scopeOf(scope: unknown): string | undefined {
  return asString(Array.isArray(scope) ? scope.filter((one) => typeof one === 'string').join(' ') : scope);
}
