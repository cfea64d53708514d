// What the store may still hold although it counts no more, because it could not be written: tokens that were refreshed or
// signed out, and the whole of another session. By their values: the clocks of two machines are never compared (C6).
import type { Acquired } from '../acquisition-task.js';
import type { Token } from '../../token/token.js';

/** Of so many lost saves in a row it is known. */
const MOST = 100;

export class LostSaves {
  #outdated: readonly string[] = [];
  #isUnsaved = false;

  /** Whether the session began with a save that was lost: what the store holds is of another one, until ours is saved. */
  get isUnsaved(): boolean {
    return this.#isUnsaved;
  }

  /** A token was acquired, and saved or not. */
  note({ kept, madeFrom, beginsSession }: Pick<Acquired<Token>, 'kept' | 'madeFrom' | 'beginsSession'>): void {
    this.#isUnsaved = !kept && (this.#isUnsaved || beginsSession);
    this.#outdated = kept || !madeFrom ? [] : [madeFrom.accessToken, ...this.#outdated].slice(0, MOST);
  }

  isOutdated({ accessToken }: Token): boolean {
    return this.#isUnsaved || this.#outdated.includes(accessToken);
  }

  /** The session is over; tokens of it are left where the store cannot be cleared of them. */
  signedOut(tokens: readonly Token[] = []): void {
    this.#isUnsaved = false;
    this.#outdated = tokens.map(({ accessToken }) => accessToken);
  }
}
