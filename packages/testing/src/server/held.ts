// Holds the next request until the test lets it go: what a program does meanwhile is what such a test is about.
import type { Answer } from './answer.js';
import { gate } from './gate.js';

/** A request that is not answered until `release()`. */
export interface HeldRequest {
  /** Resolves when the request has arrived. */
  readonly arrived: Promise<void>;
  /** Answers it as usual; closing the server ends it without an answer. */
  release(): void;
}

/** @returns the handle for the test, and what answers the request */
export function held(): { readonly handle: HeldRequest; readonly answer: () => Answer } {
  const [arrival, leave] = [gate(), gate()];
  const answer = (): Answer => {
    arrival.open();
    return { after: leave.opened };
  };
  return { handle: { arrived: arrival.opened, release: leave.open }, answer };
}
