// Does axios-cache-interceptor beside us cache the retried answers, and does nobody hang?
import { setupCache } from 'axios-cache-interceptor';
import type { AxiosCacheInstance, CacheAxiosResponse } from 'axios-cache-interceptor';
import { gate, until } from '@axios-authorizer/test-kit';
import { attachAuth } from '../../src/index.js';
import { rejection, stage, statusOf, tally, upTo } from './world.js';
import type { World } from './world.js';

const { world } = stage();
const orders = ['attachAuth before setupCache', 'attachAuth after setupCache'] as const;

interface Caching extends World {
  readonly cached: AxiosCacheInstance;
}

async function caching(order: (typeof orders)[number]): Promise<Caching> {
  const scene = await world({ attach: false });
  if (order === 'attachAuth before setupCache') attachAuth(scene.client, scene.auth);
  const cached = setupCache(scene.client, { interpretHeader: false });
  if (order === 'attachAuth after setupCache') attachAuth(scene.client, scene.auth);
  await scene.auth.getToken();
  return { ...scene, cached };
}

function pathsOf({ api }: World): string[] {
  return api.requests.map(({ url }) => url);
}

describe.each(orders)('%s', (order) => {
  it('concurrent twins that meet a 401 are all answered, by one retried request (C2, C12)', async () => {
    const scene = await caching(order);
    scene.idp.revokeAll();
    const answers = await Promise.all(upTo(20).map(() => scene.cached.get<unknown>('/items')));
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 20 });
    expect(tally(answers.map(({ cached }) => cached))).toEqual({ false: 1, true: 19 });
    expect(pathsOf(scene)).toEqual(['/items', '/items']);
    expect(scene.idp.calls).toBe(2);
  });

  it('twins that join while the token is being replaced are answered too (C2)', async () => {
    const scene = await caching(order);
    scene.idp.revokeAll();
    const token = gate();
    scene.idp.next({ after: token.opened });
    const early = scene.cached.get('/items');
    await until(() => scene.idp.calls === 2, 'the refresh');
    const late = scene.cached.get('/items');
    token.open();
    expect((await Promise.all([early, late])).map(({ status }) => status)).toEqual([200, 200]);
    expect(pathsOf(scene)).toEqual(['/items', '/items']);
  });

  it('the retried answer is served from the cache from then on (C8)', async () => {
    const scene = await caching(order);
    scene.idp.revokeAll();
    const first = await scene.cached.get<unknown>('/items');
    const second: CacheAxiosResponse<unknown> = await scene.cached.get('/items');
    expect([first.cached, second.cached]).toEqual([false, true]);
    expect(second.data).toEqual(first.data);
    expect(pathsOf(scene)).toEqual(['/items', '/items']);
  });

  it('a 401 that stays is told to every twin and not cached (C7)', async () => {
    const scene = await caching(order);
    const { accepts } = scene.api;
    scene.api.accepts = () => false;
    const statuses = await Promise.all(upTo(10).map(() => statusOf(scene.cached.get('/items'))));
    expect(tally(statuses)).toEqual({ 401: 10 });
    scene.api.accepts = accepts;
    expect(await scene.cached.get('/items')).toMatchObject({ status: 200, cached: false });
  });

  it('a token that cannot be had is told to every twin, and the next try is free (C5)', async () => {
    const scene = await caching(order);
    scene.idp.revokeAll();
    scene.idp.next({ status: 400, json: { error: 'invalid_client' } });
    const errors = await Promise.all(upTo(10).map(() => rejection(scene.cached.get('/items'))));
    expect(tally(errors.map(({ name }) => name))).toEqual({ TokenEndpointError: 10 });
    await scene.clock.advance(3_600_000);
    expect(await statusOf(scene.cached.get('/items'))).toBe(200);
  });

  it('what is kept in the cache holds no token (C11)', async () => {
    const scene = await caching(order);
    await scene.cached.get('/items', { id: 'known' });
    const kept = await scene.cached.storage.get('known');
    expect(kept.state).toBe('cached');
    expect(JSON.stringify(kept)).not.toContain('token-1');
  });

  it('a POST is retried and not cached (C8)', async () => {
    const scene = await caching(order);
    scene.idp.revokeAll();
    const answers = [await scene.cached.post('/items', { a: 1 }), await scene.cached.post('/items', { a: 1 })];
    expect(answers.map(({ status, cached }) => [status, cached])).toEqual([
      [200, false],
      [200, false],
    ]);
    expect(scene.api.requests).toHaveLength(3);
  });
});

it('attached after setupCache, an answer from the cache needs no token (C14)', async () => {
  const scene = await caching('attachAuth after setupCache');
  await scene.cached.get('/items');
  await scene.auth.logout();
  expect(await scene.cached.get('/items')).toMatchObject({ status: 200, cached: true });
  expect(scene.idp.calls).toBe(1);
});

it('attached before setupCache, an answer from the cache waits for a token first (C14)', async () => {
  const scene = await caching('attachAuth before setupCache');
  await scene.cached.get('/items');
  await scene.auth.logout();
  expect(await scene.cached.get('/items')).toMatchObject({ status: 200, cached: true });
  expect(scene.idp.calls).toBe(2);
});
