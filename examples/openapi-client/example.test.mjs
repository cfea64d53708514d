import { startLoopback } from '@axios-authorizer/testing/extend';
import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, before, beforeEach, test } from 'node:test';
import { startServers } from './servers.mjs';

const here = import.meta.dirname;
let createShopClient, servers, shop, events;

before(async () => {
  await build({ entryPoints: [join(here, 'client.ts')], format: 'esm', outfile: join(here, 'dist/client.js') });
  ({ createShopClient } = await import('./dist/client.js'));
});
beforeEach(async () => {
  servers = await startServers();
  events = [];
  shop = createShopClient({ ...servers.settings, observer: (event) => events.push(event) });
});
afterEach(() => servers.close());

const seen = ({ calls }) => calls.map(({ method, status, authorization }) => `${method} ${status} ${authorization}`);

test('the types are those of openapi.yaml', () => {
  const { resolve } = createRequire(import.meta.url);
  const program = join(dirname(resolve('openapi-typescript/package.json')), 'bin/cli.js');
  execFileSync(process.execPath, [program, 'openapi.yaml', '--output', 'schema.d.ts', '--check'], { cwd: here });
});

test('twenty requests at once cost one token', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => shop.GET('/orders')));
  assert.ok(answers.every(({ data }) => data[0].item === 'chair'));
  assert.equal(servers.endpoint.calls.length, 1);
  assert.deepEqual(new Set(seen(servers.shop)), new Set(['GET 200 Bearer #1']));
});

test('the token goes to the shop only, also when a request names another base URL', async () => {
  await shop.GET('/orders', { baseUrl: servers.stranger.url });
  assert.deepEqual(seen(servers.stranger), ['GET 401 none']);
  assert.equal(servers.endpoint.calls.length, 0);
});

test('a POST whose token is rejected is sent again, with the same body', async () => {
  const server = await startLoopback((_request, response) => {
    response.writeHead(server.requests.length === 1 ? 401 : 201, { 'content-type': 'application/json' }).end('{}');
  });
  const order = { item: 'table', count: 1 };
  const { response } = await createShopClient({ ...servers.settings, baseUrl: server.origin }).POST('/orders', {
    body: order,
  });
  await server.stop();
  assert.equal(response.status, 201);
  const bodies = server.requests.map(({ headers, body }) => [headers['content-type'], JSON.parse(body)]);
  const sent = ['application/json', order];
  assert.deepEqual(bodies, [sent, sent]);
  assert.equal(servers.endpoint.calls.length, 2);
});

test("a generated client's own access token wins, and a notice says so once", async () => {
  shop.use({ onRequest: ({ request }) => request.headers.set('Authorization', 'Bearer leftover') });
  await shop.GET('/orders');
  await shop.GET('/orders');
  assert.deepEqual(seen(servers.shop), Array(2).fill('GET 401 Bearer unknown'));
  assert.equal(servers.endpoint.calls.length, 0);
  const notices = events.filter(({ type }) => type === 'notice').map(({ message }) => message);
  assert.equal(notices.length, 1);
  assert.match(notices[0], /own Authorization header wins/);
});
