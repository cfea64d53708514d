// Token lifetimes, backoffs and cool-downs run from milliseconds to hours. Under this clock a test states the time it
// wants, nothing waits for real, and every sleeper wakes in order at exactly its own instant.

import { setImmediate as turn } from 'node:timers/promises';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

interface Promised {
  readonly signal: AbortSignal | undefined;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

interface Watcher {
  readonly count: number;
  notify(): void;
}

/**
 * A clock that is paused until it is told to move, for the option `clock` of an authorizer, a source or a server.
 * @param startAt where it begins: a date, or milliseconds since the epoch. Default: 2026-01-01T00:00:00Z.
 * @throws RangeError when that is no instant
 * @example
 * ```ts
 * const clock = manualClock();
 * const authorizer = new Authorizer(source, { clock });
 * await clock.advance(3_600_000); // an hour is over
 * ```
 */
export function manualClock(startAt?: Date | number): ManualClock {
  const at = startAt === undefined ? undefined : Number(startAt);
  if (at !== undefined && !Number.isFinite(at))
    throw new RangeError('manualClock needs an instant: a Date, or a number');
  return new ManualClock(at);
}

/**
 * A clock that is paused until it is told to move. Instants and durations are in milliseconds.
 * @example
 * ```ts
 * const clock: ManualClock = manualClock(new Date('2026-05-01T12:00:00Z'));
 * const slept = clock.sleep(60_000);
 * await clock.advance(60_000); // nothing waits for real
 * await slept;
 * ```
 */
export class ManualClock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<Watcher>();

  constructor(startAt: number = Date.UTC(2026, 0, 1)) {
    this.#now = startAt;
  }

  /** The time that the clock shows, in milliseconds since the epoch. */
  now(): number {
    return this.#now;
  }

  /** How many sleeps are pending. */
  get sleepers(): number {
    return this.#sleepers.size;
  }

  /** When the next of them ends, in ms from now; Infinity when there is none. */
  get nextInMs(): number {
    return Math.min(...[...this.#sleepers].map(({ at }) => at - this.#now));
  }

  /** Resolves at the instant now + `ms`, at once when that is not in the future; rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      if (ms <= 0) {
        resolve();
        return;
      }
      this.#add(ms, { signal, resolve, reject });
    });
  }

  /**
   * Moves time to now + `ms`, stopping at each sleeper that falls due, so that what it does next sees the right time. Promises
   * that wait for nothing but time go on before it resolves; what waits for a server is awaited by itself.
   * @throws RangeError for what is no number of at least 0
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0)) throw new RangeError('advance needs a number of milliseconds of at least 0');
    const end = this.#now + ms;
    await turn();
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#now = Math.max(this.#now, next.at);
      next.wake();
      await turn();
    }
    this.#now = Math.max(this.#now, end);
    await turn();
  }

  /** Jumps to the instant `at`, backwards too, and wakes whoever is due by then, all of them at that time. */
  set(at: number): void {
    this.#now = at;
    for (let next = this.#nextDue(at); next !== undefined; next = this.#nextDue(at)) {
      next.wake();
    }
  }

  /** Resolves once at least `count` sleeps are pending. */
  sleeping(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#watchers.add({ count, notify: resolve });
      this.#tellWatchers();
    });
  }

  #add(ms: number, { signal, resolve, reject }: Promised): void {
    const abort = (): void => {
      this.#sleepers.delete(sleeper);
      reject(signal?.reason);
    };
    const sleeper: Sleeper = {
      at: this.#now + ms,
      wake: () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
        resolve();
      },
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#sleepers.add(sleeper);
    this.#tellWatchers();
  }

  /** The earliest sleeper due by `end`; of several at one instant the one that lay down first. */
  #nextDue(end: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.at <= end && (first === undefined || sleeper.at < first.at)) {
        first = sleeper;
      }
    }
    return first;
  }

  #tellWatchers(): void {
    for (const watcher of this.#watchers) {
      if (this.#sleepers.size >= watcher.count) {
        this.#watchers.delete(watcher);
        watcher.notify();
      }
    }
  }
}
