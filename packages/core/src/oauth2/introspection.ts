// Asks whether a token is active (RFC 7662), and tells a server that one is no longer wanted (RFC 7009).
import { postForm } from './http.js';
import type { ClientAuth, FormPost, Transport } from './http.js';
import { systemClock, within } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { endpointError } from './endpoint-error.js';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../token/errors/errors.js';
import { parseObject } from '../internal/records.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import { assertHeaderToken } from '../token/token.js';

/** Which token is asked about, where, and by whom: for {@link introspectToken} and {@link revokeToken}. */
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
  timeoutMs: 'any',
  signal: 'signal',
  transport: 'object',
  clock: 'clock',
};
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Whether the server calls the token active (RFC 7662 section 2.2).
 * @returns true or false as the server says; undefined when it could not be asked, or did not say
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
    const { status, text } = await ask(question, 'introspectToken');
    const active = status === 200 ? parseObject(text)?.['active'] : undefined;
    return typeof active === 'boolean' ? active : undefined;
  } catch (error) {
    if (isAuthenticationError(error) && error.kind === 'configuration') throw error;
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
  const answer = await ask(question, 'revokeToken');
  if (answer.status >= 200 && answer.status < 300) return;
  throw endpointError(answer, parseObject(answer.text));
}

async function ask(given: TokenQuestion, where: string): ReturnType<typeof postForm> {
  const question = checkOptions(given, where, QUESTION);
  const empty = (['url', 'token'] as const).find((name) => question[name] === '');
  if (empty) throw new ConfigurationError(`${where}: \`${empty}\` is empty; where is it read from?`);
  if (!question.url || !question.token) throw new ConfigurationError(`${where} needs \`url\` and \`token\``);
  const { token, tokenTypeHint, bearer, timeoutMs = DEFAULT_TIMEOUT_MS, clock = systemClock, signal } = question;
  const body = new URLSearchParams({ token, ...(tokenTypeHint && { token_type_hint: tokenTypeHint }) });
  if (bearer) assertHeaderToken(bearer, '`bearer`');
  const limit = new AbortController();
  const post: FormPost = {
    ...question,
    clientAuth: bearer ? undefined : question.clientAuth,
    body,
    clock,
    signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
    headers: bearer ? { Authorization: `Bearer ${bearer}` } : undefined,
  };
  const late = new AuthenticationError(`No answer within ${timeoutMs} ms`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
  });
  return within(clock, timeoutMs, postForm(post), () => {
    limit.abort(late);
    return late;
  });
}
