// Whoever waits for the lock is woken when it is given back, or of many who wait a few. Listening takes a second connection, which
// is there only while somebody waits; where it cannot be had, looking again after a while is all there is.
import type { Clock } from '@axios-authorizer/core';
import type { Listening, Wire } from './redis-client.js';

/**
 * So many of those who wait are woken, on average: if all were, ten thousand would ask ten thousand times. That none is woken is
 * rare (one in fifty), and then somebody looks soon.
 */
const WOKEN = 4;

/** What a holder whose work failed in passing says when it gives the lock back, after the number of those who listen. */
export const FAILED = ' failed';

export class WakeUp {
  readonly #wire: Wire;
  readonly #channel: string;
  readonly #waiting = new Set<() => void>();
  #guests = 0;
  #news = 0;
  /** How many wait for this lock on all machines, as was heard last. */
  crowd = 0;
  #listening: Listening | undefined;
  #failed: () => void = ignore;

  constructor(wire: Wire, channel: string) {
    this.#wire = wire;
    this.#channel = channel;
  }

  /**
   * Listens from now on, until as many have left as have come.
   * @param failed called when a holder's work has failed in passing
   */
  enter(failed: () => void): void {
    this.#failed = failed;
    this.#guests += 1;
    if (this.#guests > 1) return;
    try {
      this.#listening = this.#wire.listen(this.#channel, (message) => this.#heard(String(message)));
    } catch {
      return; // a client that cannot be duplicated: looking again will do
    }
    void this.#listening?.begun.then(() => this.#wake()); // what was published before was not heard
  }

  leave(): void {
    this.#guests -= 1;
    if (this.#guests > 0) return;
    this.#listening?.end();
    this.#listening = undefined;
    this.crowd = 0;
  }

  /** How often there was news; to be read before asking for the lock, so that none is missed in between. */
  get news(): number {
    return this.#news;
  }

  /** Whether the lock was given back since `known`; resolves when it is, at the latest after `ms`. */
  async wait(clock: Clock, ms: number, known: number): Promise<boolean> {
    if (this.#news !== known) return true;
    const over = new AbortController();
    let wake = ignore;
    const woken = new Promise<void>((resolve) => (wake = resolve));
    this.#waiting.add(wake);
    const slept = clock.sleep(ms, over.signal).catch(() => undefined);
    await Promise.race([woken, slept]);
    this.#waiting.delete(wake);
    over.abort();
    return this.#news !== known;
  }

  #heard(message: string): void {
    const listeners = parseInt(message, 10) || 0;
    this.crowd = listeners;
    if (message.endsWith(FAILED)) this.#failed();
    if (!(listeners > WOKEN) || Math.random() * listeners < WOKEN) this.#wake();
  }

  #wake(): void {
    this.#news += 1;
    for (const wake of this.#waiting) wake();
  }
}

function ignore(): void {
  // replaced before anybody can call it
}
