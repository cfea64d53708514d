// Which difference counts as a wrong clock? The server's Date has whole seconds, so the machine's clock is what is set.
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { authorize, failureOf, world } from '../stage.js';
import type { World } from '../stage.js';

const noon = Date.UTC(2026, 0, 1, 12);

/** A machine whose clock stands at `now`, and a server whose next token request is refused at noon. */
async function refusedAtNoon(now: number, headers: Readonly<Record<string, string>> = {}): Promise<World> {
  const stage = await world({ clock: new ManualClock(now) });
  const date = new Date(noon).toUTCString();
  stage.server.nextToken({ status: 401, headers: { date, ...headers }, json: { error: 'invalid_client' } });
  stage.server.alwaysToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300 } });
  return stage;
}

it.each([-30_000, -29_999, 0, 29_999, 30_000])('a clock that is %i ms ahead is right enough (S2b)', async (aheadMs) => {
  const { server, auth } = await refusedAtNoon(noon + aheadMs);
  expect(await failureOf(authorize(auth))).toMatchObject({ code: 'client_refused', serverDate: new Date(noon) });
  expect(server.calls).toBe(1);
});

it.each([-30_001, 30_001, -600_000, 600_000])('a clock that is %i ms ahead is wrong (S2b)', async (aheadMs) => {
  const { server, auth } = await refusedAtNoon(noon + aheadMs);
  await authorize(auth);
  expect(server.calls).toBe(2);
  expect(server.assertions[1]?.claims['exp']).toBe(noon / 1000 + 240);
});

it.each([
  [60_000, 1],
  [60_002, 2],
])('a request that took %i ms is compared at its middle, which makes %i requests (S2b)', async (tookMs, requests) => {
  const { server, auth, clock } = await world({ clock: new ManualClock(noon) });
  const held = gate();
  const date = new Date(noon).toUTCString();
  server.nextToken({ after: held.opened, status: 401, headers: { date }, json: { error: 'invalid_client' } });
  server.alwaysToken({ json: { access_token: 'a', token_type: 'bearer', expires_in: 300 } });
  const outcome = authorize(auth).catch((error: unknown) => error);
  await until(() => server.calls === 1);
  await clock.advance(tookMs);
  held.open();
  await outcome;
  expect(server.calls).toBe(requests);
});

it('an answer that comes from a cache is as old as its Age says (S2b)', async () => {
  const { server, auth } = await refusedAtNoon(noon + 600_000, { age: '600' });
  expect(await failureOf(authorize(auth))).toMatchObject({ serverDate: new Date(noon + 600_000) });
  expect(server.calls).toBe(1);
});

it('Age counts towards the difference as well (S2b)', async () => {
  const { server, auth } = await refusedAtNoon(noon, { age: '600' });
  await authorize(auth);
  expect(server.calls).toBe(2);
  expect(server.assertions[1]?.claims['exp']).toBe((noon + 600_000) / 1000 + 240);
});

it.each(['', 'yesterday', '0', 'Thu, 99 Xxx 2026 12:00:00 GMT'])('a Date "%s" says nothing (S2b)', async (date) => {
  const { server, auth } = await refusedAtNoon(noon + 600_000, { date });
  await failureOf(authorize(auth));
  expect(server.calls).toBe(1);
});
