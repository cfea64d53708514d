// Do tabs of one origin share a token, one refresh at a time, and hear of each other? In real browsers: packages/core/browser.
import { gate, startTokenEndpoint, until } from '@axios-authorizer/test-kit';
import { Authorizer, ConfigurationError, refreshTokenSource, publicClient } from '../../src/index.js';
import { webTokenStore } from '../../src/browser/index.js';
import { webTokenStoreOn } from '../../src/browser/web-token-store.js';
import { failureOf } from '../endpoint/stage.js';
import { newOrigin } from './tabs.js';
import type { Tab } from './tabs.js';

const first = { accessToken: 'a1', refreshToken: 'r1' };
const second = { accessToken: 'a2', refreshToken: 'r2' };
const third = { accessToken: 'a3', refreshToken: 'r3' };

/** What `tab` hears, until the test is over. */
const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
function hearing(tab: Tab): { news: number } {
  const heard = { news: 0 };
  ends.push(tab.store.subscribe(() => (heard.news += 1)));
  return heard;
}

describe('what is kept', () => {
  it('outlives the tab, dates and foreign members included (C21)', async () => {
    const origin = newOrigin();
    const token = { ...first, expiresAt: new Date(5), issuedAt: new Date(1), boundTo: 'key', more: { list: [1] } };
    await origin.open().store.save(token);
    await expect(origin.open().store.load()).resolves.toEqual(token);
  });

  it('is another for each name (C21)', async () => {
    const origin = newOrigin();
    await origin.open({}, 'one').store.save(first);
    const other = origin.open({}, 'other').store;
    await expect(other.load()).resolves.toBeUndefined();
    await other.clear();
    await expect(origin.open({}, 'one').store.load()).resolves.toEqual(first);
  });

  it('is not replaced by a tab that has never looked and names no token (C21)', async () => {
    const origin = newOrigin();
    await origin.open().store.save(first);
    await expect(origin.open().store.save(second)).resolves.toEqual(first);
  });

  it('by several tabs at once is one token: the others are told which (C21)', async () => {
    const origin = newOrigin();
    await origin.open().store.save(first);
    const saves = [second, third].map((token) => origin.open().store.save(token, first));
    await expect(Promise.all(saves)).resolves.toEqual([undefined, second]);
  });

  it.each([
    ['of a later format', { version: 9, generation: 'x', token: first }],
    ['that is no token', { version: 1, generation: 'x', token: { accessToken: 1 } }],
    ['of another kind', 'text'],
  ])('a record %s is unreadable, and replaced by the next token (C21)', async (_what, record) => {
    const origin = newOrigin();
    const { store } = origin.open();
    await store.save(first);
    await overwrite(origin.databases, record);
    await expect(store.load()).rejects.toMatchObject({ code: 'store_unreadable', kind: 'unavailable' });
    await expect(store.save(second, first)).resolves.toBeUndefined();
    await expect(store.load()).resolves.toEqual(second);
  });

  it('a token that cannot be copied fails that save alone (C21)', async () => {
    const { store } = newOrigin().open();
    await store.save(first);
    const odd = { ...second, refreshToken: 'r1', toJSON: () => ({}) };
    await expect(store.save(odd, first)).rejects.toMatchObject({ name: 'DataCloneError' });
    await expect(store.load()).resolves.toEqual(first);
  });

  it('no store stands in the way of who deletes the database, and nothing is left of the token (C21)', async () => {
    const origin = newOrigin();
    const { store } = origin.open();
    await store.save(first);
    const deleting = origin.databases.deleteDatabase('axios-authorizer');
    await new Promise((resolve) => deleting.addEventListener('success', resolve));
    await expect(store.load()).resolves.toBeUndefined();
    await expect(store.save(second, first)).resolves.toBeUndefined();
  });

  it('by a later version asks for a reload of the page (C21)', async () => {
    const origin = newOrigin();
    const opening = origin.databases.open('axios-authorizer', 7);
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    opening.result.close();
    const failure = await failureOf(origin.open().store.load());
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(String(failure)).toMatch(/reload the page/);
  });
});

describe('the lock', () => {
  it('lets one tab at a time work, and goes to the next after a failure and from a tab that is closed (C21)', async () => {
    const origin = newOrigin();
    const [one, two, three] = [origin.open(), origin.open(), origin.open()];
    const hung = gate();
    const order: string[] = [];
    const failing = one.store.exclusive(async () => {
      order.push('one');
      await hung.opened;
      throw new Error('one fails');
    });
    await until(() => order.length === 1);
    void two.store.exclusive(() => {
      order.push('two');
      return new Promise(() => undefined);
    });
    const last = three.store.exclusive(async () => order.push('three'));
    hung.open();
    await expect(failing).rejects.toThrow('one fails');
    await until(() => order.length === 2);
    two.close();
    await last;
    expect(order).toEqual(['one', 'two', 'three']);
  });

  it('is taken from a holder without a beat for 10 s, by one of those who wait, and the frozen one saves in vain (C21)', async () => {
    const origin = newOrigin();
    const [frozen, ...waiting] = [origin.open(), origin.open(), origin.open(), origin.open()];
    await frozen.store.save(first);
    const thaw = gate();
    const late = frozen.store.exclusive(async () => {
      await thaw.opened;
      return frozen.store.save(second, first);
    });
    let [working, most, done] = [0, 0, 0];
    const works = waiting.map(({ store }) =>
      store.exclusive(async () => {
        most = Math.max(most, (working += 1));
        const stands = await store.load();
        if (stands?.accessToken === first.accessToken) await store.save(third, first);
        [working, done] = [working - 1, done + 1];
      }),
    );
    await Promise.all(waiting.map(({ clock }) => clock.sleeping(1)));
    await Promise.all(waiting.map(({ clock }) => clock.advance(9_999)));
    expect(most).toBe(0);
    await Promise.all(waiting.map(({ clock }) => clock.advance(1)));
    await Promise.all(works);
    expect([most, done]).toEqual([1, 3]);
    thaw.open();
    await expect(late).resolves.toEqual(third);
  });

  it('stays with a holder that shows that it works, however long (C21)', async () => {
    const origin = newOrigin();
    const [holder, other] = [origin.open(), origin.open()];
    const end = gate();
    const order: string[] = [];
    const long = holder.store.exclusive(async () => {
      await end.opened;
      order.push('holder');
    });
    await holder.clock.sleeping(1);
    const next = other.store.exclusive(async () => order.push('other'));
    await other.clock.sleeping(1);
    for (let seconds = 0; seconds < 30; seconds += 1) {
      await holder.clock.advance(1_000);
      await delivered(origin);
      await other.clock.advance(1_000);
    }
    end.open();
    await Promise.all([long, next]);
    expect(order).toEqual(['holder', 'other']);
  });

  it('leaves no timer behind, neither of who held it nor of who waited (C21)', async () => {
    const origin = newOrigin();
    const tabs = [origin.open(), origin.open()];
    await Promise.all(tabs.map(({ store }) => store.exclusive(async () => undefined)));
    await until(() => tabs.every(({ clock }) => clock.sleepers === 0), 'the timers to end');
    expect(tabs.map(({ clock }) => clock.sleepers)).toEqual([0, 0]);
  });

  it('is not to be had over a store that cannot be read: a spent refresh token might go out (C21)', async () => {
    const origin = newOrigin();
    const { store } = origin.open({ databases: failingOn(origin.databases, 'readonly', 'UnknownError') });
    const work = jest.fn();
    await expect(store.exclusive(work)).rejects.toMatchObject({ name: 'UnknownError' });
    expect(work).not.toHaveBeenCalled();
  });
});

describe('news', () => {
  it('of a save and of a sign-out reaches the other tabs, not the tab itself, until it has had enough (C21)', async () => {
    const origin = newOrigin();
    const [one, other] = [origin.open(), origin.open()];
    const [own, heard] = [hearing(one), hearing(other)];
    await one.store.save(first);
    await until(() => heard.news === 1);
    await one.store.clear();
    await until(() => heard.news === 2);
    ends.pop()?.();
    await one.store.save(second, undefined, { newSession: true });
    const after = hearing(other);
    await one.store.save(third, second);
    await until(() => after.news === 1);
    expect([own.news, heard.news]).toEqual([0, 2]);
  });

  it.each([
    ['comes back from the back-forward cache', (tab: Tab) => tab.window.dispatchEvent(restored(true)), 1],
    ['is shown for the first time', (tab: Tab) => tab.window.dispatchEvent(restored(false)), 0],
    ['is no longer frozen', (tab: Tab) => tab.document.dispatchEvent(new Event('resume')), 1],
    ['becomes visible', (tab: Tab) => turned(tab, 'visible'), 1],
    ['is hidden', (tab: Tab) => turned(tab, 'hidden'), 0],
  ])('a tab that %s looks into the store, if it may have missed something (C21)', async (_what, wake, times) => {
    const tab = newOrigin().open();
    const heard = hearing(tab);
    wake(tab);
    expect(heard.news).toBe(times);
    ends.pop()?.();
    wake(tab);
    expect(heard.news).toBe(times);
  });

  it('a page that is left keeps no channel open, and has one again when it comes back (C21)', async () => {
    const origin = newOrigin();
    const open = new Set<BroadcastChannel>();
    const counted = (name: string): BroadcastChannel => {
      const channel = new BroadcastChannel(`counted ${process.pid} ${name}`);
      const close = channel.close.bind(channel);
      open.add(channel);
      return Object.assign(channel, { close: () => [close(), open.delete(channel)] });
    };
    const tab = origin.open({ openChannel: counted });
    hearing(tab);
    expect(open.size).toBe(1);
    tab.window.dispatchEvent(new Event('pagehide'));
    expect(open.size).toBe(0);
    tab.window.dispatchEvent(restored(true));
    expect(open.size).toBe(1);
  });
});

describe('where something is missing', () => {
  it('outside a page it can be made, and each use says what is wrong (C21)', async () => {
    const store = webTokenStore({ name: 'reports' });
    expect(() => store.subscribe?.(() => undefined)).toThrow(ConfigurationError);
    const uses = [store.load(), store.save(first), store.clear(), store.exclusive?.(async () => 1)];
    for (const use of uses) {
      const failure = await failureOf(Promise.resolve(use));
      expect(failure).toBeInstanceOf(ConfigurationError);
      expect(String(failure)).toMatch(/page or worker only: on a server, one authorizer would serve every user/);
    }
  });

  it('a page over http, or of an old browser, says that Web Locks are missing (C21)', async () => {
    const page = { location: { href: 'http://intranet/' }, navigator: {}, indexedDB: newOrigin().databases };
    const before = Object.keys(page).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const);
    for (const [name, value] of Object.entries(page))
      Object.defineProperty(globalThis, name, { value, configurable: true });
    const failure = await failureOf(webTokenStore({ name: 'reports' }).load());
    for (const [name, descriptor] of before)
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else Reflect.deleteProperty(globalThis, name);
    expect(failure).toBeInstanceOf(ConfigurationError);
    expect(String(failure)).toMatch(/needs Web Locks.*https/);
  });

  it.each([['SecurityError'], ['InvalidStateError'], [undefined]])(
    'where nothing may be kept (%s) each tab has a token of its own, in memory (C21)',
    async (name) => {
      const databases = name === undefined ? undefined : blocked(name);
      const origin = newOrigin();
      const [one, other] = [origin.open({ databases }), origin.open({ databases })];
      await one.store.save(first);
      await expect(one.store.load()).resolves.toEqual(first);
      await expect(one.store.exclusive(async () => 'work')).resolves.toBe('work');
      await expect(other.store.load()).resolves.toBeUndefined();
      await one.store.clear();
      await expect(one.store.load()).rejects.toMatchObject({ code: 'logged_out' });
    },
  );

  it('a full disk fails the save, which is observed, and the token is used from memory (C21)', async () => {
    const origin = newOrigin();
    const endpoint = await startTokenEndpoint({ refreshTokens: 'rotating' });
    const { store, clock } = origin.open({
      databases: failingOn(origin.databases, 'readwrite', 'QuotaExceededError'),
    });
    const source = refreshTokenSource({ tokenUrl: endpoint.url, clientAuth: publicClient({ clientId: 'tab' }) });
    const failures: string[] = [];
    const authorizer = new Authorizer(source, {
      store,
      clock,
      initialToken: { refreshToken: 'r0' },
      observer: (event) => void (event.type === 'store' && event.failure && failures.push(event.failure)),
    });
    const { accessToken } = await authorizer.getToken();
    expect([accessToken, ...failures]).toEqual([endpoint.issued[0], 'QuotaExceededError']);
    await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken });
    authorizer.close();
    await endpoint.stop();
  });

  it('a full disk keeps no successor of a spent refresh token, and nobody uses that once more (C21)', async () => {
    const origin = newOrigin();
    const other = origin.open();
    await other.store.save(first);
    const heard = hearing(other);
    const full = origin.open({ databases: failingOn(origin.databases, 'readwrite', 'QuotaExceededError', 1) });
    await full.store.load();
    await expect(full.store.save(second, first)).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await until(() => heard.news === 1);
    for (const { store } of [other, origin.open()])
      await expect(store.load()).rejects.toMatchObject({ code: 'logged_out' });
    await expect(full.store.load()).resolves.toBeUndefined();
    await expect(full.store.save(third, second)).resolves.toBeUndefined();
    await expect(other.store.load()).resolves.toEqual(third);
  });

  it.each([
    ['that another has saved meanwhile', third, second, third],
    ['whose refresh token is still good', first, { ...second, refreshToken: 'r1' }, first],
  ])('a full disk leaves a token %s (C21)', async (_what, standing, token, left) => {
    const origin = newOrigin();
    const full = origin.open({ databases: failingOn(origin.databases, 'readwrite', 'QuotaExceededError', 1) });
    await origin.open().store.save(standing);
    await expect(full.store.save(token, first)).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await expect(origin.open().store.load()).resolves.toEqual(left);
  });

  it('a disk that takes nothing at all is rid of a spent token at least (C21)', async () => {
    const origin = newOrigin();
    await origin.open().store.save(first);
    const full = origin.open({ databases: failingOn(origin.databases, 'readwrite', 'QuotaExceededError', 2) });
    await expect(full.store.save(second, first)).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await expect(origin.open().store.load()).resolves.toBeUndefined();
  });

  it('a full disk has room for no mark of a sign-out, but the token is removed from it (C21)', async () => {
    const origin = newOrigin();
    await origin.open().store.save(first);
    const full = failingOn(origin.databases, 'readwrite', 'QuotaExceededError', 1);
    await expect(origin.open({ databases: full }).store.clear()).rejects.toMatchObject({ name: 'QuotaExceededError' });
    await expect(origin.open().store.load()).resolves.toBeUndefined();
  });

  it.each([[undefined], [''], ['  '], ['x'.repeat(201)], [7]])('a name like %p is refused at once (C21)', (name) => {
    const make = (): unknown => webTokenStoreOn(() => ({}) as never, { name: name as string });
    expect(make).toThrow(ConfigurationError);
    expect(make).toThrow(/name/);
  });
});

function restored(persisted: boolean): Event {
  return Object.assign(new Event('pageshow'), { persisted });
}

function turned(tab: Tab, state: DocumentVisibilityState): void {
  tab.document.visibilityState = state;
  tab.document.dispatchEvent(new Event('visibilitychange'));
}

/** What was sent before has arrived: a message of ours, sent after it, has. */
async function delivered(origin: ReturnType<typeof newOrigin>): Promise<void> {
  const [one, other] = [origin.open(), origin.open()];
  const heard = hearing(other);
  await one.store.save({ accessToken: 'knock' }, undefined, { newSession: true });
  await until(() => heard.news > 0);
}

async function overwrite(databases: IDBFactory, record: unknown): Promise<void> {
  const opening = databases.open('axios-authorizer');
  await new Promise((resolve) => opening.addEventListener('success', resolve));
  const transaction = opening.result.transaction('tokens', 'readwrite');
  transaction.objectStore('tokens').put(record, 'axios-authorizer reports');
  await new Promise((resolve) => transaction.addEventListener('complete', resolve));
  opening.result.close();
}

/** A browser whose settings let this origin keep nothing. */
function blocked(name: string): IDBFactory {
  const open = (): never => {
    throw new DOMException('The operation is insecure', name);
  };
  return { open } as unknown as IDBFactory;
}

/** Databases in which the first `times` transactions of a kind that do something are aborted by the browser. */
function failingOn(databases: IDBFactory, mode: IDBTransactionMode, name: string, times = Infinity): IDBFactory {
  let left = times;
  const open = (...asked: Parameters<IDBFactory['open']>): IDBOpenDBRequest => {
    const request = databases.open(...asked);
    request.addEventListener('success', () => {
      const begin = request.result.transaction.bind(request.result);
      request.result.transaction = (stores, asks, options) => {
        const transaction = begin(stores, asks, options);
        if (asks === mode && (left -= 1) >= 0) {
          Object.defineProperty(transaction, 'error', { get: () => new DOMException('no', name) });
          queueMicrotask(() => transaction.abort());
        }
        return transaction;
      };
    });
    return request;
  };
  return { open } as unknown as IDBFactory;
}
