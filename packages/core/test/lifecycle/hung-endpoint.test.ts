// A token endpoint, or a source, that never answers: who is held up, and for how long?
import { ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, failureOf, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

it.each([
  ['by default after 30 s', {}, 30_000],
  ['after `timeoutMs`', { timeoutMs: 1_234 }, 1_234],
])(
  'callers of a hung endpoint are told %s, and the next call starts afresh without a cool-down (C4)',
  async (...row) => {
    const [, options, limitMs] = row;
    const clock = new ManualClock();
    const idp = await start({ clock });
    idp.next({ hang: true });
    const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, ...options });
    const call = auth.getToken();
    await until(() => idp.calls === 1);
    await clock.advance(limitMs - 1);
    expect(await standing(call)).toEqual({ state: 'waiting' });
    await clock.advance(1);
    expect(await failureOf(call)).toMatchObject({ code: 'timeout', kind: 'unavailable', transient: true });
    expect((await auth.getToken()).accessToken).toBe('token-1');
    expect(idp.calls).toBe(2);
  },
);

it('the signal handed to the source aborts at the limit, and the callers learn what had not answered (C4)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock, timeoutMs: 5_000 });
  const failure = failureOf(auth.getToken());
  await settled();
  const { signal } = hook.requests[0] ?? {};
  await clock.advance(4_999);
  expect(signal?.aborted).toBe(false);
  await clock.advance(1);
  expect(signal?.aborted).toBe(true);
  expect(signal?.reason).toMatchObject({ code: 'timeout' });
  expect(await failure).toMatchObject({
    code: 'timeout',
    message: expect.stringContaining('within 5000 ms: `authorize` of the token source had not answered') as unknown,
  });
});

it('the connection to a hung endpoint is given up with the limit (C4)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next({ hang: true });
  const source = clientCredentialsSource(at(idp, clock));
  const asked: Promise<unknown>[] = [];
  const hook: typeof source.authorize = (request) => {
    const answer = source.authorize(request);
    asked.push(failureOf(answer));
    return answer;
  };
  const auth = new Authorizer(hook, { clock });
  const failure = failureOf(auth.getToken());
  await until(() => idp.calls === 1);
  await clock.advance(30_000);
  await failure;
  expect(await Promise.all(asked)).toMatchObject([{ code: 'timeout' }]);
});

it('a source that ignores its signal is left behind, and what it answers late is not taken (C4)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock, timeoutMs: 5_000 });
  const failure = failureOf(auth.getToken());
  await settled();
  await clock.advance(5_000);
  await failure;
  const next = auth.getToken();
  await settled();
  hook.answer('late');
  expect(await standing(next)).toEqual({ state: 'waiting' });
  expect(auth.token).toBeUndefined();
  hook.answer('fresh');
  expect((await next).accessToken).toBe('fresh');
});

it('the limit holds for all tries together: a hung second try is not given a limit of its own (C4, C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next({ status: 503, headers: { 'retry-after': '4' } }, { hang: true });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, timeoutMs: 10_000 });
  const call = auth.getToken();
  await clock.sleeping(2);
  await clock.advance(4_000);
  await until(() => idp.calls === 2);
  await clock.advance(5_999);
  expect(await standing(call)).toEqual({ state: 'waiting' });
  await clock.advance(1);
  expect(await failureOf(call)).toMatchObject({ code: 'timeout' });
});

it('a hung refresh in the background holds up nobody while the old token lives (C1, C4)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const endsAt = (await auth.getToken()).expiresAt?.getTime() ?? 0;
  idp.next({ hang: true });
  clock.set(endsAt - 25_000);
  for (const leftMs of [25_000, 20_000, 10_000, 5_000, 1]) {
    clock.set(endsAt - leftMs);
    expect(await standing(auth.getToken())).toMatchObject({ state: 'given', value: { accessToken: 'token-1' } });
  }
  await until(() => idp.calls === 2);
  const late = auth.getToken();
  clock.set(endsAt);
  const ended = auth.getToken();
  await clock.advance(5_000);
  expect((await late).accessToken).toBe('token-1');
  expect(await failureOf(ended)).toMatchObject({ code: 'timeout' });
  expect((await auth.getToken()).accessToken).toBe('token-2');
});

it('a force queued behind a hung refresh is served when that one is given up (C2, C4)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next({ hang: true });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const first = failureOf(auth.getToken());
  await until(() => idp.calls === 1);
  const forced = auth.getToken({ force: true });
  await clock.advance(30_000);
  expect(await first).toMatchObject({ code: 'timeout' });
  expect((await forced).accessToken).toBe('token-1');
});
