// The rests of a lifecycle: after failed acquisitions (C5); after refusals that no new token cured (C7), by those who refused.
import { CoolDown, REFUSALS } from './cool-down.js';
import type { AuthenticationError, AuthErrorCode } from './errors.js';
import { coolingDown, refusedAgain } from './lifecycle-errors.js';

/** Beyond that many all are forgotten: routes may have no end. */
const MOST_REFUSALS = 1_000;

const WITHOUT_REST = new Set<AuthErrorCode>(['timeout', 'logged_out', 'not_authenticated', 'lease_unavailable']);

type Resting = NonNullable<ReturnType<CoolDown<AuthenticationError>['resting']>>;

export class Rests {
  readonly #failures = new CoolDown<AuthenticationError>();
  /** By origin, and by route: what one refuses another may accept. */
  readonly #refusals = new Map<string, CoolDown<AuthenticationError>>();

  /** An acquisition failed; after what asked no server, or ran out of time, the next call starts afresh (C4, C5). */
  failed(failure: AuthenticationError, now: number): void {
    if (!WITHOUT_REST.has(failure.code)) this.#failures.start(failure, now);
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
    if (this.#refusals.size > MOST_REFUSALS) this.#refusals.clear();
    for (const place of placesOf(url)) {
      const rest = this.#refusals.get(place) ?? new CoolDown(REFUSALS);
      this.#refusals.set(place, rest);
      rest.start(refusedAgain(), now);
    }
  }

  /** The server of `url` took the token: neither its API nor that route rests any longer. */
  accepted(url: URL): void {
    if (this.#refusals.size > 0) for (const place of placesOf(url)) this.#refusals.delete(place);
  }

  /** The rest in which a refusal by `url` starts no replacement now. */
  afterRefusal(now: number, url: URL | undefined): Resting | undefined {
    if (url === undefined || this.#refusals.size === 0) return undefined;
    const resting = placesOf(url).map((place) => this.#refusals.get(place)?.resting(now));
    return resting[0] ?? resting[1];
  }

  /** @param refusedBy whose refusal makes this call, if one does @throws the failure that is being rested from */
  assertOver(now: number, refusedBy: URL | undefined): void {
    const resting = this.#failures.resting(now) ?? this.afterRefusal(now, refusedBy);
    if (resting) throw coolingDown(resting.failure, resting.leftMs);
  }

  end(): void {
    this.#failures.end();
    this.#refusals.clear();
  }
}

/** An API, and a route of it. */
function placesOf({ origin, pathname }: URL): readonly [api: string, route: string] {
  return [origin, origin + pathname];
}
