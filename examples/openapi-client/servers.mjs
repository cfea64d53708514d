// What the client calls, on this machine: an authorization server, the shop's API, and a server that is somebody else's.
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';

export async function startServers() {
  const endpoint = await startTokenEndpoint();
  const [shop, stranger] = await Promise.all([
    startApi({
      accepts: endpoint,
      routes: {
        'GET /orders': { json: [{ item: 'chair', count: 4 }] },
        'POST /orders': { status: 201, json: { item: 'table', count: 1 } },
      },
    }),
    startApi(),
  ]);
  const { url: tokenUrl, clientId, clientSecret } = endpoint;
  return {
    endpoint,
    shop,
    stranger,
    settings: { baseUrl: shop.url, tokenUrl, clientId, clientSecret },
    close: () => Promise.all([endpoint, shop, stranger].map((server) => server.close())),
  };
}
