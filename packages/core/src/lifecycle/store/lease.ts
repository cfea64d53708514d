// Work under a store's lease that either begins in time or never: a lease that comes late must find nothing to do.
import { AuthenticationError } from '../../token/errors/errors.js';

/** Work that begins under a lease, unless it was given up before. */
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
    if (this.#state === 'given up') throw tooLate();
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

function tooLate(): AuthenticationError {
  return new AuthenticationError('The lease came after it was given up', {
    code: 'lease_unavailable',
    kind: 'unavailable',
  });
}
