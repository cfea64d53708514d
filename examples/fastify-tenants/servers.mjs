// What the service calls, on this machine: an authorization server for each tenant, and the API that accepts their tokens.
import { startApi, startTokenEndpoint } from '@axios-authorizer/testing';

/** @returns besides the settings of the service `callers`: the tenants whose tokens came to the API, in order */
export async function startServers(...names) {
  const endpoints = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await startEndpoint(name)])));
  const callers = [];
  const api = await startApi({ accepts, routes: { 'GET /orders': { json: ['a chair', 'a table'] } } });
  return {
    endpoints,
    callers,
    settings: { apiUrl: api.url, tenants: Object.fromEntries(names.map((name) => [name, tenantOf(endpoints[name])])) },
    close: () => Promise.all([api, ...Object.values(endpoints)].map((server) => server.close())),
  };

  function accepts(token) {
    const tenant = names.find((name) => endpoints[name].accepts(token));
    callers.push(tenant ?? 'nobody');
    return tenant !== undefined;
  }
}

function startEndpoint(name) {
  return startTokenEndpoint({ clientId: `orders-of-${name}` });
}

function tenantOf({ url: tokenUrl, revocationUrl, clientId, clientSecret }) {
  return { tokenUrl, revocationUrl, clientId, clientSecret };
}
