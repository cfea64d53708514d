// Do the servers that a user's test starts behave like an authorization server and an API, and fail on demand?
import {
  attachAuth,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  introspectToken,
  passwordSource,
  publicClient,
  revokeToken,
} from '@axios-authorizer/core';
import { assertNoSecrets, fakeAuthorizer, manualClock, startApi, startTokenEndpoint } from '@axios-authorizer/testing';
import type { Api, ApiOptions, TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/testing';
import axios from 'axios';
import type { AxiosInstance } from 'axios';

const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.close();
});

async function startEndpoint(options?: TokenEndpointOptions): Promise<TokenEndpoint> {
  const endpoint = await startTokenEndpoint(options);
  started.push(endpoint);
  return endpoint;
}

async function startServer(options?: ApiOptions): Promise<Api> {
  const api = await startApi(options);
  started.push(api);
  return api;
}

function signedInBy({ url, clientId, clientSecret }: TokenEndpoint): Authorizer {
  const clientAuth = clientSecretBasic({ clientId, clientSecret });
  return new Authorizer(passwordSource({ tokenUrl: url, clientAuth, username: 'ada', password: 'her-password' }));
}

function clientOf(api: Api, authorizer: Authorizer): AxiosInstance {
  const client = axios.create({ baseURL: api.url });
  attachAuth(client, authorizer);
  return client;
}

const bearer = (token: string): { headers: Record<string, string>; validateStatus: null } => ({
  headers: { authorization: `Bearer ${token}` },
  validateStatus: null,
});

describe('a token endpoint', () => {
  test('grants to its client, by Basic and in the form, and to no other', async () => {
    const endpoint = await startEndpoint();
    const { url: tokenUrl, clientId, clientSecret } = endpoint;
    for (const clientAuth of [
      clientSecretBasic({ clientId, clientSecret }),
      clientSecretPost({ clientId, clientSecret }),
    ])
      await new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth, scope: 'a' })).getToken();
    const wrong = clientSecretBasic({ clientId, clientSecret: 'another' });
    const failing = new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth: wrong })).getToken();
    await expect(failing).rejects.toMatchObject({ kind: 'credentials' });
    expect(endpoint.calls).toEqual([
      { grantType: 'client_credentials', clientId, scope: 'a', status: 200, error: undefined },
      { grantType: 'client_credentials', clientId, scope: 'a', status: 200, error: undefined },
      { grantType: 'client_credentials', clientId, scope: undefined, status: 401, error: 'invalid_client' },
    ]);
    expect(endpoint.issued).toHaveLength(2);
  });

  test('serves a public client that has no secret', async () => {
    const { url, clientSecret } = await startEndpoint({ clientId: 'page', clientSecret: null });
    const source = clientCredentialsSource({ tokenUrl: url, clientAuth: publicClient({ clientId: 'page' }) });
    expect((await new Authorizer(source).getToken()).refreshToken).toBeUndefined();
    expect(clientSecret).toBe('');
  });

  test('rotates refresh tokens on demand; a spent one that comes again ends its own session only', async () => {
    const endpoint = await startEndpoint({ rotateRefreshTokens: true });
    const [ada, bob] = [signedInBy(endpoint), signedInBy(endpoint)];
    const [first, ofBob] = [await ada.getToken(), await bob.getToken()];
    const second = await ada.getToken({ force: true });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    const form = { grant_type: 'refresh_token', refresh_token: `${first.refreshToken}` };
    const auth = { username: endpoint.clientId, password: endpoint.clientSecret };
    const reused = await axios.post(endpoint.url, new URLSearchParams(form), { auth, validateStatus: null });
    expect(reused.data).toMatchObject({ error: 'invalid_grant' });
    expect(endpoint.reuses).toBe(1);
    const after = new URLSearchParams({ ...form, refresh_token: `${second.refreshToken}` });
    expect((await axios.post(endpoint.url, after, { auth, validateStatus: null })).status).toBe(400);
    expect((await bob.getToken({ force: true })).refreshToken).not.toBe(ofBob.refreshToken);
  });

  test('does without rotation, and without refresh tokens', async () => {
    const [fixed, none] = [await startEndpoint(), await startEndpoint({ refreshTokens: false })];
    const authorizer = signedInBy(fixed);
    const { refreshToken } = await authorizer.getToken();
    expect((await authorizer.getToken({ force: true })).refreshToken).toBe(refreshToken);
    expect((await signedInBy(none).getToken()).refreshToken).toBeUndefined();
  });

  test('lets tokens expire by the clock of the test, and can be asked about them', async () => {
    const clock = manualClock();
    const endpoint = await startEndpoint({ lifetimeS: 60, clock });
    const { accessToken } = await signedInBy(endpoint).getToken();
    const { introspectionUrl: url, clientId, clientSecret } = endpoint;
    const ask = (): Promise<unknown> =>
      introspectToken({ url, token: accessToken, clientAuth: clientSecretBasic({ clientId, clientSecret }) });
    expect([endpoint.accepts(accessToken), await ask()]).toEqual([true, true]);
    await clock.advance(60_000);
    expect([endpoint.accepts(accessToken), await ask()]).toEqual([false, false]);
  });

  test('revokes what a test, or a logout, gives up, and knows what it never issued', async () => {
    const endpoint = await startEndpoint();
    const authorizer = signedInBy(endpoint);
    const { accessToken, refreshToken } = await authorizer.getToken();
    endpoint.revoke(accessToken);
    expect(endpoint.accepts(accessToken)).toBe(false);
    endpoint.revoke(`${refreshToken}`);
    await authorizer.getToken({ force: true }); // the refresh is refused; the password is not
    expect(endpoint.calls.map(({ grantType, status }) => `${status} ${grantType}`)).toEqual([
      '200 password',
      '400 refresh_token',
      '200 password',
    ]);
    const [, second = ''] = endpoint.issued;
    const clientAuth = clientSecretBasic({ clientId: endpoint.clientId, clientSecret: endpoint.clientSecret });
    await revokeToken({ url: endpoint.revocationUrl, token: second, clientAuth });
    expect(endpoint.accepts(second)).toBe(false);
    expect(() => endpoint.revoke('made-up')).toThrow('was not issued by this endpoint');
  });

  test('fails as often as it was told, with a time to wait, and then grants (C5)', async () => {
    const endpoint = await startEndpoint();
    endpoint.failNext({ status: 429, times: 2, retryAfter: 7 });
    endpoint.failNext();
    endpoint.answerNext({ status: 200, text: '<html>' });
    const asks = [1, 2, 3, 4].map(() => axios.post(endpoint.url, '', { validateStatus: null }));
    const answers = await Promise.all(asks);
    expect(answers.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([200, 429, 429, 503]);
    expect(answers.filter(({ headers }) => headers['retry-after'] === '7')).toHaveLength(2);
    await expect(signedInBy(endpoint).getToken()).resolves.toBeDefined();
  });

  test('hangs until it is released, or closed', async () => {
    const endpoint = await startEndpoint();
    const held = endpoint.hangNext();
    const token = signedInBy(endpoint).getToken();
    await held.arrived;
    expect(endpoint.calls).toMatchObject([{ status: undefined }]);
    expect(endpoint.issued).toEqual([]);
    held.release();
    expect(endpoint.issued).toEqual([(await token).accessToken]);
    const lost = endpoint.hangNext();
    const failing = axios.post(endpoint.url).catch((error: unknown) => error);
    await lost.arrived;
    await endpoint[Symbol.asyncDispose]();
    await endpoint.close();
    expect(await failing).toMatchObject({ code: 'ECONNRESET' });
  });

  test('lists what must not be printed', async () => {
    const endpoint = await startEndpoint({ rotateRefreshTokens: true });
    const { accessToken, refreshToken } = await signedInBy(endpoint).getToken();
    expect(endpoint.secrets).toEqual([accessToken, refreshToken, endpoint.clientSecret]);
    assertNoSecrets(endpoint.calls, endpoint.secrets);
  });
});

describe('an API', () => {
  test('lets in the live tokens of its endpoint, and tells them apart by number', async () => {
    const endpoint = await startEndpoint();
    const api = await startServer({ accepts: endpoint });
    const authorizer = signedInBy(endpoint);
    const client = clientOf(api, authorizer);
    await client.get('/items?secret=1');
    endpoint.revokeAll();
    await client.post('/items', {});
    await axios.get(`${api.url}/other`, bearer('made-up'));
    await axios.get(`${api.url}/other`, { auth: { username: 'a', password: 'b' }, validateStatus: null });
    await axios.get(`${api.url}/other`, { validateStatus: null });
    expect(
      api.calls.map(({ method, path, status, authorization }) => `${method} ${path} ${status} ${authorization}`),
    ).toEqual([
      'GET /items 200 Bearer #1',
      'POST /items 401 Bearer #1',
      'POST /items 200 Bearer #2',
      'GET /other 401 Bearer unknown',
      'GET /other 401 Basic',
      'GET /other 401 none',
    ]);
    expect(api.callsTo('POST /items')).toHaveLength(2);
    expect(api.callsTo('/items')).toHaveLength(3);
    assertNoSecrets(api.calls, [...endpoint.secrets, 'made-up']);
  });

  test('challenges as RFC 6750 says', async () => {
    const api = await startServer({ accepts: () => false });
    const answers = [await axios.get(api.url, { validateStatus: null }), await axios.get(api.url, bearer('any'))];
    expect(answers.map(({ headers }): unknown => headers['www-authenticate'])).toEqual([
      'Bearer',
      'Bearer error="invalid_token"',
    ]);
  });

  test('asks a function once a request, and numbers tokens as they come', async () => {
    const accepts = jest.fn((token: string) => token !== 'bad');
    const api = await startServer({ accepts });
    for (const token of ['good', 'bad', 'good']) await axios.get(api.url, bearer(token));
    expect(api.calls.map(({ status, authorization }) => `${status} ${authorization}`)).toEqual([
      '200 Bearer #1',
      '401 Bearer #2',
      '200 Bearer #1',
    ]);
    expect(accepts.mock.calls).toEqual([['good'], ['bad'], ['good']]);
  });

  test('wants its API key, and answers by route', async () => {
    const routes = { 'GET /items': { json: [1] }, '/any': { status: 204 } };
    const api = await startServer({ apiKey: 'the-key', routes });
    api.route('GET /late', { json: 'late', headers: { 'x-a': 'b' } });
    const client = clientOf(api, fakeAuthorizer({ apiKey: 'the-key' }));
    expect((await client.get('/items')).data).toEqual([1]);
    expect((await client.delete('/any')).status).toBe(204);
    expect((await client.get('/late')).headers['x-a']).toBe('b');
    expect((await axios.get(`${api.url}/items`, bearer('any'))).status).toBe(403);
    expect(api.calls.map(({ hasApiKey }) => hasApiKey)).toEqual([true, true, true, false]);
  });

  test('rejects, fails and answers as it was told, in order', async () => {
    const api = await startServer();
    api.rejectNext({ times: 2 });
    api.failNext({ status: 503, retryAfter: 1 });
    api.answerNext({ status: 418, text: 'no' });
    for (let round = 0; round < 5; round += 1) await axios.get(api.url, bearer('any'));
    expect(api.calls.map(({ status }) => status)).toEqual([401, 401, 503, 418, 200]);
  });
});

test('both tell of each request once it was answered, and a server that has ended leaves its port to the next', async () => {
  const told: unknown[] = [];
  const onCall = (call: object): unknown => told.push({ ...call });
  const endpoint = await startEndpoint({ onCall });
  const api = await startServer({ accepts: endpoint, onCall });
  await clientOf(api, signedInBy(endpoint)).get('/items');
  expect(told).toMatchObject([
    { grantType: 'password', status: 200 },
    { method: 'GET', path: '/items', status: 200, authorization: 'Bearer #1' },
  ]);
  await api.close();
  expect((await startServer({ port: Number(new URL(api.url).port) })).url).toBe(api.url);
});

test.each<[string, () => unknown, RegExp]>([
  ['lifetime', () => startTokenEndpoint({ lifetime: 3 } as TokenEndpointOptions), /did you mean lifetimeS\?/],
  ['lifetimeS: "60"', () => startTokenEndpoint({ lifetimeS: '60' } as unknown as TokenEndpointOptions), /lifetimeS/],
  ['clientSecret: 7', () => startTokenEndpoint({ clientSecret: 7 } as unknown as TokenEndpointOptions), /clientSecret/],
  ['accepts: {}', () => startApi({ accepts: {} } as unknown as ApiOptions), /must be a token endpoint/],
  ['accepts: null', () => startApi({ accepts: null } as unknown as ApiOptions), /must be a token endpoint/],
  ['an unknown option of an API', () => startApi({ route: {} } as unknown as ApiOptions), /did you mean routes\?/],
  ['a status that is no failure', async () => (await startServer()).failNext({ status: 200 }), /from 400 to 599/],
  ['a header within a header', async () => (await startServer()).failNext({ retryAfter: '1\r\nx: y' }), /retryAfter/],
  ['an answer that is none', async () => (await startServer()).answerNext('no' as never), /must be an object/],
  ['a method in small letters', () => startApi({ routes: { 'get /items': {} } }), /A route is a method/],
  ['a path that does not begin', async () => (await startServer()).callsTo('items'), /A route is a method/],
  ['a delay below 0', () => startApi({ delayMs: -1 }), /delayMs/],
  ['a delay in words', () => startTokenEndpoint({ delayMs: '1' } as unknown as TokenEndpointOptions), /delayMs/],
  ['a port beyond the last', () => startTokenEndpoint({ port: 65_536 }), /port/],
  ['a port in words', () => startApi({ port: '80' } as unknown as ApiOptions), /port/],
  ['no times', async () => (await startServer()).failNext({ times: 0 }), /at least 1/],
  ['half a time', async () => (await startServer()).rejectNext({ times: 0.5 }), /at least 1/],
])('%s is refused', async (_, action, words) => {
  await expect((async () => action())()).rejects.toThrow(words);
});
