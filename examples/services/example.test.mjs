import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { createClients } from './clients.mjs';
import { startServers } from './servers.mjs';

let servers, clients;

beforeEach(async () => {
  servers = await startServers();
  clients = createClients({ orders: servers.orders.settings, reports: servers.reports.settings });
});
afterEach(() => Promise.all([servers.orders.close(), servers.reports.close()]));

const times = (count, work) => Promise.all(Array.from({ length: count }, work));
const seen = ({ api }) => api.calls.map(({ status, authorization }) => `${status} ${authorization}`);

test('each service is sent its own token, asked for once, and the API key goes to one of them', async () => {
  await Promise.all([times(20, () => clients.orders.get('/orders')), times(20, () => clients.reports.get('/monthly'))]);
  for (const { endpoint, api } of Object.values(servers)) {
    assert.equal(endpoint.calls.length, 1);
    assert.equal(api.calls.length, 20);
    assert.ok(api.calls.every(({ status, authorization }) => status === 200 && authorization === 'Bearer #1'));
  }
  assert.ok(servers.reports.api.calls.every(({ hasApiKey }) => hasApiKey));
  assert.ok(servers.orders.api.calls.every(({ hasApiKey }) => !hasApiKey));
});

test('what one service revokes costs the other nothing', async () => {
  await Promise.all([clients.orders.get('/orders'), clients.reports.get('/monthly')]);
  servers.orders.endpoint.revokeAll();
  await Promise.all([clients.orders.get('/orders'), clients.reports.get('/monthly')]);
  assert.deepEqual(seen(servers.orders), ['200 Bearer #1', '401 Bearer #1', '200 Bearer #2']);
  assert.deepEqual(seen(servers.reports), ['200 Bearer #1', '200 Bearer #1']);
  assert.equal(servers.reports.endpoint.calls.length, 1);
});

test('the client of one service takes neither token nor API key to the other', async () => {
  await clients.orders.get(`${servers.reports.api.url}/monthly`, { validateStatus: null });
  await clients.reports.get(`${servers.orders.api.url}/orders`, { validateStatus: null });
  for (const { endpoint, api } of Object.values(servers)) {
    assert.equal(endpoint.calls.length, 0);
    assert.deepEqual(
      api.calls.map(({ authorization, hasApiKey }) => ({ authorization, hasApiKey })),
      [{ authorization: 'none', hasApiKey: false }],
    );
  }
});

test('a report that fails for a moment is asked for again; an order is not', async () => {
  servers.reports.api.failNext({ status: 503 });
  servers.orders.api.failNext({ status: 503 });
  assert.deepEqual((await clients.reports.get('/monthly')).data, { sold: 2 });
  await assert.rejects(clients.orders.get('/orders'), { status: 503 });
  assert.deepEqual(seen(servers.reports), ['503 Bearer #1', '200 Bearer #1']);
  assert.deepEqual(seen(servers.orders), ['503 Bearer #1']);
});
