// createCognitoClient: an axios client that is told nothing about tokens.
import { ConfigurationError } from '@axios-authorizer/core';
import { leaks } from '@axios-authorizer/test-kit';
import { createCognitoClient, SRPAuthorizer } from '../../src/index.js';
import { asked, clientId, failureOf } from '../stage.js';
import { signIn } from '../refresh/stage.js';
import { adapters, apiKey, clientOf, credentials, none, scene, stranger } from './stage.js';

describe.each(adapters)('over the %s adapter', (adapter) => {
  const config = { adapter };

  it('token and key arrive, and the first request signs in (G1)', async () => {
    const { pool, api, client } = await scene({ config, options: { transport: { adapter } } });
    const { data } = await client.get<{ readonly path: string }>('/things', { params: { page: 1 } });
    expect(data.path).toBe('/things?page=1');
    expect(asked(pool)).toEqual(signIn);
    expect(credentials(api)).toEqual([[`Bearer ${client.authorizer.accessToken}`, apiKey]]);
  });

  it('the key is not told to the pool, and the token not either (G2)', async () => {
    const { pool, client } = await scene({ config, options: { transport: { adapter } } });
    await client.get('/things');
    expect(pool.requests.map(({ headers }) => [headers.authorization, headers['x-api-key']])).toEqual([none, none]);
  });

  it('two hundred requests at once cost one sign-in (G1)', async () => {
    const { pool, api, client } = await scene({ config });
    const answers = await Promise.all(Array.from({ length: 200 }, (_, id) => client.get(`/things/${id}`)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect([asked(pool), api.served, api.refused]).toEqual([signIn, 200, 0]);
  });

  it('a request that is refused is sent again with body, method and key as they were (G3)', async () => {
    const { pool, api, client } = await scene({ config });
    await client.get('/things');
    pool.revokeAccessTokens();
    expect((await client.put('/things/1', { name: 'a thing' })).status).toBe(200);
    const [refused, resent] = api.requests.slice(1);
    expect(resent).toMatchObject({ method: 'PUT', url: '/things/1', body: refused?.body });
    expect(resent?.headers['x-api-key']).toBe(apiKey);
    expect(resent?.headers.authorization).not.toBe(refused?.headers.authorization);
  });

  it('a stranger’s URL gets neither token nor key, and costs no sign-in (G2)', async () => {
    const other = await stranger();
    const { pool, client } = await scene({ config });
    await client.get(`${other.origin}/things`);
    expect(credentials(other)).toEqual([none]);
    expect(asked(pool)).toEqual([]);
  });

  it('a neighbour of the base URL on the same server gets neither (G2)', async () => {
    const { api, ...base } = await scene();
    const client = clientOf(base, { ...config, baseURL: `${api.origin}/v1` });
    await client.get('/things');
    for (const path of ['/v2/things', '/v1x', '/', '/v1/../v2', '/v1/%2e%2e/v2'])
      await client.get(`${api.origin}${path}`, { validateStatus: null });
    const [inScope, ...outside] = credentials(api);
    expect(inScope).toEqual([`Bearer ${client.authorizer.accessToken}`, apiKey]);
    expect(outside).toEqual([none, none, none, none, none]);
  });

  it('a request that says authorizer: false carries neither (G2)', async () => {
    const { api, client } = await scene({ config });
    await client.get('/things', { authorizer: false, validateStatus: null });
    expect(credentials(api)).toEqual([none]);
  });
});

it('the pool of the tests has an API that does refuse: without the key, with another, without the token (G2)', async () => {
  const { api, client, ...base } = await scene();
  const other = clientOf({ ...base, clientInfo: { clientId, apiKey: 'another-key' } }, { baseURL: api.origin });
  const without = clientOf({ ...base, clientInfo: { clientId } }, { baseURL: api.origin });
  const statuses = [other, without].map(async (one) => (await one.get('/a', { validateStatus: null })).status);
  expect(await Promise.all(statuses)).toEqual([403, 403]);
  const headers = { Authorization: 'Bearer nothing', 'X-Api-Key': apiKey };
  expect((await client.get('/a', { headers, authorizer: false, validateStatus: null })).status).toBe(401);
});

it('authorizer and further defaults are in reach (G1)', async () => {
  const { api, client } = await scene({ config: { timeout: 9_000, headers: { 'X-Program': 'the-program' } } });
  expect(client.authorizer).toBeInstanceOf(SRPAuthorizer);
  expect([client.authorizer.clientId, client.authorizer.username]).toEqual([clientId, undefined]);
  await client.get('/things');
  expect(client.authorizer.username).toBe('alice');
  expect(client.defaults).toMatchObject({ baseURL: api.origin, timeout: 9_000 });
  expect(api.requests[0]?.headers).toMatchObject({ 'x-program': 'the-program' });
});

it('without an API key none is sent (G2)', async () => {
  const { api, ...base } = await scene();
  const client = clientOf({ ...base, clientInfo: { clientId } }, { baseURL: api.origin });
  expect(await failureOf(client.get('/things'))).toMatchObject({ response: { status: 403 } });
  expect(credentials(api)).toEqual([[`Bearer ${client.authorizer.accessToken}`, undefined]]);
});

it('neither baseURL nor allow is a ConfigurationError when the client is made (G2)', async () => {
  const base = await scene();
  expect(() => clientOf(base, {})).toThrow(ConfigurationError);
});

it('`allow` without a base URL is enough (G2)', async () => {
  const { api, clientInfo, options } = await scene();
  const client = createCognitoClient({ ...options, clientInfo, allow: api.origin });
  expect((await client.get(`${api.origin}/things`)).status).toBe(200);
});

it('neither token nor key shows in what the client returns or throws (G2)', async () => {
  const { api, client } = await scene();
  const response = await client.get('/things');
  api.next({ status: 500 });
  const failure = await failureOf(client.get('/things'));
  const secrets = [String(client.authorizer.accessToken), apiKey, String(client.authorizer.token?.refreshToken)];
  expect([...leaks(response, secrets), ...leaks(failure, secrets), ...leaks(client, secrets)]).toEqual([]);
});

it('headers(url) gives both to a request that axios does not make, in scope alone (G2)', async () => {
  const { api, client } = await scene();
  const headers = await client.authorizer.headers(`${api.origin}/socket`);
  expect(headers).toEqual({ Authorization: `Bearer ${client.authorizer.accessToken}`, 'X-Api-Key': apiKey });
  expect(await client.authorizer.headers('https://elsewhere.example.org/')).toEqual({});
});
