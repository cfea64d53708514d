import { assertNoSecrets } from '@axios-authorizer/testing';
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { buildApp } from './app.mjs';
import { startServers } from './servers.mjs';

let servers, app, logged;

beforeEach(async () => {
  servers = await startServers('acme', 'globex');
  logged = [];
  app = buildApp({ ...servers.settings, logger: { stream: { write: (line) => logged.push(line) } } });
});
afterEach(async () => {
  await app.close();
  await servers.close();
});

const ordersOf = (tenant) => app.inject({ url: '/orders', headers: tenant ? { 'X-Tenant': tenant } : {} });
const twenty = (work) => Promise.all(Array.from({ length: 20 }, work));
const tokenCalls = () => Object.values(servers.endpoints).map(({ calls }) => calls.length);

test('each tenant is served with a token of its own, asked for once', async () => {
  const answers = await Promise.all([twenty(() => ordersOf('acme')), twenty(() => ordersOf('globex'))]);
  assert.ok(answers.flat().every(({ statusCode }) => statusCode === 200));
  assert.deepEqual(tokenCalls(), [1, 1]);
  assert.deepEqual(servers.callers.toSorted(), [...Array(20).fill('acme'), ...Array(20).fill('globex')]);
});

test('without a tenant, or with one that is not known, nothing is sent', async () => {
  assert.equal((await ordersOf(undefined)).statusCode, 400);
  assert.equal((await ordersOf('initech')).statusCode, 403);
  assert.equal((await ordersOf('__proto__')).statusCode, 403);
  assert.deepEqual([tokenCalls(), servers.callers], [[0, 0], []]);
});

test('a route that forgets to say whose request it is fails, and gets the token of nobody', async () => {
  await ordersOf('acme');
  await assert.rejects(app.api.get('/orders'), { kind: 'configuration' });
  assert.deepEqual(servers.callers, ['acme']);
});

test('when one tenant gets no tokens, it is told when to try again, and the other is served', async () => {
  servers.endpoints.acme.failNext({ status: 503, retryAfter: 60 });
  const [acme, globex] = await Promise.all([ordersOf('acme'), ordersOf('globex')]);
  assert.deepEqual([acme.statusCode, acme.headers['retry-after'], globex.statusCode], [503, '60', 200]);
});

test('a tenant whose secret is wrong gets no 401, and neither answer nor log holds a secret', async () => {
  servers.endpoints.acme.failNext({ status: 401, error: 'invalid_client' });
  const { statusCode, body } = await ordersOf('acme');
  assert.equal(statusCode, 502);
  assert.ok(logged.some((line) => line.includes('invalid_client')));
  for (const { secrets } of Object.values(servers.endpoints)) assertNoSecrets([body, logged], secrets);
});

test('as the service closes, the tokens of all tenants are revoked', async () => {
  const endpoints = Object.values(servers.endpoints);
  const live = () => endpoints.map((endpoint) => endpoint.accepts(endpoint.issued[0]));
  await Promise.all([ordersOf('acme'), ordersOf('globex')]);
  assert.deepEqual(live(), [true, true]);
  await app.close();
  assert.deepEqual(live(), [false, false]);
});
