// Does X-Api-Key go with every request in scope, and nowhere else, redirects included?
import axios from 'axios';
import { attachAuth } from '@axios-authorizer/core';
import { OAuth2Authorizer } from '../../src/index.js';
import { app, resourceServer, tokenEndpoint } from './stage.js';
import type { ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import type { AxiosInstance } from 'axios';

const { apiKey } = app;

interface Stage {
  readonly api: ResourceServer;
  readonly elsewhere: ResourceServer;
  readonly endpoint: TokenEndpoint;
  readonly client: AxiosInstance;
}

async function stage(adapter: string, clientInfo: typeof app | Omit<typeof app, 'apiKey'> = app): Promise<Stage> {
  const [endpoint, api, elsewhere] = [await tokenEndpoint(), await resourceServer({ apiKey }), await resourceServer()];
  const client = axios.create({ baseURL: api.origin, adapter });
  elsewhere.accepts = () => true;
  attachAuth(client, new OAuth2Authorizer(clientInfo, { tokenUrl: endpoint.url }));
  return { api, elsewhere, endpoint, client };
}

/** What of ours each request carried. */
function carried({ requests }: ResourceServer): readonly (readonly [unknown, unknown])[] {
  return requests.map(({ headers }) => [headers['x-api-key'], headers.authorization]);
}

const bare = [undefined, undefined];
const full = [apiKey, 'Bearer token-1'];

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  it('the key goes with the token, and the API lets both in (C9)', async () => {
    const { api, client } = await stage(adapter);
    expect((await client.get('/orders')).status).toBe(200);
    expect((await client.post('/orders', { item: 1 })).status).toBe(200);
    expect(carried(api)).toEqual([full, full]);
  });

  it('without one there is no such header, which this API refuses (C9)', async () => {
    const { apiKey: _none, ...keyless } = app;
    const { api, client } = await stage(adapter, keyless);
    expect((await client.get('/orders', { validateStatus: null })).status).toBe(403);
    expect(carried(api)).toEqual([[undefined, 'Bearer token-1']]);
  });

  it('a request not allowed has neither, and asks for no token (C9)', async () => {
    const { elsewhere, endpoint, client } = await stage(adapter);
    await client.get(`${elsewhere.origin}/orders`);
    expect(carried(elsewhere)).toEqual([bare]);
    expect(endpoint.calls).toBe(0);
  });

  it.each([301, 302, 303, 307, 308])('a redirect by %i to another origin loses both (C9)', async (status) => {
    const { api, elsewhere, client } = await stage(adapter);
    const params = { to: `${elsewhere.origin}/orders`, status };
    expect((await client.get('/redirect', { params })).status).toBe(200);
    expect([carried(api), carried(elsewhere)]).toEqual([[full], [bare]]);
  });

  it('a redirect within the origin keeps both (C9)', async () => {
    const { api, client } = await stage(adapter);
    expect((await client.get('/redirect', { params: { to: '/orders' } })).status).toBe(200);
    expect(carried(api)).toEqual([full, full]);
  });

  it('the key is sent again with the new token after a 401 (C7)', async () => {
    const { api, endpoint, client } = await stage(adapter);
    await client.get('/orders');
    endpoint.revokeAll();
    api.accepts = (bearer) => endpoint.valid(bearer ?? '');
    expect((await client.get('/orders')).status).toBe(200);
    expect(carried(api)).toEqual([full, full, [apiKey, 'Bearer token-2']]);
  });
});

it('the key does not go to the token endpoint (C9)', async () => {
  const { endpoint, client } = await stage('http');
  await client.get('/orders');
  expect(endpoint.requests.map(({ headers }) => headers['x-api-key'])).toEqual([undefined]);
});
