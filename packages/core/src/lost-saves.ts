// The tokens that the store may still hold although they were refreshed, because what they became could not be saved (C6).
import type { Acquired } from './acquisition-task.js';
import type { Token } from './token.js';

/** Of so many lost saves in a row it is known. */
const MOST = 100;

export class LostSaves {
  #outdated: readonly string[] = [];

  /** A token was acquired, and saved or not. */
  note({ kept, madeFrom }: Pick<Acquired<Token>, 'kept' | 'madeFrom'>): void {
    this.#outdated = kept || !madeFrom ? [] : [madeFrom.accessToken, ...this.#outdated].slice(0, MOST);
  }

  /** Whether what was made of `token` is newer than it, by its value: the clocks of two machines are never compared. */
  isOutdated({ accessToken }: Token): boolean {
    return this.#outdated.includes(accessToken);
  }

  forget(): void {
    this.#outdated = [];
  }
}
