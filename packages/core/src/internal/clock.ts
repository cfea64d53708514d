// Time, as a thing that can be handed in. The system clock never keeps a process alive by itself: who waits for a
// token holds the process (`keepingAlive`), a background refresh does not.
import { recordOf } from './records.js';

/** Time, as an option: `systemClock` is the default, `manualClock()` of @axios-authorizer/testing is for tests. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest delay a timer takes; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The time of this machine, and a wait that a signal ends.
 *
 * @example
 * ```ts
 * const sentAt = systemClock.now(); // milliseconds since 1970
 * await systemClock.sleep(100);
 * ```
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep(ms, signal) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const slept = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS));
      unref(timer);
    });
    return abortable(slept, signal).finally(() => clearTimeout(timer));
  },
};

/** `promise`, or the signal's reason as soon as it aborts; leaves no listener behind. */
export function abortable<R>(promise: Promise<R>, signal?: AbortSignal): Promise<R> {
  if (signal === undefined) return promise;
  return new Promise<R>((resolve, reject) => {
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** `work`, or a rejection with what `late` makes after `ms` milliseconds of `clock`. */
export async function within<R>(clock: Clock, ms: number, work: Promise<R>, late: () => unknown): Promise<R> {
  const limit = new AbortController();
  const over = clock.sleep(ms, limit.signal).then(() => Promise.reject(late()));
  try {
    return await Promise.race([work, over]);
  } finally {
    over.catch(() => undefined);
    limit.abort();
  }
}

interface Limit {
  readonly clock: Clock;
  readonly ms: number;
  /** Why it is over then. */
  readonly late: () => unknown;
  /** Ends it as well. */
  readonly signal?: AbortSignal;
}

/** `work`, as long as its limit lasts; its signal aborts at the end of that, and nobody waits for it any longer. */
export async function limited<R>(
  { clock, ms, late, signal: outer }: Limit,
  work: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const limit = new AbortController();
  const { signal } = limit;
  const leave = (): void => limit.abort(outer?.reason);
  outer?.addEventListener('abort', leave);
  try {
    return await within(clock, ms, abortable(work(signal), signal), () => {
      limit.abort(late());
      return signal.reason;
    });
  } finally {
    outer?.removeEventListener('abort', leave);
  }
}

/** Holds the process for as long as somebody waits for `promise`. */
export function keepingAlive<R>(promise: Promise<R>): Promise<R> {
  const hold = setInterval(() => undefined, LONGEST_TIMER_MS);
  return promise.finally(() => clearInterval(hold));
}

function unref(timer: unknown): void {
  const { unref: letGo } = recordOf(timer);
  if (typeof letGo === 'function') Reflect.apply(letGo, timer, []);
}
