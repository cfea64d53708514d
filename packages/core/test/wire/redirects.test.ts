// What travels along when a server in scope sends the request elsewhere?
import { Readable } from 'node:stream';
import type { ResourceServer } from '@axios-authorizer/test-kit';
import { rejection, stage, statusOf } from './world.js';
import type { World, WorldOptions } from './world.js';

const { world, api: anotherApi, server } = stage();
const clientInfo = { clientId: 'me', apiKey: 'the-key' };
const open = { accepts: () => true };

interface Travel extends World {
  /** In scope. */
  readonly friend: ResourceServer;
  readonly stranger: ResourceServer;
}

async function travel(adapter: string, options: WorldOptions = {}): Promise<Travel> {
  const [friend, stranger] = await Promise.all([anotherApi(open), anotherApi(open)]);
  const scene = await world({ attach: false, api: open });
  const { allow = [scene.api.origin, friend.origin] } = options.attach || {};
  const attached = await world({ auth: { clientInfo }, api: open, config: { adapter }, ...options, attach: { allow } });
  attached.client.defaults.baseURL = scene.api.origin;
  return { ...attached, api: scene.api, friend, stranger };
}

function to(url: string, status = 302): string {
  return `/redirect?status=${status}&to=${encodeURIComponent(url)}`;
}

function credentials({ requests }: ResourceServer): unknown[] {
  return requests.map(({ headers }) => [headers.authorization, headers['x-api-key']]);
}
const both = ['Bearer token-1', 'the-key'];
const none = [undefined, undefined];

const statuses = [301, 302, 303, 307, 308];
const methods = ['get', 'post'];
const adapters = ['http', 'fetch'];
const table = adapters.flatMap((adapter) =>
  methods.flatMap((method) => statuses.map((status) => ({ adapter, method, status }))),
);

describe.each(table)('a $status of a $method through the $adapter adapter', ({ adapter, method, status }) => {
  const data = method === 'post' ? { data: { a: 1 } } : {};
  const keeps = method === 'get' || status >= 307;

  it('takes neither token nor key to a stranger (C9)', async () => {
    const { client, api, stranger } = await travel(adapter);
    expect(await statusOf(client.request({ url: to(`${stranger.origin}/x`, status), method, ...data }))).toBe(200);
    expect(credentials(api)).toEqual([both]);
    expect(credentials(stranger)).toEqual([none]);
    expect(JSON.stringify(stranger.requests[0]?.rawHeaders)).not.toMatch(/token-1|the-key/);
  });

  it('takes both to another origin in scope, with the method and body of the standard (C9)', async () => {
    const { client, friend } = await travel(adapter);
    await client.request({ url: to(`${friend.origin}/x`, status), method, ...data });
    expect(credentials(friend)).toEqual([both]);
    expect(friend.requests[0]).toMatchObject({ method: keeps ? method.toUpperCase() : 'GET', url: '/x' });
    expect(friend.requests[0]?.body.toString()).toBe(keeps && method === 'post' ? '{"a":1}' : '');
    if (method === 'post' && !keeps) expect(friend.requests[0]?.headers).not.toHaveProperty('content-type');
  });

  it('takes both back into scope after a detour over a stranger (C9)', async () => {
    const { client, api, stranger } = await travel(adapter);
    const back = stranger.origin + to(`${api.origin}/back`, status);
    await client.request({ url: to(back, status), method, ...data });
    expect(credentials(stranger)).toEqual([none]);
    expect(credentials(api)).toEqual([both, both]);
    expect(api.requests[1]?.url).toBe('/back');
  });
});

describe.each(adapters)('through the %s adapter', (adapter) => {
  it.each([
    ['/items', '/items'],
    ['items?x=1', '/items?x=1'],
    ['./a/../items', '/items'],
    ['?to=/items', '/items'],
  ])('a relative Location %s is resolved, and stays in scope (C9)', async (location, url) => {
    const { client, api } = await travel(adapter);
    expect(await statusOf(client.get(to(location), { params: { q: 'kept at home' } }))).toBe(200);
    expect(api.requests.at(-1)?.url).toBe(url);
    expect(new Set(credentials(api).map(String))).toEqual(new Set([String(both)]));
  });

  it('a protocol-relative Location is another origin (C9)', async () => {
    const { client, stranger } = await travel(adapter);
    await client.get(to(stranger.origin.replace('http:', '')));
    expect(credentials(stranger)).toEqual([none]);
  });

  it('a Location with a user in it is out of scope, even at the API’s own address (C9)', async () => {
    const { client, friend } = await travel(adapter);
    await statusOf(client.get(to(friend.origin.replace('://', '://ada:word@')))).catch(() => undefined);
    expect(JSON.stringify(friend.requests.map(({ rawHeaders }) => rawHeaders))).not.toMatch(/token-1|the-key/);
  });

  it('leaving the allowed path of the same origin takes token and key off (C9)', async () => {
    const api = await anotherApi(open);
    const { client } = await world({
      auth: { clientInfo },
      config: { adapter },
      attach: { allow: `${api.origin}/redirect` },
    });
    await client.get(api.origin + to(`/admin`));
    await client.get(api.origin + to(to(`/admin`)));
    expect(credentials(api)).toEqual([both, none, both, both, none]);
  });

  it('redirects without end stop with ERR_FR_TOO_MANY_REDIRECTS (C9)', async () => {
    const loop = await server((_, response) => response.writeHead(302, { location: '/again' }).end());
    const { client } = await world({ config: { adapter }, attach: { allow: loop.origin } });
    const error = await rejection(client.get(loop.origin, { maxRedirects: 3 }));
    expect(error).toMatchObject({ name: 'AxiosError', code: 'ERR_FR_TOO_MANY_REDIRECTS' });
    expect(loop.requests).toHaveLength(4);
    loop.requests.length = 0;
    expect(await rejection(client.get(loop.origin))).toMatchObject({ code: 'ERR_FR_TOO_MANY_REDIRECTS' });
    expect(loop.requests.length).toBeGreaterThan(4);
    expect(loop.requests.length).toBeLessThanOrEqual(22);
  });

  it('maxRedirects: 0 gives the redirect itself (C9)', async () => {
    const { client, stranger } = await travel(adapter);
    const { response } = await rejection(client.get(to(stranger.origin), { maxRedirects: 0 }));
    expect(response?.status).toBe(302);
    expect(response?.headers['location']).toBe(stranger.origin);
    expect(stranger.requests).toHaveLength(0);
  });

  it('a 401 of a stranger at the end of a redirect costs no refresh (C7, C9)', async () => {
    const { client, idp, stranger } = await travel(adapter);
    stranger.accepts = () => false;
    expect(await statusOf(client.get(to(`${stranger.origin}/x`)))).toBe(401);
    expect(idp.calls).toBe(1);
    expect(stranger.requests).toHaveLength(1);
  });

  it('a 401 in scope at the end of a redirect is healed (C7, C9)', async () => {
    const { client, idp, friend } = await travel(adapter);
    friend.accepts = (bearer) => bearer === 'token-2';
    expect(await statusOf(client.post(to(`${friend.origin}/x`, 307), { a: 1 }))).toBe(200);
    expect(idp.calls).toBe(2);
    expect(friend.requests.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}']);
  });

  it('a cookie of the caller stays at home too, other headers travel on (C9)', async () => {
    const { client, stranger } = await travel(adapter);
    await client.get(to(`${stranger.origin}/x`), { headers: { Cookie: 'sid=1', 'X-Trace': 'abc' } });
    expect(stranger.requests[0]?.headers).not.toHaveProperty('cookie');
    expect(stranger.requests[0]?.headers['x-trace']).toBe('abc');
  });

  it('a request that opted out gets no token on its way through scope (C9)', async () => {
    const { client, api, friend, idp } = await travel(adapter);
    await client.get(to(`${friend.origin}/x`), { authorizer: false });
    expect([...credentials(api), ...credentials(friend)]).toEqual([none, none]);
    expect(idp.calls).toBe(0);
  });

  it('a request out of scope gets no token when it is sent into scope (C9)', async () => {
    const { client, stranger, friend, idp } = await travel(adapter);
    await client.get(stranger.origin + to(`${friend.origin}/x`));
    expect(credentials(friend)).toEqual([none]);
    expect(idp.calls).toBe(0);
  });

  it('the answer after a redirect is like any other, and its config can be used again (C8)', async () => {
    const { client, friend } = await travel(adapter);
    const { config, data } = await client.get<unknown>(to(`${friend.origin}/x`));
    expect(data).toMatchObject({ ok: true, path: '/x' });
    expect(config.url).toBe(to(`${friend.origin}/x`));
    expect(config.beforeRedirect).toBeUndefined();
    expect(config.fetchOptions).toBeUndefined();
    expect(await statusOf(client.request(config))).toBe(200);
  });

  it('validateStatus judges the answer after the redirects (C8)', async () => {
    const { client, friend } = await travel(adapter);
    friend.next({ status: 404 }, { status: 404 });
    const { status } = await client.get(to(`${friend.origin}/x`), { validateStatus: (code) => code === 404 });
    expect(status).toBe(404);
    const error = await rejection(client.get(to(`${friend.origin}/x`)));
    expect(error).toMatchObject({ name: 'AxiosError', code: 'ERR_BAD_REQUEST', response: { status: 404 } });
  });
});

it('a stream cannot follow a 307 through fetch: an error says so (C9)', async () => {
  const { client, friend } = await travel('fetch');
  const error = await rejection(client.post(to(`${friend.origin}/x`, 307), Readable.from(['body'])));
  expect(error).toMatchObject({ name: 'AxiosError', message: expect.stringContaining('stream') as unknown });
  expect(friend.requests).toHaveLength(0);
});

it.each([
  ['error', undefined],
  ['manual', 302],
])('fetchOptions.redirect: %s is the caller’s to choose (C9)', async (redirect, status) => {
  const { client, stranger } = await travel('fetch');
  const error = await rejection(client.get(to(stranger.origin), { fetchOptions: { redirect } }));
  expect(error.response?.status).toBe(status);
  expect(stranger.requests).toHaveLength(0);
});

it('the caller’s own beforeRedirect is asked at each hop, and what it sets is sent (C9)', async () => {
  const { client, friend, stranger } = await travel('http');
  const hops: string[] = [];
  const beforeRedirect = (options: Record<string, unknown>): void => {
    hops.push(String(options['href']));
    Object.assign(options['headers'] as object, { 'X-Hop': String(hops.length) });
  };
  await client.get(to(friend.origin + to(`${stranger.origin}/x`)), { beforeRedirect });
  expect(hops).toEqual([friend.origin + to(`${stranger.origin}/x`), `${stranger.origin}/x`]);
  expect(stranger.requests[0]?.headers['x-hop']).toBe('2');
});

it('a beforeRedirect that throws stops the request, as axios has it (C9)', async () => {
  const { client, stranger } = await travel('http');
  const beforeRedirect = (): never => {
    throw new RangeError('not there');
  };
  expect((await rejection(client.get(to(stranger.origin), { beforeRedirect }))).message).toContain('not there');
  expect(stranger.requests).toHaveLength(0);
});

it('a beforeRedirect of the caller cannot carry the token to a stranger by mistake (C9)', async () => {
  const { client, stranger } = await travel('http');
  const kept: unknown[] = [];
  const beforeRedirect = (options: Record<string, unknown>): void => {
    kept.push({ ...(options['headers'] as object) });
  };
  await client.get(to(stranger.origin), { beforeRedirect });
  expect(JSON.stringify(kept)).not.toMatch(/token-1|the-key/);
});

it('sensitiveHeaders of the caller are still taken off for a stranger (C9)', async () => {
  const { client, stranger } = await travel('http');
  const config = { headers: { 'X-Mine': 'private', 'X-Trace': 'abc' }, sensitiveHeaders: ['X-Mine'] };
  const response = await client.get(to(`${stranger.origin}/x`), config);
  expect(stranger.requests[0]?.headers).not.toHaveProperty('x-mine');
  expect(stranger.requests[0]?.headers['x-trace']).toBe('abc');
  expect(response.config.sensitiveHeaders).toEqual(['X-Mine']);
});
