// getToken(): one token for those who keep their own.
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { SMARTBackendAuth } from '../../src/index.js';
import { authorize, failureOf, jtisOf, passing, smartServer, world } from '../stage.js';

it('each call returns a string, for an assertion of its own (S2)', async () => {
  const { server, auth } = await world();
  const tokens = [await auth.getToken(), await auth.getToken(), await auth.getToken()];
  expect(tokens).toEqual(server.issued);
  expect(new Set(tokens).size).toBe(3);
  expect(new Set(jtisOf(server)).size).toBe(3);
});

it('many at once are as many tokens, each for an assertion of its own (S2)', async () => {
  const { server, auth } = await world();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => auth.getToken()));
  expect(new Set(tokens).size).toBe(20);
  expect(new Set(jtisOf(server)).size).toBe(20);
});

it('a server that is gone is unavailable, after four tries (S1)', async () => {
  const { server, auth, clock, options } = await world();
  await server.stop();
  const error = await failureOf(passing(clock, auth.getToken()));
  expect(error).toMatchObject({ code: 'discovery_failed', kind: 'unavailable', transient: true });
  const blunt = new SMARTBackendAuth({ ...options, tokenUrl: server.tokenUrl });
  expect(await failureOf(passing(clock, blunt.getToken()))).toMatchObject({ code: 'network', kind: 'unavailable' });
});

it('a transient failure is tried again (S2)', async () => {
  const { server, auth, clock } = await world();
  server.nextToken({ status: 503 });
  expect(await passing(clock, auth.getToken())).toBe(server.issued[0]);
  expect(server.calls).toBe(2);
});

it('a refusal is not tried again (S2b)', async () => {
  const { server, auth } = await world();
  server.fault = 'token_invalid_scope';
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'scope_refused' });
  expect(server.calls).toBe(1);
});

it('a signal ends the wait (S1)', async () => {
  const { server, auth } = await world();
  server.alwaysToken({ hang: true });
  const controller = new AbortController();
  const failed = failureOf(auth.getToken({ signal: controller.signal }));
  await until(() => server.calls === 1);
  controller.abort();
  expect(await failed).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' });
});

it('a signal that is aborted already sends nothing (S1)', async () => {
  const { server, auth } = await world();
  expect(await failureOf(auth.getToken({ signal: AbortSignal.abort() }))).toMatchObject({ name: 'CanceledError' });
  expect(server.requests).toEqual([]);
});

it('a source ends its request when its signal aborts, with the reason of the signal (S1)', async () => {
  const { server, auth } = await world();
  const reason = new Error('enough');
  const controller = new AbortController();
  const held = gate();
  server.nextDiscovery({ after: held.opened });
  const failed = failureOf(authorize(auth, controller.signal));
  await until(() => server.discoveries === 1);
  controller.abort(reason);
  expect(await failed).toBe(reason);
  held.open();
  await expect(auth.getToken()).resolves.toEqual(expect.any(String));
});

it('thirty seconds without an answer are too long (S1)', async () => {
  const { server, auth, clock } = await world();
  server.alwaysToken({ hang: true });
  const failed = failureOf(auth.getToken());
  await until(() => server.calls === 1);
  await clock.advance(30_000);
  expect(await failed).toMatchObject({ code: 'timeout', kind: 'unavailable' });
});

it('a life that the server does not state is defaultLifetimeMs, or unknown (S1)', async () => {
  const { auth, clock, options } = await world({ server: { expiresIn: null } });
  expect(await authorize(auth)).not.toHaveProperty('expiresAt');
  const bounded = new SMARTBackendAuth({ ...options, defaultLifetimeMs: 90_000 });
  expect((await authorize(bounded)).expiresAt?.getTime()).toBe(clock.now() + 90_000);
});

it('a stated life goes before defaultLifetimeMs, also as a numeric string (S1)', async () => {
  const { auth, clock } = await world({ server: { expiresIn: '120' }, options: { defaultLifetimeMs: 90_000 } });
  expect((await authorize(auth)).expiresAt?.getTime()).toBe(clock.now() + 120_000);
});

it('without a clock it goes by the time of the system (S2)', async () => {
  const { options } = await world({ clock: new ManualClock(Date.now()) });
  const server = await smartServer({ clients: [] });
  const auth = new SMARTBackendAuth({ ...options, clock: undefined, tokenUrl: server.tokenUrl });
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'client_unknown' });
  const exp = Number(server.assertions[0]?.claims['exp']) * 1000;
  expect(Math.abs(exp - 240_000 - Date.now())).toBeLessThan(30_000);
});
