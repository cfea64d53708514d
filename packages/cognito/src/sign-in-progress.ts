// What a sign-in goes on with where an earlier one stopped: an answer from outside, or what a try that failed for a moment
// leaves to the next, so that a person is not asked twice.
import { isAuthenticationError } from '@axios-authorizer/core';
import type { GivenAnswer } from './answers.js';
import type { SRPOptions } from './srp-options.js';

export interface Beginning {
  /** Undefined when the sign-in begins anew, with the password. */
  readonly answered: GivenAnswer | undefined;
  /** Whether the answer was handed in before, so that the pool may have it. */
  readonly isRepeated: boolean;
}

export class SignInProgress {
  /** An answer from outside, which the next sign-in goes on with. */
  #pending: GivenAnswer | undefined;
  /** What a try that failed for a moment leaves to the next of the same acquisition, which has the same signal. */
  #kept: KeptFromTry | undefined;

  /** The next sign-in goes on from here instead of beginning anew. */
  answer(given: GivenAnswer): void {
    this.#pending = given;
  }

  /** Whether there is something for an acquisition to go on with. */
  isUnderWay(signal: AbortSignal): boolean {
    return this.#pending !== undefined || this.#kept?.signal === signal;
  }

  begin(signal: AbortSignal): Beginning {
    const kept = this.#kept?.signal === signal ? this.#kept : undefined;
    const answered = this.#pending ?? kept?.answered;
    const isRepeated = this.#pending === undefined && answered !== undefined;
    this.#pending = undefined;
    this.#kept = { signal, password: kept?.password };
    return { answered, isRepeated };
  }

  /** That of an earlier try, or what is given now, which the next try has then. */
  async password(given: SRPOptions['password']): Promise<string | undefined> {
    const kept = this.#kept;
    const password = kept?.password ?? (typeof given === 'function' ? await given() : given);
    if (kept !== undefined && this.#kept === kept) this.#kept = { ...kept, password };
    return password;
  }

  /** There are tokens: nothing is left over. */
  end(): void {
    this.#kept = undefined;
  }

  /** A try that failed for a moment is gone on with where it stopped. */
  fail(error: unknown, signal: AbortSignal, answered: GivenAnswer | undefined): void {
    const isForAMoment = isAuthenticationError(error) && error.transient && !signal.aborted;
    if (isForAMoment) this.#kept = { ...this.#kept, signal, answered };
    else if (this.#kept?.signal === signal) this.#kept = undefined;
  }
}

interface KeptFromTry {
  readonly signal: AbortSignal;
  readonly answered?: GivenAnswer | undefined;
  readonly password?: string | undefined;
}
