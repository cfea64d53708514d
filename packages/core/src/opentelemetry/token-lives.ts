// How old a token was when its successor came, and what was left of its life: says whether the windows fit the tokens.
import { endOf } from './attributes.js';
import type { Event } from './attributes.js';
import type { Speakers } from './speakers.js';

/** The life of a replaced token, in ms; what is not known is absent. */
export interface ReplacedLife {
  /** Absent for a token that another process had acquired. */
  readonly ageMs?: number | undefined;
  /** Absent for a token without a known end. */
  readonly leftMs?: number | undefined;
}

export class TokenLives {
  readonly #speakers: Speakers;
  #held: Event<'acquired'> | undefined;

  constructor(speakers: Speakers) {
    this.#speakers = speakers;
  }

  /** Keeps `next`. @returns the life of the token whose place it takes; nothing when there was none, or it is not known */
  replacedBy(next: Event<'acquired'>): ReplacedLife {
    const held = this.#held;
    this.#held = next;
    if (held === undefined || next.reason === 'missing' || this.#speakers.several) return {};
    const now = endOf(next);
    const ageMs = held.adopted ? undefined : now - endOf(held);
    return { ageMs, leftMs: held.expiresAt && held.expiresAt.getTime() - now };
  }
}
