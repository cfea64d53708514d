// A store that does not answer: for how long does it hold anybody up?
import { gate, ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import type { AuthEvent, Token, TokenStore } from '../../src/index.js';
import { never, ScriptedStore } from './scripted-store.js';
import { failureOf, settled, standing } from './stage.js';

it.each([
  ['load', 'by default for 2 s', {}, 2_000],
  ['save', 'by default for 2 s', {}, 2_000],
  ['load', 'for `storeTimeoutMs`', { storeTimeoutMs: 50 }, 50],
  ['save', 'for `storeTimeoutMs`', { storeTimeoutMs: 50 }, 50],
] as const)('a hung %s holds up callers %s, then they get their token (C6)', async (call, _long, options, limitMs) => {
  const clock = new ManualClock();
  const store = new ScriptedStore();
  store.on(call, never);
  const events: AuthEvent[] = [];
  const observer = (event: AuthEvent): void => void events.push(event);
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store, observer, ...options });
  const token = auth.getToken();
  await settled();
  await clock.advance(limitMs - 1);
  expect(await standing(token)).toEqual({ state: 'waiting' });
  await clock.advance(1);
  expect((await token).accessToken).toBe('new');
  const late = events.find((event) => event.type === 'store' && event.action === call);
  expect(late).toMatchObject({ durationMs: limitMs, failure: expect.stringContaining('storeTimeoutMs') as unknown });
});

it('a hung load and a hung save together cost twice the limit, and the live token afterwards nothing (C6)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore();
  store.on('load', never);
  store.on('save', never);
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store });
  const token = auth.getToken();
  await settled();
  await clock.advance(4_000);
  await token;
  expect(await standing(auth.getToken())).toMatchObject({ state: 'given' });
});

it('a store with a lease that does not answer at all costs twice the limit too: it is not asked for the lease (C6)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore();
  for (const call of ['load', 'lease', 'save'] as const) store.on(call, never);
  const failures: (string | undefined)[] = [];
  const observer = (event: AuthEvent): void => {
    if (event.type === 'store') failures.push(`${event.action} ${event.durationMs}: ${event.failure}`);
  };
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store: store.withLease(), observer });
  const token = auth.getToken();
  await settled();
  await clock.advance(4_000);
  expect(await token).toMatchObject({ accessToken: 'new' });
  const late = 'The token store took longer than storeTimeoutMs';
  expect(failures).toEqual([`load 2000: ${late} (load)`, `save 2000: ${late} (save)`]);
});

it('what a hung load finds in the end is not taken (C6)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore({ accessToken: 'stored' });
  const { opened, open } = gate();
  store.on('load', () => opened);
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store });
  const token = auth.getToken();
  await settled();
  await clock.advance(2_000);
  expect((await token).accessToken).toBe('new');
  open();
  await settled();
  expect(auth.accessToken).toBe('new');
});

it('a hung clear ends a logout after the limit, and says so (C6)', async () => {
  const clock = new ManualClock();
  const store = new ScriptedStore();
  store.on('clear', never);
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store });
  await auth.getToken();
  const failure = failureOf(auth.logout());
  await settled();
  await clock.advance(2_000);
  expect((await failure).message).toContain('storeTimeoutMs');
  expect(auth.token).toBeUndefined();
});

it('a lease that is not given back after the work holds up callers for the limit only (C6)', async () => {
  const clock = new ManualClock();
  const scripted = new ScriptedStore();
  const store: TokenStore = { ...scripted.withLease(), exclusive: (work) => work().then(never) };
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store });
  const token = auth.getToken();
  await settled();
  await clock.advance(2_000);
  expect((await token).accessToken).toBe('new');
});

it('a store that takes its time is asked all the same by who comes second, and does not count as silent (C6)', async () => {
  const clock = new ManualClock();
  const slow = gate();
  let loads = 0;
  const stored: Token = { accessToken: 'stored', refreshToken: 'r1' };
  const store: TokenStore = {
    load: () => ((loads += 1) === 1 ? slow.opened.then(() => stored) : Promise.resolve(stored)),
    save: () => Promise.resolve(),
    clear: () => Promise.resolve(),
  };
  const revoked: string[] = [];
  const revoke = async ({ accessToken }: Token): Promise<void> => void revoked.push(accessToken);
  const authorizer = new Authorizer({ authorize: async () => stored, revoke }, { store, clock });
  const asked = authorizer.getToken().catch((error: unknown) => error);
  await clock.advance(5);
  await authorizer.logout();
  slow.open();
  await asked;
  expect(revoked).toEqual(['stored']);
});
