// Does axios-retry beside us repeat what it should, and nothing twice?
import axiosRetry from 'axios-retry';
import type { IAxiosRetryConfig } from 'axios-retry';
import { attachAuth, ConfigurationError, transientRetry } from '../../src/index.js';
import { rejection, stage, statusOf, upTo } from './world.js';
import type { World, WorldOptions } from './world.js';

const { world } = stage();
const orders = ['before ours', 'after ours', 'through options.retry'] as const;
type Order = (typeof orders)[number];

async function retrying(order: Order, retry: IAxiosRetryConfig, options: WorldOptions = {}): Promise<World> {
  const config = { retryDelay: () => 0, ...retry };
  const scene = await world({ ...options, attach: false });
  if (order === 'before ours') axiosRetry(scene.client, config);
  attachAuth(scene.client, scene.auth, order === 'through options.retry' ? { retry: transientRetry(config) } : {});
  if (order === 'after ours') axiosRetry(scene.client, config);
  await scene.auth.getToken();
  return scene;
}

const failed = { status: 503 };
const refused = { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } };

describe.each(orders)('axios-retry %s', (order) => {
  it('503, 401, 503, 200: one refresh, four sendings, one answer (C12)', async () => {
    const { client, api, idp } = await retrying(order, { retries: 3 });
    api.next(failed, refused, failed, undefined);
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(idp.calls).toBe(2);
    expect(api.bearers()).toEqual(['token-1', 'token-1', 'token-2', 'token-2']);
  });

  it('a transient failure of the resend is retried, with the new token (C12)', async () => {
    const { client, api, idp } = await retrying(order, { retries: 1 });
    api.next(refused, failed, undefined);
    expect(await statusOf(client.put('/items', { a: 1 }))).toBe(200);
    expect(idp.calls).toBe(2);
    expect(api.requests.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
  });

  it('a retried 401 uses up none of its tries (C12)', async () => {
    const { client, api } = await retrying(order, { retries: 2 });
    api.next(failed, refused, undefined);
    const { config } = await client.get('/items');
    expect(config['axios-retry']?.retryCount).toBe(1);
    api.next(refused, failed, failed, undefined);
    expect(await statusOf(client.get('/items'))).toBe(200);
  });

  it('a rejected token on each try costs no more than the cool-down allows (C7, C12)', async () => {
    const { client, idp, api } = await retrying(
      order,
      { retries: 5, retryCondition: () => true },
      { api: { accepts: () => false } },
    );
    expect((await rejection(client.get('/items'))).response?.status).toBe(401);
    expect(idp.calls).toBe(2);
    expect(api.requests.length).toBeLessThanOrEqual(7);
  });

  it('a token endpoint that is down is not asked again for each try (C5, C12)', async () => {
    const { client, idp, api } = await retrying(
      order,
      { retries: 5, retryCondition: () => true },
      { auth: { maxRetries: 0 } },
    );
    idp.revokeAll();
    idp.always(failed);
    expect(await rejection(client.get('/items'))).toMatchObject({ kind: 'unavailable' });
    expect(idp.calls).toBe(2);
    expect(api.requests).toHaveLength(1);
  });

  it('a POST is sent a second time after a 401, and never after a 503 (C12)', async () => {
    const { client, api, idp } = await retrying(order, { retries: 3 });
    api.next(failed);
    expect(await statusOf(client.post('/items', { a: 1 }))).toBe(503);
    expect(api.requests).toHaveLength(1);
    api.next(refused, undefined);
    expect(await statusOf(client.post('/items', { a: 1 }))).toBe(200);
    expect(api.requests).toHaveLength(3);
    api.next(refused, failed);
    expect(await statusOf(client.post('/items', { a: 1 }))).toBe(503);
    expect(api.requests).toHaveLength(5);
    expect(idp.calls).toBe(3);
  });

  it('a crowd that meets 503s and a revoked token costs one refresh (C2, C12)', async () => {
    const { client, api, idp } = await retrying(order, { retries: 10 });
    idp.revokeAll();
    api.next(...upTo(30).map((index) => (index % 3 === 0 ? failed : undefined)));
    const statuses = await Promise.all(upTo(60).map((index) => statusOf(client.get(`/items/${index}`))));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(idp.calls).toBe(2);
  });
});

it('options.retry repeats no POST after a cut connection, where axios-retry alone would by its default (C12)', async () => {
  const { client, api } = await retrying('through options.retry', { retries: 3 });
  api.next({ reset: true });
  expect(await rejection(client.post('/items', { a: 1 }))).toMatchObject({ code: 'ECONNRESET' });
  api.next({ reset: true });
  expect(await statusOf(client.get('/items'))).toBe(200);
});

it('one transientRetry serves several clients, and keeps the options that it was made with (C12)', async () => {
  const options = { retries: 1, retryDelay: () => 0 };
  const retry = transientRetry(options);
  options.retries = 0;
  for (const scene of [await world({ attach: false }), await world({ attach: false })]) {
    attachAuth(scene.client, scene.auth, { retry });
    scene.api.next(failed);
    expect(await statusOf(scene.client.get('/items'))).toBe(200);
  }
});

it.each<[what: string, retry: unknown]>([
  ["axios-retry's own options", { retries: 3 }],
  ['true', true],
])('options.retry refuses %s, says what to write, and attaches nothing (C12)', async (_what, retry) => {
  const { client, auth, api } = await world({ attach: false });
  const attach = (): unknown => Reflect.apply(attachAuth, undefined, [client, auth, { retry }]);
  expect(attach).toThrow(ConfigurationError);
  expect(attach).toThrow('write `retry: transientRetry({ retries: 3 })`');
  expect(await statusOf(client.get('/items'))).toBe(401);
  expect(api.bearers()).toEqual([undefined]);
});

it('without options.retry nothing is repeated but the 401 (C12)', async () => {
  const { client, api } = await world();
  api.next(failed);
  expect(await statusOf(client.get('/items'))).toBe(503);
  expect(api.requests).toHaveLength(1);
});

it('a retry that a caller starts with the config of an error is retried as well (C12)', async () => {
  const { client, api, idp } = await world();
  api.next(failed, refused, undefined);
  const { config } = await rejection(client.post('/items', { a: 1 }));
  expect(await statusOf(client.request(config ?? {}))).toBe(200);
  expect(idp.calls).toBe(2);
  expect(api.requests.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}', '{"a":1}']);
});
