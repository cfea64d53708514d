// Time that passes only when nothing is left to do: an hour of ten thousand machines takes as long as their work, and every run
// of the same seed is the same run. What is due stands in a heap; promises are settled before the next thing that is due.
import { setImmediate as settled } from 'node:timers/promises';

export class VirtualTime {
  #now;
  #serial = 0;
  #due = [];

  constructor(startMs) {
    this.#now = startMs;
    /** The clock of an authorizer, a source and a store. */
    this.clock = { now: () => this.#now, sleep: (ms, signal) => this.#sleep(ms, signal) };
  }

  get now() {
    return this.#now;
  }

  /** Calls `run` at an instant, or as soon as that can be. @returns what can be called off with `cancel` */
  at(instant, run) {
    const entry = { at: Math.max(instant, this.#now), serial: (this.#serial += 1), run };
    this.#push(entry);
    return entry;
  }

  cancel(entry) {
    entry.run = undefined;
  }

  /** Lets time pass until `instant`. */
  async until(instant) {
    await settled();
    while (this.#due.length > 0 && this.#due[0].at <= instant) {
      const { at } = this.#due[0];
      this.#now = at;
      let isIdle = true;
      while (this.#due.length > 0 && this.#due[0].at === at) {
        const { run } = this.#pop();
        run?.();
        isIdle &&= run === undefined;
      }
      if (!isIdle) await settled();
    }
    this.#now = instant;
  }

  #sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        this.cancel(entry);
        reject(signal.reason);
      };
      const entry = this.at(this.#now + ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  #push(entry) {
    const due = this.#due;
    let index = due.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(due[parent], entry)) break;
      due[index] = due[parent];
      index = parent;
    }
    due[index] = entry;
  }

  #pop() {
    const due = this.#due;
    const [first] = due;
    const last = due.pop();
    if (due.length > 0) sink(due, last);
    return first;
  }
}

function sink(due, entry) {
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= due.length) break;
    if (child + 1 < due.length && isBefore(due[child + 1], due[child])) child += 1;
    if (isBefore(entry, due[child])) break;
    due[index] = due[child];
    index = child;
  }
  due[index] = entry;
}

function isBefore(one, other) {
  return one.at < other.at || (one.at === other.at && one.serial < other.serial);
}
