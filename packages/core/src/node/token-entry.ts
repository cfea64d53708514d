// One name's token in the store's file, and what this store has seen of it. Saves compare and set: what was written by
// another since this store looked is replaced by a newer token only, and what was cleared stays cleared.
import { dirname } from 'node:path';
import { AuthenticationError, isAuthenticationError } from '../index.js';
import type { Token } from '../index.js';
import { unlessCode } from './claim.js';
import { EMPTY_DOCUMENT, withEntry } from './store-document.js';
import type { EntryContent, StoreDocument, StoredEntry } from './store-document.js';
import { changeDocument, readDocument } from './store-file.js';
import type { StoreFile } from './store-file.js';
import { assertOwnKey, entryOfToken, isEmpty, tokenOfEntry } from './stored-token.js';
import type { EntryOwner } from './stored-token.js';

export class TokenEntry<T extends Token> {
  readonly #file: StoreFile;
  readonly #owner: EntryOwner;
  /** The generation of what was loaded or written last, 0 for nothing; undefined before. */
  #seen: number | undefined;
  #clears = 0;

  constructor(file: StoreFile, owner: EntryOwner) {
    this.#file = file;
    this.#owner = owner;
  }

  async load(): Promise<T | undefined> {
    const entry = (await readDocument(this.#file))?.entries.get(this.#owner.name);
    this.#seen = entry?.generation ?? 0;
    return this.#tokenOf(entry);
  }

  /** @throws AuthenticationError `logged_out` when the entry was cleared meanwhile */
  async save(token: T): Promise<T | undefined> {
    const [seen, clears] = [this.#seen, this.#clears];
    let standing: T | undefined;
    await this.#change((document) => {
      if (clears !== this.#clears) throw loggedOut();
      standing = this.#newer(document?.entries.get(this.#owner.name), token, seen);
      return standing === undefined ? entryOfToken(token, this.#owner) : undefined;
    });
    return standing;
  }

  /** Leaves an entry without a token, so that a save which was begun before does not bring it back. */
  async clear(): Promise<void> {
    this.#clears += 1;
    const isThere = await this.#isThere();
    if (!isThere && !(await this.#isThere(dirname(this.#file.path)))) return;
    try {
      await this.#change((document) => document && {});
    } catch (error) {
      if (isAuthenticationError(error) || (await this.#isThere())) throw error;
    }
  }

  async #change(change: (document: StoreDocument | undefined) => EntryContent | undefined): Promise<void> {
    let generation: number | undefined;
    await changeDocument(this.#file, (document) => {
      const entry = change(document);
      if (entry === undefined) return undefined;
      generation = Math.max(document?.generation ?? 0, this.#seen ?? 0) + 1;
      return withEntry(document ?? EMPTY_DOCUMENT, this.#owner.name, { generation, ...entry });
    });
    this.#seen = generation ?? this.#seen;
  }

  /** What another has written since `seen`, when it is newer than `token`. */
  #newer(standing: StoredEntry | undefined, token: T, seen: number | undefined): T | undefined {
    if (standing === undefined) return undefined;
    assertOwnKey(standing, this.#owner);
    if (standing.generation === seen) return undefined;
    if (isEmpty(standing) && seen !== undefined) throw loggedOut();
    const other = this.#readable(standing);
    return other && isNewer(other, token) ? other : undefined;
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

  async #isThere(path: string = this.#file.path): Promise<boolean> {
    return (await unlessCode('ENOENT', this.#file.platform.fs.stat(path))) !== undefined;
  }
}

function isNewer(one: Token, other: Token): boolean {
  return (one.issuedAt?.getTime() ?? 0) > (other.issuedAt?.getTime() ?? 0);
}

function loggedOut(): AuthenticationError {
  return new AuthenticationError('The token was not saved: the store was cleared while it was on its way', {
    code: 'logged_out',
    kind: 'session',
  });
}
