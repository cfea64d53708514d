// Keeps tokens in a file that only its owner can read, shared by the processes of one machine. Leases keep their refreshes
// apart; holders may overlap after a stall, so what is written is decided by the generation in the file, not by the lease.
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { keepingAlive } from '../internal/clock.js';
import { ConfigurationError, isAuthenticationError } from '../index.js';
import { checkOptions } from '../extend.js';
import type { Token, TokenStore } from '../index.js';
import type { OptionTable } from '../extend.js';
import { EntryNews } from './entry-news.js';
import { entryCipher } from './entry-cipher.js';
import type { EncryptionKey } from './entry-cipher.js';
import { underFileLock } from './file-lock.js';
import { thisPlatform, unlessCode } from './platform.js';
import type { Platform } from './platform.js';
import { makePrivateFolder } from './owned-file.js';
import {
  DEFAULT_NAME,
  EMPTY_DOCUMENT,
  withEntry,
  assertOwnKey,
  entryOfToken,
  isEmpty,
  tokenOfEntry,
} from './store-document.js';
import { isSameToken, signedOut } from '../token/store.js';
import type { EntryContent, StoreDocument, StoredEntry, EntryOwner } from './store-document.js';
import { changeDocument, readDocument } from './store-file.js';
import type { StoreFile } from './store-file.js';

/** The options of {@link fileTokenStore}. */
export interface FileTokenStoreOptions {
  /** Seals the token with AES-256-GCM: 32 bytes, or their base64 text; default: it lies there unencrypted. */
  readonly encryptionKey?: EncryptionKey | undefined;
  /** Tells several authorizers apart that keep their tokens in one file; any text; default 'default'. */
  readonly name?: string | undefined;
  /** How long a holder of the lease that runs but shows no sign of life keeps it, in ms, at least 10; default 10 000. */
  readonly leaseMs?: number | undefined;
}

const OPTIONS: OptionTable<FileTokenStoreOptions> = { encryptionKey: 'any', name: 'any', leaseMs: 'any' };
const LEASE_MS = 10_000;
const SHORTEST_LEASE_MS = 10;
const HASH_LENGTH = 12;

/**
 * A store in the file at `path`: 0600, in a folder that only the owner can enter when it has to be made, written atomically,
 * leased across processes. File and locks are regular files of the effective user, the file with one name only, the folder is
 * the user's or root's, and none of them a link; at most 1 MiB is read, a larger file counts as damaged. The mark of a sign-out
 * stands in the file until a new session or the file's removal. A lease is waited for at most 10 minutes while its holder works.
 * @throws ConfigurationError for options that cannot be meant; its calls throw it for an encrypted token without its key, for
 *   a folder that others can write to, for what is another user's or no regular file and for more than 1 MiB to be written,
 *   besides the file system's errors and AuthenticationErrors `store_unreadable` for what is no token file, `logged_out` as
 *   {@link TokenStore} says and `lease_unavailable`
 *
 * @example
 * ```ts
 * const store = fileTokenStore('/var/lib/reports/token.json');
 * const authorizer = new Authorizer(source, { store }); // the next run goes on with this token
 * ```
 */
export function fileTokenStore<T extends Token = Token>(path: string, options?: FileTokenStoreOptions): TokenStore<T> {
  return fileTokenStoreOn<T>(thisPlatform, path, options);
}

/** The same on a machine of the caller's choice. */
export function fileTokenStoreOn<T extends Token = Token>(
  platform: Platform,
  path: string,
  options?: FileTokenStoreOptions,
): TokenStore<T> {
  const { encryptionKey, name = DEFAULT_NAME, leaseMs = LEASE_MS } = checkOptions(options, 'fileTokenStore', OPTIONS);
  assertSensible(path, name, leaseMs);
  const cipher = encryptionKey === undefined ? undefined : entryCipher(encryptionKey);
  const file = { path: resolve(path), leaseMs, platform };
  const entry = new TokenEntry<T>(file, { name, cipher });
  const lease = { path: leasePath(file.path, name), leaseMs, lapses: true, platform };
  return {
    load: () => entry.load(),
    save: (token, replaces, given) => keepingAlive(entry.save(token, replaces, given)),
    clear: () => keepingAlive(entry.clear()),
    exclusive: async (work) => {
      await makePrivateFolder(platform.fs, file.path);
      return underFileLock(lease, work);
    },
    subscribe: (changed) => entry.subscribe(changed),
  };
}

function assertSensible(path: string, name: string, leaseMs: number): void {
  if (typeof path !== 'string' || path === '')
    throw new ConfigurationError('fileTokenStore needs the path of a file, as a text that is not empty');
  if (typeof name !== 'string' || name === '')
    throw new ConfigurationError('The name of a token in a file must be a text that is not empty');
  if (!(Number.isFinite(leaseMs) && leaseMs >= SHORTEST_LEASE_MS))
    throw new ConfigurationError(`leaseMs must be a number of milliseconds, at least ${SHORTEST_LEASE_MS}`);
}

/** Who refreshes one token does not keep others from refreshing theirs. A name may hold what a file's must not. */
function leasePath(path: string, name: string): string {
  if (name === DEFAULT_NAME) return `${path}.lock`;
  return `${path}.${createHash('sha256').update(name).digest('hex').slice(0, HASH_LENGTH)}.lock`;
}

interface Seen {
  readonly entry: StoredEntry | undefined;
}

class TokenEntry<T extends Token> {
  readonly #file: StoreFile;
  readonly #owner: EntryOwner;
  /** What was loaded or written last; undefined before. A file that was removed counts its generations anew: they alone do not tell. */
  #seen: Seen | undefined;
  /** What was written last, or is about to be. */
  #written: StoredEntry | undefined;
  #clears = 0;
  readonly #news: EntryNews;

  constructor(file: StoreFile, owner: EntryOwner) {
    this.#file = file;
    this.#owner = owner;
    const isOwn = (text: string): boolean => text === JSON.stringify(this.#written);
    this.#news = new EntryNews(file, owner.name, isOwn);
  }

  subscribe(changed: () => void): () => void {
    return this.#news.subscribe(changed);
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
      this.#written = written = { generation, ...content };
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
