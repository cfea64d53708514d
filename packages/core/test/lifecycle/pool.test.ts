// Which authorizers does a pool keep, which does it forget, and what becomes of those that it forgot?
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { calledWithNothing, constructing, ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, AuthorizerPool, memoryTokenStore } from '../../src/index.js';
import type { AuthorizerOptions, AuthorizerPoolOptions, Token } from '../../src/index.js';
import { failureOf, settled } from './stage.js';

function gc(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

interface Scene {
  readonly pool: AuthorizerPool<string>;
  /** The keys for which an authorizer was made, in order. */
  readonly made: string[];
  /** How often each key's token was fetched. */
  readonly fetched: string[];
  /** Lets the sources answer that were asked for these keys. */
  readonly answer: (key: string) => void;
  /** The keys whose source does not answer by itself. */
  readonly slow: Set<string>;
}

function scene(options: AuthorizerPoolOptions = {}, of: (key: string) => AuthorizerOptions = () => ({})): Scene {
  const [made, fetched, slow] = [[] as string[], [] as string[], new Set<string>()];
  const waiting = new Map<string, () => void>();
  const authorize = async (key: string): Promise<Token> => {
    fetched.push(key);
    if (slow.has(key)) await new Promise<void>((resolve) => waiting.set(key, resolve));
    return { accessToken: `${key}-${fetched.length}`, expiresAt: new Date(3_600_000) };
  };
  const pool = new AuthorizerPool<string>((key) => {
    made.push(key);
    return new Authorizer(() => authorize(key), { clock: new ManualClock(0), ...of(key) });
  }, options);
  return { pool, made, fetched, slow, answer: (key) => waiting.get(key)?.() };
}

/** Asks for what is not held on to, so that only the pool has it. */
function touch(pool: AuthorizerPool<string>, ...keys: readonly string[]): void {
  for (const key of keys) pool.for(key);
}

/** Until nothing of those that a pool forgot is left. */
async function collected(): Promise<void> {
  await settled(); // a job that looked at one keeps it until its end
  gc();
}

it('the least recently used one is forgotten, the others stay (C20)', async () => {
  const { pool, made } = scene({ max: 2 });
  touch(pool, 'a', 'b', 'a', 'c');
  await collected();
  touch(pool, 'a', 'c');
  expect(made).toEqual(['a', 'b', 'c']);
  touch(pool, 'b');
  expect([made, pool.size]).toEqual([['a', 'b', 'c', 'b'], 2]);
});

it('1,000 are kept by default (C20)', () => {
  const { pool, made } = scene();
  for (let key = 0; key < 1_500; key += 1) pool.for(`${key}`);
  expect([made.length, pool.size]).toEqual([1_500, 1_000]);
});

it('one that somebody still has is returned again after it was forgotten, with its token (C20)', async () => {
  const { pool, made, fetched } = scene({ max: 1 });
  const held = pool.for('a');
  await held.getToken();
  touch(pool, 'b', 'c');
  await collected();
  expect(pool.for('a')).toBe(held);
  expect(held.accessToken).toBe('a-1');
  expect([made, fetched]).toEqual([['a', 'b', 'c'], ['a']]);
});

it('a forgotten one is closed, and at work again when it is returned: it refreshes in the background (C1, C20)', async () => {
  const clock = new ManualClock(0);
  const { pool, fetched } = scene({ max: 1 }, () => ({ clock, refreshAheadMs: 600_000 }));
  const held = pool.for('a');
  await held.getToken();
  touch(pool, 'b');
  clock.set(3_000_001);
  await held.getToken();
  await settled();
  expect(fetched).toEqual(['a']);
  await pool.for('a').getToken();
  await settled();
  expect(fetched).toEqual(['a', 'a']);
});

it('none is forgotten while it acquires a token: `max` is exceeded, and kept again afterwards (C20)', async () => {
  const { pool, made, slow, answer } = scene({ max: 2 });
  const keys = ['a', 'b', 'c', 'd'];
  keys.forEach((key) => slow.add(key));
  const tokens = keys.map((key) => pool.for(key).getToken());
  await settled();
  expect(pool.size).toBe(4);
  await collected();
  touch(pool, ...keys);
  expect([made, pool.size]).toEqual([keys, 4]);
  keys.forEach(answer);
  await Promise.all(tokens);
  touch(pool, 'd');
  expect(pool.size).toBe(2);
});

it('none is forgotten while a background refresh, a forced one or one that is queued is under way (C20)', async () => {
  const clock = new ManualClock(0);
  const { pool, slow, answer } = scene({ max: 1 }, () => ({ clock, refreshAheadMs: 600_000 }));
  await pool.for('a').getToken();
  clock.set(3_000_001);
  slow.add('a');
  await pool.for('a').getToken();
  const forced = [pool.for('a').getToken({ force: true })];
  await settled();
  touch(pool, 'b');
  expect(pool.size).toBe(2);
  answer('a');
  await settled();
  touch(pool, 'b');
  expect(pool.size).toBe(2);
  answer('a');
  await Promise.all(forced);
  touch(pool, 'b');
  expect(pool.size).toBe(1);
});

it('none is forgotten while it signs out, or takes a token (C18, C20)', async () => {
  const store = memoryTokenStore();
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const slow = { ...store, clear: () => held.then(() => store.clear()) };
  const { pool } = scene({ max: 1 }, (key) => (key === 'a' ? { store: slow } : {}));
  const signedOut = pool.for('a').logout();
  touch(pool, 'b');
  expect(pool.size).toBe(2);
  await settled();
  touch(pool, 'b');
  expect(pool.size).toBe(2);
  go();
  await signedOut;
  touch(pool, 'b');
  expect(pool.size).toBe(1);
});

it('none is forgotten while a caller waits for the store during a cool-down (C5, C20)', async () => {
  const store = memoryTokenStore();
  let go = (): void => undefined;
  let isSlow = false;
  const load = async (): Promise<Token | undefined> => {
    if (isSlow) await new Promise<void>((resolve) => (go = resolve));
    return store.load();
  };
  const failing = new Authorizer(() => Promise.reject(new Error('away')), {
    store: { ...store, load },
    clock: new ManualClock(0),
  });
  const pool = new AuthorizerPool<string>((key) => (key === 'a' ? failing : new Authorizer(async () => key)), {
    max: 1,
  });
  await failureOf(pool.for('a').getToken());
  isSlow = true;
  const waiting = failureOf(pool.for('a').getToken());
  await settled();
  touch(pool, 'b');
  expect(pool.size).toBe(2);
  go();
  expect(await waiting).toMatchObject({ code: 'cooling_down' });
  touch(pool, 'b');
  expect(pool.size).toBe(1);
});

it('what is forgotten for good leaves nothing behind, and is made anew (C20)', async () => {
  const { pool, made } = scene({ max: 1 });
  const reference = new WeakRef(pool.for('a'));
  touch(pool, 'b');
  await until(() => {
    gc();
    return reference.deref() === undefined;
  }, 'the authorizer to be collected');
  touch(pool, 'a');
  expect(made).toEqual(['a', 'b', 'a']);
});

it('logoutAll signs everybody out at once, those included who were forgotten and are still in use (C20)', async () => {
  const stores = new Map<string, ReturnType<typeof memoryTokenStore>>();
  const { pool } = scene({ max: 1 }, (key) => {
    stores.set(key, memoryTokenStore());
    return { store: stores.get(key) };
  });
  const held = ['a', 'b', 'c'].map((key) => pool.for(key));
  await Promise.all(held.map((authorizer) => authorizer.getToken()));
  const over = pool.logoutAll();
  expect(held.map(({ authenticated }) => authenticated)).toEqual([false, false, false]);
  await over;
  for (const store of stores.values()) expect(await failureOf(store.load())).toMatchObject({ code: 'logged_out' });
});

it('logoutAll tells that a store could not be cleared, after all others are (C20)', async () => {
  const store = { ...memoryTokenStore(), clear: () => Promise.reject(new Error('the disk is full')) };
  const { pool } = scene({}, (key) => (key === 'a' ? { store } : {}));
  const held = ['a', 'b'].map((key) => pool.for(key));
  await Promise.all(held.map((authorizer) => authorizer.getToken()));
  await expect(pool.logoutAll()).rejects.toThrow('the disk is full');
  expect(held.map(({ authenticated }) => authenticated)).toEqual([false, false]);
});

it('close ends background work, and tokens are had as before (C13, C20)', async () => {
  const clock = new ManualClock(0);
  const { pool, fetched } = scene({}, () => ({ clock, refreshAheadMs: 600_000 }));
  const authorizer = pool.for('a');
  await authorizer.getToken();
  pool.close();
  clock.set(3_000_001);
  expect(await authorizer.getToken()).toMatchObject({ accessToken: 'a-1' });
  await settled();
  expect(fetched).toEqual(['a']);
});

it.each([
  ['nothing', () => undefined, 'must return an Authorizer'],
  ['a promise', async () => new Authorizer(async () => 'token'), 'must return an Authorizer, and at once'],
  ['a pool', () => new AuthorizerPool(() => new Authorizer(async () => 'token')), 'must return an Authorizer'],
])('a function that returns %s is a ConfigurationError at its first use (C20)', (_what, create, message) => {
  const pool = new AuthorizerPool<string>(create as unknown as () => Authorizer);
  expect(() => pool.for('a')).toThrow(message);
  expect(pool.size).toBe(0);
});

it('a function that returns one authorizer for two keys is a ConfigurationError: the second would get the first’s token (C20)', () => {
  const one = new Authorizer(async () => 'token');
  const pool = new AuthorizerPool<string>(() => one);
  expect(pool.for('a')).toBe(one);
  expect(() => pool.for('b')).toThrow('one Authorizer for two keys');
  expect(pool.for('a')).toBe(one);
});

it('what the function throws reaches the caller, and the next call tries again (C20)', () => {
  let isDown = true;
  const pool = new AuthorizerPool<string>(() => {
    if (isDown) throw new RangeError('no such tenant');
    return new Authorizer(async () => 'token');
  });
  expect(() => pool.for('a')).toThrow(RangeError);
  isDown = false;
  expect(pool.for('a')).toBeInstanceOf(Authorizer);
});

it.each([
  [{ max: 0 }, '`max`'],
  [{ max: 1.5 }, '`max`'],
  [{ max: NaN }, '`max`'],
  [{ max: '5' }, '`max`'],
  [{ maxx: 5 }, 'did you mean max?'],
])('the options %j of a pool are a ConfigurationError (C20)', (options, message) => {
  const create = (): Authorizer => new Authorizer(async () => 'token');
  expect(() => new AuthorizerPool(create, options as object)).toThrow(message);
});

it.each(calledWithNothing([['AuthorizerPool', constructing(AuthorizerPool), /needs a function/]]))(
  '%s of %s is a ConfigurationError (C20)',
  (_name, _what, call, words) => {
    expect(call).toThrow(words);
  },
);
