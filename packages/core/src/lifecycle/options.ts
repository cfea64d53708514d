// The options of an authorizer, and their defaults, once.
import { systemClock } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { ConfigurationError } from '../token/errors/errors.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { recordOf, ownOptions } from '../internal/records.js';
import { clientInfoOf } from '../token/client-info.js';
import type { ClientOptions } from '../token/client-info.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import { quietly } from '../token/observer.js';
import type { Observer } from '../token/observer.js';
import { readInitialToken } from '../token/reading.js';
import { assertHeaderToken } from '../token/token.js';
import type { Token } from '../token/token.js';
import type { TokenStore } from '../token/store.js';

/**
 * The options of an {@link Authorizer}: where its token is kept, when it is refreshed, and how long anybody waits.
 * Times are in ms.
 */
export interface AuthorizerOptions<T extends Token = Token> extends ClientOptions {
  /** Where the token is kept between runs. Default: in memory only. */
  readonly store?: TokenStore<T> | undefined;
  /**
   * A token to begin with, or a refresh token alone, to resume without signing in; what the store holds comes first. One of a
   * new sign-in is given to `setToken` instead. Default: none.
   */
  readonly initialToken?:
    | T
    | {
        /** As an earlier sign-in brought it. */
        readonly refreshToken: string;
      }
    | undefined;
  /** Told of each new token before any caller sees it, and awaited for 2 s at most; its failure is observed, not fatal. Default: nobody. */
  onToken?(token: T): void | Promise<void>;
  /**
   * Told once a session that it is over for good, so that only a person can go on: its refresh was refused (kind `session` or
   * `credentials`), or somebody who shares the store has signed out or signed in as another (`logged_out`). Not told of a sign-out
   * of one's own, of outages, of `invalid_client`, or when nobody was signed in. Its failure is observed, not fatal. Default: nobody.
   * @example
   * ```ts
   * new Authorizer(source, { onSessionEnd: ({ code }) => router.push(`/login?because=${code}`) });
   * ```
   */
  onSessionEnd?(error: AuthenticationError): void | Promise<void>;
  /**
   * Another header name or scheme; gets what would follow "Bearer ". It answers at once; what it throws fails the request. With
   * two parameters it is called for each attempt and each hop of a redirect, with the method and URL that go out, params
   * included, so that it can sign them; with one, once a token. Default: `Authorization: Bearer …`.
   */
  readonly headers?: (
    bearer: string,
    request: {
      /** In capitals, as it goes out. */
      readonly method: string;
      /** Where it goes, params included. */
      readonly url: URL;
    },
  ) => Record<string, string>;
  /** How long before its end a token counts as expired, in ms. Default: the smaller of 15 000 and a tenth of its life. */
  readonly leewayMs?: number | undefined;
  /** How long before the leeway refreshing begins in the background, in ms. Default: 20–30 % of the life, of which at most 1,000 s count; at least twice the last acquisition. */
  readonly refreshAheadMs?: number | undefined;
  /** Limit of one acquisition, all tries together, in ms. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Limit of one answer of the store, in ms; waiting while another process refreshes is bounded by `timeoutMs` alone. Default: 2 000. */
  readonly storeTimeoutMs?: number | undefined;
  /** Further tries after a transient failure, or when the source returns an expired token. Default: 3. */
  readonly maxRetries?: number | undefined;
  /** URL prefixes that `headers(url)` answers for, besides those of the attachments. Default: none. */
  readonly allow?: string | readonly string[] | undefined;
  /** Lets `allow` hold plain http beyond this machine. Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** Told what happens; never a secret. Default: nobody. */
  readonly observer?: Observer | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/**
 * Every option of an authorizer, for factories that pass them on.
 *
 * @example
 * ```ts
 * Object.keys(AUTHORIZER_OPTIONS); // the names that an Authorizer takes
 * ```
 */
export const AUTHORIZER_OPTIONS: OptionTable<AuthorizerOptions> = {
  clientId: 'string',
  clientSecret: 'any',
  apiKey: 'string',
  clientInfo: 'object',
  store: 'any',
  initialToken: 'any',
  onToken: 'function',
  onSessionEnd: 'function',
  headers: 'function',
  leewayMs: 'any',
  refreshAheadMs: 'any',
  timeoutMs: 'any',
  storeTimeoutMs: 'any',
  maxRetries: 'any',
  allow: 'any',
  allowInsecure: 'any',
  observer: 'function',
  clock: 'clock',
};

export type ResolvedOptions<T extends Token> = Omit<
  AuthorizerOptions<T>,
  'timeoutMs' | 'storeTimeoutMs' | 'maxRetries' | 'clock'
> & {
  readonly timeoutMs: number;
  readonly storeTimeoutMs: number;
  readonly maxRetries: number;
  readonly clock: Clock;
};

/**
 * @param where the name of the class, for messages
 * @throws ConfigurationError for an unknown option, a number that is negative or none, an API key that cannot be sent in a header
 */
export function resolveOptions<T extends Token>(
  given: AuthorizerOptions<T> | undefined,
  where: string,
): ResolvedOptions<T> {
  const options = checkOptions<AuthorizerOptions<T>>(given, where, AUTHORIZER_OPTIONS);
  const { leewayMs = 0, refreshAheadMs = 0, timeoutMs = 30_000, storeTimeoutMs = 2_000, maxRetries = 3 } = options;
  assertNumbers({ leewayMs, refreshAheadMs, timeoutMs, storeTimeoutMs, maxRetries });
  if (timeoutMs === 0) throw new ConfigurationError('timeoutMs must be more than 0, or every acquisition fails');
  assertStore(options.store);
  const initialToken = readInitialToken(options.initialToken);
  const clientInfo = clientInfoOf(options, where);
  if (clientInfo.apiKey) assertHeaderToken(clientInfo.apiKey, 'The API key');
  const observer = quietly(options.observer);
  const { clock = systemClock } = options;
  return ownOptions({
    ...options,
    clientInfo,
    initialToken,
    ...(observer && { observer }),
    timeoutMs,
    storeTimeoutMs,
    maxRetries,
    clock,
  });
}

function assertStore(store: unknown): void {
  const { load, save, clear } = recordOf(store);
  if (store !== undefined && ![load, save, clear].every((method) => typeof method === 'function'))
    throw new ConfigurationError('`store` needs load, save and clear; fileTokenStore(path) makes one');
}

function assertNumbers(numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers))
    if (typeof value !== 'number' || !(value >= 0))
      throw new ConfigurationError(`${name} must be a number of at least 0`);
}
