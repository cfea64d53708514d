// Another holder of the store's lease is slow: do the others wait for what it brings, or sign in once more?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import type { AuthEvent, Token, TokenSource, TokenStore } from '../../src/index.js';
import { Authorizer, memoryTokenStore, refreshTokenSource } from '../../src/index.js';
import { never, ScriptedStore } from './scripted-store.js';
import { at, failureOf, passing, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

it('a sign-in of 3 s is one for all who share the store, though a store’s answer is waited for 2 s only (C6)', async () => {
  const clock = new ManualClock();
  const store = memoryTokenStore();
  let asked = 0;
  const slow = async (): Promise<string> => {
    asked += 1;
    await clock.sleep(3_000);
    return 'shared';
  };
  const four = Array.from({ length: 4 }, () => new Authorizer(slow, { clock, store }));
  const tokens = Promise.all(four.map((auth) => auth.getToken()));
  await settled();
  await clock.advance(3_000);
  expect((await tokens).map(({ accessToken }) => accessToken)).toEqual(Array.from({ length: 4 }, () => 'shared'));
  expect(asked).toBe(1);
});

it('a refresh of 4 s by one is waited for by the others, who adopt it (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, refreshTokens: 'rotating' });
  const store = memoryTokenStore();
  const answer = gate();
  const initialToken = { refreshToken: 'mine' };
  const four = Array.from(
    { length: 4 },
    () => new Authorizer(refreshTokenSource(at(idp, clock)), { clock, store, initialToken }),
  );
  idp.next({ after: answer.opened });
  const tokens = Promise.all(four.map((auth) => auth.getToken()));
  await until(() => idp.calls === 1, 'the one refresh');
  await clock.advance(4_000);
  answer.open();
  expect(new Set((await tokens).map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
  expect(idp.calls).toBe(1);
});

it('what the holder has saved is adopted while it still keeps the lease (C6)', async () => {
  const clock = new ManualClock();
  const scripted = new ScriptedStore();
  const store: TokenStore = { ...scripted.withLease(), exclusive: never };
  const auth = new Authorizer(() => Promise.reject(new Error('nobody asks')), { clock, store });
  const token = auth.getToken();
  await settled();
  scripted.kept = { accessToken: 'of-the-holder' };
  await clock.advance(2_000);
  expect((await token).accessToken).toBe('of-the-holder');
});

it('news of what the holder has saved ends the wait at once, and the lease is asked for no longer (C6, C18)', async () => {
  const scripted = new ScriptedStore();
  let changed = (): void => undefined;
  let left: AbortSignal | undefined;
  const store: TokenStore = {
    ...scripted.withLease(),
    exclusive: (_work, options) => ((left = options?.signal), never()),
    subscribe: (heard) => ((changed = heard), () => undefined),
  };
  const auth = new Authorizer(() => Promise.reject(new Error('nobody asks')), { clock: new ManualClock(), store });
  const token = auth.getToken();
  await settled();
  scripted.kept = { accessToken: 'of-the-holder' };
  expect(left?.aborted).toBe(false);
  changed(); // the clock is paused: no look that is due
  expect((await token).accessToken).toBe('of-the-holder');
  expect(left?.aborted).toBe(true);
});

it('a store that tells news of its own being read is not read without end (C6, C18)', async () => {
  const clock = new ManualClock();
  let reads = 0;
  let changed = (): void => undefined;
  const store: TokenStore = {
    ...new ScriptedStore().withLease(),
    load: async () => {
      reads += 1;
      changed();
      return undefined;
    },
    exclusive: never,
    subscribe: (heard) => ((changed = heard), () => undefined),
  };
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store, timeoutMs: 7_000 });
  const failure = failureOf(auth.getToken());
  await settled();
  expect(reads).toBeLessThan(12);
  await clock.advance(7_000);
  expect(await failure).toMatchObject({ code: 'timeout' });
});

it('a holder that never ends holds a caller up for the limit of its acquisition, and the error names the lease (C4, C6)', async () => {
  const clock = new ManualClock();
  const store: TokenStore = { ...new ScriptedStore().withLease(), exclusive: never };
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store, timeoutMs: 7_000 });
  const failure = failureOf(auth.getToken());
  await settled();
  await clock.advance(6_999);
  expect(await standing(failure)).toEqual({ state: 'waiting' });
  await clock.advance(1);
  expect(await failure).toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('the lease of the token store had not answered') as unknown,
  });
});

describe('a store that gives no lease, for the life of some tokens', () => {
  const lifeMs = 2_000;

  /** Both sign in at once; one of them could refresh as well. */
  function source(refresh: boolean, clock: ManualClock): { readonly source: TokenSource; readonly asked: string[] } {
    const asked: string[] = [];
    const answer = (what: string): Promise<Token> => {
      const name = `${what}-${asked.push(what)}`;
      return Promise.resolve({ accessToken: name, refreshToken: name, expiresAt: new Date(clock.now() + lifeMs) });
    };
    const authorize = (): Promise<Token> => answer('authorize');
    return { source: refresh ? { authorize, refresh: () => answer('refresh') } : { authorize }, asked };
  }

  it.each([
    ['with a refresh signs in at each expiry', true, 'authorize'],
    ['without a refresh needs no lease', false, 'authorize'],
  ])('a source %s: no request ever fails or rests (C5, C6)', async (_how, refresh, expected) => {
    const clock = new ManualClock();
    const store = new ScriptedStore();
    store.on('lease', () => Promise.reject(new Error('Redis is away')));
    const { source: made, asked } = source(refresh, clock);
    const auth = new Authorizer(made, { clock, store: store.withLease() });
    for (let step = 0; step < 200; step += 1) {
      expect((await auth.getToken()).accessToken).toContain(expected);
      await settled();
      clock.set(clock.now() + 50);
    }
    expect(new Set(asked)).toEqual(new Set([expected]));
    expect(asked.length).toBeLessThanOrEqual(8);
  });

  it('the lease that could not be had is not asked for again for `storeTimeoutMs` (C6)', async () => {
    const clock = new ManualClock();
    const store = new ScriptedStore();
    let leases = 0;
    store.on('lease', () => Promise.reject(new Error(`Redis is away ${(leases += 1)}`)));
    const { source: made } = source(true, clock);
    const auth = new Authorizer(made, { clock, store: store.withLease() });
    await auth.getToken();
    for (let call = 0; call < 10; call += 1) await auth.getToken({ force: true });
    expect(leases).toBe(1);
    clock.set(clock.now() + 2_000);
    await auth.getToken({ force: true });
    expect(leases).toBe(2);
  });
});

it('waiting for another is told to the observer as the store’s lease, with how long it took (C6)', async () => {
  const clock = new ManualClock();
  const store = memoryTokenStore();
  const events: AuthEvent[] = [];
  const slow = (): Promise<string> => clock.sleep(3_000).then(() => 'shared');
  const one = new Authorizer(slow, { clock, store });
  const other = new Authorizer(slow, { clock, store, observer: (event) => void events.push(event) });
  const tokens = Promise.all([one.getToken(), other.getToken()]);
  await passing(clock, tokens);
  const leases = events.filter((event) => event.type === 'store' && event.action === 'lease');
  expect(leases[0]).toMatchObject({ durationMs: 3_000 });
});
