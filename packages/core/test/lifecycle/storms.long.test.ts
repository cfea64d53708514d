// What does a crowd of requests cost at the token endpoint?
import { gate, until } from '@axios-authorizer/test-kit';
import { OVER_FETCH } from '../wire/over-fetch.js';
import { stage, statusOf, tally, upTo } from '../wire/world.js';
import type { World, WorldOptions } from '../wire/world.js';

const CROWD = 1_000;
const theStage = stage();
// A thousand sockets on a busy machine take their time.
jest.setTimeout(60_000);

function crowd({ client }: World, count = CROWD): Promise<(number | undefined)[]> {
  return Promise.all(upTo(count).map((index) => statusOf(client.get(`/items/${index}`))));
}

describe.each(['http', OVER_FETCH])('through the %s adapter', (adapter) => {
  const world = (options: WorldOptions = {}): Promise<World> => theStage.world({ config: { adapter }, ...options });

  it('a thousand requests without a token cost one token call (C2)', async () => {
    const scene = await world();
    expect(tally(await crowd(scene))).toEqual({ 200: CROWD });
    expect(scene.idp.calls).toBe(1);
    expect(scene.api.refused).toBe(0);
  });

  it('a thousand requests over an expired token cost one refresh (C2)', async () => {
    const scene = await world();
    await scene.client.get('/first');
    await scene.clock.advance(400_000);
    expect(tally(await crowd(scene))).toEqual({ 200: CROWD });
    expect(scene.idp.calls).toBe(2);
    expect(scene.api.refused).toBe(0);
  });

  it('a thousand refusals at once cost one refresh (C2, C3)', async () => {
    const all = gate();
    const scene = await world({ api: { hold401: () => all.opened } });
    await scene.client.get('/first');
    scene.idp.revokeAll();
    const answers = crowd(scene);
    await until(() => scene.api.refused === CROWD, 'every refusal');
    all.open();
    expect(tally(await answers)).toEqual({ 200: CROWD });
    expect(scene.idp.calls).toBe(2);
    expect(scene.api.requests).toHaveLength(1 + 2 * CROWD);
  });

  it('a thousand refusals in ten waves, each after the last was retried, cost one refresh (C3)', async () => {
    const waves = upTo(10).map(() => gate());
    const scene = await world({ api: { hold401: (index) => waves[index % 10]?.opened } });
    await scene.client.get('/first');
    scene.idp.revokeAll();
    const answers = crowd(scene);
    await until(() => scene.api.refused === CROWD, 'every refusal');
    for (const [index, wave] of waves.entries()) {
      wave.open();
      await until(() => scene.api.served === 1 + ((index + 1) * CROWD) / 10, `wave ${index}`);
    }
    expect(tally(await answers)).toEqual({ 200: CROWD });
    expect(scene.idp.calls).toBe(2);
  });

  it('a wave of refusals that arrives while the refresh is under way joins it (C2)', async () => {
    const [early, late, token] = [gate(), gate(), gate()];
    const scene = await world({ api: { hold401: (index) => (index < 500 ? early : late).opened } });
    await scene.client.get('/first');
    scene.idp.revokeAll();
    scene.idp.next({ after: token.opened });
    const answers = crowd(scene);
    await until(() => scene.api.refused === CROWD, 'every refusal');
    early.open();
    await until(() => scene.idp.calls === 2, 'the refresh');
    late.open();
    await until(() => scene.events.filter(({ type }) => type === 'unauthorized').length === CROWD, 'the late refusals');
    token.open();
    expect(tally(await answers)).toEqual({ 200: CROWD });
    expect(scene.idp.calls).toBe(2);
  });

  it('sixty staggered refusals spend one rotating refresh token and keep the family alive (C3, C6)', async () => {
    const waves = upTo(6).map(() => gate());
    const scene = await world({
      idp: { refreshTokens: 'rotating' },
      api: { hold401: (index) => waves[index % 6]?.opened },
    });
    await scene.client.get('/first');
    const { accessToken } = scene.auth;
    scene.idp.revoke(accessToken ?? '');
    const answers = crowd(scene, 60);
    await until(() => scene.api.refused === 60, 'every refusal');
    for (const [index, wave] of waves.entries()) {
      wave.open();
      await until(() => scene.api.served === 1 + (index + 1) * 10, `wave ${index}`);
    }
    expect(tally(await answers)).toEqual({ 200: 60 });
    expect(scene.idp.bodies.map((body) => body.get('grant_type'))).toEqual(['password', 'refresh_token']);
    expect(scene.idp).toMatchObject({ familyAlive: true, reuses: 0 });
  });

  it('two hundred requests in a row over 60-second tokens cost one token call (C1)', async () => {
    const scene = await world({ idp: { expiresIn: 60 } });
    const statuses: (number | undefined)[] = [];
    for (const index of upTo(200)) statuses.push(await statusOf(scene.client.get(`/items/${index}`)));
    expect(tally(statuses)).toEqual({ 200: 200 });
    expect(scene.idp.calls).toBe(1);
  });
});
