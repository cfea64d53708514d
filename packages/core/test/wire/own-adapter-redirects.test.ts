// An adapter of the caller's own sends the request on: by axios's fetch adapter, by its http adapter, or by itself.
// Do token and key stay on the way, and is its config otherwise left alone?
import axios from 'axios';
import type { AxiosAdapter, AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { Agent } from 'node:http';
import { rejection, stage, statusOf } from './world.js';
import { both, clientInfo, credentials, none, to, travel } from './travel.js';
import type { Travel } from './travel.js';

const theStage = stage();

const byAxios = (name: string): AxiosAdapter => {
  const adapter: AxiosAdapter = (config) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- axios's types leave the second parameter out
    const find = axios.getAdapter as (adapter: string, config: InternalAxiosRequestConfig) => AxiosAdapter;
    return find(name, config)(config);
  };
  return adapter;
};

/** What people write who want fetch, without axios's adapter. */
const byHand: AxiosAdapter = async (config) => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(config.headers.toJSON())) headers.set(name, String(value));
  const request = new Request(axios.getUri(config), {
    method: config.method ?? 'get',
    headers,
    ...config.fetchOptions,
  });
  const answer = await fetch(request);
  const { status, statusText } = answer;
  return {
    data: await answer.text(),
    status,
    statusText,
    headers: Object.fromEntries(answer.headers),
    config,
    request,
  };
};

const adapters: readonly (readonly [string, AxiosAdapter])[] = [
  ['that calls axios’s fetch adapter', byAxios('fetch')],
  ['that calls axios’s http adapter', byAxios('http')],
  ['that calls fetch itself', byHand],
];

function go(adapter: AxiosAdapter, config: AxiosRequestConfig = {}): Promise<Travel> {
  return travel(theStage, 'http').then((scene) => {
    Object.assign(scene.client.defaults, { adapter, ...config });
    return scene;
  });
}

describe.each(adapters)('an adapter %s', (_name, adapter) => {
  it.each([301, 302, 303, 307, 308])('takes neither token nor key to a stranger by a %s (C9)', async (status) => {
    const { client, api, stranger } = await go(adapter);
    expect(await statusOf(client.get(to(`${stranger.origin}/x`, status)))).toBe(200);
    expect([credentials(api), credentials(stranger)]).toEqual([[both], [none]]);
    expect(JSON.stringify(stranger.requests[0]?.rawHeaders)).not.toMatch(/token-1|the-key/);
  });

  it('takes neither off the allowed path of the same origin (C9)', async () => {
    const api = await theStage.api({ accepts: () => true });
    const { client } = await theStage.world({
      auth: { clientInfo },
      config: { adapter },
      attach: { allow: `${api.origin}/redirect` },
    });
    await client.get(api.origin + to('/admin'));
    expect(credentials(api)).toEqual([both, none]);
  });

  it('takes both to another origin in scope, and back after a detour over a stranger (C9)', async () => {
    const { client, api, friend, stranger } = await go(adapter);
    const back = stranger.origin + to(`${api.origin}/back`);
    expect(await statusOf(client.get(to(friend.origin + to(back))))).toBe(200);
    expect([api, friend, stranger].map(credentials)).toEqual([[both, both], [both], [none]]);
  });

  it('that meets a relative Location follows it, with both (C9)', async () => {
    const { client, api } = await go(adapter);
    await client.get(to('items?x=1'), { params: { q: 'kept at home' } });
    expect([api.requests.at(-1)?.url, credentials(api)]).toEqual(['/items?x=1', [both, both]]);
  });

  it('has a 401 at the end of a redirect retried in scope, and not at a stranger’s (C7, C9)', async () => {
    const { client, idp, friend, stranger } = await go(adapter);
    friend.accepts = (bearer) => bearer === 'token-2';
    stranger.accepts = () => false;
    const validateStatus = (): boolean => true;
    expect((await client.get(to(friend.origin), { validateStatus })).status).toBe(200);
    expect((await client.get(to(stranger.origin), { validateStatus })).status).toBe(401);
    expect([idp.calls, stranger.requests.length]).toEqual([2, 1]);
  });

  it('is asked for no more redirects than maxRedirects (C9)', async () => {
    const { client, api } = await go(adapter);
    const twice = to(to('/items'));
    expect(await rejection(client.get(twice, { maxRedirects: 1 }))).toMatchObject({
      code: 'ERR_FR_TOO_MANY_REDIRECTS',
    });
    expect(api.requests).toHaveLength(2);
    expect(await statusOf(client.get(twice, { maxRedirects: 0, validateStatus: null }))).toBe(302);
    expect(api.requests).toHaveLength(3);
  });
});

it.each(adapters.filter(([name]) => name.includes('fetch')))(
  'the caller’s own fetchOptions.redirect reaches an adapter %s, and its redirect the caller (C9)',
  async (_name, adapter) => {
    const { client, stranger } = await go(adapter);
    const config = { fetchOptions: { redirect: 'manual' }, validateStatus: null };
    expect(await statusOf(client.get(to(stranger.origin), config))).toBe(302);
    expect(stranger.requests).toHaveLength(0);
  },
);

it('a 303 of a POST through an adapter of the caller’s becomes a GET without a body (C9)', async () => {
  const { client, friend } = await go(byAxios('fetch'));
  await client.post(to(`${friend.origin}/x`, 303), { a: 1 });
  await client.post(to(`${friend.origin}/x`, 307), { a: 1 });
  expect(friend.requests.map(({ method, body }) => [method, body.toString()])).toEqual([
    ['GET', ''],
    ['POST', '{"a":1}'],
  ]);
});

/** A mock, as tests use them: it sends nothing, and answers as it likes. */
function mock(answer: Partial<AxiosResponse>): {
  readonly adapter: AxiosAdapter;
  readonly sent: InternalAxiosRequestConfig[];
} {
  const sent: InternalAxiosRequestConfig[] = [];
  const adapter: AxiosAdapter = async (config) => {
    sent.push(config);
    return { data: '', status: 200, statusText: '', headers: {}, config, ...answer };
  };
  return { adapter, sent };
}

it('a redirect that an adapter answers whose request followed redirects, or is none, is the caller’s (C9)', async () => {
  const { world } = theStage;
  const headers = { location: 'https://elsewhere.example/' };
  for (const request of [undefined, {}, new Request('https://api.example/'), { redirect: 'follow' }]) {
    const { adapter, sent } = mock({ status: 302, headers, request });
    const { client } = await world({ config: { adapter } });
    expect([(await client.get('/x')).status, sent.length]).toEqual([302, 1]);
  }
});

const OURS = ['headers', 'proxy', 'timeout', 'fetchOptions', 'beforeRedirect', 'sensitiveHeaders'];

it('an adapter gets the caller’s config, unchanged but for what the confinement needs (C9)', async () => {
  const { adapter, sent } = mock({});
  const bare = mock({});
  const { client } = await theStage.world({ auth: { clientInfo }, config: { adapter } });
  const httpAgent = new Agent();
  const config = {
    httpAgent,
    mine: { deep: [1] },
    params: { a: 1 },
    maxRedirects: 3,
    fetchOptions: { cache: 'no-store' },
  };
  await client.post('/x', { n: 1 }, config);
  await axios.create({ baseURL: client.defaults.baseURL ?? '', adapter: bare.adapter }).post('/x', { n: 1 }, config);
  const others = ([given]: readonly InternalAxiosRequestConfig[]): unknown =>
    Object.fromEntries(Object.entries(given ?? {}).filter(([key]) => !OURS.includes(key) && key !== 'adapter'));
  expect(others(sent)).toEqual(others(bare.sent));
  expect(sent[0]?.httpAgent).toBe(httpAgent);
  expect(sent[0]?.fetchOptions).toEqual({ cache: 'no-store', redirect: 'manual' });
  httpAgent.destroy();
});
