// A program asks in a loop for a token that cannot be had: how many requests does it cost?
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenAnswer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { Authorizer, clientCredentialsSource } from '../../src/index.js';
import { HandHook } from './hooks.js';
import { at, failureOf, settled, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();
const refused = { status: 401, json: { error: 'invalid_client' } };

interface Failing {
  readonly clock: ManualClock;
  readonly idp: TokenEndpoint;
  readonly auth: Authorizer;
}

async function failing(answer: TokenAnswer): Promise<Failing> {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always(answer);
  return { clock, idp, auth: new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, maxRetries: 0 }) };
}

/** Asks just before and just when each rest is over, and says how many requests each of the two cost. */
async function costs({ clock, idp, auth }: Failing, rests: readonly number[]): Promise<readonly number[][]> {
  const seen: number[][] = [];
  await failureOf(auth.getToken());
  for (const restMs of rests) {
    const before = idp.calls;
    clock.set(clock.now() + restMs - 1);
    await failureOf(auth.getToken());
    const early = idp.calls - before;
    clock.set(clock.now() + 1);
    await failureOf(auth.getToken());
    seen.push([early, idp.calls - before - early]);
  }
  return seen;
}

it.each<readonly [string, TokenAnswer, readonly number[]]>([
  ['a transient failure: 1 s doubling to 30 s', { status: 503 }, [1, 2, 4, 8, 16, 30, 30, 30]],
  ['a cut connection: 1 s doubling to 30 s', { reset: true }, [1, 2, 4, 8, 16, 30, 30]],
  ['wrong credentials: 1 min doubling to 1 h', refused, [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]],
])('after %s, automatic calls cost nothing until the rest is over (C5)', async (_what, answer, seconds) => {
  const rests = seconds.map((second) => second * 1_000);
  expect(await costs(await failing(answer), rests)).toEqual(rests.map(() => [0, 1]));
});

it('a loop that asks a thousand times a minute for a day sends a locked account 29 requests (C5)', async () => {
  const { clock, idp, auth } = await failing(refused);
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    await failureOf(auth.getToken());
    clock.set(clock.now() + 60_000);
  }
  expect(idp.calls).toBe(29);
});

it('whoever is told to wait learns for how long, what failed, and how to try at once (C5)', async () => {
  const { clock, auth } = await failing(refused);
  const first = await failureOf(auth.getToken());
  clock.set(clock.now() + 15_000);
  const resting = await failureOf(auth.getToken());
  expect(resting).toMatchObject({ code: 'cooling_down', kind: 'credentials', retryAfterMs: 45_000 });
  expect(resting.message).toContain('force');
  expect(resting.cause).toBe(first.cause);
});

it('an explicit force passes, once: it costs one request, and the loop goes on cooling down, longer (C5)', async () => {
  const { clock, idp, auth } = await failing(refused);
  await failureOf(auth.getToken());
  expect(await failureOf(auth.getToken({ force: true }))).toMatchObject({ kind: 'credentials', status: 401 });
  expect(idp.calls).toBe(2);
  clock.set(clock.now() + 119_999);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down', retryAfterMs: 1 });
  expect(idp.calls).toBe(2);
});

it('a force that succeeds ends the rest, and the next failure rests from the beginning again (C5)', async () => {
  const { clock, idp, auth } = await failing(refused);
  await failureOf(auth.getToken());
  await failureOf(auth.getToken({ force: true }));
  idp.always(undefined);
  const rejected = await auth.getToken({ force: true });
  expect(await auth.getToken()).toBe(rejected);
  idp.always(refused);
  await failureOf(auth.getToken({ rejected }));
  clock.set(clock.now() + 60_000);
  idp.always(undefined);
  expect(await auth.getToken()).toMatchObject({ accessToken: 'token-2' });
});

it('a refusal by a server is no explicit force: it waits for the rest to be over (C5)', async () => {
  const clock = new ManualClock();
  const hook = new HandHook();
  const rejected = { accessToken: 'old' };
  const auth = new Authorizer(hook.get, { clock, initialToken: rejected });
  const first = failureOf(auth.getToken({ rejected }));
  await settled();
  hook.fail(new Error('away'));
  await first;
  expect(await failureOf(auth.getToken({ rejected, force: true }))).toMatchObject({ code: 'cooling_down' });
  expect(await failureOf(auth.getToken({ rejected }))).toMatchObject({ code: 'cooling_down' });
  expect(hook.requests).toHaveLength(1);
});

it('background refreshes cool down as well: a stale token costs one request per cool-down, not one per call (C5)', async () => {
  const clock = new ManualClock();
  const begun = clock.now();
  const asked: number[] = [];
  const hook = (): Promise<never> => {
    asked.push((clock.now() - begun) / 1_000);
    return Promise.reject(new Error('away'));
  };
  const initialToken = { accessToken: 'old', expiresAt: new Date(begun + 100_000) };
  const auth = new Authorizer(hook, { clock, initialToken, leewayMs: 1_000, refreshAheadMs: 89_000 });
  clock.set(begun + 10_000);
  for (let call = 0; call < 160; call += 1) {
    expect((await auth.getToken()).accessToken).toBe('old');
    await settled();
    clock.set(clock.now() + 500);
  }
  expect(asked).toEqual([10, 11, 13, 17, 25, 41, 71]);
});

it('the rest after one kind of failure does not lengthen that after another (C5)', async () => {
  const { clock, idp, auth } = await failing({ status: 503 });
  for (const seconds of [1, 2, 4]) {
    await failureOf(auth.getToken());
    clock.set(clock.now() + seconds * 1_000);
  }
  idp.always(refused);
  await failureOf(auth.getToken());
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down', retryAfterMs: 60_000 });
});
