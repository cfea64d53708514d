// In which shapes does a token come in from outside, and is its expiry ever overlooked?
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, memoryTokenStore, RefreshableJWTHandler } from '../../src/index.js';
import type { AuthEvent, Token, TokenSource, TokenStore } from '../../src/index.js';
import { failureOf } from './stage.js';

const startAt = Date.UTC(2026, 0, 1);
const unread = ['expiresIn', 'expires_in', 'expires_at', 'expiry_date'] as const;

function storeOf(stored: unknown, events: unknown[] = []): TokenStore {
  return {
    load: () => Promise.resolve(stored as Token),
    save: (token) => Promise.resolve(void events.push(token)),
    clear: () => Promise.resolve(),
  };
}

function authorizerOf(given: unknown): Authorizer {
  return new Authorizer(() => Promise.resolve(given as Token), { clock: new ManualClock(startAt) });
}

describe('an expiry under another name', () => {
  it.each(unread)('%s from a function or a source is a ConfigurationError with the cure (C15)', async (name) => {
    const given = { accessToken: 'secret-token', [name]: 3600 } as never;
    const source: TokenSource = { authorize: () => Promise.resolve(given), refresh: () => Promise.resolve(given) };
    const renewing = { initialToken: { refreshToken: 'kept' }, clock: new ManualClock(startAt) };
    for (const auth of [authorizerOf(given), new Authorizer(source), new Authorizer(source, renewing)]) {
      const failure = await failureOf(auth.getToken());
      expect(failure).toMatchObject({ name: 'ConfigurationError' });
      expect(failure.message).toMatch(new RegExp(`\`${name}\`.*expiresAt: new Date\\(`));
      expect(failure.message).not.toMatch(/secret-token|3600/);
      expect(auth.token).toBeUndefined();
    }
  });

  it.each(unread)('%s in `initialToken` is a ConfigurationError with the cure (C15)', (name) => {
    const initialToken = { accessToken: 'secret-token', [name]: '3600' } as never;
    const make = (): unknown => new Authorizer(() => Promise.resolve('new'), { initialToken });
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError' }) as Error);
    expect(make).toThrow(new RegExp(`initialToken.*\`${name}\`.*expiresAt: new Date\\(`));
  });

  it.each(unread)('%s in a store makes what it holds unreadable: it is replaced (C6, C15)', async (name) => {
    const saved: unknown[] = [];
    const events: AuthEvent[] = [];
    const store = storeOf({ accessToken: 'stored', [name]: 3600 }, saved);
    const observer = (event: AuthEvent): void => void events.push(event);
    const auth = new Authorizer(() => Promise.resolve('new'), { store, observer, clock: new ManualClock(startAt) });
    expect((await auth.getToken()).accessToken).toBe('new');
    expect(saved).toMatchObject([{ accessToken: 'new' }]);
    expect(JSON.stringify(events)).toContain('no token');
  });

  it.each(unread)('%s beside `expiresAt`, or without a value, overlooks nothing and passes (C15)', async (name) => {
    const expiresAt = new Date(startAt + 60_000);
    expect((await authorizerOf({ accessToken: 'a', expiresAt, [name]: 60 }).getToken()).expiresAt).toBe(expiresAt);
    for (const none of [undefined, null])
      await expect(authorizerOf({ accessToken: 'a', [name]: none }).getToken()).resolves.toMatchObject({
        accessToken: 'a',
      });
  });

  it('the types refuse it before the program runs (C15)', async () => {
    // @ts-expect-error -- `expiresIn` is not read
    const byFunction = new Authorizer(() => Promise.resolve({ accessToken: 'a', expiresIn: 3600 }));
    // @ts-expect-error -- `expires_in` is not read
    const token: Token = { accessToken: 'a', expires_in: 3600 };
    const spread = { accessToken: 'a', expiresIn: 3600 };
    // @ts-expect-error -- nor is it hidden in a variable
    const source: TokenSource = { authorize: () => Promise.resolve(spread) };
    expect(await failureOf(byFunction.getToken())).toMatchObject({ kind: 'configuration' });
    expect(await failureOf(new Authorizer(source).getToken())).toMatchObject({ kind: 'configuration' });
    expect(() => new Authorizer(source, { initialToken: token })).toThrow(/expires_in/);
  });
});

const endAt = startAt + 60_000;
const written = [
  '2026-01-01T00:01:00.000Z',
  '2026-01-01T00:01:00Z',
  '2026-01-01T02:01:00+02:00',
  '2025-12-31T19:01:00.000000-05:00',
  '+002026-01-01T00:01:00.000Z',
];

describe('a date that went through JSON', () => {
  it.each(written)('%s is read from a function (C15)', async (text) => {
    const token = await authorizerOf({
      accessToken: 'a',
      expiresAt: text,
      issuedAt: '2026-01-01T00:00:00Z',
    }).getToken();
    expect(token).toEqual({ accessToken: 'a', expiresAt: new Date(endAt), issuedAt: new Date(startAt) });
  });

  it.each(written)('%s is read from `initialToken` (C15)', async (text) => {
    const clock = new ManualClock(startAt);
    const initialToken = { accessToken: 'mine', expiresAt: text as never };
    const auth = new Authorizer(() => Promise.resolve('new'), { initialToken, clock, leewayMs: 0, refreshAheadMs: 0 });
    expect(auth.token?.expiresAt).toEqual(new Date(endAt));
    clock.set(endAt - 1);
    expect((await auth.getToken()).accessToken).toBe('mine');
    clock.set(endAt);
    expect((await auth.getToken()).accessToken).toBe('new');
  });

  it.each(written)('%s is read from a store, and from what a save answers (C6, C15)', async (text) => {
    const issuedAt = '2026-01-01T00:00:00.000Z';
    const stored = { accessToken: 'stored', refreshToken: 'kept', expiresAt: text, issuedAt };
    const clock = new ManualClock(startAt);
    const hook = (): Promise<string> => Promise.resolve('new');
    const read = await new Authorizer(hook, { store: storeOf(stored), clock }).getToken();
    const dates = { expiresAt: new Date(endAt), issuedAt: new Date(startAt) };
    expect(read).toEqual({ accessToken: 'stored', refreshToken: 'kept', ...dates });
    const standing: TokenStore = { ...storeOf(undefined), save: () => Promise.resolve(stored as never) };
    expect(await new Authorizer(hook, { store: standing, clock }).getToken()).toMatchObject(dates);
  });

  it('the whole of a token that went through JSON comes back as it was (C15)', async () => {
    const token = { accessToken: 'a', refreshToken: 'r', expiresAt: new Date(endAt), issuedAt: new Date(startAt) };
    const revived: unknown = JSON.parse(JSON.stringify(token));
    const store = memoryTokenStore();
    await store.save(revived as Token);
    const clock = new ManualClock(startAt);
    const hook = (): never => {
      throw new Error('nobody is asked');
    };
    await expect(new Authorizer(hook, { store, clock }).getToken()).resolves.toEqual(token);
    const initialToken = revived as Token;
    await expect(new Authorizer(hook, { initialToken, clock }).getToken()).resolves.toEqual(token);
    await expect(authorizerOf(revived).getToken()).resolves.toEqual(token);
  });

  it('a handler reads it in its pair and in what it begins with (C15)', async () => {
    const [text] = written;
    const clock = new ManualClock(startAt);
    const handler = new RefreshableJWTHandler({ getToken: () => ['new', text as never], clock });
    await handler.authenticate();
    expect(handler.expires).toEqual(new Date(endAt));
    const begun = new RefreshableJWTHandler({
      jwt: 'a',
      expires: text as never,
      getToken: () => ['new', undefined],
      clock,
    });
    expect(begun.expires).toEqual(new Date(endAt));
  });
});

const noDates: readonly (readonly [what: string, value: unknown])[] = [
  ['a day', '2026-01-01'],
  ['a time without a zone', '2026-01-01T00:01:00'],
  ['a time without seconds', '2026-01-01T00:01Z'],
  ['an HTTP date', 'Thu, 01 Jan 2026 00:01:00 GMT'],
  ['milliseconds', endAt],
  ['seconds', endAt / 1000],
  ['a number as a text', String(endAt)],
  ['a month that is none', '2026-13-01T00:00:00Z'],
  ['an empty text', ''],
  ['null', null],
  ['a date that is none', new Date(Number.NaN)],
  ['an object', {}],
];
const members = ['expiresAt', 'issuedAt'] as const;
const noDateRows = members.flatMap((name) => noDates.map(([what, value]) => [name, what, value] as const));

it.each(noDateRows)('%s of %s is refused wherever it comes from, with the cure (C15)', async (name, _, value) => {
  const given = { accessToken: 'a', [name]: value } as never;
  const failure = await failureOf(authorizerOf(given).getToken());
  expect(failure).toMatchObject({ name: 'ConfigurationError' });
  expect(failure.message).toMatch(new RegExp(`\`${name}\`.*new Date\\(`));
  const hook = (): Promise<string> => Promise.resolve('new');
  expect(() => new Authorizer(hook, { initialToken: given })).toThrow(
    new RegExp(`initialToken.*\`${name}\`.*new Date\\(`),
  );
  const clock = new ManualClock(startAt);
  expect((await new Authorizer(hook, { store: storeOf(given), clock }).getToken()).accessToken).toBe('new');
});

it.each(['kept\n', 'k\u0000ept', ''])(
  'a refresh token of %j is refused, and never what renews a session (C16)',
  async (refreshToken) => {
    const hook = (): Promise<string> => Promise.resolve('new');
    expect(() => new Authorizer(hook, { initialToken: { refreshToken } })).toThrow(/refreshToken/);
  },
);

it('a refresh token with a line end is refused from a function, and replaced in a store (C6, C16)', async () => {
  const given = { accessToken: 'a', refreshToken: 'kept\n' };
  expect((await failureOf(authorizerOf(given).getToken())).message).toMatch(/refreshToken.*trim it where it is read/);
  const auth = new Authorizer(() => Promise.resolve('new'), { store: storeOf(given), clock: new ManualClock(startAt) });
  expect((await auth.getToken()).accessToken).toBe('new');
});
