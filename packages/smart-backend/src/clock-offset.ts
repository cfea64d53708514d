// How far a server's clock is from ours. An assertion with the wrong time is refused in many words, so only the clocks are
// compared: the server's Date against ours, at the middle of the request.
import { membersOf } from '@axios-authorizer/core';

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

/** How far the server's clock is ahead of ours in ms, when the assertion's time may be why it was refused; else undefined. */
/** Whether a wrong time may be why `error` was thrown. */
export function isTimeRefusal(error: unknown): boolean {
  const { status, error: refusal } = membersOf(error);
  return (status === 400 || status === 401) && REFUSALS.has(refusal);
}

export function betterOffset({ error, sentAt, receivedAt, offsetMs }: RefusedRequest): number | undefined {
  const { serverDate } = membersOf(error);
  if (!isTimeRefusal(error) || !(serverDate instanceof Date)) return undefined;
  const aheadMs = serverDate.getTime() - (sentAt + receivedAt) / 2;
  return Math.abs(aheadMs - offsetMs) > TOLERATED_MS ? aheadMs : undefined;
}
