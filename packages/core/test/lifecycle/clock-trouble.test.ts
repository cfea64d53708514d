// The user's clock misbehaves: does the authorizer come out of it?
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer } from '../../src/index.js';
import type { AuthErrorKind, Clock } from '../../src/index.js';
import { never } from './scripted-store.js';
import { failureOf, standing } from './stage.js';

const dayMs = 86_400_000;

it.each<readonly [AuthErrorKind, number]>([
  ['unavailable', 1_000],
  ['credentials', 60_000],
])('a clock that steps back does not prolong the rest after a failure of kind %s (C5)', async (kind, restMs) => {
  const clock = new ManualClock();
  let healthy = false;
  const failure = new AuthenticationError('no', { code: 'token_endpoint', kind });
  const hook = (): Promise<string> => (healthy ? Promise.resolve('token') : Promise.reject(failure));
  const auth = new Authorizer(hook, { clock, maxRetries: 0 });
  await failureOf(auth.getToken());
  healthy = true;
  clock.set(clock.now() - 365 * dayMs);
  await standing(auth.getToken());
  clock.set(clock.now() + restMs);
  expect((await auth.getToken()).accessToken).toBe('token');
});

it('nobody is told to wait for longer than the rest itself after a step back (C5)', async () => {
  const clock = new ManualClock();
  const auth = new Authorizer(() => Promise.reject(new Error('away')), { clock, maxRetries: 0 });
  await failureOf(auth.getToken());
  clock.set(clock.now() - dayMs);
  expect((await failureOf(auth.getToken())).retryAfterMs ?? 0).toBeLessThanOrEqual(1_000);
});

it('a sleep that throws at once fails its callers and nobody after them (C4)', async () => {
  let broken = true;
  const sleep = (): Promise<void> => {
    if (broken) throw new Error('no timers here');
    return never();
  };
  const clock: Clock = { now: () => 0, sleep };
  const auth = new Authorizer(() => Promise.resolve('token'), { clock });
  expect((await standing(auth.getToken())).state).toBe('failed');
  broken = false;
  expect((await auth.getToken({ force: true })).accessToken).toBe('token');
});
