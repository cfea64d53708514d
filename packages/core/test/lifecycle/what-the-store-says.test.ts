// What the store says comes before what is held, and what it cannot say is no answer: who waits for it, and who goes on without?
import axios from 'axios';
import { gate, ManualClock } from '@axios-authorizer/test-kit';
import { newOrigin } from '../browser/tabs.js';
import { webTokenStore } from '../../src/browser/index.js';
import { authorizedFetch } from '../../src/fetch/index.js';
import { attachAuth, AuthenticationError, Authorizer, AuthorizerPool, memoryTokenStore } from '../../src/index.js';
import type { AuthorizerOptions, StoreChanged, Token, TokenSource, TokenStore } from '../../src/index.js';
import { ScriptedStore } from './scripted-store.js';
import { failureOf, settled, standing } from './stage.js';

const ORIGIN = 'https://api.example.org';
const WAYS = ['axios', 'fetch', 'axios with a pool', 'fetch with a pool'] as const;

/** Sends a request without a network, for whom it may concern. @returns the Authorization that went out */
type Send = () => Promise<string | null>;

function anonymously(way: (typeof WAYS)[number], auth: Authorizer): Send {
  const pool = new AuthorizerPool(() => auth);
  const options = { allow: ORIGIN, signedOut: 'anonymous', key: () => 'ada' } as const;
  const { key: _key, ...own } = options;
  if (way.startsWith('fetch')) {
    const fetch = async (_input: unknown, init?: RequestInit): Promise<Response> =>
      new Response(new Headers(init?.headers).get('authorization'));
    const authorized =
      way === 'fetch' ? authorizedFetch(auth, { ...own, fetch }) : authorizedFetch(pool, { ...options, fetch });
    return async () => (await (await authorized(`${ORIGIN}/items`)).text()) || null;
  }
  const client = axios.create({
    baseURL: ORIGIN,
    adapter: async (config) => {
      const data = config.headers.get('Authorization') ?? null;
      return { data, status: 200, statusText: '', headers: {}, config };
    },
  });
  if (way === 'axios') attachAuth(client, auth, own);
  else attachAuth(client, pool, options);
  return async () => (await client.get<string | null>('/items')).data;
}

/** Nobody is at the keyboard: what signs in, fails, and is counted. */
class Nobody implements TokenSource {
  signIns = 0;

  authorize(): Promise<Token> {
    this.signIns += 1;
    return Promise.reject(new AuthenticationError('nobody', { code: 'not_authenticated', kind: 'session' }));
  }
}

class Refreshing extends Nobody {
  refreshes = 0;
  failure: AuthenticationError | undefined;

  async refresh({ refreshToken = '' }: Token): Promise<Token> {
    this.refreshes += 1;
    if (this.failure) throw this.failure;
    return { accessToken: `${refreshToken}-1`, refreshToken };
  }
}

describe.each(WAYS)('`signedOut: anonymous` over %s', (way) => {
  it('fails while the store is down, and goes out without a token once it says that nobody is there (C18)', async () => {
    const clock = new ManualClock();
    const store = new ScriptedStore();
    const source = new Nobody();
    const send = anonymously(way, new Authorizer(source, { store, clock }));
    store.on('load', () => Promise.reject(Object.assign(new Error('secret words'), { code: 'ECONNREFUSED' })));
    const failures = await Promise.all([failureOf(send()), failureOf(send())]);
    expect(failures[0]).toMatchObject({ code: 'store_unavailable', kind: 'unavailable' });
    expect(failures[0]?.message).toContain('ECONNREFUSED');
    expect(failures[0]?.message).not.toContain('secret words');
    expect(failures[0]).not.toBe(failures[1]);
    store.on('load', undefined);
    clock.set(clock.now() + 1_000);
    expect(await send()).toBeNull();
    expect(source.signIns).toBe(0);
  });

  it('fails with the ConfigurationError of a store that cannot work here (C18, C21)', async () => {
    const source = new Nobody();
    const send = anonymously(way, new Authorizer(source, { store: webTokenStore({ name: 'reports' }) }));
    for (let times = 0; times < 2; times += 1)
      expect(await failureOf(send())).toMatchObject({ kind: 'configuration', code: 'configuration' });
    expect(source.signIns).toBe(0);
  });

  it('fails while the store does not answer (C18)', async () => {
    const clock = new ManualClock();
    const store = new ScriptedStore();
    store.on('load', () => new Promise(() => undefined));
    const send = anonymously(way, new Authorizer(new Nobody(), { store, clock, storeTimeoutMs: 100 }));
    const answer = failureOf(send());
    await settled();
    await clock.advance(100);
    expect(await answer).toMatchObject({ code: 'timeout', kind: 'unavailable' });
  });

  it('waits for the refresh where the store holds a refresh token alone (C18)', async () => {
    const source = new Refreshing();
    const store = new ScriptedStore({ accessToken: '', refreshToken: 'ada' });
    const send = anonymously(way, new Authorizer(source, { store }));
    expect(await send()).toBe('Bearer ada-1');
    expect([source.signIns, source.refreshes]).toEqual([0, 1]);
  });

  it('goes out without a token after that refresh token was refused for good (C18)', async () => {
    const source = new Refreshing();
    source.failure = new AuthenticationError('spent', { code: 'token_endpoint', kind: 'session' });
    const send = anonymously(
      way,
      new Authorizer(source, { store: new ScriptedStore({ accessToken: '', refreshToken: 'ada' }) }),
    );
    expect(await failureOf(send())).toMatchObject({ kind: 'session' });
    expect(await send()).toBeNull();
    expect(source.refreshes).toBe(1);
  });

  it.each([-1, 0])(
    'begins no sign-in for a stored token that cannot be refreshed, %i ms from its leeway (C18)',
    async (ms) => {
      const clock = new ManualClock();
      const source = new Nobody();
      const store = new ScriptedStore({ accessToken: 'ada-1', expiresAt: new Date(clock.now() + 5_000 - ms) });
      const send = anonymously(way, new Authorizer(source, { clock, store, leewayMs: 5_000, refreshAheadMs: 0 }));
      expect(await send()).toBe(ms < 0 ? 'Bearer ada-1' : null);
      expect(source.signIns).toBe(0);
    },
  );
});

describe('a token to begin with, beside a store', () => {
  const initialToken = { accessToken: 'first', sessionMark: 'of-ada' };

  it('does not hide that the store cannot work here (C6, C21)', async () => {
    const auth = new Authorizer(new Nobody(), { store: webTokenStore({ name: 'reports' }), initialToken });
    for (const asked of [
      auth.getToken(),
      auth.getToken(),
      auth.headers(ORIGIN).catch((error: unknown) => Promise.reject(error)),
    ])
      expect(await failureOf(asked)).toMatchObject({ kind: 'configuration' });
    for (const way of WAYS) expect(await failureOf(anonymously(way, auth)())).toMatchObject({ kind: 'configuration' });
  });

  it.each([
    ['the token of somebody else that stands there is used', { accessToken: 'bob', sessionMark: 'of-bob' }, 'bob'],
    ['it is used where nothing stands there', undefined, 'first'],
    ['it is used where what stands there has expired', { accessToken: 'old', expiresAt: new Date(1) }, 'first'],
  ])('is asked about first: %s (C6)', async (_what, kept, expected) => {
    const store = new ScriptedStore(kept);
    const auth = new Authorizer(new Nobody(), { store, initialToken, allow: ORIGIN });
    expect(auth.authenticated).toBe(true);
    const [one, other] = await Promise.all([auth.getToken(), auth.headers(`${ORIGIN}/events`)]);
    expect([one.accessToken, other['Authorization']]).toEqual([expected, `Bearer ${expected}`]);
    expect(store.log).toEqual(['load']);
    await auth.getToken();
    expect(store.log).toEqual(['load']);
  });

  it('is used where the store is down (C6)', async () => {
    const store = new ScriptedStore();
    store.on('load', () => Promise.reject(new Error('down')));
    const auth = new Authorizer(new Nobody(), { store, initialToken });
    expect((await auth.getToken()).accessToken).toBe('first');
  });

  it('is not used where somebody has signed out, which ends no session (C6, C17, C18)', async () => {
    const store = memoryTokenStore();
    await store.clear();
    const ends: unknown[] = [];
    const auth = new Authorizer(new Nobody(), { store, initialToken, onSessionEnd: (error) => void ends.push(error) });
    expect(await failureOf(auth.getToken())).toMatchObject({ code: 'not_authenticated' });
    await settled();
    expect([auth.token, ends]).toEqual([undefined, []]);
  });

  it('gives way to `setToken`, and to a sign-out, at once (C18)', async () => {
    const store = new ScriptedStore({ accessToken: 'stored' });
    const auth = new Authorizer(new Nobody(), { store, initialToken });
    await auth.setToken({ accessToken: 'anew' });
    expect((await auth.getToken()).accessToken).toBe('anew');
    const other = new Authorizer(new Nobody(), { store: new ScriptedStore(), initialToken });
    await other.logout();
    expect(await failureOf(other.getToken())).toMatchObject({ code: 'not_authenticated' });
  });
});

/** A store that is down to one token, tells what it likes, and answers its loads when it is let. */
function talkative(kept: Token): {
  kept: Token | undefined;
  tell: StoreChanged;
  loads: number;
  store: TokenStore;
  hold?: Promise<void>;
} {
  const state: ReturnType<typeof talkative> = {
    kept,
    loads: 0,
    tell: () => undefined,
    store: {
      load: async () => {
        state.loads += 1;
        await state.hold;
        return state.kept;
      },
      save: async (token) => void (state.kept = token),
      clear: async () => void (state.kept = undefined),
      subscribe: (changed) => {
        state.tell = changed;
        return () => undefined;
      },
    },
  };
  return state;
}

describe('a store that says that what is held is outdated', () => {
  it('has requests wait until it was looked into; after mere news they do not (C1, C21)', async () => {
    const state = talkative({ accessToken: 'one' });
    const auth = new Authorizer(new Nobody(), { store: state.store });
    await auth.getToken();
    const { opened, open } = gate();
    state.hold = opened;
    state.kept = { accessToken: 'two' };
    state.tell();
    expect(await standing(auth.getToken())).toMatchObject({ state: 'given', value: { accessToken: 'one' } });
    state.tell({ outdated: true });
    const waiting = auth.getToken();
    expect(await standing(waiting)).toMatchObject({ state: 'waiting' });
    open();
    expect((await waiting).accessToken).toBe('two');
  });

  it('holds nobody up for longer than the limit of one answer (C6, C21)', async () => {
    const clock = new ManualClock();
    const state = talkative({ accessToken: 'one' });
    const auth = new Authorizer(new Nobody(), { store: state.store, clock, storeTimeoutMs: 100 });
    await auth.getToken();
    state.hold = new Promise(() => undefined);
    state.tell({ outdated: true });
    const waiting = auth.getToken();
    await settled();
    await clock.advance(99);
    expect(await standing(waiting)).toMatchObject({ state: 'waiting' });
    await clock.advance(1);
    expect((await waiting).accessToken).toBe('one');
  });

  it('keeps a request of one person from going out with another’s token (C17, C21)', async () => {
    const state = talkative({ accessToken: 'ada', sessionMark: 'of-ada' });
    const auth = new Authorizer(new Nobody(), { store: state.store });
    await auth.getToken();
    state.kept = { accessToken: 'bob', sessionMark: 'of-bob' };
    state.tell({ outdated: true });
    expect(await failureOf(auth.getToken())).toMatchObject({ code: 'logged_out' });
    expect((await auth.getToken()).accessToken).toBe('bob');
  });

  it.each([
    [
      'is shown again',
      (tab: ReturnType<ReturnType<typeof newOrigin>['open']>) =>
        tab.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true })),
    ],
    [
      'is no longer frozen',
      (tab: ReturnType<ReturnType<typeof newOrigin>['open']>) => tab.document.dispatchEvent(new Event('resume')),
    ],
    [
      'becomes visible',
      (tab: ReturnType<ReturnType<typeof newOrigin>['open']>) =>
        tab.document.dispatchEvent(new Event('visibilitychange')),
    ],
  ])('is the store of a page that %s: its next request carries what other tabs saved (C21)', async (_how, wake) => {
    const origin = newOrigin();
    const [here, there] = [origin.open({ openChannel: silentChannel }), origin.open({ openChannel: silentChannel })];
    const auth = new Authorizer(new Nobody(), { store: here.store });
    await auth.setToken({ accessToken: 'one', sessionMark: 'of-ada' });
    const stood = await there.store.load();
    await there.store.save({ accessToken: 'two', sessionMark: 'of-ada' }, stood);
    expect((await auth.getToken()).accessToken).toBe('one');
    wake(here);
    expect((await auth.getToken()).accessToken).toBe('two');
  });
});

/** Of a page that slept, and has heard nothing. */
function silentChannel(): BroadcastChannel {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what TabNews uses of one
  return Object.assign(new EventTarget(), {
    postMessage: () => undefined,
    close: () => undefined,
  }) as unknown as BroadcastChannel;
}

it('a store that tells of its own being read stops nothing, and is read once a second (C18)', async () => {
  const clock = new ManualClock();
  const state = talkative({ accessToken: 'one' });
  const load = async (): Promise<Token | undefined> => {
    state.tell();
    return state.store.load();
  };
  const auth = new Authorizer(new Nobody(), { store: { ...state.store, load }, clock });
  await auth.getToken();
  await settled();
  expect(state.loads).toBeLessThan(6);
  const before = state.loads;
  await clock.advance(1_000);
  await settled();
  expect(state.loads).toBe(before + 1);
});

it('a store that says at each reading that it is outdated costs no refresh, and holds nobody up (C2, C21)', async () => {
  const state = talkative({ accessToken: 'one', refreshToken: 'ada' });
  const load = async (): Promise<Token | undefined> => {
    state.tell({ outdated: true });
    return state.store.load();
  };
  const source = new Refreshing();
  const auth = new Authorizer(source, { store: { ...state.store, load }, clock: new ManualClock() });
  await auth.getToken();
  for (let request = 0; request < 5; request += 1) expect((await auth.getToken()).accessToken).toBe('one');
  expect([source.refreshes, source.signIns]).toEqual([0, 0]);
});

it('a cool-down after a failure of one person ends when another’s token is adopted (C5, C17)', async () => {
  const clock = new ManualClock();
  const store = memoryTokenStore();
  const source = new Refreshing();
  const options: AuthorizerOptions = { clock, store };
  const here = new Authorizer(source, options);
  await here.setToken({ accessToken: 'ada-0', refreshToken: 'ada' });
  source.failure = new AuthenticationError('ada is locked', { code: 'token_endpoint', kind: 'credentials' });
  expect(await failureOf(here.getToken({ rejected: await here.getToken() }))).toMatchObject({ kind: 'credentials' });
  await new Authorizer(new Nobody(), options).setToken({ accessToken: 'bob-0', refreshToken: 'bob' });
  await settled();
  source.failure = undefined;
  const token = await here.getToken();
  expect(token.accessToken).toBe('bob-0');
  expect((await here.getToken({ rejected: token })).accessToken).toBe('bob-1');
});
