// A token in the authorizer's hands: how old it is, whether a server refused it, and why it was fetched.
import { ageAt } from './token-age.js';
import type { Age, TokenDeadlines } from './token-age.js';
import type { Token } from './token.js';
import type { AnySource } from './token-source.js';

export class HeldToken<T extends Token> {
  readonly token: T;
  /** Whether it was fetched because its predecessor was refused. */
  readonly afterRefusal: boolean;
  /** Whether a server refused it, so that it is not handed out any more. */
  readonly refused: boolean;
  readonly #deadlines: TokenDeadlines;
  readonly #source: AnySource<T>;

  constructor(
    source: AnySource<T>,
    { token, deadlines }: { readonly token: T; readonly deadlines: TokenDeadlines },
    { afterRefusal = false, refused = false }: { readonly afterRefusal?: boolean; readonly refused?: boolean } = {},
  ) {
    this.#source = source;
    this.#deadlines = deadlines;
    this.token = token;
    this.afterRefusal = afterRefusal;
    this.refused = refused;
  }

  /** The same token, refused. */
  asRefused(): HeldToken<T> {
    return this.#changed(this.token, true);
  }

  /** The same token, less what renewed it. */
  without(token: T): HeldToken<T> {
    return this.#changed(token, this.refused);
  }

  /** Whether it may be sent: neither ended nor refused. */
  usableAt(now: number): boolean {
    return !this.refused && now < this.#deadlines.endsAt;
  }

  /** Its age; a source with an `expired` of its own decides between stale and expired. */
  ageAt(now: number): Age {
    const age = ageAt(this.#deadlines, now);
    if (this.#source.expired === undefined || age === 'ended') return age;
    if (!this.#source.expired(this.token, new Date(now))) return age === 'expired' ? 'stale' : age;
    return this.#deadlines.endsAt === Infinity ? 'ended' : 'expired';
  }

  #changed(token: T, refused: boolean): HeldToken<T> {
    const acquired = { token, deadlines: this.#deadlines };
    return new HeldToken(this.#source, acquired, { afterRefusal: this.afterRefusal, refused });
  }
}
