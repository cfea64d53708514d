// A store tells when another has changed it: what does an authorizer do with that, and what never?
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, AuthorizerPool, memoryTokenStore } from '../../src/index.js';
import type { AuthEvent, AuthorizerOptions, Token, TokenSource, TokenStore } from '../../src/index.js';
import { failureOf, settled, withoutNews } from './stage.js';

function gc(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

const clock = new ManualClock();
const inAnHour = new Date(clock.now() + 3_600_000);

/** A source that counts how often it was asked, and never has the same token twice. */
function counting(): TokenSource & { asked: number } {
  const source = {
    asked: 0,
    authorize: (): Promise<Token> => {
      source.asked += 1;
      return Promise.resolve({ accessToken: `own-${source.asked}`, refreshToken: 'own', expiresAt: inAnHour });
    },
  };
  return source;
}

interface Told extends TokenStore {
  /** How many listen. */
  listeners: number;
  loads: number;
}

/** A store in memory that counts its listeners and loads. */
function told(): Told {
  const store = memoryTokenStore();
  const counted: Told = {
    ...store,
    listeners: 0,
    loads: 0,
    load: () => {
      counted.loads += 1;
      return store.load();
    },
    subscribe: (changed) => {
      counted.listeners += 1;
      const end = store.subscribe?.(changed);
      return () => {
        counted.listeners -= 1;
        end?.();
      };
    },
  };
  return counted;
}

function authorizerOn(store: TokenStore, options: AuthorizerOptions = {}): Authorizer & { source: { asked: number } } {
  const source = counting();
  return Object.assign(new Authorizer(source, { clock, store, ...options }), { source });
}

it('a sign-out by another ends the session at once, at no request to the source (C18, C20)', async () => {
  const store = memoryTokenStore();
  const [here, there] = [authorizerOn(store), authorizerOn(store)];
  await here.getToken();
  await there.logout();
  await settled();
  expect(here.token).toBeUndefined();
  expect(here.source.asked).toBe(1);
});

it('a newer token of the same session is taken at once (C18)', async () => {
  const store = memoryTokenStore();
  const [here, there] = [authorizerOn(store), authorizerOn(store)];
  await here.getToken();
  await there.getToken();
  const newer = await there.getToken({ force: true });
  await settled();
  expect(here.accessToken).toBe(newer.accessToken);
  expect(here.source.asked).toBe(1);
});

it('another person’s sign-in is another session: who waits here gets `logged_out`, and no token of hers (C17, C18)', async () => {
  const store = memoryTokenStore();
  const gate: { open?: () => void } = {};
  const source: TokenSource = {
    authorize: () => Promise.resolve({ accessToken: 'ada-1', refreshToken: 'ada', expiresAt: inAnHour }),
    refresh: async () => {
      await new Promise<void>((resolve) => (gate.open = resolve));
      return { accessToken: 'ada-2', refreshToken: 'ada', expiresAt: inAnHour };
    },
  };
  const here = new Authorizer(source, { clock, store });
  await here.getToken();
  const waiting = failureOf(here.getToken({ rejected: await here.getToken() }));
  await settled();
  await authorizerOn(store).setToken({ accessToken: 'bob-1', expiresAt: inAnHour });
  await settled();
  expect(here.accessToken).toBe('bob-1');
  gate.open?.();
  expect(await waiting).toMatchObject({ code: 'logged_out', kind: 'session' });
  expect(here.accessToken).toBe('bob-1');
  expect((await store.load())?.accessToken).toBe('bob-1');
});

it('what it saves itself is no news to it: each token is reported once (C6, C18)', async () => {
  const seen: (string | undefined)[] = [];
  const here: Authorizer = new Authorizer(counting(), {
    clock,
    store: memoryTokenStore(),
    onToken: async () => {
      await settled();
      seen.push(here.accessToken);
    },
  });
  await here.getToken();
  await here.getToken({ force: true });
  expect(seen).toEqual(['own-1', 'own-2']);
});

it('much news at once costs a look, and one more for what came meanwhile (C18)', async () => {
  const store = told();
  const here = authorizerOn(store);
  await here.getToken();
  await settled();
  const before = store.loads;
  for (let news = 0; news < 1_000; news += 1) void store.save({ accessToken: `other-${news}`, expiresAt: inAnHour });
  await settled();
  expect(store.loads - before).toBeLessThanOrEqual(2);
  expect(here.accessToken).toBe('other-999');
});

it('an authorizer listens from the first use of its store until it is closed (C13, C18)', async () => {
  const store = told();
  const here = authorizerOn(store);
  expect(store.listeners).toBe(0);
  await here.getToken();
  await here.getToken({ force: true });
  expect(store.listeners).toBe(1);
  here.close();
  here.close();
  expect(store.listeners).toBe(0);
  await here.getToken({ force: true });
  expect(store.listeners).toBe(0);
});

it('the authorizers of a pool do not listen, and see a sign-out at the next acquisition (C20)', async () => {
  const store = told();
  const pool = new AuthorizerPool(() => authorizerOn(store));
  const here = pool.for('ada');
  await here.getToken();
  expect(store.listeners).toBe(0);
  await authorizerOn(store).logout();
  await settled();
  expect(here.authenticated).toBe(true);
  expect(await failureOf(here.getToken({ force: true }))).toMatchObject({ code: 'logged_out' });
});

it('without news a sign-out is seen at the next acquisition (C18)', async () => {
  const store = withoutNews(memoryTokenStore());
  const here = authorizerOn(store);
  const first = await here.getToken();
  await authorizerOn(store).logout();
  await settled();
  expect(here.authenticated).toBe(true);
  expect(await failureOf(here.getToken({ rejected: first }))).toMatchObject({ code: 'logged_out' });
});

it.each([
  [
    'throws',
    () => {
      throw new Error('no pub/sub with hunter2');
    },
  ],
  ['returns nothing', () => undefined as unknown as () => void],
])('a store whose subscribe %s does no harm (C18)', async (how, subscribe) => {
  const events: AuthEvent[] = [];
  const store = { ...memoryTokenStore(), subscribe };
  const here = authorizerOn(store, { observer: (event) => void events.push(event) });
  expect((await here.getToken()).accessToken).toBe('own-1');
  await here.getToken({ force: true });
  here.close();
  const notices = events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
  expect(notices).toHaveLength(how === 'throws' ? 1 : 0);
  expect(JSON.stringify(notices)).not.toContain('hunter2');
});

it('an authorizer that nobody has any more is not kept by its store (C13)', async () => {
  const store = memoryTokenStore();
  const references: WeakRef<object>[] = [];
  for (let index = 0; index < 20; index += 1) {
    const here = authorizerOn(store);
    await here.getToken();
    references.push(new WeakRef(here));
  }
  await settled();
  gc();
  expect(references.filter((reference) => reference.deref()).length).toBeLessThan(20);
});
