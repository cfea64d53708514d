// Holds the next request until the test lets it go: what a program does meanwhile is what such a test is about.
import type { Answer, Script } from './answer.js';
import { gate } from './gate.js';

/** A request that is not answered until `release()`. */
export interface HeldRequest {
  /** Resolves when the request has arrived. */
  readonly arrived: Promise<void>;
  /** Answers it as usual; closing the server ends it without an answer. */
  release(): void;
}

/** Holds the next request that `answers` are taken for. @returns the handle for the test */
export function held<Ask extends readonly unknown[]>(answers: Pick<Script<Ask>, 'next'>): HeldRequest {
  const [arrival, leave] = [gate(), gate()];
  const answer = (): Answer => {
    arrival.open();
    return { after: leave.opened };
  };
  answers.next([answer]);
  return { arrived: arrival.opened, release: leave.open };
}
