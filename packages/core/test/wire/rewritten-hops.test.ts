// A caller's `beforeRedirect` changes where a hop goes, or what it carries: is the hop judged as it then goes out?
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attachAuth } from '../../src/index.js';
import { stage, statusOf } from './world.js';
import { both, credentials, none, to, travel } from './travel.js';
import type { Travel } from './travel.js';

const theStage = stage();
type Options = Record<string, unknown> & { headers: Record<string, unknown> };
type Request = { readonly headers: Record<string, string> };

const go = (): Promise<Travel> => travel(theStage, 'http');

/** Sends a request that is redirected to `from`, while `change` has the last word on the options of the hop. */
async function rewritten(scene: Travel, from: string, change: (options: Options) => void): Promise<number | undefined> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as axios hands it over
  return statusOf(scene.client.get(to(from), { beforeRedirect: (options) => change(options as Options) }));
}

const rewrites: readonly (readonly [string, (url: URL) => object])[] = [
  ['port', ({ port }) => ({ port })],
  ['port as a number', ({ port }) => ({ port: Number(port) })],
  ['hostname and port', ({ port }) => ({ hostname: 'localhost', port })],
  ['host and port, without a hostname', ({ port }) => ({ hostname: undefined, host: '127.0.0.1', port })],
  ['everything', (url) => ({ href: url.href, hostname: url.hostname, port: url.port, path: url.pathname })],
];

describe.each(rewrites)('a beforeRedirect that rewrites the %s', (_what, change) => {
  it('to a stranger’s takes neither token nor key there (C9)', async () => {
    const scene = await go();
    const url = new URL(`${scene.stranger.origin}/items`);
    expect(
      await rewritten(scene, `${scene.friend.origin}/items`, (options) => Object.assign(options, change(url))),
    ).toBe(200);
    expect(credentials(scene.stranger)).toEqual([none]);
    expect(JSON.stringify(scene.stranger.requests[0]?.rawHeaders)).not.toMatch(/token-1|the-key/);
    expect(scene.friend.requests).toHaveLength(0);
  });
});

it('a hop that is rewritten from a stranger to a friend carries both (C9)', async () => {
  const scene = await go();
  const { port } = new URL(scene.friend.origin);
  await rewritten(scene, `${scene.stranger.origin}/items`, (options) => Object.assign(options, { port }));
  expect([credentials(scene.friend), credentials(scene.stranger)]).toEqual([[both], []]);
});

it.each([
  ['off the allowed path', '/allowed/x', '/admin', none],
  ['off it over dots', '/allowed/x', '/allowed/../admin', none],
  ['off it behind a fragment', '/allowed/x', '/allowed/#/../../admin', none],
  ['onto it', '/admin', '/allowed/x', both],
])('a path that is rewritten %s is judged as it is sent (C9)', async (_what, from, path, carried) => {
  const scene = await go();
  const { api, client, auth } = scene;
  scene.detach();
  attachAuth(client, auth, { allow: [`${api.origin}/allowed`, `${api.origin}/redirect`] });
  await rewritten(scene, api.origin + from, (options) => Object.assign(options, { path }));
  expect(credentials(api)).toEqual([both, carried]);
});

it('an href that is rewritten alone changes nothing, since nothing is sent by it (C9)', async () => {
  const scene = await go();
  await rewritten(scene, `${scene.friend.origin}/items`, (options) =>
    Object.assign(options, { href: 'https://evil.example/' }),
  );
  await rewritten(scene, `${scene.stranger.origin}/items`, (options) =>
    Object.assign(options, { href: scene.friend.origin }),
  );
  expect([credentials(scene.friend), credentials(scene.stranger)]).toEqual([[both], [none]]);
});

it('a request line that names one server, sent to another, carries nothing (C9)', async () => {
  const scene = await go();
  const { port } = new URL(scene.stranger.origin);
  const path = `${scene.friend.origin}/items`;
  await rewritten(scene, `${scene.friend.origin}/items`, (options) => Object.assign(options, { port, path }));
  expect(credentials(scene.stranger)).toEqual([none]);
});

it.each(['Authorization', 'authorization', 'AUTHORIZATION'])(
  'an %s that beforeRedirect sets is kept, at a stranger’s and in scope (C10)',
  async (name) => {
    const scene = await go();
    const set = ({ headers }: Options): void => void Object.assign(headers, { [name]: 'Basic mine' });
    await rewritten(scene, `${scene.stranger.origin}/x`, set);
    await rewritten(scene, `${scene.friend.origin}/x`, set);
    expect(credentials(scene.stranger)).toEqual([['Basic mine', undefined]]);
    expect(credentials(scene.friend)).toEqual([['Basic mine', 'the-key']]);
  },
);

it('headers that beforeRedirect replaces as a whole are kept, with ours in scope alone (C9, C10)', async () => {
  const scene = await go();
  const replace = (options: Options): void =>
    void Object.assign(options, { headers: { 'X-Api-Key': 'mine', 'X-Hop': '1' } });
  await rewritten(scene, `${scene.stranger.origin}/x`, replace);
  await rewritten(scene, `${scene.friend.origin}/x`, replace);
  expect(credentials(scene.stranger)).toEqual([[undefined, 'mine']]);
  expect(credentials(scene.friend)).toEqual([['Bearer token-1', 'mine']]);
});

it('the `auth` that beforeRedirect sets is kept, where our header would hide it (C10)', async () => {
  const scene = await go();
  await rewritten(scene, `${scene.friend.origin}/x`, (options) => Object.assign(options, { auth: 'ada:word' }));
  expect(scene.friend.requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:word').toString('base64')}`);
});

it('our own token, set by beforeRedirect for a stranger, is still ours, and taken off (C9, C10)', async () => {
  const scene = await go();
  await rewritten(
    scene,
    `${scene.stranger.origin}/x`,
    ({ headers }) => void Object.assign(headers, { authorization: `Bearer ${scene.auth.accessToken}` }),
  );
  expect(credentials(scene.stranger)).toEqual([none]);
});

it('what the caller set at one hop does not keep ours from the next one in scope (C9, C10)', async () => {
  const scene = await go();
  let hops = 0;
  const setOnce = ({ headers }: Options): void => {
    hops += 1;
    if (hops === 1) Object.assign(headers, { Authorization: 'Basic mine' });
  };
  await rewritten(scene, scene.stranger.origin + to(`${scene.api.origin}/back`), setOnce);
  expect(credentials(scene.stranger)).toEqual([['Basic mine', undefined]]);
  expect(credentials(scene.api)).toEqual([both, both]);
});

it('a 401 of a hop that carried the caller’s own Authorization is the caller’s (C7, C10)', async () => {
  const scene = await go();
  scene.friend.accepts = () => false;
  const set = ({ headers }: Options): void => void Object.assign(headers, { Authorization: 'Basic mine' });
  expect(await rewritten(scene, `${scene.friend.origin}/x`, set)).toBe(401);
  expect([scene.idp.calls, scene.friend.requests.length]).toEqual([1, 1]);
});

it('beforeRedirect sees none of our headers, on the hop or on the request before it, in scope as well (C9, C11)', async () => {
  const { client, api, friend } = await go();
  const seen: unknown[] = [];
  const beforeRedirect = (options: Record<string, unknown>, _response: unknown, request?: Request): void => {
    seen.push({ ...(options['headers'] as object) }, { ...request?.headers });
  };
  const headers = { 'X-Mine': 'seen' };
  await client.get(to(api.origin + to(`${friend.origin}/x`)), { beforeRedirect, headers });
  expect(JSON.stringify(seen)).not.toMatch(/token-1|the-key/);
  expect(JSON.stringify(seen[0])).toContain('seen');
  expect([...credentials(api), ...credentials(friend)]).toEqual([both, both, both]);
});

it('a header that axios writes otherwise than it was given is taken off as well (C9)', async () => {
  const api = await theStage.api({ accepts: () => true });
  const { client } = await theStage.world({
    auth: { headers: (bearer) => ({ 'X-Session': `${bearer}\t` }) },
    config: { adapter: 'http' },
    attach: { allow: `${api.origin}/redirect` },
  });
  await client.get(api.origin + to(to('/admin')), { beforeRedirect: () => undefined });
  expect(api.requests.map(({ headers }) => headers['x-session'])).toEqual(['token-1', 'token-1', undefined]);
});

describe('with a unix socket', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hop-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('a hop that beforeRedirect leads into a socket carries nothing: whose it is cannot be judged (C9)', async () => {
    const scene = await go();
    const seen: unknown[] = [];
    const server = createServer(({ headers }, response) => {
      seen.push([headers.authorization, headers['x-api-key']]);
      response.end();
    });
    const socketPath = join(folder, 'socket');
    await once(server.listen(socketPath), 'listening');
    await rewritten(scene, `${scene.friend.origin}/x`, (options) => Object.assign(options, { socketPath }));
    server.closeAllConnections();
    server.close();
    expect(seen).toEqual([none]);
  });

  it('a request into a socket that is redirected to a stranger carries nothing on (C9)', async () => {
    const scene = await go();
    const seen: unknown[] = [];
    const server = createServer(({ headers, url }, response) => {
      seen.push([headers.authorization, headers['x-api-key']]);
      const location = `${scene.stranger.origin}/x`;
      response.writeHead(url === '/start' ? 302 : 200, { location }).end();
    });
    const socketPath = join(folder, 'socket');
    await once(server.listen(socketPath), 'listening');
    await scene.client.get('/start', { socketPath });
    server.closeAllConnections();
    server.close();
    expect(seen).toEqual([both, none]);
  });
});
