// The same by formula: what follows from C1 and from the commands of the store, for N machines and tokens of L seconds. And the
// bounds within which a simulation has to agree with it.
import { GAP_MS } from './machine.mjs';

const LEEWAY_MS = 15_000;
const LEEWAY_FRACTION = 0.1;
const COUNTED_MS = 1_000_000;
const LEAST_AHEAD = 0.2;
const MOST_AHEAD = 0.3;
/** From the sending of a token request until its answer is saved: 300 ms on average, and a few ways to Redis. */
const REFRESH_MS = 303;
/** Read, take the lease, read, save, release. */
const COMMANDS_OF_ONE = 5;
/**
 * Of who comes while another refreshes, beyond the read that news costs everybody: read, ask, listen, ask once more
 * since it listens, look again, read on the news. Fitted to the simulation, not derived.
 */
const COMMANDS_OF_WAITING = 8;

/** How far a simulation may be from the formula, as a fraction; calls per expiry are compared exactly. */
export const BOUNDS = { periodS: 0.03, commands: 0.08, peak: 0.15, callsAlone: 0.1 };

/** When a token of `lifetimeS` is refreshed (C1). */
export function windowOf(lifetimeS) {
  const lifetimeMs = lifetimeS * 1_000;
  const leewayMs = Math.min(LEEWAY_MS, lifetimeMs * LEEWAY_FRACTION);
  const countedMs = Math.min(COUNTED_MS, lifetimeMs);
  const latestAheadMs = leewayMs + MOST_AHEAD * countedMs;
  const meanAheadMs = leewayMs + ((LEAST_AHEAD + MOST_AHEAD) / 2) * countedMs;
  return {
    leewayMs,
    spreadMs: (MOST_AHEAD - LEAST_AHEAD) * countedMs,
    latestAheadMs,
    freshMs: lifetimeMs - latestAheadMs,
    /** Of one machine alone: from one token to the next, with half a gap between requests. */
    meanPeriodMs: lifetimeMs - meanAheadMs + GAP_MS / 2,
  };
}

/** With one Redis: one call for each expiry, and the commands that it costs; alone: the calls of all in the time of one token. */
export function calculated(machines, lifetimeS) {
  const { freshMs, spreadMs, meanPeriodMs } = windowOf(lifetimeS);
  const firstMs = Math.sqrt((2 * spreadMs * GAP_MS) / machines);
  const waiting = begunBy(firstMs + REFRESH_MS, { machines, spreadMs }) - 1;
  const commands = COMMANDS_OF_ONE + (machines - 1) + waiting * COMMANDS_OF_WAITING;
  return {
    calls: 1,
    periodS: (freshMs + firstMs) / 1_000,
    waiting,
    commands,
    peak: commands,
    callsAlone: machines,
    meanPeriodS: meanPeriodMs / 1_000,
  };
}

/** How many have begun a refresh so long after the first can: each at its next request after a moment that is drawn. */
function begunBy(ms, { machines, spreadMs }) {
  const rate = machines / spreadMs;
  return ms < GAP_MS ? (rate * ms * ms) / (2 * GAP_MS) : rate * (ms - GAP_MS / 2);
}

/** @returns what is further apart than the bounds */
export function differences(machines, lifetimeS, { shared, alone }) {
  const expected = calculated(machines, lifetimeS);
  const found = {
    periodS: shared.seconds / shared.tokenCalls.length,
    commands: shared.commands / shared.tokenCalls.length,
    peak: Math.max(...shared.bySecond.values()),
    callsAlone: alone.tokenCalls.length,
  };
  const wrong = Object.entries(BOUNDS).flatMap(([name, bound]) =>
    Math.abs(found[name] / expected[name] - 1) <= bound
      ? []
      : [`${name}: ${found[name]} simulated, ${expected[name]} calculated`],
  );
  const calls =
    shared.tokenCalls.length === EXPIRIES ? [] : [`${shared.tokenCalls.length} token calls for ${EXPIRIES} expiries`];
  return [...calls, ...wrong].map((text) => `tokens of ${lifetimeS} s, ${machines} machines: ${text}`);
}

/** Expiries that are measured while nothing happens. */
export const EXPIRIES = 3;
