// Which failures are tried again, and after how long?
import fc from 'fast-check';
import { ManualClock } from '@axios-authorizer/test-kit';
import type { TokenAnswer } from '@axios-authorizer/test-kit';
import { AuthenticationError, Authorizer, clientCredentialsSource } from '../../src/index.js';
import { at, failureOf, noting, passing, tokenEndpoints } from './stage.js';

const start = tokenEndpoints();

it.each<readonly [string, TokenAnswer]>([
  ['408', { status: 408 }],
  ['425', { status: 425 }],
  ['429', { status: 429 }],
  ['500', { status: 500 }],
  ['502 with a page', { status: 502, text: '<html>Bad gateway</html>' }],
  ['503', { status: 503 }],
  ['504', { status: 504 }],
  ['599', { status: 599 }],
  ['400 temporarily_unavailable', { status: 400, json: { error: 'temporarily_unavailable' } }],
  ['a cut connection', { reset: true }],
])('%s is tried again until it goes well (C5)', async (_what, answer) => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.next(answer, answer);
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  expect((await passing(clock, auth.getToken())).accessToken).toBe('token-1');
  expect(idp.calls).toBe(3);
});

it.each([
  [400, 'invalid_request', 'configuration'],
  [400, 'invalid_scope', 'configuration'],
  [400, 'unsupported_grant_type', 'configuration'],
  [400, 'invalid_grant', 'credentials'],
  [400, 'unauthorized_client', 'credentials'],
  [401, 'invalid_client', 'credentials'],
  [403, undefined, 'credentials'],
  [404, undefined, 'configuration'],
])('%i %s is final: one request, kind %3$s (C5)', async (status, error, kind) => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always({ status, json: { error } });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  expect(await failureOf(passing(clock, auth.getToken()))).toMatchObject({ kind, transient: false, status });
  expect(idp.calls).toBe(1);
});

it.each([0, 1, 3, 5])('`maxRetries: %i` bounds the further tries (C5)', async (maxRetries) => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  idp.always({ status: 503 });
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock, maxRetries, timeoutMs: 600_000 });
  const failure = await failureOf(passing(clock, auth.getToken(), 1_000));
  expect(failure).toMatchObject({ kind: 'unavailable', transient: true, status: 503 });
  expect(idp.calls).toBe(1 + maxRetries);
});

it('nobody listens: the network error is tried again, and its code is told (C5)', async () => {
  const clock = new ManualClock();
  const idp = await start({ clock });
  await idp.stop();
  const auth = new Authorizer(clientCredentialsSource(at(idp, clock)), { clock });
  const failure = await failureOf(passing(clock, auth.getToken()));
  expect(failure).toMatchObject({ code: 'network', kind: 'unavailable', transient: true });
  expect(failure.message).toContain('ECONNREFUSED');
});

/** A hook that always fails transiently. */
function away(): Promise<never> {
  return Promise.reject(new AuthenticationError('away', { code: 'network', kind: 'unavailable', transient: true }));
}

/** The backoffs of one acquisition that never succeeds. */
async function backoffs(maxRetries: number, timeoutMs: number): Promise<readonly number[]> {
  const manual = new ManualClock();
  const clock = noting(manual, timeoutMs);
  const auth = new Authorizer(away, { clock, maxRetries, timeoutMs });
  expect((await failureOf(passing(manual, auth.getToken(), 5_000))).code).toBe('network');
  return clock.sleeps;
}

it('the backoff is full jitter below a bound that doubles up to 10 s (C5)', async () => {
  const runs = await Promise.all(Array.from({ length: 200 }, () => backoffs(8, 3_600_000)));
  const bounds = [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000];
  bounds.forEach((boundMs, step) => {
    const drawn = runs.map((run) => run[step] ?? Number.NaN);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(boundMs);
    expect(Math.max(...drawn)).toBeGreaterThan(boundMs * 0.8);
    expect(Math.min(...drawn)).toBeLessThan(boundMs * 0.2);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  });
});

it('no backoff reaches beyond `timeoutMs`, whatever is drawn (C5)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60_001 }), async (timeoutMs) => {
      const slept = (await backoffs(50, timeoutMs)).reduce((sum, ms) => sum + ms, 0);
      expect(slept).toBeLessThan(timeoutMs);
    }),
    { numRuns: 100 },
  );
});
