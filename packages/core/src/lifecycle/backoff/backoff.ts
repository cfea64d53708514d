// The cool-downs of a lifecycle: after failed acquisitions (C5), and after refreshes that cured no rejection (C7).
import { CoolDown } from './cool-down.js';
import type { AuthenticationError, AuthErrorCode } from '../../token/errors/errors.js';
import { UselessRefreshes } from './useless-refreshes.js';

/** After what asked no server, or ran out of time, the next call starts afresh; and after a person who did not sign in (C25). */
const WITHOUT_COOL_DOWN = new Set<AuthErrorCode>([
  'timeout',
  'logged_out',
  'not_authenticated',
  'lease_unavailable',
  'sign_in_refused',
]);

export class Backoff {
  /** After failed acquisitions. */
  readonly failures: CoolDown<AuthenticationError> = new CoolDown<AuthenticationError>();
  /** By those who rejected: what one rejects another may accept. */
  readonly rejections: UselessRefreshes = new UselessRefreshes();

  /** An acquisition failed; after what asked no server, or ran out of time, the next call starts afresh (C4, C5). */
  failed(failure: AuthenticationError, now: number): void {
    if (!WITHOUT_COOL_DOWN.has(failure.code)) this.failures.start(failure, now);
  }

  end(): void {
    this.failures.end();
    this.rejections.clear();
  }
}
