// After a failure, automatic tries pause for a while, so that a loop can neither storm a token endpoint nor lock an account.
import type { AuthErrorKind } from '../../token/errors/errors.js';

interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** Nothing a person has to fix: soon again, then less often. */
const UNAVAILABLE: Pace = { firstMs: 1_000, longestMs: 30_000 };
/** Each try with wrong credentials may count towards a lockout. */
const CREDENTIALS: Pace = { firstMs: 60_000, longestMs: 3_600_000 };
/** A token fetched because of a rejection was rejected as well. */
export const REJECTIONS: Pace = { firstMs: 2_000, longestMs: 60_000 };
/** A server may ask for this long a cool-down, not for more. */
const LONGEST_RETRY_AFTER_MS = 300_000;

interface Failure {
  readonly kind: AuthErrorKind;
  readonly retryAfterMs?: number;
}

export class CoolDown<F extends Failure = Failure> {
  #failure: F | undefined;
  #count = 0;
  #startedAt = 0;
  #until = 0;
  readonly #pace: Pace | undefined;

  /** @param pace for all failures alike; default: by their kind */
  constructor(pace?: Pace) {
    this.#pace = pace;
  }

  /** Begins, or lengthens, the cool-down after `failure`. */
  start(failure: F, now: number): void {
    if (failure.kind !== this.#failure?.kind) this.#count = 0;
    const pace = this.#pace ?? paceOf(failure.kind);
    this.#failure = failure;
    this.#startedAt = now;
    this.#until = now + restMs(pace, this.#count++, failure.retryAfterMs);
  }

  end(): void {
    this.#failure = undefined;
    this.#count = 0;
    this.#until = 0;
  }

  /** The failure that is being rested from, and for how long still; undefined when a try is free. */
  active(now: number): { readonly failure: F; readonly leftMs: number } | undefined {
    if (now < this.#startedAt) this.#until = now; // a clock that steps back prolongs nothing, nor does it when it catches up
    if (this.#failure === undefined || now >= this.#until) return undefined;
    return { failure: this.#failure, leftMs: this.#until - now };
  }
}

/** A server may ask for a longer cool-down, or after a passing failure for a shorter one, but never for none. */
function restMs(pace: Pace, count: number, retryAfterMs: number | undefined): number {
  const ownMs = coolDownMs(pace, count);
  if (retryAfterMs === undefined) return ownMs;
  const leastMs = pace === UNAVAILABLE ? pace.firstMs : ownMs;
  return Math.max(leastMs, Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
}

/** The cool-down after `count` others, in ms. */
export function coolDownMs({ firstMs, longestMs }: Pace, count: number): number {
  return Math.min(firstMs * 2 ** count, longestMs);
}

function paceOf(kind: AuthErrorKind): Pace {
  return kind === 'credentials' || kind === 'session' ? CREDENTIALS : UNAVAILABLE;
}
