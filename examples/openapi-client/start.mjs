// Uses the generated client and prints what it got, and what the authorizer says about it.
import { logObserver } from '@axios-authorizer/core';
import { createShopClient } from './dist/client.js';
import { startServers } from './servers.mjs';

const { settings, endpoint, close } = await startServers();
const shop = createShopClient({ ...settings, observer: logObserver(console.log) });

console.log((await shop.GET('/orders', { params: { query: { customer: 'ada' } } })).data);
endpoint.revokeAll();
console.log((await shop.POST('/orders', { body: { item: 'table', count: 1 } })).data);

console.log('--- with an access token of its own');
shop.use({ onRequest: ({ request }) => request.headers.set('Authorization', 'Bearer my-old-token') });
console.log((await shop.GET('/orders')).response.status);
await close();
