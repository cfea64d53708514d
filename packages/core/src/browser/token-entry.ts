// The record that holds the token of one name, or the mark that a sign-out left in its place. Transactions of IndexedDB exclude
// each other over all tabs, so whether a token may take the place of another is decided and done in one step; the generation, a
// random text, tells whether what stands is what this store saw last.
import { AuthenticationError, isAuthenticationError } from '../index.js';
import { omitUndefined, recordOf } from '../extend.js';
import type { Token } from '../index.js';
import { isSameToken, signedOut } from '../token/store.js';
import type { Database } from './database.js';
import { randomId } from './platform.js';

const FORMAT_VERSION = 1;

interface Entry<T> {
  readonly generation: string;
  /** Absent: somebody has signed out. */
  readonly token?: T;
}

export class TokenEntry<T extends Token> {
  readonly #database: Database;
  readonly #name: string;
  /** Called after each write. */
  readonly #written: () => void;
  /** The generation that was loaded or saved last. */
  #seen: string | undefined;
  /** The mark that this store left in the place of a spent token, whose successor could not be kept. */
  #lost: string | undefined;
  #clears = 0;

  constructor(database: Database, name: string, written: () => void) {
    this.#database = database;
    this.#name = name;
    this.#written = written;
  }

  /** @throws AuthenticationError `logged_out` while the mark of a sign-out stands, `store_unreadable` */
  async load(): Promise<T | undefined> {
    const entry = entryOf<T>(await this.#database.read(this.#name));
    this.#seen = entry?.generation;
    if (entry && entry.token === undefined && entry.generation !== this.#lost) throw signedOut();
    return entry?.token;
  }

  /** @throws AuthenticationError `logged_out` while the mark of a sign-out stands, and when this was cleared meanwhile */
  async save(
    token: T,
    replaces?: T,
    { newSession = false }: { readonly newSession?: boolean } = {},
  ): Promise<T | undefined> {
    const [seen, clears, generation] = [this.#seen, this.#clears, randomId()];
    let standing: T | undefined;
    try {
      await this.#database.change(this.#name, (record) => {
        if (clears !== this.#clears) throw signedOut();
        standing = newSession ? undefined : this.#winner(record, replaces, seen);
        return standing === undefined ? { version: FORMAT_VERSION, generation, token } : undefined;
      });
    } catch (error) {
      if (replaces && isRotated(replaces, token) && !isAuthenticationError(error)) await this.#withdraw(replaces);
      throw error;
    }
    if (standing === undefined) this.#wrote(generation);
    return standing;
  }

  /** Where there is no room for the mark the token is forgotten all the same. */
  async clear(): Promise<void> {
    this.#clears += 1;
    const generation = randomId();
    try {
      await this.#database.change(this.#name, () => ({ version: FORMAT_VERSION, generation }));
    } catch (error) {
      await this.#database.change(this.#name, () => null).catch(() => undefined);
      throw error;
    } finally {
      this.#wrote(generation);
    }
  }

  /** @throws what keeps the record from being read */
  async assertReadable(): Promise<void> {
    await this.#database.read(this.#name);
  }

  /**
   * `spent` stands, and its successor cannot be kept: nobody may use it once more. The others find the mark of a sign-out in its
   * place, this store finds nothing.
   */
  async #withdraw(spent: T): Promise<void> {
    const generation = randomId();
    const instead = (mark: object | null) => (record: unknown) => {
      const { token } = readable<T>(record) ?? {};
      return token && isSameToken(token, spent) ? mark : undefined;
    };
    try {
      await this.#database.change(this.#name, instead({ version: FORMAT_VERSION, generation }));
      this.#lost = generation;
    } catch {
      await this.#database.change(this.#name, instead(null)).catch(() => undefined);
    }
    this.#wrote(generation);
  }

  /** The token that stands, unless it is the one to be replaced, or was seen here last, or cannot be read. @throws `logged_out` */
  #winner(record: unknown, replaces: T | undefined, seen: string | undefined): T | undefined {
    const { generation, token } = readable<T>(record) ?? {};
    if (generation === undefined || (token === undefined && generation === this.#lost)) return undefined;
    if (token === undefined) throw signedOut();
    return generation === seen || (replaces && isSameToken(token, replaces)) ? undefined : token;
  }

  #wrote(generation: string): void {
    this.#seen = generation;
    this.#written();
  }
}

/** Whether the refresh token of `before` may be spent, now that there is `after`. */
function isRotated(before: Token, after: Token): boolean {
  return before.refreshToken !== undefined && before.refreshToken !== after.refreshToken;
}

function readable<T extends Token>(record: unknown): Entry<T> | undefined {
  try {
    return entryOf<T>(record);
  } catch {
    return undefined;
  }
}

/** @throws AuthenticationError `store_unreadable` for what is none */
function entryOf<T extends Token>(record: unknown): Entry<T> | undefined {
  if (record === undefined) return undefined;
  const { version, generation, token } = recordOf(record);
  const isToken = token === undefined || typeof recordOf(token)['accessToken'] === 'string';
  if (version !== FORMAT_VERSION || typeof generation !== 'string' || !isToken) throw unreadable();
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever saved it saved a T
  return { generation, ...omitUndefined({ token: token as T | undefined }) };
}

function unreadable(): AuthenticationError {
  return new AuthenticationError('What the browser keeps is no token of this format; the next token replaces it', {
    code: 'store_unreadable',
    kind: 'unavailable',
  });
}
