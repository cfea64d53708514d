// What the application calls, on this machine: two services, each with an authorization server of its own.
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';

export async function startServers() {
  const [orders, reports] = await Promise.all([
    startService('orders', { 'GET /orders': { json: ['a chair', 'a table'] } }),
    startService('reports', { 'GET /monthly': { json: { sold: 2 } } }, 'key-of-the-shop'),
  ]);
  return { orders, reports };
}

async function startService(clientId, routes, apiKey) {
  const endpoint = await startTokenEndpoint({ clientId: `shop-at-${clientId}` });
  const api = await startApi({ accepts: endpoint, apiKey, routes });
  const { url: tokenUrl, clientSecret } = endpoint;
  return {
    endpoint,
    api,
    settings: { baseURL: api.url, tokenUrl, clientId: endpoint.clientId, clientSecret, apiKey },
    close: () => Promise.all([endpoint.close(), api.close()]),
  };
}
