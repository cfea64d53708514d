// Keeps a token for all tabs and workers of one origin: in IndexedDB, one refresh at a time under a Web Lock, and what one tab
// writes the others hear. localStorage is no place for it: between the processes of a browser it lags behind.
import { memoryTokenStore } from '../index.js';
import { checkOptions } from '../extend.js';
import type { Token, TokenStore } from '../index.js';
import type { OptionTable } from '../extend.js';
import { Database } from './database.js';
import { assertName, thisPlatform } from './platform.js';
import type { BrowserPlatform } from './platform.js';
import { TabNews } from './tab-news.js';
import { TokenEntry } from './token-entry.js';
import { underWebLock } from './web-lock.js';

/** The options of `webTokenStore`. */
export interface WebTokenStoreOptions {
  /** Tells this token from others that are kept under the same origin; a text of 1 to 200 characters, not only blanks. */
  readonly name: string;
}

const OPTIONS: OptionTable<WebTokenStoreOptions> = { name: 'string' };

/**
 * A store in the browser, for the tabs and workers of one origin: one refresh for all of them, and a sign-out or another
 * person's sign-in in one reaches the others. The mark of a sign-out stands until a new session, or until the site's data is
 * removed. A tab that is frozen while it refreshes holds up the others for 10 s. Where the browser lets this origin keep
 * nothing (blocked in its settings, a sandboxed frame), the token is in the memory of this tab alone, which then signs in for
 * itself. What is kept is not encrypted: a script that runs in the page could decrypt it.
 *
 * It can be made anywhere; what uses it must run in a page or worker. Before the first `load` or `save` no token is replaced.
 * @throws ConfigurationError for a name that cannot be meant; its calls throw it outside a page or worker, in a browser without
 *   Web Locks (before 2022, or a page over plain http), and when a later version of this library keeps the token, besides the
 *   browser's errors (such as QuotaExceededError when the disk is full) and AuthenticationErrors `store_unreadable` for what is
 *   no token of this format and `logged_out` as {@link TokenStore} says
 *
 * @example
 * ```ts
 * import { webTokenStore } from '@axios-authorizer/core/browser';
 * const authorizer = new Authorizer(source, { store: webTokenStore({ name: 'reports' }) }); // one session for all tabs
 * ```
 */
export function webTokenStore<T extends Token = Token>(options: WebTokenStoreOptions): TokenStore<T> {
  return webTokenStoreOn<T>(thisPlatform, options);
}

/** @param platformOf what this browser has, asked for at the first use */
export function webTokenStoreOn<T extends Token = Token>(
  platformOf: () => BrowserPlatform,
  options: WebTokenStoreOptions,
): TokenStore<T> {
  const { name } = checkOptions(options, 'webTokenStore', OPTIONS);
  assertName(name, 'webTokenStore');
  let opened: Opened<T> | undefined;
  const here = (): Opened<T> => (opened ??= openedOn<T>(platformOf(), `axios-authorizer ${name}`));
  return {
    load: async () => (await here().store).load(),
    save: async (token, replaces, given) => (await here().store).save(token, replaces, given),
    clear: async () => (await here().store).clear(),
    exclusive: async (work, waiting) => {
      const store = await here().store;
      return store.exclusive?.(work, waiting) ?? work();
    },
    subscribe: (changed) => here().news.subscribe(changed),
  };
}

interface Opened<T extends Token> {
  readonly store: Promise<TokenStore<T>>;
  readonly news: TabNews;
}

function openedOn<T extends Token>(platform: BrowserPlatform, key: string): Opened<T> {
  const news = new TabNews(platform, key);
  return { news, store: storeFor<T>(platform, { key, news }) };
}

/** Where nothing may be kept, each tab has a token of its own, so that none of them uses another's spent one. */
async function storeFor<T extends Token>(
  platform: BrowserPlatform,
  { key, news }: { readonly key: string; readonly news: TabNews },
): Promise<TokenStore<T>> {
  const database = platform.databases && new Database(platform.databases);
  if (!database || !(await database.isAllowed())) return memoryTokenStore<T>();
  const entry = new TokenEntry<T>(database, key, () => news.tell('changed'));
  return {
    load: () => entry.load(),
    save: (token, replaces, given) => entry.save(token, replaces, given),
    clear: () => entry.clear(),
    // A lease over a store that cannot be read would let a spent refresh token go out.
    exclusive: (work) =>
      underWebLock({ name: key, platform, news }, async () => {
        await entry.assertReadable();
        return work();
      }),
  };
}
