// One name's token in the store's file, and what this store has seen of it. Saves compare and set: what another has written
// since this store looked is replaced only by who has seen that very token, and what was signed out stays so until somebody
// signs in.
import { isAuthenticationError } from '../index.js';
import type { Token } from '../index.js';
import { isSameToken, signedOut } from '../token/store.js';
import { unlessCode } from './platform.js';
import { EMPTY_DOCUMENT, withEntry } from './store-document.js';
import type { EntryContent, StoreDocument, StoredEntry } from './store-document.js';
import { changeDocument, readDocument } from './store-file.js';
import type { StoreFile } from './store-file.js';
import { assertOwnKey, entryOfToken, isEmpty, tokenOfEntry } from './stored-token.js';
import type { EntryOwner } from './stored-token.js';

interface Seen {
  readonly entry: StoredEntry | undefined;
}

export class TokenEntry<T extends Token> {
  readonly #file: StoreFile;
  readonly #owner: EntryOwner;
  /** What was loaded or written last; undefined before. A file that was removed counts its generations anew: they alone do not tell. */
  #seen: Seen | undefined;
  #clears = 0;

  constructor(file: StoreFile, owner: EntryOwner) {
    this.#file = file;
    this.#owner = owner;
  }

  /** @throws AuthenticationError `logged_out` while the mark of a sign-out stands */
  async load(): Promise<T | undefined> {
    const entry = (await readDocument(this.#file))?.entries.get(this.#owner.name);
    this.#seen = { entry };
    if (entry && isEmpty(entry)) throw signedOut();
    return this.#tokenOf(entry);
  }

  /** @throws AuthenticationError `logged_out` while the mark of a sign-out stands, and when this was cleared meanwhile */
  async save(
    token: T,
    replaces?: T,
    { newSession = false }: { readonly newSession?: boolean } = {},
  ): Promise<T | undefined> {
    const [seen, clears] = [this.#seen, this.#clears];
    let standing: T | undefined;
    await this.#change((document) => {
      if (clears !== this.#clears) throw signedOut();
      const entry = newSession ? undefined : document?.entries.get(this.#owner.name);
      standing = entry && this.#winner(entry, replaces, seen);
      return standing === undefined ? entryOfToken(token, this.#owner) : undefined;
    });
    return standing;
  }

  /** Leaves an entry without a token: the mark of the sign-out. */
  async clear(): Promise<void> {
    this.#clears += 1;
    try {
      await this.#change(() => ({}));
    } catch (error) {
      if (isAuthenticationError(error) || (await this.#isThere())) throw error;
    }
  }

  async #change(change: (document: StoreDocument | undefined) => EntryContent | undefined): Promise<void> {
    let written: StoredEntry | undefined;
    await changeDocument(this.#file, (document) => {
      const content = change(document);
      if (content === undefined) return undefined;
      const generation = Math.max(document?.generation ?? 0, this.#seen?.entry?.generation ?? 0) + 1;
      written = { generation, ...content };
      return withEntry(document ?? EMPTY_DOCUMENT, this.#owner.name, written);
    });
    if (written) this.#seen = { entry: written };
  }

  /** The token that stands, unless it is the one to be replaced, or was seen here last, or cannot be read, or nobody asked. */
  #winner(standing: StoredEntry, replaces: T | undefined, seen: Seen | undefined): T | undefined {
    if (isEmpty(standing)) throw signedOut();
    assertOwnKey(standing, this.#owner);
    const isKnown = seen ? JSON.stringify(standing) === JSON.stringify(seen.entry) : replaces === undefined;
    if (isKnown) return undefined;
    const other = this.#readable(standing);
    return other && replaces && isSameToken(other, replaces) ? undefined : other;
  }

  #readable(entry: StoredEntry): T | undefined {
    try {
      return this.#tokenOf(entry);
    } catch {
      return undefined;
    }
  }

  #tokenOf(entry: StoredEntry | undefined): T | undefined {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever saved it saved a T
    return tokenOfEntry(entry, this.#owner) as T | undefined;
  }

  async #isThere(): Promise<boolean> {
    return (await unlessCode('ENOENT', this.#file.platform.fs.lstat(this.#file.path))) !== undefined;
  }
}
