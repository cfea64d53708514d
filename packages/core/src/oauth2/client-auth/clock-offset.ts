// How far a server's clock is from ours. An assertion with the wrong time is rejected in many words, so only the clocks are
// compared: the server's Date against ours, at the middle of the request.
import { systemClock } from '../../internal/clock.js';
import { recordOf } from '../../internal/records.js';
import type { AuthenticatedSending } from './client-auth.js';

/** A wrong assertion is rejected as one of these, with 400 or 401. */
const REJECTIONS = new Set<unknown>(['invalid_client', 'invalid_grant', 'invalid_request']);
/** Of these grants `invalid_grant` speaks of what can be spent once. */
const ONE_USE = new Set<unknown>(['refresh_token', 'authorization_code']);
/** Below this no assertion fails for the clock alone. */
const TOLERATED_MS = 30_000;

/** A request that failed, and when it was under way. */
export interface FailedSending {
  /** What was thrown. */
  readonly error: unknown;
  /** By this machine's clock, in ms since the epoch. */
  readonly sentAt: number;
  /** When that came, likewise. */
  readonly receivedAt: number;
  /** By how much the assertion's time was corrected. */
  readonly offsetMs: number;
  /** `grant_type` of the request. Default: none that can be spent. */
  readonly grantType?: string | undefined;
}

/** Whose clock a {@link ClockOffset} compares with ours. */
export interface ClockOffsetOptions {
  /** Whose clock it is, for the notice. */
  readonly server: string;
  /** Told of each correction. */
  readonly notice: (message: string) => void;
}

/**
 * Corrects the time of assertions by the server's clock, when that may be why one was rejected.
 *
 * @example
 * ```ts
 * const offset = new ClockOffset({ server: 'https://id.example.org', notice: (message) => (document.title = message) });
 * const nowMs = Date.now() + offset.ms; // by the server's clock, as far as it is known
 * ```
 */
export class ClockOffset {
  readonly #options: ClockOffsetOptions;
  #ms = 0;

  constructor(options: ClockOffsetOptions) {
    this.#options = options;
  }

  /** By how much the time of an assertion is corrected, in ms. */
  get ms(): number {
    return this.#ms;
  }

  /** Whether a wrong time may be why the request was rejected; from now on it is corrected. */
  correct(failed: FailedSending): boolean {
    const offsetMs = betterOffset(failed);
    if (offsetMs === undefined) return false;
    this.#ms = offsetMs;
    const seconds = Math.round(offsetMs / 1000);
    this.#options.notice(
      `This machine's clock differs from that of ${this.#options.server} by ${seconds} s; assertions are dated by the server's`,
    );
    return true;
  }

  /** A correction that fixes nothing is not kept: the server's Date may be a proxy's, and wrong. */
  async keptIfFixed<T>({ offsetMs }: FailedSending, again: () => Promise<T>): Promise<T> {
    const corrected = this.#ms;
    try {
      return await again();
    } catch (error) {
      if (isTimeRejection(error) && this.#ms === corrected) this.#ms = offsetMs;
      throw error;
    }
  }
}

/** The clocks of the servers that one client authentication talks to, by origin. */
export class ServerClocks {
  readonly #offsets = new Map<string, ClockOffset>();

  /** The time at the server of `url`, as far as it is known. */
  now(url: string, nowMs: number): number {
    return nowMs + (this.#offsets.get(new URL(url).origin)?.ms ?? 0);
  }

  /** Sends, and once more with another time where that may be why it was rejected. */
  async exchange<R>(sending: AuthenticatedSending, send: () => Promise<R>): Promise<R> {
    const { url, clock = systemClock, grantType, notice = () => undefined } = sending;
    const { origin } = new URL(url);
    const offset = this.#offsets.get(origin) ?? new ClockOffset({ server: origin, notice });
    const [sentAt, offsetMs] = [clock.now(), offset.ms];
    try {
      return await send();
    } catch (error) {
      const failed = { error, sentAt, receivedAt: clock.now(), offsetMs, grantType };
      if (!offset.correct(failed)) throw error;
      this.#offsets.set(origin, offset);
      return offset.keptIfFixed(failed, send);
    }
  }
}

/** How far the server's clock is ahead of ours in ms, when the assertion's time may be why it was rejected; else undefined. */
function betterOffset({ error, sentAt, receivedAt, offsetMs, grantType }: FailedSending): number | undefined {
  const { serverDate, error: rejection } = recordOf(error);
  if (!isTimeRejection(error) || !(serverDate instanceof Date)) return undefined;
  if (rejection === 'invalid_grant' && ONE_USE.has(grantType)) return undefined;
  const aheadMs = serverDate.getTime() - (sentAt + receivedAt) / 2;
  return Math.abs(aheadMs - offsetMs) > TOLERATED_MS ? aheadMs : undefined;
}

/** Whether a wrong time may be why `error` was thrown. */
function isTimeRejection(error: unknown): boolean {
  const { status, error: rejection } = recordOf(error);
  return (status === 400 || status === 401) && REJECTIONS.has(rejection);
}
