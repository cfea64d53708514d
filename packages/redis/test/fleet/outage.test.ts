// Redis away at the start, in the middle, or silent: who goes on alone, and does everybody find back?
import { ManualClock } from '@axios-authorizer/test-kit';
import type { AuthEvent } from '@axios-authorizer/core';
import { failureOf, stage, withRedis } from '../stage.js';
import { fleet, lifeMs, rejoined, tokensOf } from './stage.js';

/** The events of the store that failed. */
function failures(events: readonly AuthEvent[]): readonly AuthEvent[] {
  return events.filter((event) => event.type === 'store' && event.failure !== undefined);
}

withRedis('an outage', () => {
  const place = stage();
  beforeEach(() => place.redis().restart());

  it('Redis dies under load: live tokens go on, then one call for each process, then one for all again (C6)', async () => {
    const clock = new ManualClock();
    const { idp, team, stores, events } = await fleet(place, clock, { size: 4, timeoutMs: 300 });
    await tokensOf(team);
    await place.redis().kill();
    for (let round = 0; round < 50; round += 1) expect(await tokensOf(team)).toBe(1);
    expect([idp.calls, failures(events)]).toEqual([1, []]);
    clock.set(clock.now() + lifeMs);
    await tokensOf(team);
    expect(idp.calls).toBe(1 + team.length);
    expect(failures(events).length).toBeGreaterThan(0);
    await place.redis().restart();
    await rejoined(stores);
    const before = idp.calls;
    for (let expiry = 1; expiry <= 3; expiry += 1) {
      clock.set(clock.now() + lifeMs);
      expect([await tokensOf(team), idp.calls - before]).toEqual([1, expiry]);
    }
    await idp.stop();
  });

  it('without Redis a rotating refresh token is not replayed: who can sign in does (C6)', async () => {
    const clock = new ManualClock();
    const { idp, team } = await fleet(place, clock, { size: 2, rotating: true, timeoutMs: 300 });
    await tokensOf(team);
    await place.redis().kill();
    clock.set(clock.now() + lifeMs);
    await tokensOf(team);
    expect(idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password', 'password', 'password']);
    expect([idp.reuses, idp.familyAlive]).toEqual([0, true]);
    await idp.stop();
  });

  it('a paused Redis costs a request one limit, not one for each command (C6)', async () => {
    const clock = new ManualClock();
    const [one] = [await place.store('ioredis', { clock, timeoutMs: 1_000 })];
    await one.save({ accessToken: 'a' });
    place.redis().pause();
    const first = failureOf(one.load());
    await clock.advance(1_000);
    expect(await first).toMatchObject({ code: 'redis_unavailable', kind: 'unavailable' });
    const at = clock.now();
    for (const call of [() => one.load(), () => one.save({ accessToken: 'b' }), () => one.exclusive(() => one.load())])
      expect(await failureOf(call())).toMatchObject({ code: 'redis_unavailable' });
    expect(clock.now()).toBe(at);
    place.redis().resume();
  });

  it('a Redis that was paused is joined again by itself, and a lock taken too late is given back (C6)', async () => {
    const clock = new ManualClock();
    const one = await place.store('node-redis', { clock, timeoutMs: 1_000 });
    await one.save({ accessToken: 'a' });
    place.redis().pause();
    const waiting = failureOf(one.exclusive(() => Promise.resolve()));
    await clock.advance(1_000);
    await waiting;
    place.redis().resume();
    await place.ask('PING');
    clock.set(clock.now() + 10_000);
    expect(await one.load()).toMatchObject({ accessToken: 'a' });
    expect(await one.exclusive(() => Promise.resolve('mine'))).toBe('mine');
  });
});
