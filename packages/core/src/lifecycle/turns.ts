// Work that is done one after the other, and a promise for those who wait until all of it is over.

export class Turns {
  #last: Promise<void> | undefined;

  /** Settles when all work is over; undefined when there is none. Never rejects. */
  get over(): Promise<void> | undefined {
    return this.#last;
  }

  /** `work`, as soon as what came before it is over. */
  add(work: () => Promise<void>): Promise<void> {
    const turn = (this.#last ?? Promise.resolve()).then(work);
    const last = turn
      .catch(() => undefined)
      .finally(() => {
        if (this.#last === last) this.#last = undefined;
      });
    this.#last = last;
    return turn;
  }
}
