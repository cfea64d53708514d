// An outage, as those see it who wait for the lease: the others try one after the other, and fail.
import { AuthenticationError } from '@axios-authorizer/core';
import type { Clock } from '@axios-authorizer/core';

/**
 * Who waits while the others fail for so long waits no longer: about what the tries of one take who waits for nobody. In a fleet
 * the turn may come after half a minute only.
 */
const FAILING_MS = 2_000;
/** Failures that are further apart are not of one outage. */
const QUIET_MS = 5_000;

/** What is heard of the tries of those who share the lease. */
export class OthersTries {
  readonly #clock: Clock;
  #since = 0;
  #last = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One has failed, and may succeed a little later. @returns whether they have for so long that it is not worth the wait */
  failed(): boolean {
    const now = this.#clock.now();
    if (Math.abs(now - this.#last) >= QUIET_MS) this.#since = now;
    this.#last = now;
    return now - this.#since >= FAILING_MS;
  }
}

export function failingElsewhere(): AuthenticationError {
  return new AuthenticationError(
    'Others that share the token in Redis have tried in turn for seconds, and failed, so nobody waits behind them: try again later',
    { code: 'failing_elsewhere', kind: 'unavailable', transient: true },
  );
}
