// What do other interceptors on the same client see, and how often do they run?
import axios from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { attachAuth } from '../../src/index.js';
import { capture } from './capture.js';
import { rejection, stage, statusOf } from './world.js';
import type { World } from './world.js';

const { world, api: anotherApi } = stage();
type Use = (scene: World) => void;

/** Attaches before and after `use`, with a token that is refused once. */
async function beside(order: string, use: Use): Promise<World> {
  const scene = await world({ attach: false });
  if (order === 'after') attachAuth(scene.client, scene.auth);
  use(scene);
  if (order === 'before') attachAuth(scene.client, scene.auth);
  await scene.auth.getToken();
  scene.idp.revokeAll();
  return scene;
}

describe.each(['before', 'after'])('an interceptor that is registered %s ours', (order) => {
  it('runs once on a retried answer, and its result is the answer (C8)', async () => {
    const statuses: number[] = [];
    const { client, idp } = await beside(order, (scene) => {
      scene.client.interceptors.response.use((response) => {
        statuses.push(response.status);
        return response.data as AxiosResponse;
      });
    });
    expect(await client.get('/items')).toMatchObject({ ok: true, path: '/items' });
    expect(statuses).toEqual([200]);
    expect(idp.calls).toBe(2);
  });

  it('does not see the 401 that was retried among its errors (C8)', async () => {
    const failures: unknown[] = [];
    const { client } = await beside(order, (scene) => {
      scene.client.interceptors.response.use(undefined, (error: unknown) => {
        failures.push(error);
        throw error;
      });
    });
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(failures).toHaveLength(0);
  });

  it('sees a 401 that could not be retried once, and may turn it into an answer (C7)', async () => {
    const { client, api } = await beside(order, (scene) => {
      scene.client.interceptors.response.use(undefined, () => ({ data: 'from the cache' }) as AxiosResponse);
    });
    api.accepts = () => false;
    expect((await client.get('/items')).data).toBe('from the cache');
    expect(api.requests).toHaveLength(2);
  });

  it('runs once on the request, and sees no token (C11)', async () => {
    const seen: unknown[] = [];
    const { client } = await beside(order, (scene) => {
      scene.client.interceptors.request.use((config) => {
        seen.push(config.headers.get('Authorization'));
        return config;
      });
    });
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(seen).toEqual([undefined]);
  });

  it.each([
    ['is asynchronous', async (config: InternalAxiosRequestConfig) => Promise.resolve(config)],
    ['returns a copy', (config: InternalAxiosRequestConfig) => ({ ...config })],
    ['returns an asynchronous copy', async (config: InternalAxiosRequestConfig) => Promise.resolve({ ...config })],
    ['returns a merge', (config: InternalAxiosRequestConfig) => Object.assign(Object.create(null) as object, config)],
  ])('may be one that %s (C8)', async (_, fulfilled) => {
    const { client, idp } = await beside(order, (scene) => {
      scene.client.interceptors.request.use((config) => fulfilled(config) as InternalAxiosRequestConfig);
    });
    expect(await statusOf(client.post('/items', { a: 1 }))).toBe(200);
    expect(idp.calls).toBe(2);
  });

  it('may be one of several, some synchronous and some not (C8)', async () => {
    const { client } = await beside(order, ({ client: { interceptors } }) => {
      interceptors.request.use(async (config) => Promise.resolve(config));
      interceptors.request.use((config) => config, null, { synchronous: true });
      interceptors.request.use(async (config) => Promise.resolve({ ...config }), null, { runWhen: () => true });
      interceptors.response.use(async (response) => Promise.resolve({ ...response }));
    });
    expect(await statusOf(client.get('/items'))).toBe(200);
  });

  it('may send the request elsewhere, and no token goes with it (C9)', async () => {
    const stranger = await anotherApi({ accepts: () => true });
    const { client } = await beside(order, (scene) => {
      scene.client.interceptors.request.use((config) => ({ ...config, baseURL: stranger.origin }));
    });
    expect(await statusOf(client.get('/items'))).toBe(200);
    expect(stranger.bearers()).toEqual([undefined]);
  });

  it('may send the request into scope, and the token goes with it (C9)', async () => {
    const { client, api } = await beside(order, (scene) => {
      scene.client.interceptors.request.use((config) => ({ ...config, url: `${scene.api.origin}/found` }));
    });
    expect(await statusOf(client.get('https://stranger.example/lost'))).toBe(200);
    expect(api.requests.map(({ url }) => url)).toEqual(['/found', '/found']);
  });

  it('may put an adapter of its own in place, which gets the token or is left alone (C8)', async () => {
    const { adapter, sent } = capture();
    const { client } = await beside(order, (scene) => {
      scene.client.interceptors.request.use((config) => ({ ...config, adapter }));
    });
    const response = await client.get('/items');
    expect(sent).toHaveLength(1);
    expect(response.config.adapter).toBe(adapter);
  });

  it('that throws keeps the request from being sent, and its error comes through (C13)', async () => {
    const { client, api } = await beside(order, (scene) => {
      scene.client.interceptors.request.use(() => {
        throw new TypeError('not this one');
      });
    });
    const error = await rejection(client.get('/items'));
    expect(error).toMatchObject({ name: 'TypeError', message: 'not this one' });
    expect(api.requests).toHaveLength(0);
  });
});

it('after clear() the client sends no token, and attaching again after detach brings it back (C13)', async () => {
  const { client, auth, detach, api } = await world();
  await client.get('/with');
  client.interceptors.request.clear();
  expect(await statusOf(client.get('/without'))).toBe(401);
  detach();
  attachAuth(client, auth);
  expect(await statusOf(client.get('/with-again'))).toBe(200);
  expect(api.bearers()).toEqual(['token-1', undefined, 'token-1']);
});

it('after clear() attaching again brings the token back, also without detach (C13)', async () => {
  const { client, auth } = await world();
  client.interceptors.request.clear();
  attachAuth(client, auth);
  expect(await statusOf(client.get('/items'))).toBe(200);
});

it('a transformResponse that throws on the retried answer is the caller’s own matter (C8)', async () => {
  const { client, idp, api } = await world();
  await client.get('/first');
  idp.revokeAll();
  const transformResponse = (): never => {
    throw new RangeError('bad body');
  };
  const error = await rejection(client.get('/items', { transformResponse }));
  expect(error).toMatchObject({ name: 'RangeError' });
  expect(api.requests).toHaveLength(3);
});

it('transformResponse runs once per answer of the caller, never on the retried 401 (C8)', async () => {
  const { client, idp } = await world();
  await client.get('/first');
  idp.revokeAll();
  const bodies: string[] = [];
  const transformResponse = (data: string): string => {
    bodies.push(data);
    return 'transformed';
  };
  expect((await client.get('/items', { transformResponse })).data).toBe('transformed');
  expect(bodies).toEqual([expect.stringContaining('"ok":true')]);
});

it('an instance made with axios.create from a plain function call works as the methods do (C7)', async () => {
  const { client, idp } = await world();
  await client('/first');
  idp.revokeAll();
  expect(await statusOf(client({ url: '/items', method: 'post', data: { a: 1 } }))).toBe(200);
  expect(axios.isAxiosError(await rejection(client('/items', { maxContentLength: 1 })))).toBe(true);
});
