// The current token: how old it is, whether a server rejected it, and how it came here.
import type { Acquired } from './acquisition-task.js';
import type { ReplacementReason } from '../token/observer.js';
import { ageAt } from '../token/validity.js';
import type { Age } from '../token/validity.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';

export interface HeldToken<T> extends Pick<Acquired<T>, 'token' | 'deadlines'> {
  /** Whether a server refused it, so that it is not handed out any more. */
  readonly refused?: boolean;
}

/** Its age; a source with an `expired` of its own decides between stale and expired. */
export function ageOf<T extends Token>(source: AnySource<T>, { token, deadlines }: HeldToken<T>, now: number): Age {
  const age = ageAt(deadlines, now);
  if (source.expired === undefined || age === 'ended') return age;
  if (!source.expired(token, new Date(now))) return age === 'expired' ? 'stale' : age;
  return deadlines.endsAt === Infinity ? 'ended' : 'expired';
}

/** Why a replacement is needed. */
export function reasonFor(held: HeldToken<Token> | undefined): ReplacementReason {
  if (held === undefined) return 'missing';
  return held.refused ? 'refused' : 'expired';
}

/** The token with that mark of its session; the very token when it has it (C17). */
export function marked<T extends Token>(token: T, sessionMark: string | undefined): T {
  return sessionMark === token.sessionMark ? token : { ...token, sessionMark };
}
