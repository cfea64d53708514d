// The public keys of a server by their id, for those who verify its tokens: read when one is wanted that is not known, and
// not more often than a server rotates, so that made-up key ids are no storm.
import { abortable, systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from './errors.js';
import { membersOf } from './members.js';

export interface KeyCacheOptions {
  /** Between two readings, in ms. Default: 60 000. */
  readonly shortestIntervalMs?: number | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

const SHORTEST_INTERVAL_MS = 60_000;
/** After a reading that failed. */
const RETRY_INTERVAL_MS = 5_000;

export class KeyCache<K> {
  readonly #read: (signal?: AbortSignal) => Promise<ReadonlyMap<string, K>>;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #keys: ReadonlyMap<string, K> = new Map();
  #readNotBefore = -Infinity;
  #failure: unknown;
  #reading: Promise<void> | undefined;

  /** @param read all keys of the server by their id */
  constructor(
    read: (signal?: AbortSignal) => Promise<ReadonlyMap<string, K>>,
    { clock = systemClock, shortestIntervalMs = SHORTEST_INTERVAL_MS }: KeyCacheOptions = {},
  ) {
    this.#read = read;
    this.#clock = clock;
    this.#intervalMs = shortestIntervalMs;
  }

  /**
   * The key of that id, or undefined when the server has none.
   * @param signal ends the wait, and the reading if this call began it
   * @throws AuthenticationError `unavailable` when the server cannot be asked, `configuration` when that will not pass; what the signal says
   */
  async find(kid: string, signal?: AbortSignal): Promise<K | undefined> {
    if (!this.#keys.has(kid) && (this.#reading || this.#clock.now() >= this.#readNotBefore)) {
      this.#reading ??= this.#readAgain(signal).finally(() => (this.#reading = undefined));
      await abortable(this.#reading, signal);
    }
    const key = this.#keys.get(kid);
    if (key === undefined && this.#failure !== undefined) throw unavailable(this.#failure);
    return key;
  }

  /** What was read before stays when the server cannot be asked. */
  async #readAgain(signal: AbortSignal | undefined): Promise<void> {
    try {
      this.#keys = await this.#read(signal);
      this.#failure = undefined;
      this.#readNotBefore = this.#clock.now() + this.#intervalMs;
    } catch (error) {
      if (signal?.aborted) return;
      this.#failure = error;
      this.#readNotBefore = this.#clock.now() + RETRY_INTERVAL_MS;
    }
  }
}

/** What no patience cures, such as a certificate that is not accepted, stays what it is. */
function unavailable(cause: unknown): AuthenticationError {
  const why = String(membersOf(cause)['message'] ?? cause);
  const message = `The keys for verifying tokens could not be read: ${why}`;
  if (isAuthenticationError(cause) && cause.code === 'configuration') return new ConfigurationError(message, { cause });
  return new AuthenticationError(message, {
    code: 'network',
    kind: 'unavailable',
    transient: true,
    cause,
  });
}
