// Asks the handler as two people and as nobody, and prints what it answers. Runs in Node, Bun and Deno.
import { createHandler } from './handler.mjs';
import { startServers } from './servers.mjs';

const { settings, endpoint, api, close } = await startServers();
const handler = createHandler(settings);

for (const cookie of ['session=ada', 'session=bob', 'session=ada', '']) {
  const request = new Request('https://shop.example.org/orders', { headers: { cookie } });
  const response = await handler.fetch(request);
  console.log(`${cookie || 'nobody'}: ${response.status} ${JSON.stringify(await response.json())}`);
}
console.log(`the API saw: ${api.calls.map(({ authorization }) => authorization).join(', ')}`);
console.log(`token requests: ${endpoint.calls.length}`);
await close();
