// The two rests of a lifecycle: after failed acquisitions (C5), and after refusals that no new token cured (C7).
import { CoolDown, REFUSALS } from './cool-down.js';
import type { AuthenticationError } from './errors.js';
import { coolingDown, refusedAgain } from './lifecycle-errors.js';

export class Rests {
  readonly #failures = new CoolDown<AuthenticationError>();
  /** By origin: what one API refuses another may accept. */
  readonly #refusals = new Map<string, CoolDown<AuthenticationError>>();

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

  /** A token that was fetched because of a refusal was refused as well, by `url`. */
  refusedAgain(now: number, url: URL): void {
    if (this.afterRefusal(now, url)) return;
    const rest = this.#refusals.get(url.origin) ?? new CoolDown(REFUSALS);
    this.#refusals.set(url.origin, rest);
    rest.start(refusedAgain(), now);
  }

  /** The server of `url` took the token. */
  accepted(url: URL): void {
    if (this.#refusals.size > 0) this.#refusals.delete(url.origin);
  }

  /** Whether a refusal by `url` starts no replacement now. */
  afterRefusal(now: number, url: URL | undefined): boolean {
    return this.#refusal(now, url) !== undefined;
  }

  /** @param refusedBy whose refusal makes this call, if one does @throws the failure that is being rested from */
  assertOver(now: number, refusedBy: URL | undefined): void {
    const resting = this.#failures.resting(now) ?? this.#refusal(now, refusedBy);
    if (resting) throw coolingDown(resting.failure, resting.leftMs);
  }

  end(): void {
    this.#failures.end();
    this.#refusals.clear();
  }

  #refusal(now: number, url: URL | undefined): ReturnType<CoolDown<AuthenticationError>['resting']> {
    return url && this.#refusals.get(url.origin)?.resting(now);
  }
}
