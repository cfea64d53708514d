// Tells the program of each new token, before anybody sees it (C6).
import type { ResolvedOptions } from './options.js';
import { within } from '../internal/clock.js';
import { recordOf } from '../internal/records.js';
import { secretsOfClient, secretsOfToken, withoutSecrets } from '../token/secrets.js';
import type { Token } from '../token/token.js';

/** `onToken` may take that long; a hook that hangs, or waits for the token itself, must not hold up those who need it. */
const LONGEST_REPORT_MS = 2_000;

/** It may take a while but cannot fail anybody. @param leftMs what is left for it */
export async function report<T extends Token>(token: T, options: ResolvedOptions<T>, leftMs: number): Promise<void> {
  const { clock, clientInfo, onToken, observer } = options;
  if (onToken === undefined) return;
  try {
    const reported = async (): Promise<void> => onToken(token);
    const longestMs = Math.max(0, Math.min(LONGEST_REPORT_MS, leftMs));
    await within(clock, longestMs, reported(), () => new Error('it took too long'));
  } catch (error) {
    const secrets = [...secretsOfToken(token), ...secretsOfClient(clientInfo)];
    const words = withoutSecrets(String(recordOf(error)['message'] ?? error), secrets);
    const message = `onToken failed, the token is used all the same: ${words}`;
    observer?.({ type: 'notice', at: clock.now(), message });
  }
}
