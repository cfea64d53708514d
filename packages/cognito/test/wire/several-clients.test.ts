// Several clients of one program: they share a session where they are told to, and keep apart what is theirs.
import axios from 'axios';
import { composeClients, ConfigurationError, memoryTokenStore, transientRetry } from '@axios-authorizer/core';
import { cognitoInterceptors, cognitoService, SRPAuthorizer } from '../../src/index.js';
import type { CognitoToken } from '../../src/index.js';
import { asked, failureOf } from '../stage.js';
import { later, lifeMs, refresh, rotating, signIn } from '../refresh/stage.js';
import { apiKey, apiOf, clientOf, credentials, none, scene, stranger } from './stage.js';

it('two clients over one store sign in once (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const { pool, api, client, ...base } = await scene({ options: { store } });
  const other = clientOf(base, { baseURL: api.origin });
  await Promise.all([client.get('/a'), other.get('/b')]);
  expect(asked(pool)).toEqual(signIn);
  expect(new Set(api.bearers())).toEqual(new Set([client.authorizer.accessToken]));
});

it.each([
  ['that lasts', {}],
  ['that is rotated', rotating],
])('five clients over one store refresh once, with a refresh token %s (G3)', async (_kind, pool) => {
  const store = memoryTokenStore<CognitoToken>();
  const base = await scene({ pool, options: { store } });
  const clients = [base.client, ...Array.from({ length: 4 }, () => clientOf(base, { baseURL: base.api.origin }))];
  const all = (): Promise<unknown> => Promise.all(clients.map((client) => client.get('/things')));
  await all();
  later(base, lifeMs);
  await all();
  expect(asked(base.pool)).toEqual([...signIn, refresh]);
  expect([base.api.served, base.api.refused]).toEqual([10, 0]);
});

it('two clients over one store refresh once after a refusal of both (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const base = await scene({ pool: rotating, options: { store } });
  const other = clientOf(base, { baseURL: base.api.origin });
  await Promise.all([base.client.get('/a'), other.get('/a')]);
  base.pool.revokeAccessTokens();
  await Promise.all([base.client.get('/b'), other.get('/b')]);
  expect(asked(base.pool)).toEqual([...signIn, refresh]);
});

it('a device is shared with the session (G3)', async () => {
  const store = memoryTokenStore<CognitoToken>();
  const base = await scene({ pool: { deviceTracking: 'always' }, options: { store } });
  const other = clientOf(base, { baseURL: base.api.origin });
  await base.client.get('/a');
  await other.get('/a');
  later(base, lifeMs);
  await other.get('/b');
  expect(base.pool.operations.at(-1)).toMatchObject({
    name: refresh,
    body: { DeviceKey: base.client.authorizer.token?.device?.key },
  });
});

it('composeClients: each service has its own user, pool and key (G1)', async () => {
  const [one, two] = [
    await scene(),
    await scene({ client: { apiKey: 'another-key' }, api: { apiKey: 'another-key' } }),
  ];
  const clients = composeClients(
    {
      records: cognitoService({ ...one.options, clientInfo: one.clientInfo }, { baseURL: one.api.origin }),
      files: cognitoService({ ...two.options, clientInfo: two.clientInfo }, { baseURL: two.api.origin }),
    },
    { timeout: 9_000 },
  );
  await Promise.all([clients.records.get('/a'), clients.files.get('/b')]);
  expect([one.api.served, two.api.served]).toEqual([1, 1]);
  expect([asked(one.pool), asked(two.pool)]).toEqual([signIn, signIn]);
  expect(clients.records.authorizer).toBeInstanceOf(SRPAuthorizer);
  expect(clients.files.defaults.timeout).toBe(9_000);
  await clients.records.get(`${two.api.origin}/a`, { validateStatus: null });
  expect(credentials(two.api).at(-1)).toEqual(none);
});

it('composeClients: `allow`, `unauthorized` and `retry` of a service are heeded (G3)', async () => {
  const { api, pool, clientInfo, options } = await scene();
  const unauthorized = ({ status }: { readonly status: number }): boolean => status === 418;
  const service = cognitoService({
    ...options,
    clientInfo,
    allow: api.origin,
    unauthorized,
    retry: transientRetry({ retries: 1 }),
  });
  const { things } = composeClients({ things: service });
  await things.get(`${api.origin}/a`);
  api.next({ status: 418 });
  await things.get(`${api.origin}/b`);
  expect(pool.count(refresh)).toBe(1);
  api.next({ status: 503 });
  expect((await things.get(`${api.origin}/c`)).status).toBe(200);
});

it('interceptors by hand do what the client does (G1)', async () => {
  const { api, pool, clientInfo, options } = await scene();
  const client = axios.create({ baseURL: api.origin });
  const { request, response, authorizer } = cognitoInterceptors({ ...options, clientInfo, allow: api.origin });
  const requestId = client.interceptors.request.use(...request);
  const responseId = client.interceptors.response.use(...response);
  await client.get('/a');
  pool.revokeAccessTokens();
  await client.get('/b');
  expect([api.served, pool.count(refresh)]).toEqual([2, 1]);
  expect(credentials(api).at(-1)).toEqual([`Bearer ${authorizer.accessToken}`, apiKey]);
  const other = await stranger();
  await client.get(`${other.origin}/a`);
  expect(credentials(other)).toEqual([none]);
  client.interceptors.request.eject(requestId);
  client.interceptors.response.eject(responseId);
  await client.get('/c', { validateStatus: null });
  expect(credentials(api).at(-1)).toEqual(none);
});

it('interceptors that are handed to use() in one piece fail each request, and say that both are to be spread (G8)', async () => {
  const { api, clientInfo, options } = await scene();
  const { request, response } = cognitoInterceptors({ ...options, clientInfo, allow: api.origin });
  for (const kind of ['request', 'response'] as const) {
    const client = axios.create({ baseURL: api.origin });
    Reflect.apply(client.interceptors[kind].use, client.interceptors[kind], [kind === 'request' ? request : response]);
    const error = await failureOf(client.get('/a', { validateStatus: null }));
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toContain('request.use(...request) and client.interceptors.response.use(...response)');
  }
  expect(request).toHaveLength(3);
  expect([request[1], request[2]]).toMatchObject([null, { synchronous: true }]);
  expect([...response]).toEqual([response[0], response[1]]);
});

it('interceptors know no base URL: `allow` that is empty or no URL is a ConfigurationError (G2)', async () => {
  const { clientInfo, options } = await scene();
  expect(() => cognitoInterceptors({ ...options, clientInfo, allow: [] })).toThrow(ConfigurationError);
  expect(() => cognitoInterceptors({ ...options, clientInfo, allow: '/things' })).toThrow(ConfigurationError);
});

it('one user of two APIs, one of which refuses: only that one’s request fails (G3)', async () => {
  const { api, client: _client, ...base } = await scene();
  const friend = await apiOf(base);
  const { clientInfo, options } = base;
  const service = cognitoService({ ...options, clientInfo, allow: [api.origin, friend.origin] });
  const { both } = composeClients({ both: service });
  await Promise.all([both.get(`${api.origin}/a`), both.get(`${friend.origin}/a`)]);
  friend.accepts = () => false;
  expect(await failureOf(both.get(`${friend.origin}/b`))).toMatchObject({ response: { status: 401 } });
  expect((await both.get(`${api.origin}/b`)).status).toBe(200);
});
