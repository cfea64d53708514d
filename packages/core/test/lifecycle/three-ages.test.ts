// When is a held token handed out, when is it replaced, and who waits?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource } from '../../src/index.js';
import type { Token } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, settled, standing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();
const windows = { leewayMs: 10_000, refreshAheadMs: 20_000 };
const lifeMs = 100_000;

interface Held {
  readonly clock: ManualClock;
  readonly hook: HandHook;
  readonly auth: Authorizer;
  readonly token: Token;
  readonly endsAt: number;
}

async function held(): Promise<Held> {
  const clock = new ManualClock();
  const hook = new HandHook();
  const auth = new Authorizer(hook.get, { clock, ...windows });
  const endsAt = clock.now() + lifeMs;
  const first = auth.getToken();
  await standing(first);
  hook.answer({ accessToken: 'old', expiresAt: new Date(endsAt) });
  return { clock, hook, auth, token: await first, endsAt };
}

const handedOut = { state: 'given', value: expect.objectContaining({ accessToken: 'old' }) as unknown };

it.each([
  ['1 ms before it is stale', -30_001, handedOut, []],
  ['at the instant it becomes stale', -30_000, handedOut, ['stale']],
  ['1 ms after it became stale', -29_999, handedOut, ['stale']],
  ['1 ms before it expires', -10_001, handedOut, ['stale']],
  ['at the instant it expires', -10_000, { state: 'waiting' }, ['expiring']],
  ['1 ms after it expired', -9_999, { state: 'waiting' }, ['expiring']],
  ['1 ms before its end', -1, { state: 'waiting' }, ['expiring']],
  ['at its end', 0, { state: 'waiting' }, ['expiring']],
  ['1 ms after its end', 1, { state: 'waiting' }, ['expiring']],
])('a call %s is answered as the age of the token says (C1)', async (_when, offsetMs, expected, asked) => {
  const { clock, hook, auth, endsAt } = await held();
  clock.set(endsAt + offsetMs);
  const call = auth.getToken();
  expect(await standing(call)).toEqual(expected);
  expect(hook.reasons).toEqual(['missing', ...asked]);
  if (asked.length > 0) hook.answer('new');
  await call;
});

it.each([
  [-1, handedOut],
  [0, { state: 'waiting' }],
  [1, { state: 'waiting' }],
])('a refresh in flight lets the old token be used up to its end and no longer: %i ms (C1)', async (ms, expected) => {
  const { clock, hook, auth, endsAt } = await held();
  clock.set(endsAt - 10_000);
  const first = auth.getToken();
  await standing(first);
  clock.set(endsAt + ms);
  const second = auth.getToken();
  expect(await standing(second)).toEqual(expected);
  hook.answer('new');
  expect((await first).accessToken).toBe('new');
  expect(hook.requests).toHaveLength(2);
});

it.each([
  [-1, true],
  [0, false],
])('`authenticated` and `token` never fetch, and tell the end to the millisecond: %i ms (C1)', async (ms, expected) => {
  const { clock, hook, auth, endsAt, token } = await held();
  clock.set(endsAt + ms);
  expect(auth.authenticated).toBe(expected);
  expect(auth.token).toBe(token);
  expect(auth.accessToken).toBe('old');
  expect(hook.requests).toHaveLength(1);
});

it('a stale token is replaced in the background and the next caller gets the new one (C1)', async () => {
  const { clock, hook, auth, endsAt } = await held();
  clock.set(endsAt - 30_000);
  const calls = await Promise.all(Array.from({ length: 20 }, () => auth.getToken()));
  expect(calls.map(({ accessToken }) => accessToken)).toEqual(Array.from({ length: 20 }, () => 'old'));
  await settled();
  hook.answer({ accessToken: 'new', expiresAt: new Date(endsAt + lifeMs) });
  await settled();
  expect((await auth.getToken()).accessToken).toBe('new');
  expect(hook.requests).toHaveLength(2);
});

it('a token of a real endpoint lives by `expires_in`, counted from when it was asked for (C1)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock, expiresIn: 100 });
  const sentAt = clock.now();
  const { opened, open } = gate();
  idp.next({ after: opened });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, ...windows });
  const first = auth.getToken();
  await until(() => idp.calls === 1);
  clock.set(sentAt + 4_000);
  open();
  expect((await first).expiresAt).toEqual(new Date(sentAt + lifeMs));
  clock.set(sentAt + lifeMs - 30_001);
  expect((await auth.getToken()).accessToken).toBe('token-1');
  clock.set(sentAt + lifeMs - 10_000);
  expect((await auth.getToken()).accessToken).toBe('token-2');
  expect(idp.calls).toBe(2);
});
