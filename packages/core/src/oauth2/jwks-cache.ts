// The public keys of a server by their id, for those who verify its tokens: read when one is wanted that is not known, again
// before they are old, and not more often than a server rotates, so that made-up key ids are no storm.
import { abortable, systemClock, within } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../token/errors/errors.js';
import { recordOf } from '../internal/records.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';

/** The options of {@link JwksCache}: how often a key set is read. Times are in ms. */
export interface JwksCacheOptions {
  /** Between two readings for keys that are unknown or do not fit, in ms. Default: 60 000. */
  readonly shortestIntervalMs?: number | undefined;
  /** How long a key is believed that may have left the set, in ms; from half of it on it is read again in the background. Default: 600 000. */
  readonly maxAgeMs?: number | undefined;
  /** Limit of one reading, in ms. Default: 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const OPTIONS: OptionTable<JwksCacheOptions> = {
  shortestIntervalMs: 'any',
  maxAgeMs: 'any',
  timeoutMs: 'any',
  clock: 'clock',
};
/** After a reading that failed, unless the interval is shorter. */
const RETRY_INTERVAL_MS = 5_000;
/** A clock that was set back by more than this says nothing about how old anything is. */
const CLOCK_STEP_MS = 1_000;

/**
 * A server's public keys by their kid: read when one is missing, at most once an interval, and forgotten some minutes after the set forgot them.
 *
 * @example
 * ```ts
 * const keys = new JwksCache<string>(async (signal) => {
 *   const { data } = await client.get('https://id.example.org/jwks', { signal });
 *   return new Map<string, string>(data.keys.map((key: { kid: string }) => [key.kid, JSON.stringify(key)]));
 * });
 * const key = await keys.find('2026-11'); // read when it is missing, at most once an interval
 * ```
 */
export class JwksCache<K> {
  readonly #read: (signal: AbortSignal) => Promise<ReadonlyMap<string, K>>;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #maxAgeMs: number;
  readonly #timeoutMs: number;
  #keys: ReadonlyMap<string, K> = new Map();
  #readAt = -Infinity;
  #readNotBefore = -Infinity;
  #seenAt = -Infinity;
  #failure: unknown;
  #reading: { readonly done: Promise<void>; readonly endsAt: number } | undefined;

  /** @param read all keys of the server by their id; the signal is the reading's own limit, never a caller's */
  constructor(read: (signal: AbortSignal) => Promise<ReadonlyMap<string, K>>, given?: JwksCacheOptions) {
    if (typeof read !== 'function') throw new ConfigurationError('JwksCache needs a function that reads the keys');
    const options = checkOptions(given, 'JwksCache', OPTIONS);
    const { clock = systemClock, shortestIntervalMs = 60_000, maxAgeMs = 600_000, timeoutMs = 10_000 } = options;
    this.#read = read;
    this.#clock = clock;
    this.#intervalMs = shortestIntervalMs;
    this.#maxAgeMs = maxAgeMs;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * The key of that id, or undefined when the server has none. While the server cannot be asked, what was read last goes on.
   * @param signal ends the wait of this call, never the reading, which others share
   * @throws AuthenticationError `unavailable` when the key is unknown and the server cannot be asked, with the time after which
   *   it is asked again, if there is one, `configuration` when that will not pass; what the signal says
   */
  async find(kid: string, signal?: AbortSignal): Promise<K | undefined> {
    const ageMs = this.#now() - this.#readAt;
    if (!this.#keys.has(kid)) await this.#wait(this.#readAgain(this.#readNotBefore), signal);
    else if (ageMs >= this.#maxAgeMs && this.#failure === undefined)
      await this.#wait(this.#readAgain(-Infinity), signal);
    else if (ageMs >= this.#maxAgeMs / 2)
      void this.#readAgain(this.#failure === undefined ? -Infinity : this.#readNotBefore);
    const key = this.#keys.get(kid);
    if (key === undefined && this.#failure !== undefined) throw unavailable(this.#failure, this.waitMs);
    return key;
  }

  /** How long a key that is not known cannot be looked for, since the set was read a moment ago, in ms; 0 when `find` reads it. */
  get waitMs(): number {
    const now = this.#now();
    return this.#underWay(now) === undefined ? Math.max(0, this.#readNotBefore - now) : 0;
  }

  /**
   * For a signature that does not fit the key that `find` gave: reads the set once more, unless it was read within the
   * interval, since a server may put another key under the same id.
   * @returns the key of that id as it was read now; undefined when nothing was read
   * @throws what the signal says
   */
  async findAgain(kid: string, signal?: AbortSignal): Promise<K | undefined> {
    this.#now();
    const before = this.#keys;
    await this.#wait(this.#readAgain(this.#readNotBefore), signal);
    return this.#keys === before ? undefined : this.#keys.get(kid);
  }

  /** The time; when the clock was set back, all that is known counts as old. */
  #now(): number {
    const now = this.#clock.now();
    if (now < this.#seenAt - CLOCK_STEP_MS) {
      this.#readAt = -Infinity;
      this.#readNotBefore = -Infinity;
    }
    this.#seenAt = now;
    return now;
  }

  /** The reading that is under way and in time, or a new one unless it is too early for that. It never rejects. */
  #readAgain(notBefore: number): Promise<void> | undefined {
    const now = this.#clock.now();
    const underWay = this.#underWay(now);
    if (underWay !== undefined || now < notBefore) return underWay?.done;
    const done = this.#readNow().finally(() => {
      if (this.#reading?.done === done) this.#reading = undefined;
    });
    this.#reading = { done, endsAt: now + this.#timeoutMs };
    return done;
  }

  #underWay(now: number): { readonly done: Promise<void> } | undefined {
    return this.#reading && now < this.#reading.endsAt ? this.#reading : undefined;
  }

  async #wait(reading: Promise<void> | undefined, signal: AbortSignal | undefined): Promise<void> {
    if (reading !== undefined) await abortable(reading, signal);
  }

  /** What was read before stays when the server cannot be asked. */
  async #readNow(): Promise<void> {
    const limit = new AbortController();
    try {
      this.#keys = await within(this.#clock, this.#timeoutMs, this.#read(limit.signal), () => {
        const late = new Error(`no answer within ${this.#timeoutMs} ms`);
        limit.abort(late);
        return late;
      });
      this.#failure = undefined;
      this.#readAt = this.#clock.now();
      this.#readNotBefore = this.#readAt + this.#intervalMs;
    } catch (error) {
      this.#failure = error;
      this.#readNotBefore = this.#clock.now() + Math.min(RETRY_INTERVAL_MS, this.#intervalMs);
    }
  }
}

/** What no patience cures, such as a certificate that is not accepted, stays what it is. */
function unavailable(cause: unknown, retryAfterMs: number): AuthenticationError {
  const why = String(recordOf(cause)['message'] ?? cause);
  const message = `The keys for verifying tokens could not be read: ${why}`;
  if (isAuthenticationError(cause) && cause.code === 'configuration') return new ConfigurationError(message, { cause });
  return new AuthenticationError(message, {
    code: 'network',
    kind: 'unavailable',
    transient: true,
    retryAfterMs: Math.max(retryAfterMs, Number(recordOf(cause)['retryAfterMs'] ?? 0)) || undefined,
    cause,
  });
}
