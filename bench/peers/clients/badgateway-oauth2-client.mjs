import { Readable } from 'node:stream';
import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';

export const badgateway = {
  name: '@badgateway/oauth2-client',
  packageName: '@badgateway/oauth2-client',
  used: '`OAuth2Fetch` with `getStoredToken`, as its README says',
  retries401: true,
  bundle: `import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';
    const client = new OAuth2Client({ server: API_URL, clientId: 'app', tokenEndpoint: TOKEN_URL });
    export const wrapper = new OAuth2Fetch({ client, getNewToken: () => client.clientCredentials() });`,
  bare(world) {
    const headers = { authorization: `Bearer ${world.start.accessToken}` };
    return {
      name: 'fetch of a Request with a fixed header',
      send: () => world.fetch(new Request(`${world.apiUrl}/things`, { headers })),
    };
  },
  open(world) {
    const client = new OAuth2Client({ server: world.apiUrl, clientId: world.clientId, tokenEndpoint: world.tokenUrl });
    const wrapper = new OAuth2Fetch({
      client,
      getStoredToken: () => world.start,
      // a person would have to sign in
      getNewToken: () => null,
    });
    const middleware = wrapper.mw();
    const send = world.fetch ? (request) => middleware(request, world.fetch) : (request) => wrapper.fetch(request);
    return {
      send: (request) => sendWith(send, world, request),
      close: () => clearTimeout(wrapper.refreshTimer),
    };
  },
};

async function sendWith(send, { apiUrl, apiKey, isInstant }, { url = '/things', method = 'GET', body } = {}) {
  const headers = apiKey === undefined ? {} : { 'X-Api-Key': apiKey };
  const response = await send(new Request(new URL(url, apiUrl), { method, headers, ...contentOf(body, headers) }));
  // what is not read keeps the connection
  if (!isInstant) await response.text();
  return response;
}

function contentOf(body, headers) {
  if (body === undefined) return {};
  if (body.kind === 'stream') return { body: Readable.toWeb(Readable.from(body.make())), duplex: 'half' };
  if (body.kind === 'form') return { body: body.make() };
  headers['content-type'] = 'application/json';
  return { body: JSON.stringify(body.make()) };
}
