// The program brings a token while the authorizer runs: is it checked, kept, reported, and whose session is it?
import { gate, ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, ConfigurationError, memoryTokenStore } from '../../src/index.js';
import type { Token, TokenSource } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { ScriptedStore } from './scripted-store.js';
import { failureOf, settled, standing, withoutNews } from './stage.js';

const bob: Token = { accessToken: 'bob', refreshToken: 'of-bob' };

it('what the program brings is saved, reported, and then handed out, without a request (C17, C18)', async () => {
  const store = new ScriptedStore();
  const reported: string[] = [];
  const onToken = ({ accessToken }: Token): void =>
    void reported.push(`${accessToken}, kept ${store.kept?.accessToken}`);
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock(), store, onToken });
  await auth.setToken(bob);
  expect((await auth.getToken()).accessToken).toBe('bob');
  expect([auth.accessToken, reported, hook.requests]).toEqual(['bob', ['bob, kept bob'], []]);
});

it.each<readonly [string, unknown, string]>([
  ['is no object', 7, 'configuration'],
  ['has no access token', { refreshToken: 'r' }, 'configuration'],
  ['cannot be sent', { accessToken: 'a b' }, 'configuration'],
  ['has an expiry that is no date', { accessToken: 'a', expiresAt: 'soon' }, 'configuration'],
  ['has expired and cannot be refreshed', { accessToken: 'a', expiresAt: new Date(0) }, 'session'],
])('a token that %s is refused before anything changes (C18)', async (_what, token, kind) => {
  const store = new ScriptedStore();
  const auth = new Authorizer(() => Promise.resolve('mine'), { clock: new ManualClock(), store });
  await auth.getToken();
  expect(await failureOf(auth.setToken(token as Token))).toMatchObject({ kind });
  expect([auth.accessToken, store.kept?.accessToken]).toEqual(['mine', 'mine']);
});

it('an expired one with a refresh token is refreshed by the next call (C18)', async () => {
  const source: TokenSource = {
    authorize: () => Promise.reject(new ConfigurationError('nobody signs in')),
    refresh: ({ refreshToken }) => Promise.resolve({ accessToken: `made-of-${refreshToken}` }),
  };
  const auth = new Authorizer(source, { clock: new ManualClock() });
  await auth.setToken({ ...bob, expiresAt: new Date(0) });
  expect((await auth.getToken()).accessToken).toBe('made-of-of-bob');
});

it('who waits for a token of the session before it is told that it is over; who asks from then on gets the new one (C17)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const before = failureOf(auth.getToken());
  await settled();
  const set = auth.setToken(bob);
  const after = auth.getToken();
  expect((await before).code).toBe('logged_out');
  await set;
  expect((await after).accessToken).toBe('bob');
  expect(hook.requests).toHaveLength(1);
});

it('an opaque token of a new session is marked, in the store as well; its refreshes keep the mark (C17)', async () => {
  const store = new ScriptedStore();
  const source: TokenSource = {
    authorize: () => Promise.resolve({ accessToken: 'signed-in' }),
    refresh: () => Promise.resolve({ accessToken: 'refreshed' }),
  };
  const auth = new Authorizer(source, { clock: new ManualClock(), store });
  await auth.getToken();
  expect(store.kept?.sessionMark).toBeUndefined();
  await auth.setToken(bob);
  const mark = store.kept?.sessionMark;
  expect(mark).toMatch(/^[\w-]{16,}$/);
  await auth.getToken({ force: true });
  expect(store.kept).toMatchObject({ accessToken: 'refreshed', sessionMark: mark });
  await auth.setToken({ accessToken: 'carol' });
  expect(store.kept?.sessionMark).not.toBe(mark);
});

it('a JWT that names its subject needs no mark, and one of another subject ends the session (C17)', async () => {
  const jwt = (sub: string, iss = 'https://idp.example'): string =>
    ['e30', Buffer.from(JSON.stringify({ iss, sub })).toString('base64url'), 'sig'].join('.');
  const store = new ScriptedStore();
  const clock = new ManualClock();
  const made = [jwt('ada'), jwt('ada'), jwt('bob'), jwt('bob', 'https://other.example')];
  const auth = new Authorizer(() => Promise.resolve(made.shift() ?? ''), { clock, store });
  await auth.getToken();
  await auth.logout();
  await auth.getToken();
  expect(store.kept?.sessionMark).toBeUndefined();
  for (let turn = 0; turn < 2; turn += 1) {
    const rejected = await auth.getToken();
    expect(await failureOf(auth.getToken({ rejected }))).toMatchObject({ code: 'logged_out' });
  }
});

it.each([
  ['a constant: a machine’s tokens are of one session, whatever they say', () => 'machine', true],
  ['undefined: it says nothing', () => undefined, true],
  ['another for each token', ({ accessToken }: Token) => accessToken, false],
])('`identity` of the source decides whose a token is: %s (C17)', async (_what, identity, isOne) => {
  const source: TokenSource = { authorize: () => Promise.resolve({ accessToken: `t-${Math.random()}` }), identity };
  const auth = new Authorizer(source, { clock: new ManualClock() });
  const rejected = await auth.getToken();
  expect((await standing(auth.getToken({ rejected }))).state).toBe(isOne ? 'given' : 'failed');
});

it('a logout that comes while a token is being set has the last word (C17)', async () => {
  const { opened, open } = gate();
  const store = new ScriptedStore();
  store.on('save', () => opened);
  const auth = new Authorizer(() => Promise.reject(new Error('nobody')), { clock: new ManualClock(), store });
  const set = auth.setToken(bob);
  await settled();
  const logout = auth.logout();
  open();
  await Promise.all([set, logout]);
  expect([auth.token, store.kept]).toEqual([undefined, undefined]);
});

it('a sign-out in a shared store ends the session of all who share it, and the next sign-in begins another (C17)', async () => {
  const clock = new ManualClock();
  const store = withoutNews(memoryTokenStore());
  let made = 0;
  const hook = (): Promise<string> => Promise.resolve(`t-${(made += 1)}`);
  const [one, other] = [new Authorizer(hook, { clock, store }), new Authorizer(hook, { clock, store })];
  await one.getToken();
  await other.getToken();
  await one.logout();
  expect(await failureOf(other.getToken({ force: true }))).toMatchObject({ code: 'logged_out' });
  expect(other.token).toBeUndefined();
  const again = await other.getToken();
  expect(again.sessionMark).toBeDefined();
  expect(await one.getToken()).toEqual(again);
  expect(made).toBe(2);
});

it.each<readonly [string, Token | undefined]>([
  ['the token of the session before it', { accessToken: 'ada' }],
  [
    'a later one of that session, which another process has refreshed',
    { accessToken: 'ada-2', refreshToken: 'of-ada' },
  ],
])('while a session could not be saved, the store’s %s is not taken for its own (C6, C17)', async (_what, kept) => {
  const clock = new ManualClock();
  const store = new ScriptedStore();
  const asked: (string | undefined)[] = [];
  const source: TokenSource = {
    authorize: () => Promise.resolve({ accessToken: 'ada' }),
    refresh: ({ refreshToken }) => Promise.resolve({ accessToken: `of-bob-${asked.push(refreshToken)}` }),
  };
  const auth = new Authorizer(source, { clock, store: store.withLease() });
  await auth.getToken();
  store.on('save', () => Promise.reject(new Error('read-only disk')));
  await auth.setToken({ ...bob, expiresAt: new Date(clock.now() + 1) });
  store.kept = kept;
  clock.set(clock.now() + 1);
  expect((await auth.getToken()).accessToken).toBe('of-bob-1');
  store.on('save', undefined);
  await auth.getToken({ force: true });
  expect([asked, store.kept?.accessToken]).toEqual([['of-bob', undefined], 'of-bob-2']);
});

it('nor does the mark of a sign-out before it end that session (C17)', async () => {
  const store = memoryTokenStore();
  const auth = new Authorizer(() => Promise.resolve('mine'), { clock: new ManualClock(), store });
  await auth.logout();
  const save = store.save.bind(store);
  store.save = () => Promise.reject(new Error('away'));
  await auth.setToken(bob);
  await auth.getToken({ force: true });
  expect((await standing(auth.getToken({ force: true }))).state).toBe('given');
  store.save = save;
  await auth.getToken({ force: true });
  expect((await store.load())?.accessToken).toBe('mine');
});

it('an empty store, evicted or flushed, ends nothing (C17)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore();
  const auth = new Authorizer(() => Promise.resolve('token'), { clock, store });
  await auth.getToken();
  store.kept = undefined;
  expect((await auth.getToken({ force: true })).accessToken).toBe('token');
});

it('after `close` a stale token is refreshed only by who needs it, and `using` calls it (C13)', async () => {
  const clock = new ManualClock();
  let made = 0;
  const hook = (): Promise<Token> =>
    Promise.resolve({ accessToken: `t-${(made += 1)}`, expiresAt: new Date(clock.now() + 100_000) });
  const auth = new Authorizer(hook, { clock });
  await auth.getToken();
  auth.close();
  clock.set(clock.now() + 80_000);
  await auth.getToken();
  await settled();
  expect(made).toBe(1);
  clock.set(clock.now() + 20_000);
  expect((await auth.getToken()).accessToken).toBe('t-2');
  expect(typeof auth[Symbol.dispose]).toBe('function');
});

it('a token of the same session without a refresh token keeps the one that stands (C15, C17)', async () => {
  const store = new ScriptedStore();
  const auth = new Authorizer(new HandHook().get, { clock: new ManualClock(), store });
  await auth.setToken(bob);
  await auth.setToken({ accessToken: 'of-a-header' }, { sameSession: true });
  expect([auth.token?.refreshToken, store.kept?.refreshToken]).toEqual(['of-bob', 'of-bob']);
});

it('a token of the same session that comes after a logout, or for another person, is refused (C17)', async () => {
  const jwt = (sub: string): string =>
    ['e30', Buffer.from(JSON.stringify({ iss: 'i', sub })).toString('base64url'), 'sig'].join('.');
  const auth = new Authorizer(() => Promise.reject(new Error('nobody')), { clock: new ManualClock() });
  await auth.setToken({ accessToken: jwt('ada') });
  await auth.setToken({ accessToken: jwt('bob') });
  expect(await failureOf(auth.setToken({ accessToken: jwt('ada') }, { sameSession: true }))).toMatchObject({
    code: 'logged_out',
  });
  await auth.logout();
  expect(await failureOf(auth.setToken({ accessToken: jwt('bob') }, { sameSession: true }))).toMatchObject({
    code: 'logged_out',
  });
  expect(auth.token).toBeUndefined();
});

it('onToken of a token that was set may ask for it, and a logout meanwhile revokes it (C6)', async () => {
  const revoked: string[] = [];
  const seen: string[] = [];
  const source: TokenSource = {
    authorize: () => Promise.reject(new Error('nobody')),
    revoke: ({ accessToken }) => Promise.resolve(void revoked.push(accessToken)),
  };
  const clock = new ManualClock();
  const onToken = async (): Promise<void> => void seen.push((await auth.getToken()).accessToken);
  const auth = new Authorizer(source, { clock, onToken });
  await auth.setToken(bob);
  const set = auth.setToken({ accessToken: 'carol' });
  await auth.logout();
  await set;
  expect([seen, revoked, auth.token]).toEqual([['bob'], ['carol'], undefined]);
});

it('a rejected token of a session that is over is not exchanged for one of the next (C17)', async () => {
  const auth = new Authorizer(() => Promise.reject(new Error('nobody')), { clock: new ManualClock() });
  await auth.setToken({ accessToken: 'ada' });
  const rejected = await auth.getToken();
  await auth.setToken(bob);
  expect(await failureOf(auth.getToken({ rejected }))).toMatchObject({ code: 'logged_out' });
});

it('a marked token that the store brings ends the session of an unmarked one, saved or not (C17)', async () => {
  const clock = new ManualClock();
  const store = memoryTokenStore();
  const auth = new Authorizer(() => Promise.resolve('x'), { clock, store, initialToken: { accessToken: 'ada' } });
  const rejected = await auth.getToken();
  await new Authorizer(() => Promise.resolve('x'), { clock, store }).setToken(bob);
  expect(await failureOf(auth.getToken({ rejected }))).toMatchObject({ code: 'logged_out' });
  expect((await auth.getToken()).accessToken).toBe('bob');
});

it('an `identity` that throws says nothing, and loses no token (C6, C17)', async () => {
  const source: TokenSource = {
    authorize: () => Promise.resolve({ accessToken: 'first' }),
    refresh: () => Promise.resolve({ accessToken: 'second' }),
    identity: () => {
      throw new Error('no id token');
    },
  };
  const auth = new Authorizer(source, { clock: new ManualClock() });
  await auth.getToken();
  expect((await auth.getToken({ force: true })).accessToken).toBe('second');
});

it('a token whose members are getters of a class is refused: they would be lost on the way (C6)', async () => {
  class Shown {
    get accessToken(): string {
      return 'shown';
    }
  }
  const auth = new Authorizer(() => Promise.resolve(new Shown()), { clock: new ManualClock() });
  expect(await failureOf(auth.getToken())).toMatchObject({ kind: 'configuration' });
});
