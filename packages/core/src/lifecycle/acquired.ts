// A token as it comes here: from the source, the store or the program, with what is known of it.
import type { TokenDeadlines } from '../token/validity.js';

/** A token and when its age changes, and how it came here. */
export interface Acquired<T> {
  readonly token: T;
  readonly deadlines: TokenDeadlines;
  /** Whether another process had stored it already. */
  readonly adopted: boolean;
  /** Whether the store holds it. */
  readonly kept: boolean;
  /** The token that it was made from: the store may still hold that one if the save was lost. */
  readonly madeFrom?: T | undefined;
  /** Whether it is the first token of a sign-in after a sign-out. */
  readonly beginsSession: boolean;
}

export interface CurrentToken<T> extends Pick<Acquired<T>, 'token' | 'deadlines'> {
  /** Whether a server rejected it, so that it is not handed out any more. */
  readonly rejected?: boolean;
}
