// Runs the clients against services on this machine and prints who called them, with which token.
import { createClients } from './clients.mjs';
import { startServers } from './servers.mjs';

const servers = await startServers();
const { orders, reports } = createClients({ orders: servers.orders.settings, reports: servers.reports.settings });

await Promise.all([orders.get('/orders'), orders.get('/orders'), reports.get('/monthly'), reports.get('/monthly')]);
servers.orders.endpoint.revokeAll();
await orders.get('/orders');

for (const [name, { api, endpoint, close }] of Object.entries(servers)) {
  console.log(`${name}: ${endpoint.calls.length} token requests`);
  for (const { method, path, status, authorization, hasApiKey } of api.calls)
    console.log(`  ${method} ${path}  ${status}  ${authorization}${hasApiKey ? ', with X-Api-Key' : ''}`);
  await close();
}
