// A login service that never answers: given up after the limit, by the clock, and asked afresh by whoever comes next.
import { until } from '@axios-authorizer/test-kit';
import { failureOf, minuteMs, world } from '../stage.js';

it('a login service that hangs is given up after the limit by the clock, and the next call starts afresh (I1)', async () => {
  const { user, itkdb, clock } = await world({ user: { timeoutMs: 5_000 } });
  itkdb.nextLogin({ hang: true });
  const work = failureOf(user.authenticate());
  await until(() => itkdb.login.requests.length === 1, 'the request');
  await clock.advance(5_000);
  expect(await work).toMatchObject({ code: 'timeout', kind: 'unavailable', transient: true });
  clock.set(clock.now() + minuteMs);
  expect(await user.authenticate()).toBe(true);
});

it('a key set that hangs is given up as well (I1)', async () => {
  const { user, itkdb, clock } = await world({ user: { timeoutMs: 5_000 } });
  itkdb.nextKeys({ hang: true });
  const work = failureOf(user.authenticate());
  await until(() => itkdb.keyReads === 1, 'the request');
  await clock.advance(5_000);
  expect(await work).toMatchObject({ code: 'timeout', kind: 'unavailable' });
});

it('after a key set that hung, the next login reads it anew (I1)', async () => {
  const { user, itkdb, clock } = await world({ user: { timeoutMs: 5_000 } });
  itkdb.nextKeys({ hang: true });
  const work = failureOf(user.authenticate());
  await until(() => itkdb.keyReads === 1, 'the request');
  await clock.advance(5_000);
  await work;
  clock.set(clock.now() + minuteMs);
  const next = user.authenticate();
  await until(() => itkdb.keyReads === 2, 'the second reading');
  expect(await next).toBe(true);
});
