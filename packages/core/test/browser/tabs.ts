// What Node lacks of a browser: a database for each origin (fake-indexeddb), and locks as the Web Locks standard has them
// (section 2.6): one holder a name, a queue, ifAvailable, steal, and all that a tab holds is given back when it is closed.
import { IDBFactory as Databases } from 'fake-indexeddb';
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenStore } from '../../src/index.js';
import { webTokenStoreOn } from '../../src/browser/web-token-store.js';
import type { BrowserPlatform } from '../../src/browser/platform.js';

interface Ask {
  readonly name: string;
  readonly clientId: string;
  readonly given: (lock: Lock | null) => unknown;
  readonly settle: (outcome: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** The locks of one origin. */
class OriginLocks {
  readonly #held = new Map<string, Ask>();
  #queue: readonly Ask[] = [];

  of(clientId: string): LockManager {
    const request = (name: string, ...rest: readonly unknown[]): Promise<unknown> => {
      const [options, given] = rest.length > 1 ? rest : [{}, rest[0]];
      return this.#request({ name, clientId, given: given as Ask['given'] }, options as LockOptions);
    };
    const query = async (): Promise<LockManagerSnapshot> => ({
      held: [...this.#held.values()].map(({ name, clientId: holder }) => ({ name, clientId: holder })),
    });
    return { request, query } as LockManager;
  }

  close(clientId: string): void {
    this.#queue = this.#queue.filter((ask) => ask.clientId !== clientId);
    for (const [name, ask] of this.#held) if (ask.clientId === clientId) this.#give(name);
  }

  #request(
    about: Pick<Ask, 'name' | 'clientId' | 'given'>,
    { signal, ifAvailable, steal }: LockOptions,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const ask: Ask = { ...about, settle: resolve, reject };
      signal?.addEventListener('abort', () => {
        if (!this.#queue.includes(ask)) return;
        this.#queue = this.#queue.filter((other) => other !== ask);
        reject(signal.reason);
      });
      const holder = this.#held.get(ask.name);
      if (holder && ifAvailable) return resolve(ask.given(null));
      if (holder && steal) holder.reject(new DOMException('stolen', 'AbortError'));
      if (!holder || steal) return this.#hold(ask);
      this.#queue = [...this.#queue, ask];
    });
  }

  #hold(ask: Ask): void {
    this.#held.set(ask.name, ask);
    const work = Promise.resolve().then(() => ask.given({ name: ask.name, mode: 'exclusive' }));
    void work.then(ask.settle, ask.reject).finally(() => this.#held.get(ask.name) === ask && this.#give(ask.name));
  }

  #give(name: string): void {
    this.#held.delete(name);
    const next = this.#queue.find((ask) => ask.name === name);
    if (next === undefined) return;
    this.#queue = this.#queue.filter((ask) => ask !== next);
    this.#hold(next);
  }
}

export interface Tab {
  readonly store: TokenStore & Required<Pick<TokenStore, 'exclusive' | 'subscribe'>>;
  readonly window: EventTarget;
  readonly document: EventTarget & { visibilityState: DocumentVisibilityState };
  /** Time in this tab; a frozen one has none. */
  readonly clock: ManualClock;
  close(): void;
}

export interface Origin {
  readonly databases: IDBFactory;
  open(more?: Partial<BrowserPlatform>, name?: string): Tab;
}

let origins = 0;

/** An origin without a past. */
export function newOrigin(): Origin {
  const databases: IDBFactory = new Databases();
  const locks = new OriginLocks();
  const origin = `origin-${process.pid}-${(origins += 1)}`;
  let tabs = 0;
  const open: Origin['open'] = (more = {}, name = 'reports') => {
    const id = `tab-${(tabs += 1)}`;
    const window = new EventTarget();
    const document = Object.assign(new EventTarget(), { visibilityState: 'visible' as const });
    const clock = new ManualClock();
    const openChannel = (channel: string): BroadcastChannel => new BroadcastChannel(`${origin} ${channel}`);
    const platform = { databases, locks: locks.of(id), openChannel, page: { window, document }, clock, ...more };
    const store = webTokenStoreOn(() => platform, { name }) as Tab['store'];
    return { store, window, document, clock, close: () => locks.close(id) };
  };
  return { databases, open };
}
