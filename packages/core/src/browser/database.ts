// IndexedDB, as far as the store needs it: one record for each name, read, or changed in one step. Each call opens the database
// and closes it again, which takes a millisecond or two: a connection that stays open would be in the way of whoever deletes the
// database, and of the browser that keeps a page to go back to.
import { ConfigurationError } from '../index.js';
import { recordOf } from '../internal/records.js';

const DATABASE = 'axios-authorizer';
const VERSION = 1;
const RECORDS = 'tokens';
/** How browsers say that an origin may keep nothing: blocked in the settings, a sandboxed frame, Firefox's former private mode. */
const BLOCKED = ['SecurityError', 'InvalidStateError'];

export class Database {
  readonly #databases: IDBFactory;

  constructor(databases: IDBFactory) {
    this.#databases = databases;
  }

  /** Whether anything may be kept here at all. */
  async isAllowed(): Promise<boolean> {
    try {
      (await open(this.#databases)).close();
      return true;
    } catch (error) {
      return !BLOCKED.includes(String(recordOf(error)['name']));
    }
  }

  async read(key: string): Promise<unknown> {
    let found: IDBRequest | undefined;
    await this.#run('readonly', (records) => {
      found = records.get(key);
    });
    return found?.result;
  }

  /** Puts what `decide` makes of the record in its place: undefined leaves it, null removes it. @throws what `decide` throws */
  async change(key: string, decide: (record: unknown) => object | null | undefined): Promise<void> {
    let refusal: { readonly cause: unknown } | undefined;
    const run = this.#run('readwrite', (records, transaction) => {
      const found = records.get(key);
      found.addEventListener('success', () => {
        try {
          const next = decide(found.result);
          if (next === null) records.delete(key);
          else if (next !== undefined) records.put(next, key);
        } catch (cause) {
          refusal = { cause };
          transaction.abort();
        }
      });
    });
    await run.catch((error: unknown) => {
      throw refusal === undefined ? error : refusal.cause;
    });
  }

  /** Until what was written is on the disk: a refresh token that comes back after a power cut is a spent one. */
  async #run(
    mode: IDBTransactionMode,
    act: (records: IDBObjectStore, transaction: IDBTransaction) => void,
  ): Promise<void> {
    const database = await open(this.#databases);
    try {
      const transaction = database.transaction(RECORDS, mode, { durability: 'strict' });
      const over = completed(transaction);
      act(transaction.objectStore(RECORDS), transaction);
      await over;
    } finally {
      database.close();
    }
  }
}

/** @throws ConfigurationError when a later version of this library has changed the database; the browser's errors */
function open(databases: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = databases.open(DATABASE, VERSION);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(RECORDS));
    request.addEventListener('success', () => {
      const { result: database } = request;
      database.addEventListener('versionchange', () => database.close()); // after the transaction: somebody deletes it
      resolve(database);
    });
    request.addEventListener('error', () => reject(outdated(request.error) ?? request.error));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    transaction.addEventListener('abort', () => reject(transaction.error));
  });
}

function outdated(error: DOMException | null): ConfigurationError | undefined {
  if (error?.name !== 'VersionError') return undefined;
  return new ConfigurationError(
    'A later version of axios-authorizer, loaded in another tab, keeps the token: reload the page',
  );
}
