// What happens under the store's lease, and what must not keep others waiting for it?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, clientCredentialsSource, refreshTokenSource } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { never, ScriptedStore } from './scripted-store.js';
import { at, failureOf, passing, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

it('the lease covers load, request and save (C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const { opened, open } = gate();
  idp.next({ after: opened });
  const store = new ScriptedStore();
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, store: store.withLease() });
  const call = auth.getToken();
  await until(() => idp.calls === 1);
  expect([store.leased, store.log]).toEqual([true, ['load', 'lease', 'load']]);
  open();
  await call;
  expect([store.leased, store.log]).toEqual([false, ['load', 'lease', 'load', 'save token-1', 'release']]);
});

it('the lease is given back before a backoff and taken anew for the next try, which re-reads the store (C5, C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next({ status: 503, headers: { 'retry-after': '5' } });
  const store = new ScriptedStore();
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, store: store.withLease() });
  const call = auth.getToken();
  await until(() => idp.calls === 1);
  await until(() => !store.leased);
  await clock.sleeping(2);
  await clock.advance(4_999);
  expect([store.leased, store.log]).toEqual([false, ['load', 'lease', 'load', 'release']]);
  await passing(clock, call, 1);
  expect(store.log.slice(4)).toEqual(['load', 'lease', 'load', 'save token-1', 'release']);
});

it('a token that another stored during the backoff is adopted: the second try costs no request (C5, C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next({ status: 503, headers: { 'retry-after': '5' } });
  const store = new ScriptedStore();
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, store: store.withLease() });
  const call = auth.getToken();
  await until(() => idp.calls === 1);
  await clock.sleeping(2);
  store.kept = { accessToken: 'by-another' };
  expect((await passing(clock, call, 1_000)).accessToken).toBe('by-another');
  expect(idp.calls).toBe(1);
});

it('what another has stored is adopted without the lease: a fleet does not queue to read (C6)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const store = new ScriptedStore({ accessToken: 'by-another' });
  store.on('lease', never);
  const auth = new Authorizer(hook.get, { clock, store: store.withLease() });
  expect((await auth.getToken()).accessToken).toBe('by-another');
  expect([store.log, hook.requests]).toEqual([['load'], []]);
});

it('a bare force adopts nothing, so the store is read under the lease only (C2, C6)', async () => {
  const store = new ScriptedStore({ accessToken: 'by-another' });
  const clock = new ManualClock();
  const auth = new Authorizer(() => Promise.resolve('new'), { clock, store: store.withLease() });
  expect((await auth.getToken({ force: true })).accessToken).toBe('new');
  expect(store.log).toEqual(['lease', 'load', 'save new', 'release']);
});

it.each([
  ['times out', 'timeout'],
  ['fails', 'source_failed'],
])('the lease is given back when the acquisition %s (C4, C6)', async (how, code) => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const store = new ScriptedStore();
  const auth = new Authorizer(hook.get, { clock, store: store.withLease(), timeoutMs: 5_000 });
  const failure = failureOf(auth.getToken());
  await settled();
  expect(store.leased).toBe(true);
  if (how === 'fails') hook.fail(new Error('boom'));
  else await clock.advance(5_000);
  expect((await failure).code).toBe(code);
  await settled();
  expect([store.leased, store.kept]).toEqual([false, undefined]);
});

it('a live token never touches the store (C6)', async () => {
  const store = new ScriptedStore();
  const auth = new Authorizer(() => Promise.resolve('token'), { clock: new ManualClock(), store: store.withLease() });
  await auth.getToken();
  const { length } = store.log;
  for (let call = 0; call < 100; call += 1) await auth.getToken();
  expect(store.log).toHaveLength(length);
});

it('a lease that is not worth the wait, since the others fail, is a failure as theirs: nobody is asked, and it cools down (C5, C6)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const store = new ScriptedStore();
  const failing = { code: 'failing_elsewhere', kind: 'unavailable', transient: true } as const;
  store.on('lease', () => Promise.reject(new AuthenticationError('others fail', failing)));
  const source = refreshTokenSource({ ...at(idp, clock), refreshToken: 'kept' });
  const auth = new Authorizer(source, { clock, store: store.withLease() });
  expect(await failureOf(auth.getToken())).toMatchObject(failing);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down', kind: 'unavailable' });
  expect(idp.calls).toBe(0);
  store.on('lease', undefined);
  clock.set(clock.now() + 1_000);
  expect((await auth.getToken()).accessToken).toBe('token-1');
  expect(idp.bodies.map((body) => body.get('refresh_token'))).toEqual(['kept']);
});
