// A redirect on the fetch adapter is followed by hand: do the caller's timeout and common sense hold for every hop?
import { rejection, stage, statusOf } from './world.js';
import type { World } from './world.js';

const { world, server } = stage();
const adapter = 'fetch';

/** An API that sends each request on, from /0 to /1 and so forth, and takes `tookMs` of the clock's time for each hop. */
async function hops(tookMs: number): Promise<World> {
  const scene = await world({ config: { adapter }, api: { accepts: () => true } });
  await scene.client.get('/first');
  for (let hop = 0; hop < 8; hop += 1)
    scene.api.route(`/${hop}`, (_request, response) => {
      scene.clock.set(scene.clock.now() + tookMs);
      response.writeHead(302, { location: `/${hop + 1}` }).end();
    });
  return scene;
}

it('the timeout bounds all hops of a redirect together (C4, C9)', async () => {
  const { client, api } = await hops(4_000);
  const error = await rejection(client.get('/0', { timeout: 10_000 }));
  expect(error.code).toMatch(/^(ETIMEDOUT|ECONNABORTED)$/);
  expect(api.requests.map(({ url }) => url)).toEqual(['/first', '/0', '/1', '/2']);
});

it.each([
  ['enough', 40_000],
  ['none', 0],
])('hops within a timeout that is %s are followed to the end (C4, C9)', async (_what, timeout) => {
  const { client, api } = await hops(4_000);
  expect(await statusOf(client.get('/0', { timeout }))).toBe(200);
  expect(api.requests.at(-1)?.url).toBe('/8');
});

it('a resend after a refusal has only what its redirects left (C4, C7)', async () => {
  const { client, api, idp } = await hops(3_000);
  api.accepts = (bearer, { url }) => url !== '/8' || bearer === 'token-2';
  const error = await rejection(client.get('/0', { timeout: 30_000 }));
  expect(error.code).toMatch(/^(ETIMEDOUT|ECONNABORTED)$/);
  expect(idp.calls).toBe(2);
  expect(api.requests.filter(({ url }) => url === '/0')).toHaveLength(2);
});

describe.each([
  ['data:', 'data:text/plain,injected'],
  ['file:', 'file:///etc/hostname'],
  ['blob:', 'blob:nodedata:0a1b2c'],
  ['javascript:', 'javascript:alert(1)'],
])('a redirect to %s', (_scheme, location) => {
  it.each([
    ['with a baseURL', true],
    ['without', false],
  ])('is an error, %s: no server says what such an answer holds (C9)', async (_what, based) => {
    const api = await server((_request, response) => void response.writeHead(302, { location }).end());
    const config = { adapter, baseURL: based ? api.origin : '' };
    const { client } = await world({ config, attach: { allow: api.origin } });
    const error = await rejection(client.get(based ? '/items' : `${api.origin}/items`));
    expect(error).toMatchObject({ isAxiosError: true });
    expect(api.requests).toHaveLength(1);
  });
});

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('a body');
}

it('an async iterable that was sent is not sent on, empty, by a 307: that is an error (C8, C9)', async () => {
  const { client, api } = await world({ config: { adapter }, api: { accepts: () => true } });
  const error = await rejection(
    client.post('/redirect?status=307&to=/end', pieces(), {
      transformRequest: [(data: unknown) => data],
      headers: { 'Content-Type': 'text/plain' },
      fetchOptions: { duplex: 'half' },
    }),
  );
  expect(error.message).toContain('stream');
  expect(api.requests.map(({ url, body }) => [url, body.toString()])).toEqual([
    ['/redirect?status=307&to=/end', 'a body'],
  ]);
});
