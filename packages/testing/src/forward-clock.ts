// Time as another clock tells it, and what a test has added: an hour is over at once, and whoever sleeps is left asleep.
import type { Clock } from '@axios-authorizer/core';

export class ForwardClock implements Clock {
  readonly #clock: Clock;
  #addedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now() + this.#addedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(ms, signal);
  }

  /** Adds `ms` milliseconds; what is not above 0 adds nothing. */
  forward(ms: number): void {
    this.#addedMs += Math.max(0, ms);
  }
}
