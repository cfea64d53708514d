import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, test } from 'node:test';
import { createHandler } from './handler.mjs';
import { startServers } from './servers.mjs';

const OUTPUT = `session=ada: 200 ["a chair"]
session=bob: 200 ["a chair"]
session=ada: 200 ["a chair"]
nobody: 401 {"error":"Sign in first"}
the API saw: Bearer #1, Bearer #2, Bearer #1
token requests: 2
`;
const RUNTIMES = {
  Node: [process.execPath],
  Bun: ['bun'],
  Deno: ['deno', 'run', '--quiet', '--allow-all'],
};

let servers, handler;

beforeEach(async () => {
  servers = await startServers();
  handler = createHandler(servers.settings);
});
afterEach(() => servers.close());

function ordersOf(cookie) {
  return handler.fetch(new Request('https://shop.example.org/orders', { headers: { cookie } }));
}
const twenty = (work) => Promise.all(Array.from({ length: 20 }, work));

test('each person is served with a token of their own, which all of their requests share', async () => {
  const answers = await Promise.all([
    twenty(() => ordersOf('theme=dark; session=ada')),
    twenty(() => ordersOf('session=bob')),
  ]);
  assert.ok(answers.flat().every(({ status }) => status === 200));
  assert.equal(servers.endpoint.calls.length, 2);
  assert.equal(servers.endpoint.reuses, 0);
  const tokens = await Promise.all(['ada', 'bob'].map((id) => servers.sessions.get(id).load()));
  assert.deepEqual(new Set(tokens.map(({ accessToken }) => accessToken)), new Set(servers.endpoint.issued));
  const seen = servers.api.calls.map(({ authorization }) => authorization).toSorted();
  assert.deepEqual(seen, [...Array(20).fill('Bearer #1'), ...Array(20).fill('Bearer #2')]);
});

test('without a session nothing is sent', async () => {
  assert.equal((await ordersOf('')).status, 401);
  assert.equal((await ordersOf('session=eve')).status, 401);
  assert.deepEqual([servers.endpoint.calls, servers.api.calls], [[], []]);
});

test('a token that the API rejects is refreshed, and the next request has the new one', async () => {
  await ordersOf('session=ada');
  servers.endpoint.revokeAll();
  assert.equal((await ordersOf('session=ada')).status, 200);
  await ordersOf('session=ada');
  const seen = servers.api.calls.map(({ status, authorization }) => `${status} ${authorization}`);
  assert.deepEqual(seen, ['200 Bearer #1', '401 Bearer #1', '200 Bearer #2', '200 Bearer #2']);
});

test('a session that is over is a 401, an outage is not', async () => {
  servers.endpoint.failNext({ status: 400, error: 'invalid_grant' });
  assert.equal((await ordersOf('session=ada')).status, 401);
  servers.endpoint.failNext({ status: 503, retryAfter: 60 });
  assert.equal((await ordersOf('session=bob')).status, 503);
  servers.api.failNext({ status: 500 });
  assert.equal((await ordersOf('session=bob')).status, 502);
});

for (const [name, [command, ...args]] of Object.entries(RUNTIMES)) {
  const isThere = spawnSync(command, ['--version']).status === 0;
  test(`it runs in ${name}`, { skip: !isThere && `${name} is not on the PATH` }, () => {
    const { stdout, stderr } = spawnSync(command, [...args, 'start.mjs'], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    assert.equal(stdout, OUTPUT, stderr);
  });
}
