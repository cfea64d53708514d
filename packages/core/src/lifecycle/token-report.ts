// Reports a new token to the program, which may take a while but cannot fail anybody.
import type { ResolvedOptions } from './options.js';
import { within } from '../internal/clock.js';
import { recordOf } from '../internal/records.js';
import { secretsOfClient, secretsOfToken, withoutSecrets } from '../token/secrets.js';
import type { Token } from '../token/token.js';

/** `onToken` may take that long; a hook that hangs, or waits for the token itself, must not hold up those who need it. */
const LONGEST_REPORT_MS = 2_000;

/** @param leftMs what is left of the acquisition's limit */
export async function reportToken<T extends Token>(
  { clock, clientInfo, onToken, observer }: ResolvedOptions<T>,
  token: T,
  leftMs: number,
): Promise<void> {
  if (onToken === undefined) return;
  try {
    const reported = async (): Promise<void> => onToken(token);
    await within(
      clock,
      Math.max(0, Math.min(LONGEST_REPORT_MS, leftMs)),
      reported(),
      () => new Error('it took too long'),
    );
  } catch (error) {
    const words = withoutSecrets(String(recordOf(error)['message'] ?? error), [
      ...secretsOfToken(token),
      ...secretsOfClient(clientInfo),
    ]);
    const message = `onToken failed, the token is used all the same: ${words}`;
    observer?.({ type: 'notice', at: clock.now(), message });
  }
}
