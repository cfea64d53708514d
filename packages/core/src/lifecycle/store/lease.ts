// Work that waits for the lease of a store, which may come late.
import type { Clock } from '../../internal/clock.js';
import { failingElsewhere, leaseUnavailable } from '../../token/errors/lifecycle-errors.js';

/**
 * Who waits while the others fail for so long waits no longer: about what the tries of one take who waits for nobody. In a fleet
 * the turn may come after half a minute only.
 */
const FAILING_MS = 2_000;
/** Failures that are further apart are not of one outage. */
const QUIET_MS = 5_000;

/** What is heard of the tries of those who share the store. */
export class OthersTries {
  readonly #clock: Clock;
  #since = 0;
  #last = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One has failed, and may succeed a little later. @returns whether they have for so long that it is not worth the wait */
  failed(): boolean {
    const now = this.#clock.now();
    if (Math.abs(now - this.#last) >= QUIET_MS) this.#since = now;
    this.#last = now;
    return now - this.#since >= FAILING_MS;
  }
}

export interface LeaseOptions<R> {
  readonly signal: AbortSignal;
  readonly work: () => Promise<R>;
  /** What another holder has left in the store meanwhile, when that is enough. @throws when the store does not answer */
  readonly peek: () => Promise<R | undefined>;
  readonly otherwise: (cause: unknown) => Promise<R>;
}

/** Work under a lease that either begins in time or never: a lease that comes late must find nothing to do. */
export class Lease<R> {
  readonly begun: Promise<void>;
  readonly result: Promise<R>;
  #begin: () => void = () => undefined;
  #state: 'waiting' | 'begun' | 'given up' = 'waiting';

  /** Rejects when it is not worth the wait. */
  readonly inVain: Promise<never>;
  #giveWay: (why: unknown) => void = () => undefined;

  constructor(work: () => Promise<R>) {
    this.inVain = new Promise((_, reject) => (this.#giveWay = reject));
    this.inVain.catch(() => undefined);
    this.begun = new Promise((resolve) => (this.#begin = resolve));
    this.result = this.begun.then(work);
    this.result.catch(() => undefined);
  }

  async begin(): Promise<R> {
    if (this.#state === 'given up') throw leaseUnavailable('it came after it was given up');
    this.#state = 'begun';
    this.#begin();
    return this.result;
  }

  /** Others have failed for too long. */
  giveWay(): void {
    this.#giveWay(failingElsewhere());
  }

  /** Whether the work has not begun, and now never will. */
  giveUp(): boolean {
    if (this.#state === 'waiting') this.#state = 'given up';
    return this.#state === 'given up';
  }
}
