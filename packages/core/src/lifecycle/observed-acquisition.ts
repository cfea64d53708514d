// An acquisition, told to the observer from its beginning to its end.
import { Acquisition } from './acquisition.js';
import type { Acquired, AcquisitionTask } from './acquisition-task.js';
import { isTimeout } from '../token/errors/lifecycle-errors.js';
import type { AuthEvent } from '../token/observer.js';
import { asAuthenticationError } from './backoff/retry-policy.js';
import type { Token } from '../token/token.js';

/** @throws AuthenticationError, whatever was thrown below */
export async function acquireObserved<T extends Token>(
  task: AcquisitionTask<T> & { readonly id: number },
): Promise<Acquired<T> & { readonly tookMs: number }> {
  const { id, reason, signal } = task;
  const { clock, observer } = task.options;
  const at = clock.now();
  observer?.({ type: 'acquiring', id, at, reason });
  try {
    const acquired = await new Acquisition(task).run();
    if (!isTimeout(signal)) signal.throwIfAborted();
    const tookMs = clock.now() - at;
    observer?.({ type: 'acquired', id, at, reason, durationMs: tookMs, ...outcomeOf(acquired) });
    return { ...acquired, tookMs };
  } catch (error) {
    const failure = asAuthenticationError(error);
    const { code, kind } = failure;
    observer?.({ type: 'failed', id, at, reason, durationMs: clock.now() - at, code, kind });
    throw failure;
  }
}

type Outcome = Pick<AuthEvent & { type: 'acquired' }, 'adopted' | 'expiresAt' | 'scope'>;

function outcomeOf({ token, adopted }: Acquired<Token>): Outcome {
  const { expiresAt, scope } = token;
  return { adopted, ...(expiresAt && { expiresAt }), ...(scope !== undefined && { scope }) };
}
