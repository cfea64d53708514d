// Guessing gets slower: the fifth failure locks, and whoever tries on while locked only prolongs it. A client that
// repeats a wrong password by itself locks its user out, which tests must be able to see.

import { CognitoFault } from '../fault.js';

interface Failures {
  readonly count: number;
  readonly lockedUntil: number;
  readonly forgottenAt: number;
}

const free = 5;
const firstLockMs = 1_000;
const longestLockMs = 900_000;

export class Lockout {
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws CognitoFault NotAuthorizedException while locked, which counts as a further failure */
  admit(name: string): void {
    if ((this.#current(name)?.lockedUntil ?? 0) > this.#now()) {
      this.fail(name);
      throw new CognitoFault('NotAuthorizedException', 'Password attempts exceeded');
    }
  }

  fail(name: string): void {
    const now = this.#now();
    const count = (this.#current(name)?.count ?? 0) + 1;
    const lockMs = count < free ? 0 : Math.min(longestLockMs, firstLockMs * 2 ** (count - free));
    this.#failures.set(name, { count, lockedUntil: now + lockMs, forgottenAt: now + longestLockMs });
  }

  clear(name: string): void {
    this.#failures.delete(name);
  }

  #current(name: string): Failures | undefined {
    const failures = this.#failures.get(name);
    return failures !== undefined && failures.forgottenAt >= this.#now() ? failures : undefined;
  }
}
