// A token as it comes here: from the source, the store or the program, with what is known of it.
import { isExpiredBy } from './source-failure.js';
import type { AnySource } from '../token/source.js';
import type { Token } from '../token/token.js';
import { ageAt } from '../token/validity.js';
import type { Age, TokenDeadlines } from '../token/validity.js';

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

/** How old a token is; a source with an `expired` of its own decides between stale and expired. */
export function ageOf<T extends Token>(
  source: AnySource<T>,
  { token, deadlines }: Pick<Acquired<T>, 'token' | 'deadlines'>,
  now: number,
): Age {
  const age = ageAt(deadlines, now);
  if (source.expired === undefined || age === 'expired') return age;
  if (!isExpiredBy(source, token, now)) return age === 'expiring' ? 'stale' : age;
  return deadlines.expiresAt === Infinity ? 'expired' : 'expiring';
}
