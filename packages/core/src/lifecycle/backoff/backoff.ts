// The cool-downs of a lifecycle: after failed acquisitions (C5), and after refreshes that cured no rejection (C7).
import { CoolDown } from './cool-down.js';
import type { AuthenticationError, AuthErrorCode } from '../../token/errors/errors.js';
import { coolingDown } from '../../token/errors/lifecycle-errors.js';
import { UselessRefreshes } from './useless-refreshes.js';

/** After what asked no server, or ran out of time, the next call starts afresh. */
const WITHOUT_COOL_DOWN = new Set<AuthErrorCode>(['timeout', 'logged_out', 'not_authenticated', 'lease_unavailable']);

export class Backoff {
  readonly #failures = new CoolDown<AuthenticationError>();
  /** By those who rejected: what one rejects another may accept. */
  readonly rejections: UselessRefreshes = new UselessRefreshes();

  /** An acquisition failed; after what asked no server, or ran out of time, the next call starts afresh (C4, C5). */
  failed(failure: AuthenticationError, now: number): void {
    if (!WITHOUT_COOL_DOWN.has(failure.code)) this.#failures.start(failure, now);
  }

  /** An acquisition succeeded. */
  acquired(): void {
    this.#failures.end();
  }

  /** The failure after which automatic acquisitions cool down. */
  afterFailure(now: number): AuthenticationError | undefined {
    return this.#failures.active(now)?.failure;
  }

  /** @throws the failure that automatic acquisitions are kept from */
  assertOver(now: number): void {
    const coolDown = this.#failures.active(now);
    if (coolDown) throw coolingDown(coolDown.failure, coolDown.leftMs);
  }

  end(): void {
    this.#failures.end();
    this.rejections.clear();
  }
}
