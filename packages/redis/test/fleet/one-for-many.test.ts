// Do many share one token and its one refresh, and does the family of a rotating refresh token live?
import { ManualClock, until } from '@axios-authorizer/test-kit';
import { stage, withRedis } from '../stage.js';
import { fleet, lifeMs, tokensOf } from './stage.js';

withRedis('one token for many', () => {
  const place = stage();

  it.each([
    ['client credentials', false],
    ['rotating refresh tokens', true],
  ])(
    'with %s, six clients of both kinds go through ten expiries with one token call each (C6)',
    async (_how, rotating) => {
      const clock = new ManualClock();
      const { idp, team } = await fleet(place, clock, { rotating });
      for (let expiry = 0; expiry < 10; expiry += 1) {
        expect(await tokensOf(team)).toBe(1);
        clock.set(clock.now() + lifeMs);
      }
      expect([idp.calls, idp.reuses, idp.familyAlive]).toEqual([10, 0, true]);
      await idp.stop();
    },
  );

  it('a logout on one machine ends the session on all of them; the next sign-in is shared again (C6, C17)', async () => {
    const clock = new ManualClock();
    const { idp, team } = await fleet(place, clock);
    await tokensOf(team);
    const [leaving, ...others] = team;
    await leaving?.logout();
    expect(await place.ask('HGET', `${place.key()}:token`, 'value')).toBe('');
    await until(() => others.every(({ token }) => token === undefined), 'the end of every session');
    expect(idp.calls).toBe(1);
    expect([await tokensOf(team), idp.calls]).toEqual([1, 2]);
    await idp.stop();
  });
});
