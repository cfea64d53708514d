// Runs the service, with the tenants "acme" and "globex" on this machine, until Ctrl-C.
import { buildApp } from './app.mjs';
import { startServers } from './servers.mjs';

const servers = await startServers('acme', 'globex');
const app = buildApp({ ...servers.settings, logger: true });
const address = await app.listen({ port: 0 });
console.log(`curl -i -H 'X-Tenant: acme' ${address}/orders`);
process.once('SIGINT', async () => {
  await app.close();
  await servers.close();
});
