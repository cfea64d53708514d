// A server says when to come back: is it listened to, and not too much?
import { ManualClock } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, clientCredentialsSource } from '../../src/index.js';
import type { AuthErrorOptions } from '../../src/index.js';
import { at, failureOf, noting, passing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();
const midnight = Date.UTC(2026, 0, 1);

it.each([
  ['seconds', '7', 7_000],
  ['seconds with blanks around', ' 7 ', 7_000],
  ['a date', new Date(midnight + 9_000).toUTCString(), 9_000],
])('Retry-After as %s sets the least wait before the next try (C5)', async (_what, header, waitMs) => {
  const manual = new ManualClock(midnight);
  const clock = noting(manual);
  const idp = await start({ clock });
  idp.next({ status: 429, headers: { 'retry-after': header } });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  await passing(manual, auth.getToken());
  expect(clock.sleeps).toEqual([waitMs]);
});

it.each([
  ['nonsense', 'soon'],
  ['a negative number', '-5'],
  ['a fraction', '1.5'],
  ['an exponent', '1e3'],
  ['a past date', new Date(midnight - 60_000).toUTCString()],
  ['an impossible date', 'Thu, 99 Foo 2026 99:99:99 GMT'],
  ['nothing', ''],
])('Retry-After as %s is ignored: the backoff is the usual one (C5)', async (_what, header) => {
  const manual = new ManualClock(midnight);
  const clock = noting(manual);
  const idp = await start({ clock });
  idp.next({ status: 503, headers: { 'retry-after': header } });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  await passing(manual, auth.getToken());
  expect(clock.sleeps).toHaveLength(1);
  expect(clock.sleeps[0]).toBeLessThanOrEqual(200);
});

it.each<readonly [string, Record<string, string>]>([
  ['no Retry-After', {}],
  ['a Retry-After that is nonsense', { 'retry-after': 'soon' }],
])('a 429 with %s is waited out for 5 s first, then for 10 s (C5)', async (_what, headers) => {
  const manual = new ManualClock(midnight);
  const clock = noting(manual);
  const idp = await start({ clock });
  idp.next({ status: 429, headers }, { status: 429, headers });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  await passing(manual, auth.getToken());
  expect(clock.sleeps).toEqual([5_000, 10_000]);
});

it('a 429 without Retry-After that a user’s own source meets is waited out in the same way (C5)', async () => {
  const manual = new ManualClock(midnight);
  const clock = noting(manual);
  let calls = 0;
  const busy = Object.assign(new Error('busy'), { response: { status: 429, headers: {} } });
  const hook = (): Promise<string> => (++calls > 1 ? Promise.resolve('token') : Promise.reject(busy));
  await passing(manual, new Authorizer(hook, { clock }).getToken());
  expect(clock.sleeps).toEqual([5_000]);
});

it('a 429 that says 0 s is believed (C5)', async () => {
  const manual = new ManualClock(midnight);
  const clock = noting(manual);
  const idp = await start({ clock });
  idp.next({ status: 429, headers: { 'retry-after': '0' } });
  await passing(manual, new Authorizer(clientCredentialsSource(at(idp, clock)), { clock }).getToken());
  expect(clock.sleeps[0]).toBeLessThanOrEqual(200);
});

it('a 429 without Retry-After is not waited for beyond `timeoutMs` (C5)', async () => {
  const clock = new ManualClock(midnight);
  const idp = await start({ clock });
  idp.next({ status: 429 });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, timeoutMs: 5_000 });
  expect(await failureOf(auth.getToken())).toMatchObject({ status: 429, transient: true });
  expect([idp.calls, clock.now()]).toEqual([1, midnight]);
});

it('a Retry-After beyond `timeoutMs` is not waited for: callers are told at once, and how long to wait (C5)', async () => {
  const clock = new ManualClock(midnight);
  const idp = await start({ clock });
  idp.next({ status: 503, headers: { 'retry-after': '120' } });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  expect(await failureOf(auth.getToken())).toMatchObject({ status: 503, retryAfterMs: 120_000 });
  expect(clock.now()).toBe(midnight);
  clock.set(midnight + 119_999);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down', retryAfterMs: 1 });
  expect(idp.calls).toBe(1);
  clock.set(midnight + 120_000);
  expect((await auth.getToken()).accessToken).toBe('token-1');
});

it.each(['86400', '99999999999999999999', new Date(midnight + 86_400_000).toUTCString()])(
  'a Retry-After of %s is capped: within the hour the endpoint is asked again (C5)',
  async (header) => {
    const clock = new ManualClock(midnight);
    const idp = await start({ clock });
    idp.next({ status: 503, headers: { 'retry-after': header } });
    const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
    expect((await failureOf(auth.getToken())).retryAfterMs).toBeLessThanOrEqual(3_600_000);
    clock.set(midnight + 3_600_000);
    expect((await auth.getToken()).accessToken).toBe('token-1');
  },
);

const credentials = { code: 'token_endpoint', kind: 'credentials' } as const;
const passes = { code: 'token_endpoint', kind: 'unavailable', transient: true } as const;
it.each<readonly [string, AuthErrorOptions, number]>([
  ['wrong credentials with 0 s', { ...credentials, retryAfterMs: 0 }, 60_000],
  ['wrong credentials with 1 s', { ...credentials, retryAfterMs: 1_000 }, 60_000],
  ['wrong credentials with 2 min', { ...credentials, retryAfterMs: 120_000 }, 120_000],
  ['a transient failure with 0 s', { ...passes, retryAfterMs: 0 }, 1_000],
  ['a transient failure with 7 s', { ...passes, retryAfterMs: 7_000 }, 7_000],
])('a Retry-After never shortens the rest: %s (C5)', async (_what, failure, restMs) => {
  const clock = new ManualClock(midnight);
  let asked = 0;
  const hook = (): Promise<string> => ((asked += 1), Promise.reject(new AuthenticationError('no', failure)));
  const auth = new Authorizer(hook, { clock, maxRetries: 0 });
  for (let call = 0; call < 50; call += 1) await failureOf(auth.getToken());
  clock.set(midnight + restMs - 1);
  await failureOf(auth.getToken());
  expect(asked).toBe(1);
  clock.set(midnight + restMs);
  await failureOf(auth.getToken());
  expect(asked).toBe(2);
});

it.each([
  ['a 503 with Retry-After: 0', 503, 1_000],
  ['a 401 with Retry-After: 0', 401, 60_000],
])('%s rests as long as one without (C5)', async (_what, status, restMs) => {
  const clock = new ManualClock(midnight);
  const idp = await start({ clock });
  idp.always({ status, headers: { 'retry-after': '0' }, json: {} });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, maxRetries: 0 });
  for (let call = 0; call < 50; call += 1) await failureOf(auth.getToken());
  clock.set(midnight + restMs - 1);
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'cooling_down', retryAfterMs: 1 });
  expect(idp.calls).toBe(1);
});
