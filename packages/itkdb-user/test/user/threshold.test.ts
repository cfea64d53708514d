// When a login counts as expired: to the millisecond where the original has its line, and what is done before that.
import { until } from '@axios-authorizer/test-kit';
import { failureOf, lifeMs, world } from '../stage.js';
import type { World } from '../stage.js';

/** A world whose login has `leftMs` left. */
async function withLeft(leftMs: number, given: Parameters<typeof world>[0] = {}): Promise<World> {
  const here = await world(given);
  await here.user.authenticate();
  here.clock.set(here.clock.now() + lifeMs - leftMs);
  return here;
}

it.each([
  [16_000, 16, false],
  [16_001, 16, false],
  [15_999, 15, true],
  [15_001, 15, true],
  [15_000, 15, true],
  [14_999, 14, true],
  [1, 0, true],
  [0, 0, true],
  [-1, 0, true],
  [-60_000, 0, true],
])('with %i ms left, %i whole seconds are, and expired is %p (I1)', async (leftMs, seconds, isExpired) => {
  const { user } = await withLeft(leftMs);
  expect([user.expiresIn, user.isExpired(), user.isAuthenticated()]).toEqual([seconds, isExpired, true]);
});

it('16 s before its end a login is still used, and is replaced in the background (I1)', async () => {
  const { user, itkdb, session } = await withLeft(16_000);
  const old = user.bearer;
  await session.get('listInstitutions');
  expect(itkdb.api.bearers()).toEqual([old]);
  await until(() => itkdb.logins === 2 && user.bearer !== old, 'the refresh');
  await session.get('listInstitutions');
  expect(itkdb.api.bearers()).toEqual([old, user.bearer]);
  expect(itkdb.logins).toBe(2);
});

it('15.999 s before its end a login is replaced before anything is sent with it (I1)', async () => {
  const { user, itkdb, session } = await withLeft(15_999);
  const old = user.bearer;
  await session.get('listInstitutions');
  expect(itkdb.api.bearers()).toEqual([user.bearer]);
  expect(user.bearer).not.toBe(old);
  expect(itkdb.logins).toBe(2);
});

it('while the login service is away, a login is used to its end, though its refresh was asked for first (C1, I1)', async () => {
  const { user, itkdb, session } = await withLeft(15_999, { user: { maxRetries: 0 } });
  const { bearer } = user;
  itkdb.nextLogin({ status: 503 });
  await session.get('listInstitutions');
  expect(itkdb.api.bearers()).toEqual([bearer]);
  const asked = itkdb.login.requests.filter(({ method }) => method === 'POST');
  expect(asked).toHaveLength(2);
  expect(asked[1]?.at).toBeLessThanOrEqual(Number(itkdb.api.requests[0]?.at));
});

it('at its end a login is not used any more, whoever is away (C1, I1)', async () => {
  const { user, itkdb, session } = await withLeft(0, { user: { maxRetries: 0 } });
  expect(user.isAuthenticated()).toBe(true);
  itkdb.nextLogin({ status: 503 });
  expect(await failureOf(session.get('listInstitutions'))).toMatchObject({ status: 503, kind: 'unavailable' });
  expect(itkdb.api.requests).toEqual([]);
});

it('a threshold that is changed later counts from then on, for the user and for what is sent (I1)', async () => {
  const { user, itkdb, session } = await withLeft(100_000);
  expect([user.authExpiryThreshold, user.isExpired()]).toEqual([15, false]);
  user.authExpiryThreshold = 100;
  expect(user.isExpired()).toBe(true);
  const old = user.bearer;
  await session.get('listInstitutions');
  expect(itkdb.api.bearers()).not.toContain(old);
  user.authExpiryThreshold = 0;
  expect(user.isExpired()).toBe(false);
});

it.each([
  [0, 1_000, false],
  [0, 999, true],
  [300, 301_000, false],
  [300, 300_999, true],
  [2.5, 3_000, false],
  [2.5, 2_999, true],
])('with a threshold of %d s and %i ms left, expired is %p (I1)', async (authExpiryThreshold, leftMs, isExpired) => {
  const { user } = await withLeft(leftMs, { user: { authExpiryThreshold } });
  expect(user.isExpired()).toBe(isExpired);
});

it.each([-1, NaN, Infinity])('a threshold of %p is refused before anything is sent (I1)', async (seconds) => {
  const failed = await failureOf(world({ user: { authExpiryThreshold: seconds } }));
  expect(failed).toMatchObject({ name: 'ConfigurationError' });
  expect(failed.message).toContain('authExpiryThreshold');
});

it('long before its end a login is replaced in the background, and no request waits for it (I1)', async () => {
  const { user, itkdb, session, clock } = await world();
  await user.authenticate();
  let release: (value: unknown) => void = () => undefined;
  itkdb.nextLogin({ after: new Promise((resolve) => (release = resolve)) });
  const old = user.bearer;
  clock.set(clock.now() + lifeMs - 60_000);
  for (let count = 0; count < 3; count += 1) await session.get('listInstitutions');
  expect(itkdb.api.bearers()).toEqual([old, old, old]);
  release(undefined);
  await until(() => user.bearer !== old, 'the refresh');
  expect(itkdb.logins).toBe(2);
});

it.each([
  [15, 15],
  [10, 15],
  [1_800, 3_600],
])(
  'a login of %i s under a threshold of %i s is used once, and made anew for the next request (I8)',
  async (tokenSeconds, authExpiryThreshold) => {
    const { user, session, itkdb, clock } = await world({ itkdb: { tokenSeconds }, user: { authExpiryThreshold } });
    for (let time = 1; time <= 4; time += 1) {
      expect((await session.get('listInstitutions')).status).toBe(200);
      clock.set(clock.now() + 1_000);
    }
    expect([itkdb.logins, itkdb.api.requests.length, user.isExpired()]).toEqual([4, 4, true]);
    await Promise.all([1, 2, 3].map(() => session.get('listInstitutions')));
    expect(itkdb.logins).toBe(5);
  },
);
