// Can the config on an answer or an error be used again, as axios's own can?
import axios from 'axios';
import type { AxiosRequestConfig, InternalAxiosRequestConfig } from 'axios';
import { capture } from './capture.js';
import { rejection, stage } from './world.js';
import type { World } from './world.js';

const { world } = stage();

type Send = (scene: World, config: AxiosRequestConfig) => Promise<InternalAxiosRequestConfig>;
const fromAnswer: Send = async ({ client }, config) => (await client.request(config)).config;
const fromError: Send = async ({ client, api }, config) => {
  api.next({ status: 418 });
  return (await rejection(client.request(config))).config as InternalAxiosRequestConfig;
};
const bodies: readonly AxiosRequestConfig[] = [
  { url: '/items', method: 'get', params: { a: 1 } },
  { url: '/items', method: 'post', data: { a: 1 } },
  { url: '/items', method: 'post', data: new URLSearchParams({ a: '1' }) },
  { url: '/items', method: 'post', data: 'text', headers: { 'Content-Type': 'text/plain' } },
];

/** Without those that axios's adapter puts on whatever it sends. */
function ownHeaders({ headers }: Pick<InternalAxiosRequestConfig, 'headers'>): object {
  const added = ['Accept-Encoding', 'Content-Length', 'User-Agent'];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.includes(name)));
}

describe.each([
  ['a response', fromAnswer],
  ['an error', fromError],
])('the config on %s', (_, send) => {
  it.each(bodies)('of $method with $data works again, and retries again (C8)', async (request) => {
    const scene = await world();
    const config = await send(scene, request);
    for (const calls of [2, 3]) {
      scene.idp.revokeAll();
      expect((await scene.client.request(config)).status).toBe(200);
      expect(scene.idp.calls).toBe(calls);
    }
    const sent = scene.api.requests.map(({ method, url, body }) => `${method} ${url} ${body.toString()}`);
    expect(new Set(sent).size).toBe(1);
  });

  it('holds neither our adapter, nor our transform, nor the token (C8, C11)', async () => {
    const scene = await world();
    const { adapter } = capture();
    const transformRequest = [(data: unknown) => JSON.stringify(data)];
    const config = await send(scene, { url: '/items', method: 'post', data: { a: 1 }, transformRequest });
    expect(config.adapter).toEqual(axios.defaults.adapter);
    expect(config.transformRequest).toEqual(transformRequest);
    expect(config.headers.get('Authorization')).toBeUndefined();
    expect(config.sensitiveHeaders).toBeUndefined();
    expect(config.beforeRedirect).toBeUndefined();
    const own = await scene.client.post('/items', { a: 1 }, { adapter, transformRequest });
    expect(own.config.adapter).toBe(adapter);
    expect(own.config.transformRequest).toEqual(transformRequest);
  });

  it('is like the config of a client without an authorizer (C8)', async () => {
    const scene = await world();
    const bare = { ...scene, client: axios.create({ baseURL: scene.api.origin, validateStatus: null }) };
    const request = { url: '/items', method: 'post', data: { a: 1 } } as const;
    const { config: expected } = await bare.client.request(request);
    const config = await send(scene, request);
    const { validateStatus: _own, ...rest } = config;
    const { validateStatus: _theirs, ...wanted } = expected;
    expect(Object.keys(rest).toSorted()).toEqual(Object.keys(wanted).toSorted());
    expect({ ...rest, headers: ownHeaders(rest) }).toEqual({ ...wanted, headers: ownHeaders(wanted) });
  });
});

it('the config that a caller passed in is not changed (C8)', async () => {
  const { client, idp } = await world();
  await client.get('/first');
  idp.revokeAll();
  const config = { url: '/items', method: 'post', data: { a: 1 }, headers: { 'X-Mine': '1' } };
  const before = structuredClone(config);
  await client.request(config);
  expect(config).toEqual(before);
});

it('the config of an error of ours, thrown before anything was sent, can be used again (C8)', async () => {
  const { client, clock, idp } = await world({ auth: { maxRetries: 0 } });
  idp.next({ status: 503 });
  const seen: InternalAxiosRequestConfig[] = [];
  client.interceptors.request.use((config) => {
    seen.push(config);
    return config;
  });
  await rejection(client.post('/items', { a: 1 }));
  await clock.advance(1_000);
  expect((await client.request(seen[0] ?? {})).status).toBe(200);
  expect(seen[0]?.adapter).toEqual(axios.defaults.adapter);
});
