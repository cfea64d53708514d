// What the store asks of a browser. It is asked for at the first use and not before: a page's modules are also loaded where
// there is no page, as on a server that renders it. Tests hand in what Node does not have.
import { ConfigurationError } from '../index.js';
import { systemClock } from '../extend.js';
import type { Clock } from '../index.js';
import { isBrowser } from '../internal/browser.js';

export interface BrowserPlatform {
  /** Undefined where the browser has none. */
  readonly databases: IDBFactory | undefined;
  readonly locks: LockManager;
  readonly openChannel: (name: string) => BroadcastChannel;
  /** Undefined in workers. */
  readonly page: Page | undefined;
  readonly clock: Clock;
}

interface Page {
  readonly window: EventTarget;
  readonly document: EventTarget & Pick<Document, 'visibilityState'>;
}

const ID_BYTES = 12;
const LONGEST_NAME = 200;

/** @throws ConfigurationError unless it is a text that tells what is kept here from others */
export function assertName(name: unknown, where: string): void {
  if (typeof name !== 'string' || name.trim() === '' || name.length > LONGEST_NAME)
    throw new ConfigurationError(
      `${where} needs a \`name\` for what it keeps: a text of 1 to ${LONGEST_NAME} characters, the same in every tab`,
    );
}

/** @throws ConfigurationError outside a page or worker, and where there are no Web Locks */
export function thisPlatform(): BrowserPlatform {
  if (!isBrowser())
    throw new ConfigurationError(
      'webTokenStore works in a page or worker only: on a server, one authorizer would serve every user; make one for each request there, without a store',
    );
  const { indexedDB: databases, navigator, BroadcastChannel: Channel }: Partial<typeof globalThis> = globalThis;
  const locks: LockManager | undefined = navigator?.locks;
  if (locks === undefined || Channel === undefined)
    throw new ConfigurationError(
      'webTokenStore needs Web Locks, which tabs use to refresh one at a time: serve the page over https (or from localhost), to a browser of 2022 or later; without them use memoryTokenStore, and each tab signs in for itself',
    );
  const page = typeof document === 'undefined' ? undefined : { window: globalThis, document };
  return { databases, locks, openChannel: (name) => new Channel(name), page, clock: systemClock };
}

/** A name that nobody had before. `randomUUID` is there on https pages only. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(ID_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
