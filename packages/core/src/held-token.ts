// The current token: how old it is, whether a server rejected it, and how it came here.
import type { Acquired } from './acquisition-task.js';
import { ageAt } from './token-age.js';
import type { Age } from './token-age.js';
import type { Token } from './token.js';
import type { AnySource } from './token-source.js';

type Origin<T> = Pick<Acquired<T>, 'token' | 'deadlines'>;

export class HeldToken<T extends Token> {
  /** Whether a server refused it, so that it is not handed out any more. */
  readonly refused: boolean;
  readonly #origin: Origin<T>;
  readonly #source: AnySource<T>;

  constructor(source: AnySource<T>, origin: Origin<T>, refused = false) {
    this.#source = source;
    this.#origin = origin;
    this.refused = refused;
  }

  get token(): T {
    return this.#origin.token;
  }

  /** The same token, refused. */
  asRefused(): HeldToken<T> {
    return new HeldToken(this.#source, this.#origin, true);
  }

  /** The same token, less what renewed it. */
  without(token: T): HeldToken<T> {
    return new HeldToken(this.#source, { ...this.#origin, token }, this.refused);
  }

  /** Whether it may be sent: neither ended nor refused. */
  usableAt(now: number): boolean {
    return !this.refused && now < this.#origin.deadlines.endsAt;
  }

  /** Its age; a source with an `expired` of its own decides between stale and expired. */
  ageAt(now: number): Age {
    const { token, deadlines } = this.#origin;
    const age = ageAt(deadlines, now);
    if (this.#source.expired === undefined || age === 'ended') return age;
    if (!this.#source.expired(token, new Date(now))) return age === 'expired' ? 'stale' : age;
    return deadlines.endsAt === Infinity ? 'ended' : 'expired';
  }
}
