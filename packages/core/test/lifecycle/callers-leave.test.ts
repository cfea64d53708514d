// A caller does not want to wait any longer: what becomes of it, and of the others?
import axios, { isAxiosError } from 'axios';
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource } from '../../src/index.js';
import type { AuthEvent } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, failureOf, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

it('of ten callers the first leaves and is told at once, nine are answered, one token is fetched (C4)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const { opened, open } = gate();
  idp.next({ after: opened });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const leaving = new AbortController();
  const first = auth.getToken({ signal: leaving.signal });
  const others = Array.from({ length: 9 }, () => auth.getToken());
  await until(() => idp.calls === 1);
  leaving.abort();
  const error = await failureOf(first);
  expect(axios.isCancel(error)).toBe(true);
  expect(error).toMatchObject({ name: 'CanceledError', code: 'ERR_CANCELED' });
  expect(isAxiosError(error)).toBe(true);
  open();
  const tokens = await Promise.all(others);
  expect(tokens.map(({ accessToken }) => accessToken)).toEqual(Array.from({ length: 9 }, () => 'token-1'));
  expect(idp.calls).toBe(1);
});

it('when everybody has left, the token is fetched all the same and kept for the next caller (C4)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const leaving = new AbortController();
  const calls = Array.from({ length: 3 }, () => failureOf(auth.getToken({ signal: leaving.signal })));
  await settled();
  leaving.abort();
  expect((await Promise.all(calls)).every((error) => axios.isCancel(error))).toBe(true);
  expect(hook.requests[0]?.signal.aborted).toBe(false);
  hook.answer('kept');
  await settled();
  expect((await auth.getToken()).accessToken).toBe('kept');
  expect(hook.requests).toHaveLength(1);
});

it('a caller who has left before the call begins nothing (C4)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  expect(axios.isCancel(await failureOf(auth.getToken({ signal: AbortSignal.abort() })))).toBe(true);
  await settled();
  expect(hook.requests).toHaveLength(0);
});

it('a caller who forced and a caller who was refused leave as freely as any other (C4)', async () => {
  const hook = new HandHook();
  const rejected = { accessToken: 'old' };
  const auth = new Authorizer(hook.get, { clock: new ManualClock(), initialToken: rejected });
  const leaving = new AbortController();
  const { signal } = leaving;
  const gone = [auth.getToken({ rejected, signal }), auth.getToken({ force: true, signal })].map(failureOf);
  const staying = auth.getToken({ rejected });
  await settled();
  leaving.abort();
  expect((await Promise.all(gone)).every((error) => axios.isCancel(error))).toBe(true);
  hook.answer('new');
  expect((await staying).accessToken).toBe('new');
  await settled();
  hook.answer('forced');
  await settled();
  expect(auth.accessToken).toBe('forced');
});

it('a signal that aborts after the answer changes nothing, and no listener stays on it (C4)', async () => {
  const events: AuthEvent[] = [];
  const auth = new Authorizer(() => Promise.resolve('token'), { observer: (event) => void events.push(event) });
  const leaving = new AbortController();
  const added = jest.spyOn(leaving.signal, 'addEventListener');
  const removed = jest.spyOn(leaving.signal, 'removeEventListener');
  const token = await auth.getToken({ signal: leaving.signal });
  await settled();
  expect(added).toHaveBeenCalled();
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
  const told = events.length;
  leaving.abort();
  expect(await auth.getToken()).toBe(token);
  expect(events).toHaveLength(told);
});

it("the signal a source gets is the authorizer's own: no caller's leaving aborts it (C4)", async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const leaving = new AbortController();
  const call = auth.getToken({ signal: leaving.signal });
  await settled();
  expect(hook.requests[0]?.signal).not.toBe(leaving.signal);
  leaving.abort();
  expect(await standing(call)).toMatchObject({ state: 'failed' });
  expect(hook.requests[0]?.signal.aborted).toBe(false);
  hook.answer('token');
  await settled();
});
