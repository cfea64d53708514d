// One call for the whole thing, a part of several services, or a pair of interceptors: do all three serve an OAuth 2 client?
import axios from 'axios';
import { composeClients, transientRetry } from '@axios-authorizer/core';
import {
  cognitoInterceptors,
  cognitoService,
  createCognitoClient,
  OAuth2Authorizer,
  SRPAuthorizer,
} from '../../src/index.js';
import { app, resourceServer, tokenEndpoint } from './stage.js';
import type { ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import type { OAuth2ClientOptions } from '../../src/index.js';

interface Stage {
  readonly api: ResourceServer;
  readonly endpoint: TokenEndpoint;
  readonly options: OAuth2ClientOptions;
}

async function stage(): Promise<Stage> {
  const endpoint = await tokenEndpoint();
  const api = await resourceServer({ apiKey: app.apiKey, accepts: (bearer) => endpoint.valid(bearer ?? '') });
  return { api, endpoint, options: { clientInfo: app, tokenUrl: endpoint.url, scope: ['orders/read'] } };
}

it('createCognitoClient makes a client that is let in, with its authorizer in reach (C9)', async () => {
  const { api, endpoint, options } = await stage();
  const client = createCognitoClient(options, { baseURL: api.origin, headers: { 'X-Of-My-Own': 'kept' } });
  expect((await client.get('/orders')).status).toBe(200);
  expect(client.authorizer).toBeInstanceOf(OAuth2Authorizer);
  expect(client.authorizer).toMatchObject({ clientId: app.clientId, authenticated: true, accessToken: 'token-1' });
  expect(api.requests[0]?.headers).toMatchObject({ 'x-of-my-own': 'kept', 'x-api-key': app.apiKey });
  expect(endpoint.bodies[0]?.get('scope')).toBe('orders/read');
});

it('a revoked token is retried once (C7)', async () => {
  const { api, endpoint, options } = await stage();
  const client = createCognitoClient(options, { baseURL: api.origin });
  await client.get('/orders');
  endpoint.revokeAll();
  expect((await client.get('/orders')).status).toBe(200);
  expect([api.refused, endpoint.calls]).toEqual([1, 2]);
});

it('by `allow` the token goes there and not to the rest of the base URL (C9)', async () => {
  const { api, options } = await stage();
  const client = createCognitoClient({ ...options, allow: `${api.origin}/v1` }, { baseURL: api.origin });
  await client.get('/v1/orders');
  await client.get('/v10/orders', { validateStatus: null });
  expect(api.bearers()).toEqual(['token-1', undefined]);
});

it('without a base URL and `allow` nobody knows where the token may go (C9)', async () => {
  const { options } = await stage();
  const misled = { kind: 'configuration' };
  expect(() => createCognitoClient(options)).toThrow(expect.objectContaining(misled) as Error);
  expect(() => composeClients({ orders: cognitoService(options) })).toThrow(expect.objectContaining(misled) as Error);
});

it('an `allow` that somebody wrote on Object.prototype is none (C9)', async () => {
  const { options } = await stage();
  Reflect.defineProperty(Object.prototype, 'allow', { value: 'https://evil.example', configurable: true });
  try {
    expect(() => createCognitoClient(options)).toThrow(/where the token may go/);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'allow');
  }
});

it('`unauthorized` says what else rejects the token (C7)', async () => {
  const { api, options } = await stage();
  const unauthorized: OAuth2ClientOptions['unauthorized'] = ({ status }) => status === 418;
  const client = createCognitoClient({ ...options, unauthorized }, { baseURL: api.origin });
  api.next({ status: 418 });
  expect((await client.get('/orders')).status).toBe(200);
  expect(api.bearers()).toEqual(['token-1', 'token-2']);
});

it('`retry` repeats a transient failure of the API, with the same token (C12)', async () => {
  const { api, endpoint, options } = await stage();
  const retry = transientRetry({ retries: 2, retryDelay: () => 0 });
  const client = createCognitoClient({ ...options, retry }, { baseURL: api.origin });
  api.next({ status: 503 }, { status: 503 });
  expect((await client.get('/orders')).status).toBe(200);
  expect([api.requests.length, endpoint.calls]).toEqual([3, 1]);
});

it('cognitoService is a part of composeClients, beside others (C9)', async () => {
  const [orders, stock] = [await stage(), await stage()];
  const clients = composeClients(
    {
      orders: cognitoService(orders.options, { baseURL: orders.api.origin }),
      stock: cognitoService(stock.options, { baseURL: stock.api.origin }),
    },
    { headers: { 'X-Shared': 'yes' } },
  );
  await clients.orders.get('/orders');
  await clients.stock.get('/stock');
  for (const { api, endpoint } of [orders, stock]) {
    expect([api.served, endpoint.calls]).toEqual([1, 1]);
    expect(api.requests[0]?.headers['x-shared']).toBe('yes');
  }
});

it('cognitoInterceptors are the pair for `use`, and hand out the authorizer (C9)', async () => {
  const { api, options } = await stage();
  const { request, response, authorizer } = cognitoInterceptors({ ...options, allow: api.origin });
  const client = axios.create({ baseURL: api.origin });
  client.interceptors.request.use(...request);
  client.interceptors.response.use(...response);
  expect((await client.get('/orders')).status).toBe(200);
  expect(api.bearers()).toEqual([authorizer.accessToken]);
});

it('the authorizer of the interceptors answers for their `allow` (C9)', async () => {
  const { api, options } = await stage();
  const { authorizer } = cognitoInterceptors({ ...options, allow: api.origin });
  await expect(authorizer.headers(`${api.origin}/socket`)).resolves.toEqual({
    Authorization: 'Bearer token-1',
    'X-Api-Key': app.apiKey,
  });
  await expect(authorizer.headers('https://elsewhere.example.com')).resolves.toEqual({});
});

it('a user pool makes it a client by SRP (G1)', () => {
  const options = { clientInfo: app, userPoolId: 'eu-west-1_AbC123', allow: 'https://api.example.com' };
  expect(createCognitoClient(options).authorizer).toBeInstanceOf(SRPAuthorizer);
  expect(cognitoService(options).authorizer).toBeInstanceOf(SRPAuthorizer);
  expect(cognitoInterceptors(options).authorizer).toBeInstanceOf(SRPAuthorizer);
});
