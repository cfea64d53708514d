// Do the caller's own wishes about redirects still count?
import { Readable } from 'node:stream';
import { rejection, stage, statusOf } from './world.js';
import { to, travel } from './travel.js';

const theStage = stage();

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  it('redirects without end stop with ERR_FR_TOO_MANY_REDIRECTS (C9)', async () => {
    const loop = await theStage.server((_, response) => void response.writeHead(302, { location: '/again' }).end());
    const { client } = await theStage.world({ config: { adapter }, attach: { allow: loop.origin } });
    const error = await rejection(client.get(loop.origin, { maxRedirects: 3 }));
    expect(error).toMatchObject({ isAxiosError: true, code: 'ERR_FR_TOO_MANY_REDIRECTS' });
    expect(loop.requests).toHaveLength(4);
    loop.requests.length = 0;
    expect(await rejection(client.get(loop.origin))).toMatchObject({ code: 'ERR_FR_TOO_MANY_REDIRECTS' });
    expect(loop.requests.length).toBeGreaterThan(4);
    expect(loop.requests.length).toBeLessThanOrEqual(22);
  });

  it('maxRedirects: 0 gives the redirect itself (C9)', async () => {
    const { client, stranger } = await travel(theStage, adapter);
    const { response } = await rejection(client.get(to(stranger.origin), { maxRedirects: 0 }));
    expect(response?.status).toBe(302);
    expect(response?.headers['location']).toBe(stranger.origin);
    expect(stranger.requests).toHaveLength(0);
  });

  it('a cookie of the caller stays at home too, other headers travel on (C9)', async () => {
    const { client, stranger } = await travel(theStage, adapter);
    await client.get(to(`${stranger.origin}/x`), { headers: { Cookie: 'sid=1', 'X-Trace': 'abc' } });
    expect(stranger.requests[0]?.headers).not.toHaveProperty('cookie');
    expect(stranger.requests[0]?.headers['x-trace']).toBe('abc');
  });

  it('the answer after a redirect is like any other, and its config can be used again (C8)', async () => {
    const { client, friend } = await travel(theStage, adapter);
    const { config, data } = await client.get<unknown>(to(`${friend.origin}/x`));
    expect(data).toMatchObject({ ok: true, path: '/x' });
    expect(config.url).toBe(to(`${friend.origin}/x`));
    expect(config.beforeRedirect).toBeUndefined();
    expect(config.fetchOptions).toBeUndefined();
    expect(await statusOf(client.request(config))).toBe(200);
  });

  it('validateStatus judges the answer after the redirects (C8)', async () => {
    const { client, friend } = await travel(theStage, adapter);
    friend.next({ status: 404 }, { status: 404 });
    const { status } = await client.get(to(`${friend.origin}/x`), { validateStatus: (code) => code === 404 });
    expect(status).toBe(404);
    const error = await rejection(client.get(to(`${friend.origin}/x`)));
    expect(error).toMatchObject({ name: 'AxiosError', code: 'ERR_BAD_REQUEST', response: { status: 404 } });
  });
});

it('a stream cannot follow a 307 through fetch: an error says so (C9)', async () => {
  const { client, friend } = await travel(theStage, 'fetch');
  const error = await rejection(client.post(to(`${friend.origin}/x`, 307), Readable.from(['body'])));
  expect(error).toMatchObject({ name: 'AxiosError', message: expect.stringContaining('stream') as unknown });
  expect(friend.requests).toHaveLength(0);
});

it.each([
  ['error', undefined],
  ['manual', 302],
])('fetchOptions.redirect: %s is the caller’s to choose (C9)', async (redirect, status) => {
  const { client, stranger } = await travel(theStage, 'fetch');
  const error = await rejection(client.get(to(stranger.origin), { fetchOptions: { redirect } }));
  expect(error.response?.status).toBe(status);
  expect(stranger.requests).toHaveLength(0);
});

it('the caller’s own beforeRedirect is asked at each hop, and what it sets is sent (C9)', async () => {
  const { client, friend, stranger } = await travel(theStage, 'http');
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
  const { client, stranger } = await travel(theStage, 'http');
  const beforeRedirect = (): never => {
    throw new RangeError('not there');
  };
  expect((await rejection(client.get(to(stranger.origin), { beforeRedirect }))).message).toContain('not there');
  expect(stranger.requests).toHaveLength(0);
});

it('a beforeRedirect of the caller cannot carry the token to a stranger by mistake (C9)', async () => {
  const { client, stranger } = await travel(theStage, 'http');
  const kept: unknown[] = [];
  const beforeRedirect = (options: Record<string, unknown>): void => {
    kept.push({ ...(options['headers'] as object) });
  };
  await client.get(to(stranger.origin), { beforeRedirect });
  expect(JSON.stringify(kept)).not.toMatch(/token-1|the-key/);
});

it('sensitiveHeaders of the caller are still taken off for a stranger (C9)', async () => {
  const { client, stranger } = await travel(theStage, 'http');
  const config = { headers: { 'X-Mine': 'private', 'X-Trace': 'abc' }, sensitiveHeaders: ['X-Mine'] };
  const response = await client.get(to(`${stranger.origin}/x`), config);
  expect(stranger.requests[0]?.headers).not.toHaveProperty('x-mine');
  expect(stranger.requests[0]?.headers['x-trace']).toBe('abc');
  expect(response.config.sensitiveHeaders).toEqual(['X-Mine']);
});
