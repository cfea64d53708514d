// What a token shows of a clock that was set back. The time at which it came is this machine's own, so no server's clock is in it.
import { inWords } from './durations.js';

/** Clocks are set by NTP in smaller steps. */
const TOLERATED_MS = 60_000;

/** "issued in 24 h", of a token that came later than it is now; undefined for any other. */
export function issuedLater(issuedAt: Date | undefined, nowMs: number): string | undefined {
  const aheadMs = (issuedAt?.getTime() ?? nowMs) - nowMs;
  return aheadMs > TOLERATED_MS ? `issued in ${inWords(aheadMs)}` : undefined;
}
