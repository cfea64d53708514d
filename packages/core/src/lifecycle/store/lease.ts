// Work that waits for the lease of a store, which may come late.
import { leaseUnavailable } from '../../token/errors/lifecycle-errors.js';

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

  constructor(work: () => Promise<R>) {
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

  /** Whether the work has not begun, and now never will. */
  giveUp(): boolean {
    if (this.#state === 'waiting') this.#state = 'given up';
    return this.#state === 'given up';
  }
}
