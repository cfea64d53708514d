// Keeps a token in Redis, for any number of processes and machines: one token, one refresh. The lock keeps them from asking
// at once; the generation, compared and set in one step, keeps whoever comes late from putting an older token back.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, systemClock } from '@axios-authorizer/core/extend';
import type { Clock, Token, TokenStore } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { Commands } from './commands.js';
import { Entry } from './entry.js';
import { wireOf } from './redis-client.js';
import type { RedisClient } from './redis-client.js';
import { RedisLock } from './redis-lock.js';
import { assertSealingKey } from './sealed.js';
import { StoreNews } from './store-news.js';
import { WakeUp } from './wake-up.js';

// Beside the public function, so that whoever imports the package has the code in the union.
declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    /**
     * Redis did not answer, or refused: check the connection; tokens that need no refresh token are acquired without
     * it.
     */
    redis_unavailable: true;
  }
}

const DEFAULTS = { prefix: 'axios-authorizer:', leaseMs: 10_000, waitMs: 600_000, timeoutMs: 1_000 };
const OPTIONS: OptionTable<RedisTokenStoreOptions> = {
  key: 'string',
  encryptionKey: 'any',
  prefix: 'string',
  leaseMs: 'any',
  waitMs: 'any',
  timeoutMs: 'any',
  keepMs: 'any',
  clock: 'clock',
};
const DEFAULT_KEEP_MS = 30 * 24 * 60 * 60 * 1_000;

/** The options of {@link redisTokenStore}. Times are in ms. */
export interface RedisTokenStoreOptions {
  /** The name of the token, the same in every process that shares it; no braces. */
  readonly key: string;
  /** Encrypts the token at rest with AES-256-GCM; 32 bytes, the same in every process; default: not encrypted. */
  readonly encryptionKey?: Uint8Array;
  /** Stands before `key` in the names of the Redis keys; no braces; default `axios-authorizer:`. */
  readonly prefix?: string;
  /** How long a holder that died keeps others waiting, in ms, at least 50; a living one renews it; default 10 000. */
  readonly leaseMs?: number;
  /**
   * How long to wait for the lease while a living holder works, in ms, above 0; an authorizer's `timeoutMs` ends its wait sooner;
   * default 600 000, since a person may be signing in.
   */
  readonly waitMs?: number;
  /** How long to wait for one answer of Redis, in ms, above 0; keep it below an authorizer's `storeTimeoutMs`; default 1 000. */
  readonly timeoutMs?: number;
  /**
   * How long a token is kept after it was saved when it has a refresh token or no known end, in ms, above 0; choose the life
   * of your refresh tokens; default 30 days. Others are kept until they end.
   */
  readonly keepMs?: number;
  /** Time, for tests; default the system's. */
  readonly clock?: Clock;
}

/**
 * A store in Redis, over a client that you make, connect and close. The mark of a sign-out stands for 24 hours, or until a new
 * session; an entry that was evicted or flushed ends no session. A lock that has no end, left by hand or by a broken client, is
 * given one of `leaseMs`.
 * @throws ConfigurationError when an option cannot work; its calls throw AuthenticationErrors `redis_unavailable`, `logged_out`
 *   as {@link TokenStore} says, `failing_elsewhere` and `lease_unavailable` after `waitMs`, and ConfigurationError for a token that was saved with
 *   another `encryptionKey` and for a key that holds something else
 *
 * @example
 * ```ts
 * import { createClient as createRedis } from 'redis';
 * const redis = await createRedis().connect();
 * const store = redisTokenStore(redis, { key: 'reports' });
 * const authorizer = new Authorizer(source, { store }); // one token for every machine
 * ```
 */
export function redisTokenStore<T extends Token = Token>(
  client: RedisClient,
  options: RedisTokenStoreOptions,
): TokenStore<T> {
  const wire = wireOf(client);
  const given = checkOptions(options, 'redisTokenStore', OPTIONS);
  const settings = { ...DEFAULTS, keepMs: DEFAULT_KEEP_MS, clock: systemClock, ...withoutAbsent(given) };
  assertOptions(settings);
  const { clock, prefix, key, encryptionKey } = settings;
  const name = `${prefix}{${key}}`; // the braces keep the keys of one token on one node of a cluster
  const commands = new Commands(wire, settings);
  const wakeUp = new WakeUp(wire, `${name}:free`);
  const lock = new RedisLock(commands, wakeUp, { ...settings, key: `${name}:lock`, channel: `${name}:free` });
  const entry = new Entry<T>(commands, {
    seal: { key: encryptionKey, place: `${name}:token` },
    channel: `${name}:news`,
    keptMs: (token) => keptMs(token, clock.now(), settings.keepMs),
  });
  const news = new StoreNews(wire, `${name}:news`, (generation) => generation === entry.written);
  return {
    load: () => entry.load(),
    save: (token, replaces, { newSession = false } = {}) => entry.save(token, { replaces, newSession }),
    clear: () => entry.clear(),
    exclusive: (work, { signal } = {}) => lock.exclusive(work, signal),
    subscribe: (changed) => news.subscribe(changed),
  };
}

function keptMs({ refreshToken, expiresAt }: Token, now: number, keepMs: number): number {
  const isEndKnown = refreshToken === undefined && expiresAt !== undefined;
  return Math.ceil(isEndKnown ? Math.max(expiresAt.getTime() - now, 1) : keepMs);
}

function withoutAbsent(options: RedisTokenStoreOptions): RedisTokenStoreOptions {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same options, less absent ones
  return Object.fromEntries(given) as unknown as RedisTokenStoreOptions;
}

function assertOptions(settings: typeof DEFAULTS & RedisTokenStoreOptions): void {
  const { key, prefix, encryptionKey, leaseMs, waitMs, timeoutMs, keepMs = DEFAULT_KEEP_MS } = settings;
  if (!key || /[{}]/.test(prefix + key))
    throw new ConfigurationError(
      'redisTokenStore needs a `key` with something in it, and no braces in it or its prefix',
    );
  if (encryptionKey !== undefined) assertSealingKey(encryptionKey);
  for (const [name, value, least] of [
    ['leaseMs', leaseMs, 50],
    ['waitMs', waitMs, 1],
    ['timeoutMs', timeoutMs, 1],
    ['keepMs', keepMs, 1],
  ] as const)
    if (!Number.isSafeInteger(value) || value < least)
      throw new ConfigurationError(
        `\`${name}\` of redisTokenStore must be a whole number of milliseconds, at least ${least}`,
      );
}
