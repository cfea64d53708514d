// A server refused a token: is it still the one that is held?
import { ManualClock } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource } from '../../src/index.js';
import type { Token } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, failureOf, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

it('a late refusal of an older token costs nothing (C3)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const rejected = await auth.getToken();
  const current = await auth.getToken({ rejected });
  for (let late = 0; late < 100; late += 1) {
    expect(await auth.getToken({ rejected })).toBe(current);
    expect(await auth.getToken({ rejected, force: true })).toBe(current);
  }
  expect(idp.calls).toBe(2);
});

it('a token is recognised by its accessToken, not by identity or by what else changed (C3)', async () => {
  const initialToken: Token = { accessToken: 'old', scope: 'read' };
  const auth = new Authorizer(() => Promise.resolve('new'), { initialToken });
  expect((await auth.getToken({ rejected: { accessToken: 'old' } })).accessToken).toBe('new');
});

it('a late refusal does not wait for a refresh that is under way for another reason (C3)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock(), initialToken: { accessToken: 'current' } });
  const forced = auth.getToken({ force: true });
  await settled();
  expect((await auth.getToken({ rejected: { accessToken: 'older' } })).accessToken).toBe('current');
  hook.answer('new');
  await forced;
  expect(hook.requests).toHaveLength(1);
});

it('a refusal of the current token replaces it, and nobody gets it meanwhile (C3)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock(), initialToken: { accessToken: 'old' } });
  const retried = auth.getToken({ rejected: { accessToken: 'old' } });
  await settled();
  const plain = auth.getToken();
  expect(await standing(plain)).toEqual({ state: 'waiting' });
  expect(auth.authenticated).toBe(false);
  hook.answer('new');
  expect([(await retried).accessToken, (await plain).accessToken]).toEqual(['new', 'new']);
  expect(hook.reasons).toEqual(['unauthorized']);
});

it('a refusal that joins a refresh begun for another reason takes the old token out of use as well (C3)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const initialToken = { accessToken: 'old', expiresAt: new Date(clock.now() + 10_000) };
  const auth = new Authorizer(hook.get, { clock, initialToken, leewayMs: 1_000, refreshAheadMs: 4_000 });
  clock.set(clock.now() + 5_000);
  expect((await auth.getToken()).accessToken).toBe('old');
  const retried = auth.getToken({ rejected: initialToken });
  const plain = auth.getToken();
  expect(await standing(plain)).toEqual({ state: 'waiting' });
  hook.answer('new');
  expect([(await retried).accessToken, (await plain).accessToken]).toEqual(['new', 'new']);
  expect(hook.reasons).toEqual(['stale']);
});

it('a refusal is forgotten with its token: the same value, issued anew, is used (C3)', async () => {
  const auth = new Authorizer(() => Promise.resolve('same'), { initialToken: { accessToken: 'same' } });
  expect((await auth.getToken({ rejected: { accessToken: 'same' } })).accessToken).toBe('same');
  expect(auth.authenticated).toBe(true);
});

it('a token that is rejected while the source cools down is out of use as well (C3, C5)', async () => {
  const hook = new HandHook();
  const rejected: Token = { accessToken: 'old' };
  const auth = new Authorizer(hook.get, { clock: new ManualClock(), initialToken: rejected });
  const forced = failureOf(auth.getToken({ force: true }));
  await settled();
  hook.fail(new Error('away'));
  await forced;
  expect(await auth.getToken()).toBe(rejected);
  expect(await failureOf(auth.getToken({ rejected }))).toMatchObject({ code: 'cooling_down' });
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down' });
  expect([auth.authenticated, hook.requests.length]).toEqual([false, 1]);
});
