// From when on does a token count as expired, for those who come from the original?
import { ManualClock } from '@axios-authorizer/test-kit';
import { isTokenValid, RefreshableJWTHandler } from '../../src/index.js';
import type { JWT } from '../../src/index.js';

const clock = new ManualClock();

it.each([
  [59_999, false],
  [60_000, true],
  [60_001, true],
  [0, false],
  [-1, false],
])('a token with %i ms to live is valid: %s (sessions)', (leftMs, valid) => {
  const expires = new Date(clock.now() + leftMs);
  expect(isTokenValid(expires, clock)).toBe(valid);
});

it.each([
  [59_999, false],
  [60_000, true],
  [60_001, true],
])('a handler whose token has %i ms to live is authenticated: %s (sessions)', async (leftMs, valid) => {
  const held: JWT = { jwt: 'held', expires: new Date(clock.now() + leftMs) };
  const getToken = (): readonly [string, Date] => ['fetched', new Date(clock.now() + 3_600_000)];
  const handler = new RefreshableJWTHandler({ ...held, getToken, clock });
  expect(handler.authenticated).toBe(valid);
  await expect(handler.getValidToken()).resolves.toBe(valid ? 'held' : 'fetched');
});

it('without a clock the time of day counts (sessions)', () => {
  expect(isTokenValid(new Date(Date.now() + 3_600_000))).toBe(true);
  expect(isTokenValid(new Date(Date.now()))).toBe(false);
});

it('an invalid date is not valid (sessions)', () => {
  expect(isTokenValid(new Date(Number.NaN), clock)).toBe(false);
});
