// How far a server's clock is from ours. An assertion with the wrong time is refused in many words, so only the clocks are
// compared: the server's Date against ours, at the middle of the request.
import { recordOf } from '@axios-authorizer/core/extend';

/** A wrong assertion is refused as one of these, with 400 or 401. */
const REFUSALS = new Set<unknown>(['invalid_client', 'invalid_grant', 'invalid_request']);
/** Below this no assertion fails for the clock alone. */
const TOLERATED_MS = 30_000;

export interface RefusedRequest {
  /** What was thrown. */
  readonly error: unknown;
  /** By this machine's clock, in ms since the epoch. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** By how much the assertion's time was corrected. */
  readonly offsetMs: number;
}

export interface ClockOffsetOptions {
  /** Whose clock it is. */
  readonly baseUrl: string;
  /** Told of each correction. */
  readonly notice: (message: string) => void;
}

export class ClockOffset {
  readonly #options: ClockOffsetOptions;
  #ms = 0;

  constructor(options: ClockOffsetOptions) {
    this.#options = options;
  }

  /** By how much the time of an assertion is corrected. */
  get ms(): number {
    return this.#ms;
  }

  /** Whether a wrong time may be why the request was refused; from now on it is corrected. */
  correct(refused: RefusedRequest): boolean {
    const offsetMs = betterOffset(refused);
    if (offsetMs === undefined) return false;
    this.#ms = offsetMs;
    const seconds = Math.round(offsetMs / 1000);
    this.#options.notice(
      `This machine's clock differs from that of ${this.#options.baseUrl} by ${seconds} s; assertions are dated by the server's`,
    );
    return true;
  }

  /** A correction that fixes nothing is not kept: the server's Date may be a proxy's, and wrong. */
  async keptIfFixed<T>({ offsetMs }: RefusedRequest, again: () => Promise<T>): Promise<T> {
    const corrected = this.#ms;
    try {
      return await again();
    } catch (error) {
      if (isTimeRefusal(error) && this.#ms === corrected) this.#ms = offsetMs;
      throw error;
    }
  }
}

/** How far the server's clock is ahead of ours in ms, when the assertion's time may be why it was refused; else undefined. */
function betterOffset({ error, sentAt, receivedAt, offsetMs }: RefusedRequest): number | undefined {
  const { serverDate } = recordOf(error);
  if (!isTimeRefusal(error) || !(serverDate instanceof Date)) return undefined;
  const aheadMs = serverDate.getTime() - (sentAt + receivedAt) / 2;
  return Math.abs(aheadMs - offsetMs) > TOLERATED_MS ? aheadMs : undefined;
}

/** Whether a wrong time may be why `error` was thrown. */
function isTimeRefusal(error: unknown): boolean {
  const { status, error: refusal } = recordOf(error);
  return (status === 400 || status === 401) && REFUSALS.has(refusal);
}
