// The public keys of a server by their id, for those who verify its tokens: read when one is wanted that is not known, and
// not more often than a server rotates, so that made-up key ids are no storm.
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { AuthenticationError } from './errors.js';
import { membersOf } from './members.js';

/** Between two readings. */
const SHORTEST_INTERVAL_MS = 60_000;
/** After a reading that failed. */
const RETRY_INTERVAL_MS = 5_000;

export class KeyCache<K> {
  readonly #read: () => Promise<ReadonlyMap<string, K>>;
  readonly #clock: Clock;
  #keys: ReadonlyMap<string, K> = new Map();
  #readNotBefore = -Infinity;
  #failure: unknown;
  #reading: Promise<void> | undefined;

  /** @param read all keys of the server by their id */
  constructor(read: () => Promise<ReadonlyMap<string, K>>, clock: Clock = systemClock) {
    this.#read = read;
    this.#clock = clock;
  }

  /** The key of that id, or undefined when the server has none. @throws AuthenticationError `unavailable` when it cannot be asked */
  async find(kid: string): Promise<K | undefined> {
    if (!this.#keys.has(kid) && (this.#reading || this.#clock.now() >= this.#readNotBefore)) {
      this.#reading ??= this.#readAgain().finally(() => (this.#reading = undefined));
      await this.#reading;
    }
    const key = this.#keys.get(kid);
    if (key === undefined && this.#failure !== undefined) throw unavailable(this.#failure);
    return key;
  }

  /** What was read before stays when the server cannot be asked. */
  async #readAgain(): Promise<void> {
    try {
      this.#keys = await this.#read();
      this.#failure = undefined;
      this.#readNotBefore = this.#clock.now() + SHORTEST_INTERVAL_MS;
    } catch (error) {
      this.#failure = error;
      this.#readNotBefore = this.#clock.now() + RETRY_INTERVAL_MS;
    }
  }
}

function unavailable(cause: unknown): AuthenticationError {
  const why = String(membersOf(cause)['message'] ?? cause);
  return new AuthenticationError(`The keys for verifying tokens could not be read: ${why}`, {
    code: 'network',
    kind: 'unavailable',
    transient: true,
    cause,
  });
}
