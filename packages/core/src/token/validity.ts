// The three ages of a token: fresh (hand out), stale (hand out, replace in the background), expired (replace first).
// The windows follow the token's life, so that a token of two seconds works as well as one of an hour.
import type { Token } from './token.js';

export type Age = 'fresh' | 'stale' | 'expiring' | 'expired';

/** The instants at which a token's age changes, in milliseconds since the epoch. */
export interface TokenDeadlines {
  readonly staleAt: number;
  readonly expiringAt: number;
  readonly expiresAt: number;
}

export interface AgeOptions {
  readonly leewayMs?: number | undefined;
  readonly refreshAheadMs?: number | undefined;
}

const LONGEST_LEEWAY_MS = 15_000;
const LEEWAY_FRACTION = 0.1;
/** Of longer lives no more is counted: refreshing begins at most 5 minutes ahead, and is spread all the same. */
const LONGEST_COUNTED_MS = 1_000_000;
/** The fraction is drawn once per token, so that many clients do not refresh at the same instant. */
const LEAST_AHEAD_FRACTION = 0.2;
const AHEAD_SPREAD = 0.1;
/** A token stays fresh for a part of its life whatever is configured, else every request would replace it. */
const WIDEST_FRACTION = 0.9;

/**
 * @param from when the life that counts began: the sending of the request, or `issuedAt` of a stored token
 * @param tookMs how long the last acquisition took
 */
export function deadlinesOf(token: Token, options: AgeOptions, from: number, tookMs: number): TokenDeadlines {
  const expiresAt = token.expiresAt?.getTime() ?? Infinity;
  if (expiresAt === Infinity) return { staleAt: Infinity, expiringAt: Infinity, expiresAt };
  const lifetimeMs = Math.max(0, expiresAt - from);
  const leewayMs = options.leewayMs ?? Math.min(LONGEST_LEEWAY_MS, lifetimeMs * LEEWAY_FRACTION);
  const aheadMs = options.refreshAheadMs ?? drawAhead(lifetimeMs, tookMs);
  const windowMs = Math.max(leewayMs, Math.min(leewayMs + aheadMs, lifetimeMs * WIDEST_FRACTION));
  return { staleAt: expiresAt - windowMs, expiringAt: expiresAt - leewayMs, expiresAt };
}

/** Whether a token may no longer be used, as an authorizer judges by default. */
export function isExpiring(token: Token, now: Date): boolean {
  const from = token.issuedAt?.getTime() ?? now.getTime();
  const age = ageAt(deadlinesOf(token, {}, from, 0), now.getTime());
  return age === 'expiring' || age === 'expired';
}

export function ageAt({ staleAt, expiringAt, expiresAt }: TokenDeadlines, now: number): Age {
  if (now < staleAt) return 'fresh';
  if (now < expiringAt) return 'stale';
  return now < expiresAt ? 'expiring' : 'expired';
}

function drawAhead(lifetimeMs: number, tookMs: number): number {
  const fraction = LEAST_AHEAD_FRACTION + AHEAD_SPREAD * Math.random();
  return Math.max(Math.min(LONGEST_COUNTED_MS, lifetimeMs) * fraction, 2 * tookMs);
}
