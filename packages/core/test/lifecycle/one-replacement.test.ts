// How many token requests do many callers cost?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, failureOf, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

function crowd<R>(call: () => Promise<R>): Promise<R[]> {
  return Promise.all(Array.from({ length: 1_000 }, call));
}

it('a thousand callers without a token, and a thousand with an ended one, cost one request each time (C2)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const cold = await crowd(() => auth.getToken());
  expect(new Set(cold.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
  clock.set(clock.now() + 100_000);
  const ended = await crowd(() => auth.getToken());
  expect(new Set(ended.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-2']));
  expect(idp.calls).toBe(2);
});

it('a thousand refusals of one token at once cost one request (C2)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const rejected = await auth.getToken();
  const retried = await crowd(() => auth.getToken({ rejected }));
  expect(new Set(retried.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-2']));
  expect(idp.calls).toBe(2);
});

it('those who come while a request is on its way share it, whatever they came for (C2)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const rejected = await auth.getToken();
  const { opened, open } = gate();
  idp.next({ after: opened });
  const forced = auth.getToken({ force: true });
  await until(() => idp.calls === 2);
  const refused = crowd(() => auth.getToken({ rejected }));
  const both = auth.getToken({ rejected, force: true });
  open();
  const answers = [await forced, await both, ...(await refused)];
  expect(new Set(answers.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-2']));
  expect(idp.calls).toBe(2);
});

it('a bare force never takes an answer that was asked for before it: a thousand queue exactly one behind (C2)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const first = auth.getToken();
  await settled();
  const forced = crowd(() => auth.getToken({ force: true }));
  await settled();
  expect(hook.reasons).toEqual(['missing']);
  hook.answer('one');
  expect((await first).accessToken).toBe('one');
  await settled();
  expect(hook.reasons).toEqual(['missing', 'forced']);
  hook.answer('two');
  expect(new Set((await forced).map(({ accessToken }) => accessToken))).toEqual(new Set(['two']));
  expect(hook.requests).toHaveLength(2);
});

it('a bare force joins a refresh that begins after its call, here the one queued by another (C2)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const forced = [auth.getToken({ force: true })];
  await settled();
  forced.push(auth.getToken({ force: true }));
  await settled();
  forced.push(auth.getToken({ force: true }));
  hook.answer('one');
  await settled();
  hook.answer('two');
  expect((await Promise.all(forced)).map(({ accessToken }) => accessToken)).toEqual(['one', 'two', 'two']);
  expect(hook.requests).toHaveLength(2);
});

it('a bare force during the queued refresh queues once more behind it (C2)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const calls = [auth.getToken({ force: true }), auth.getToken({ force: true })];
  await settled();
  hook.answer('one');
  await settled();
  calls.push(auth.getToken({ force: true }));
  hook.answer('two');
  await settled();
  hook.answer('three');
  expect((await Promise.all(calls)).map(({ accessToken }) => accessToken)).toEqual(['one', 'two', 'three']);
});

it('the one queued behind is begun although the one before it fails (C2)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock() });
  const first = auth.getToken();
  await settled();
  const forced = auth.getToken({ force: true });
  hook.fail(new Error('away'));
  expect(await failureOf(first)).toMatchObject({ kind: 'unavailable' });
  await settled();
  hook.answer('two');
  expect((await forced).accessToken).toBe('two');
});

it('while a force runs, others go on with the token that is held (C1, C2)', async () => {
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock: new ManualClock(), initialToken: { accessToken: 'old' } });
  const forced = auth.getToken({ force: true });
  await settled();
  expect((await auth.getToken()).accessToken).toBe('old');
  hook.answer('new');
  expect((await forced).accessToken).toBe('new');
});

it('nothing of a refresh is left behind, neither after its success nor after its failure (C2)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock });
  for (const outcome of ['one', undefined, 'three']) {
    const call = auth.getToken({ force: true });
    await settled();
    if (outcome === undefined) hook.fail(new Error('away'));
    else hook.answer(outcome);
    expect(await standing(call)).toMatchObject({ state: outcome === undefined ? 'failed' : 'given' });
    expect(clock.sleepers).toBe(0);
  }
  expect(hook.requests).toHaveLength(3);
});
