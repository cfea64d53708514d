// An assertion is good for one request: "the jti value has not been previously encountered for the given iss within the
// maximum allowed authentication JWT lifetime" (SMART App Launch 2.2). Encountered, not accepted: one that was refused
// or whose answer got lost is spent as well.

import type { SmartAssertion } from '../options.js';

const longestLifeMs = 300_000;

export class UsedJtis {
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Remembers the assertion for the longest life that one may have. @returns whether it came for the first time */
  spend({ claims }: SmartAssertion): boolean {
    const name = JSON.stringify([claims['iss'], claims['jti']]);
    const fresh = (this.#until.get(name) ?? 0) <= this.#now();
    this.#until.set(name, this.#now() + longestLifeMs);
    return fresh;
  }
}
