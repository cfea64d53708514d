// The current token: how old it is, whether a server rejected it, and how it came here.
import type { Acquired } from './acquisition-task.js';
import type { RefreshReason } from '../token/observer.js';
import { ageAt } from '../token/validity.js';
import type { Age } from '../token/validity.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';

export interface CurrentToken<T> extends Pick<Acquired<T>, 'token' | 'deadlines'> {
  /** Whether a server rejected it, so that it is not handed out any more. */
  readonly rejected?: boolean;
}

/** Its age; a source with an `expired` of its own decides between stale and expired. */
export function ageOf<T extends Token>(source: AnySource<T>, { token, deadlines }: CurrentToken<T>, now: number): Age {
  const age = ageAt(deadlines, now);
  if (source.expired === undefined || age === 'expired') return age;
  if (!source.expired(token, new Date(now))) return age === 'expiring' ? 'stale' : age;
  return deadlines.expiresAt === Infinity ? 'expired' : 'expiring';
}

/** Why a refresh is needed. */
export function reasonFor(current: CurrentToken<Token> | undefined): RefreshReason {
  if (current === undefined) return 'missing';
  return current.rejected ? 'unauthorized' : 'expiring';
}

/** The token with that mark of its session; the very token when it has it (C17). */
export function marked<T extends Token>(token: T, sessionMark: string | undefined): T {
  return sessionMark === token.sessionMark ? token : { ...token, sessionMark };
}
