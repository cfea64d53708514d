// Asks whether a token is active (RFC 7662), and tells a server that one is no longer wanted (RFC 7009).
import { postForm } from './http.js';
import type { ClientAuth, EndpointAnswer, Transport } from './http.js';
import { systemClock, within } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { endpointError, malformed } from './endpoint-error.js';
import { sendAs } from './client-auth/client-auth.js';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../token/errors/errors.js';
import { asString, parseObject } from '../internal/records.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import { assertHeaderToken } from '../token/token.js';

/** Which token is asked about, where, and by whom: for {@link introspect}, {@link introspectToken} and {@link revokeToken}. */
export interface TokenQuestion {
  /** The introspection or revocation endpoint: https, or http on this machine. */
  readonly url: string;
  /** Lets the request go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** The token asked about; it travels in the body only. */
  readonly token: string;
  /** "access_token" or "refresh_token". Default: the server finds out. */
  readonly tokenTypeHint?: string | undefined;
  /** How the caller authenticates. Default: not at all. */
  readonly clientAuth?: ClientAuth | undefined;
  /** A token of the caller's own, sent as Bearer instead of `clientAuth`. Default: none. */
  readonly bearer?: string | undefined;
  /** Limit of the answer, in ms. Default: 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Ends the request. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** How the request leaves: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const QUESTION: OptionTable<TokenQuestion> = {
  url: 'string',
  allowInsecure: 'any',
  token: 'string',
  tokenTypeHint: 'string',
  clientAuth: 'function',
  bearer: 'string',
  timeoutMs: 'positive',
  signal: 'signal',
  transport: 'object',
  clock: 'clock',
};
const DEFAULT_TIMEOUT_MS = 10_000;

/** What a server says of a token (RFC 7662 section 2.2), by its own names. Only `active` is certain to be there. */
export interface Introspection {
  /** Whether the token can be used now. */
  readonly active: boolean;
  /** Blank-separated. */
  readonly scope?: string;
  /** The client that it was issued to. */
  readonly client_id?: string;
  /** Who authorized it, for people. */
  readonly username?: string;
  /** Such as "Bearer" or "DPoP". */
  readonly token_type?: string;
  /** When it ends, in seconds since the epoch, by the server's clock. */
  readonly exp?: number;
  /** When it was issued, likewise. */
  readonly iat?: number;
  /** Before when it must not be used, likewise. */
  readonly nbf?: number;
  /** Whose it is. */
  readonly sub?: string;
  /** Whom it is for: check that this is you (RFC 9068 section 4). */
  readonly aud?: string | readonly string[];
  /** Who issued it. */
  readonly iss?: string;
  /** The token's own identifier. */
  readonly jti?: string;
  /** What it is bound to: `jkt` (RFC 9449 section 6.2) or `x5t#S256` (RFC 8705 section 3.2). */
  readonly cnf?: Readonly<Record<string, unknown>>;
  /** Members of other standards, and of the server's own. */
  readonly [member: string]: unknown;
}

/**
 * What the server says of the token (RFC 7662 section 2.2), as JSON; a signed answer (RFC 9701) is not read. An unknown or an
 * expired token is `{ active: false }`, and so is one that is not this caller's to ask about.
 * @returns the members as they came
 * @throws ConfigurationError before anything is sent; TokenEndpointError when the server could not be asked, refused, or did not
 *   say; with `timeoutMs` AuthenticationError `timeout`
 *
 * @example
 * ```ts
 * const { active, sub, scope } = await introspect({
 *   url: 'https://id.example.org/introspect',
 *   token: token.accessToken,
 *   clientAuth,
 * });
 * ```
 */
export async function introspect(question: TokenQuestion): Promise<Introspection> {
  const answer = await ask(question, 'introspect');
  const members = parseObject(answer.text);
  if (typeof members?.['active'] === 'boolean') return { ...members, active: members['active'] };
  const isSigned =
    /jwt/i.test(asString(answer.headers['content-type']) ?? '') || /^[\w-]+\.[\w-]+\.[\w-]*$/.test(answer.text);
  const how = isSigned
    ? 'is a signed JWT (RFC 9701), which is not read: have the server answer this client in JSON'
    : 'does not say whether the token is active';
  throw malformed(answer, how, 'configuration');
}

/**
 * Whether the server calls the token active (RFC 7662 section 2.2).
 * @returns true or false as the server says; undefined when it could not be asked, or did not say; {@link introspect} says why
 * @throws ConfigurationError when the URL cannot be used, or the token holds a control character
 *
 * @example
 * ```ts
 * const active = await introspectToken({
 *   url: 'https://id.example.org/introspect',
 *   token: token.accessToken,
 *   clientAuth,
 * });
 * if (active === undefined) throw new Error('The server could not be asked');
 * ```
 */
export async function introspectToken(question: TokenQuestion): Promise<boolean | undefined> {
  try {
    const active = parseObject((await ask(question, 'introspectToken')).text)?.['active'];
    return typeof active === 'boolean' ? active : undefined;
  } catch (error) {
    if (isAuthenticationError(error) && error.code === 'configuration') throw error;
    return undefined;
  }
}

/**
 * Revokes the token (RFC 7009 section 2); an unknown or expired one counts as revoked.
 * @throws TokenEndpointError when the server refuses or cannot be reached: the token may still be valid
 *
 * @example
 * ```ts
 * await revokeToken({ url: 'https://id.example.org/revoke', token: token.accessToken, clientAuth });
 * ```
 */
export async function revokeToken(question: TokenQuestion): Promise<void> {
  await ask(question, 'revokeToken');
}

/** The answer, when it is a good one. @throws as `introspect` does */
async function ask(given: TokenQuestion, where: string): Promise<EndpointAnswer> {
  const question = checkOptions(given, where, QUESTION);
  const empty = (['url', 'token'] as const).find((name) => question[name] === '');
  if (empty) throw new ConfigurationError(`${where}: \`${empty}\` is empty; where is it read from?`);
  if (!question.url || !question.token) throw new ConfigurationError(`${where} needs \`url\` and \`token\``);
  const { url, bearer, timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock, signal } = question;
  if (bearer) assertHeaderToken(bearer, '`bearer`');
  const clientAuth = bearer ? undefined : question.clientAuth;
  const limit = new AbortController();
  const ends = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  const late = new AuthenticationError(`No answer within ${timeoutMs} ms`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
  });
  const send = (): Promise<EndpointAnswer> => goodAnswer({ ...question, clientAuth, clock, signal: ends }, where);
  return within(clock, timeoutMs, sendAs(clientAuth, { url, clock }, send), () => {
    limit.abort(late);
    return late;
  });
}

/** A revocation is any 2xx (RFC 7009 section 2.2), an introspection 200. */
async function goodAnswer(
  { token, tokenTypeHint, bearer, ...question }: TokenQuestion,
  where: string,
): Promise<EndpointAnswer> {
  const body = new URLSearchParams({ token, ...(tokenTypeHint && { token_type_hint: tokenTypeHint }) });
  const answer = await postForm({
    ...question,
    body,
    headers: bearer ? { Authorization: `Bearer ${bearer}` } : undefined,
  });
  const isGood = where === 'revokeToken' ? answer.status >= 200 && answer.status < 300 : answer.status === 200;
  if (isGood) return answer;
  throw endpointError(answer, parseObject(answer.text));
}
