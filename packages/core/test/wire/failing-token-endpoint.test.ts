// What do requests get while no new token can be had?
import type { ManualClock } from '@axios-authorizer/test-kit';
import { setImmediate as turn } from 'node:timers/promises';
import { isAuthenticationError } from '../../src/index.js';
import { rejection, stage, statusOf, tally, upTo } from './world.js';

const { world } = stage();

/** Lets backoffs pass, and nothing else: while a backoff is slept through, the limit of the acquisition sleeps beside it. */
async function withBackoffs<R>(clock: ManualClock, work: Promise<R>): Promise<R> {
  const state = { settled: false };
  const done = work.finally(() => {
    state.settled = true;
  });
  done.catch(() => undefined);
  while (!state.settled) {
    if (clock.sleepers > 1) await clock.advance(50);
    await turn();
  }
  return done;
}

it('a hundred requests in a row with a dead token endpoint cost ten token calls at most, and all end (C5)', async () => {
  const { client, idp, api, clock } = await world();
  idp.always({ reset: true });
  const errors: unknown[] = [];
  for (const index of upTo(100)) errors.push(await withBackoffs(clock, rejection(client.get(`/items/${index}`))));
  expect(errors.every((error) => isAuthenticationError(error) && error.kind === 'unavailable')).toBe(true);
  expect(new Set(errors).size).toBe(100);
  expect(idp.calls).toBeLessThanOrEqual(10);
  expect(api.requests).toHaveLength(0);
});

it('a hundred requests at once with a dead token endpoint share its failure, each with an error of its own (C5)', async () => {
  const { client, idp, clock } = await world();
  idp.always({ status: 503 });
  const errors = await withBackoffs(clock, Promise.all(upTo(100).map(() => rejection(client.get('/items')))));
  expect(new Set(errors).size).toBe(100);
  expect(new Set(errors.map(({ cause }) => cause)).size).toBe(1);
  expect(idp.calls).toBeLessThanOrEqual(4);
});

it.each([
  ['cuts the connection', { reset: true }],
  ['answers 503', { status: 503 }],
] as const)(
  'a token with 60 s left serves twenty of twenty requests while its endpoint %s (C1)',
  async (_, failure) => {
    const { client, idp, clock } = await world();
    await client.get('/first');
    await clock.advance(240_000);
    idp.always(failure);
    const statuses: (number | undefined)[] = [];
    for (const index of upTo(20)) statuses.push(await withBackoffs(clock, statusOf(client.get(`/items/${index}`))));
    expect(tally(statuses)).toEqual({ 200: 20 });
    expect(idp.calls).toBeGreaterThan(1);
  },
);

it('a refresh that fails after a 401 surfaces its own error, not the 401 (C7)', async () => {
  const { client, idp, api } = await world();
  await client.get('/first');
  idp.revokeAll();
  idp.always({ status: 400, json: { error: 'invalid_client' } });
  const error = await rejection(client.get('/items'));
  expect(error).toMatchObject({ name: 'TokenEndpointError', error: 'invalid_client', kind: 'credentials' });
  expect(api.requests).toHaveLength(2);
});

it('a dead session ends every request that waits with an error that says to log in again (C5, C7)', async () => {
  const { client, idp } = await world({ idp: { refreshTokens: 'rotating' } });
  await client.get('/first');
  idp.revokeAll();
  idp.always({ status: 400, json: { error: 'invalid_grant' } });
  const errors = await Promise.all(upTo(20).map(() => rejection(client.get('/items'))));
  expect(errors.every((error) => isAuthenticationError(error) && error.kind !== 'unavailable')).toBe(true);
  expect(idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password', 'refresh_token', 'password']);
});

it('once the token endpoint is back the next request after the cool-down is served (C5)', async () => {
  const { client, idp, clock } = await world({ auth: { maxRetries: 0 } });
  idp.next({ reset: true });
  await rejection(client.get('/items'));
  await clock.advance(999);
  expect(await statusOf(client.get('/items').catch(() => ({ status: -1 })))).toBe(-1);
  await clock.advance(1);
  expect(await statusOf(client.get('/items'))).toBe(200);
  expect(idp.calls).toBe(2);
});
