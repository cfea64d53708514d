// The two rests of a lifecycle: after failed acquisitions (C5), and after refusals that no new token cured (C7).
import { CoolDown, REFUSALS } from './cool-down.js';
import type { AuthenticationError } from './errors.js';
import { coolingDown, refusedAgain } from './lifecycle-errors.js';

export class Rests {
  readonly #failures = new CoolDown<AuthenticationError>();
  readonly #refusals = new CoolDown<AuthenticationError>(REFUSALS);

  /** An acquisition failed; after its limit, or a logout, the next call starts afresh (C4). */
  failed(failure: AuthenticationError, now: number): void {
    if (failure.code !== 'timeout' && failure.code !== 'logged_out') this.#failures.start(failure, now);
  }

  /** An acquisition succeeded. */
  acquired(): void {
    this.#failures.end();
  }

  /** The failure that automatic acquisitions rest from now. */
  afterFailure(now: number): AuthenticationError | undefined {
    return this.#failures.resting(now)?.failure;
  }

  /** A token that was fetched because of a refusal was refused as well. */
  refusedAgain(now: number): void {
    if (!this.afterRefusal(now)) this.#refusals.start(refusedAgain(), now);
  }

  /** A server took the token. */
  accepted(): void {
    if (this.#refusals.active) this.#refusals.end();
  }

  /** Whether a refusal starts no replacement now. */
  afterRefusal(now: number): boolean {
    return this.#refusals.resting(now) !== undefined;
  }

  /** @throws the failure that is being rested from */
  assertOver(now: number, forRefusal: boolean): void {
    const resting = this.#failures.resting(now) ?? (forRefusal ? this.#refusals.resting(now) : undefined);
    if (resting) throw coolingDown(resting.failure, resting.leftMs);
  }

  end(): void {
    this.#failures.end();
    this.#refusals.end();
  }
}
