// Keeps the key of proofs (core/dpop) where the tokens are that are bound to it: in IndexedDB, which holds keys that no script can
// read. All tabs have the same one.
import { ConfigurationError } from '../index.js';
import type { ProofKeyStore } from '../index.js';
import { checkOptions } from '../extend.js';
import type { OptionTable } from '../extend.js';
import { Database } from './database.js';
import { assertName } from './platform.js';
import type { BrowserPlatform } from './platform.js';
import { isBrowser } from '../internal/browser.js';

/** The options of {@link webKeyStore}. */
export interface WebKeyStoreOptions {
  /** That of the `webTokenStore` beside it, or another text of 1 to 200 characters, not only blanks. */
  readonly name: string;
}

const OPTIONS: OptionTable<WebKeyStoreOptions> = { name: 'string' };

/**
 * A store for the key of `dpopProof`, for the tabs and workers of one origin: the first makes it, all use it. It stays when
 * somebody signs out, and until the site's data is removed; no script can read it, while any script of the page can sign with it.
 * Where the browser lets this origin keep nothing, each tab has a key of its own, as its `webTokenStore` has a token.
 *
 * It can be made anywhere; what uses it must run in a page or worker.
 * @throws ConfigurationError for a name that cannot be meant; `dpopProof` throws it outside a page or worker, and what
 *   IndexedDB throws
 *
 * @example
 * ```ts
 * import { webKeyStore } from '@axios-authorizer/core/browser';
 * import { dpopProof } from '@axios-authorizer/core/dpop';
 * const proof = await dpopProof({ keyStore: webKeyStore({ name: 'reports' }) }); // the same key in each tab
 * ```
 */
export function webKeyStore(options: WebKeyStoreOptions): ProofKeyStore {
  return webKeyStoreOn(databasesHere, options);
}

/** @throws ConfigurationError outside a page or worker */
function databasesHere(): Pick<BrowserPlatform, 'databases'> {
  if (isBrowser()) return { databases: globalThis.indexedDB };
  throw new ConfigurationError(
    'webKeyStore works in a page or worker only: on a server use fileKeyStore of core/node, or keep the key yourself',
  );
}

/** @param platformOf what this browser has, asked for at the first use */
export function webKeyStoreOn(
  platformOf: () => Pick<BrowserPlatform, 'databases'>,
  options: WebKeyStoreOptions,
): ProofKeyStore {
  const { name } = checkOptions(options, 'webKeyStore', OPTIONS);
  assertName(name, 'webKeyStore');
  return {
    keep: async (make) => {
      const { databases } = platformOf();
      const database = databases && new Database(databases);
      if (!database || !(await database.isAllowed())) return make();
      return (await keptIn(database, name)) ?? keepIn(database, name, await make());
    },
  };
}

/** No `webTokenStore` has such a key: theirs go on with a blank. */
function recordOfName(name: string): string {
  return `axios-authorizer/key ${name}`;
}

async function keptIn(database: Database, name: string): Promise<CryptoKeyPair | undefined> {
  const found = await database.read(recordOfName(name));
  if (found === undefined || isKeyPair(found)) return found;
  throw new ConfigurationError(
    `What stands for the key "${name}" in IndexedDB is no key: remove the data of this site`,
  );
}

/** Whoever was first in the meantime wins, in one transaction. */
async function keepIn(database: Database, name: string, made: CryptoKeyPair): Promise<CryptoKeyPair> {
  let kept = made;
  await database.change(recordOfName(name), (record) => {
    if (!isKeyPair(record)) return { privateKey: made.privateKey, publicKey: made.publicKey };
    kept = record;
    return undefined;
  });
  return kept;
}

function isKeyPair(value: unknown): value is CryptoKeyPair {
  return typeof value === 'object' && value !== null && 'privateKey' in value && 'publicKey' in value;
}
