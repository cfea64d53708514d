// Can people sign in to the server that a user's test starts, in a browser and on another device, and is a code good for nothing else?
import {
  Authorizer,
  authorizationCodeSource,
  authorizationRequest,
  clientCredentialsSource,
  clientSecretBasic,
  deviceCodeSource,
  discoverServer,
  publicClient,
  readCallback,
} from '@axios-authorizer/core';
import { jwtClaims } from '@axios-authorizer/core/extend';
import { dpopProof } from '@axios-authorizer/core/dpop';
import { assertNoSecrets, manualClock, startTokenEndpoint } from '@axios-authorizer/testing';
import type { EndpointRequest, TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/testing';
import axios from 'axios';
import type { AxiosResponse } from 'axios';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const started: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of started.splice(0)) await one.close();
});

async function startEndpoint(options?: TokenEndpointOptions): Promise<TokenEndpoint> {
  const endpoint = await startTokenEndpoint({ clientId: 'app', clientSecret: null, ...options });
  started.push(endpoint);
  return endpoint;
}

type Json = Readonly<Record<string, string>>;

const clientAuth = publicClient({ clientId: 'app' });
const redirectUri = 'http://127.0.0.1:9/callback?kept=1';

/** A browser that follows nothing. */
function visit(url: string | URL, form?: Readonly<Record<string, string>>): Promise<AxiosResponse<string>> {
  const method = form === undefined ? 'get' : 'post';
  const data = form && new URLSearchParams(form);
  return axios.request<string>({
    url: String(url),
    method,
    data,
    maxRedirects: 0,
    validateStatus: null,
    responseType: 'text',
  });
}

/** Where the browser is sent. */
async function callbackFrom(url: string | URL, form?: Readonly<Record<string, string>>): Promise<URL> {
  const { headers } = await visit(url, form);
  return new URL(String(headers['location']));
}

function post(url: string, form: Readonly<Record<string, string>>): Promise<AxiosResponse<Json>> {
  return axios.post<Json>(url, new URLSearchParams(form), { validateStatus: null });
}

// RFC 7636, appendix B
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

function authorizationUrl(
  { authorizationUrl: url }: TokenEndpoint,
  change: Readonly<Record<string, string | undefined>> = {},
): URL {
  const asked = {
    response_type: 'code',
    client_id: 'app',
    redirect_uri: redirectUri,
    state: 'a state & more',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...change,
  };
  const found = new URL(url);
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) found.searchParams.set(name, value);
  return found;
}

describe('in a browser', () => {
  test('our own client signs a person in by issuer alone, with state, PKCE and iss (C24, C25)', async () => {
    const endpoint = await startEndpoint({ rotateRefreshTokens: true });
    const server = await discoverServer(endpoint.issuer);
    const { url, pending } = await authorizationRequest({ server, clientId: 'app', redirectUri, scope: 'read' });
    const page = await visit(url);
    expect(page.data).toContain('Let app act for you? It asks for: read.');
    const callback = await callbackFrom(url, { approve: '' });
    expect(callback.searchParams.get('kept')).toBe('1');
    const grant = readCallback(callback, pending);
    const authorizer = new Authorizer(authorizationCodeSource({ issuer: endpoint.issuer, clientAuth, grant }));
    expect(await authorizer.getToken()).toMatchObject({ scope: 'read', tokenType: 'Bearer' });
    await authorizer.getToken({ force: true });
    expect(endpoint.calls.map(({ grantType }) => grantType)).toEqual(['authorization_code', 'refresh_token']);
    assertNoSecrets(endpoint.calls, endpoint.secrets);
    expect(endpoint.secrets).toContain(grant.code);
  });

  test('with the scope openid an id token says who signed in; its signature is that of the key set', async () => {
    const endpoint = await startEndpoint({ signIns: 'approve' });
    const { issuer } = endpoint;
    const server = await discoverServer(issuer);
    const parameters = { max_age: '60' };
    const { url, pending } = await authorizationRequest({
      server,
      clientId: 'app',
      redirectUri,
      scope: 'openid',
      parameters,
    });
    const grant = readCallback(await callbackFrom(url), pending);
    const token = await new Authorizer(authorizationCodeSource({ issuer, clientAuth, grant })).getToken();
    const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
    const { payload } = await jwtVerify(`${token.idToken}`, keys, { issuer, audience: 'app', algorithms: ['RS256'] });
    expect(payload).toMatchObject({ sub: 'ada', nonce: pending.nonce });
    expect(endpoint.secrets).toContain(token.idToken);
    const { data } = await post(endpoint.deviceAuthorizationUrl, { client_id: 'app', scope: 'openid' });
    const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
    const form = { grant_type: deviceGrant, client_id: 'app', device_code: `${data['device_code']}` };
    expect(jwtClaims(`${(await post(endpoint.url, form)).data['id_token']}`)).toMatchObject({ sub: 'ada', aud: 'app' });
  });

  test('a code that is bound to a key is good with that key alone (RFC 9449, 10)', async () => {
    const endpoint = await startEndpoint({ dpop: true, signIns: 'approve' });
    const server = await discoverServer(endpoint.issuer);
    const [dpop, other] = [await dpopProof(), await dpopProof()];
    const asked = { server, clientId: 'app', redirectUri, dpopJkt: await dpop.thumbprint() };
    const { url, pending } = await authorizationRequest(asked);
    const grant = readCallback(await callbackFrom(url), pending);
    const tokenOf = (key: typeof dpop): Promise<unknown> =>
      new Authorizer(authorizationCodeSource({ tokenUrl: endpoint.url, clientAuth, grant, dpop: key })).getToken();
    await expect(tokenOf(other)).rejects.toMatchObject({ kind: 'session' });
    await expect(tokenOf(dpop)).resolves.toMatchObject({ tokenType: 'DPoP', boundTo: await dpop.thumbprint() });
  });

  test.each<[what: string, query: string, expected: Json]>([
    ['approves', '&approve', { state: 'a state & more' }],
    ['declines', '&decline', { state: 'a state & more', error: 'access_denied' }],
  ])('who %s in the URL sees no page', async (_, query, expected) => {
    const endpoint = await startEndpoint();
    const callback = await callbackFrom(`${authorizationUrl(endpoint)}${query}`);
    expect(Object.fromEntries(callback.searchParams)).toMatchObject({ ...expected, iss: endpoint.issuer });
    expect(callback.searchParams.has('code')).toBe(expected['error'] === undefined);
  });

  test('people can decline all along', async () => {
    const endpoint = await startEndpoint({ signIns: 'decline' });
    expect((await callbackFrom(authorizationUrl(endpoint))).searchParams.get('error')).toBe('access_denied');
  });

  test.each<[what: string, change: Readonly<Record<string, string | undefined>>, error: string]>([
    ['a challenge', { code_challenge: undefined }, 'invalid_request'],
    ['a challenge of its length', { code_challenge: 'short' }, 'invalid_request'],
    ['S256', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['response_type=code', { response_type: 'token' }, 'unsupported_response_type'],
    ['a query to answer in', { response_mode: 'fragment' }, 'invalid_request'],
  ])('wants %s, and says so to the client', async (_, change, error) => {
    const endpoint = await startEndpoint({ signIns: 'approve' });
    const { searchParams } = await callbackFrom(authorizationUrl(endpoint, change));
    expect([searchParams.get('error'), searchParams.get('state'), searchParams.has('code')]).toEqual([
      error,
      'a state & more',
      false,
    ]);
  });

  test.each<[what: string, change: Readonly<Record<string, string | undefined>>]>([
    ['another client', { client_id: 'other' }],
    ['nowhere to go back to', { redirect_uri: undefined }],
    ['a script to go back to', { redirect_uri: 'javascript:alert(1)' }],
    ['a fragment to go back to', { redirect_uri: 'http://127.0.0.1:9/#a' }],
  ])('sends %s nowhere', async (_, change) => {
    const endpoint = await startEndpoint({ signIns: 'approve' });
    const { status, headers } = await visit(authorizationUrl(endpoint, change));
    expect([status, headers['location']]).toEqual([400, undefined]);
  });

  test('what comes along is text on the page', async () => {
    const endpoint = await startEndpoint();
    const { data, headers } = await visit(authorizationUrl(endpoint, { scope: '<script>&"' }));
    expect(data).toContain('It asks for: &lt;script&gt;&amp;&quot;.');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  test.each<[what: string, change: Readonly<Record<string, string>>]>([
    ['another verifier', { code_verifier: `${VERIFIER.slice(1)}x` }],
    ['no verifier', { code_verifier: '' }],
    ['another place to go back to', { redirect_uri: 'http://127.0.0.1:9/callback' }],
  ])('a code with %s is invalid_grant, and still good with the right one, once', async (_, change) => {
    const endpoint = await startEndpoint({ signIns: 'approve' });
    const { searchParams } = await callbackFrom(authorizationUrl(endpoint));
    const code = `${searchParams.get('code')}`;
    const right = {
      grant_type: 'authorization_code',
      client_id: 'app',
      code,
      redirect_uri: redirectUri,
      code_verifier: VERIFIER,
    };
    expect((await post(endpoint.url, { ...right, ...change })).data).toMatchObject({ error: 'invalid_grant' });
    expect((await post(endpoint.url, right)).status).toBe(200);
    expect((await post(endpoint.url, right)).data).toMatchObject({ error: 'invalid_grant' });
  });

  test('a code that was not issued is granted as it comes, and none at all is invalid_request', async () => {
    const endpoint = await startEndpoint();
    const form = { grant_type: 'authorization_code', client_id: 'app' };
    expect((await post(endpoint.url, { ...form, code: 'made-up' })).status).toBe(200);
    expect((await post(endpoint.url, form)).data['error']).toBe('invalid_request');
  });

  test('a code expires after ten minutes', async () => {
    const clock = manualClock();
    const endpoint = await startEndpoint({ signIns: 'approve', clock });
    const { searchParams } = await callbackFrom(authorizationUrl(endpoint));
    await clock.advance(600_000);
    const form = { code: `${searchParams.get('code')}`, redirect_uri: redirectUri, code_verifier: VERIFIER };
    const answer = await post(endpoint.url, { grant_type: 'authorization_code', client_id: 'app', ...form });
    expect(answer.data).toMatchObject({ error: 'invalid_grant', error_description: 'the code has expired' });
  });
});

describe('on another device (C25)', () => {
  test('our own client waits for the person, at the pace that the server says', async () => {
    const clock = manualClock();
    const endpoint = await startEndpoint({ clock });
    const codes: string[] = [];
    const secondsUntil = async (isThere: () => boolean): Promise<void> => {
      for (; !isThere(); await clock.advance(1000)) await visit(`${endpoint.issuer}/device`); // a second, and time for an answer
    };
    const source = deviceCodeSource({
      issuer: endpoint.issuer,
      clientAuth,
      scope: 'read',
      clock,
      onUserCode: ({ userCode, verificationUri, verificationUriComplete }) => {
        codes.push(userCode, verificationUri, `${verificationUriComplete}`);
      },
    });
    const token = new Authorizer(source, { clock }).getToken({ force: true });
    await secondsUntil(() => codes.length > 0);
    const [userCode = '', page, complete] = codes;
    expect([page, complete]).toEqual([`${endpoint.issuer}/device`, `${endpoint.issuer}/device?user_code=${userCode}`]);
    expect(userCode).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    await secondsUntil(() => endpoint.calls[0]?.status !== undefined);
    endpoint.approve(userCode);
    await secondsUntil(() => endpoint.calls[1]?.status !== undefined);
    expect(await token).toMatchObject({ scope: 'read' });
    expect(endpoint.calls.map(({ error }) => error)).toEqual(['authorization_pending', undefined]);
  });

  test('the page takes the code however it is typed in, and asks whether it is the one', async () => {
    const endpoint = await startEndpoint();
    const { data } = await post(endpoint.deviceAuthorizationUrl, { client_id: 'app', scope: 'a<b' });
    expect((await visit(`${data['verification_uri']}`)).data).toContain('name="user_code"');
    const typed = `${data['user_code']}`.toLowerCase().replace('-', ' ');
    const page = await visit(`${data['verification_uri']}?user_code=${typed}`);
    expect(page.data).toContain(
      `Does your device show ${data['user_code']}? Let app act for you there? It asks for: a&lt;b.`,
    );
    const approved = await visit(`${data['verification_uri_complete']}`, { approve: '' });
    expect(approved.data).toContain('Approved. Back to the device.');
    expect((await visit(`${data['verification_uri']}?user_code=BBBB-BBBB`)).status).toBe(400);
    const answer = await poll(endpoint, data);
    expect([answer.status, answer.data['scope']]).toEqual([200, 'a<b']);
    expect((await poll(endpoint, data)).data['error']).toBe('invalid_grant');
    expect((await visit(`${data['verification_uri_complete']}`)).status).toBe(400);
  });

  test('who asks too early asks 5 s less often from then on; at the end the code has expired', async () => {
    const clock = manualClock();
    const endpoint = await startEndpoint({ clock, deviceIntervalS: 2, deviceLifetimeS: 30 });
    const { data } = await post(endpoint.deviceAuthorizationUrl, { client_id: 'app' });
    expect(data).toMatchObject({ interval: 2, expires_in: 30 });
    const errors: unknown[] = [];
    for (const waitMs of [0, 2000, 1899, 6900, 6899, 12_299, 3]) {
      await clock.advance(waitMs);
      errors.push((await poll(endpoint, data)).data['error']);
    }
    const [pending, slower] = ['authorization_pending', 'slow_down'];
    expect(errors).toEqual([pending, pending, slower, pending, slower, pending, 'expired_token']);
  });

  test('a person who declines is access_denied, at once; whom no device knows cannot be asked for', async () => {
    const endpoint = await startEndpoint();
    const { data } = await post(endpoint.deviceAuthorizationUrl, { client_id: 'app' });
    expect((await poll(endpoint, data)).data['error']).toBe('authorization_pending');
    endpoint.decline(`${data['user_code']}`);
    expect((await poll(endpoint, data)).data['error']).toBe('access_denied');
    expect((await poll(endpoint, { device_code: 'made-up' })).data['error']).toBe('invalid_grant');
    expect(() => endpoint.approve('BBBB-BBBB')).toThrow('No device waits');
    expect((await post(endpoint.deviceAuthorizationUrl, { client_id: 'other' })).status).toBe(401);
  });

  function poll({ url }: TokenEndpoint, { device_code: code }: Json): Promise<AxiosResponse<Json>> {
    const grant = 'urn:ietf:params:oauth:grant-type:device_code';
    return post(url, { grant_type: grant, client_id: 'app', device_code: `${code}` });
  }
});

test('the issuer is enough for a source, and says what is there (C24)', async () => {
  const seen: EndpointRequest[] = [];
  const endpoint = await startEndpoint({ clientSecret: 'a-secret', dpop: true, onRequest: (one) => seen.push(one) });
  const { issuer, clientId, clientSecret } = endpoint;
  const source = clientCredentialsSource({
    issuer,
    clientAuth: clientSecretBasic({ clientId, clientSecret }),
    dpop: await dpopProof(),
  });
  expect(await new Authorizer(source).getToken()).toMatchObject({ tokenType: 'DPoP' });
  expect(await discoverServer(issuer)).toMatchObject({
    issuer,
    authorizationEndpoint: endpoint.authorizationUrl,
    tokenEndpoint: endpoint.url,
    deviceAuthorizationEndpoint: endpoint.deviceAuthorizationUrl,
    introspectionEndpoint: endpoint.introspectionUrl,
    revocationEndpoint: endpoint.revocationUrl,
    issParameterSupported: true,
  });
  await visit(`${endpoint.authorizationUrl}?client_id=other`);
  const path = '/.well-known/oauth-authorization-server';
  expect(seen).toEqual([
    { method: 'GET', path, status: 200 },
    { method: 'GET', path, status: 200 },
    { method: 'GET', path: '/authorize', status: 400 },
  ]);
  const [here, there] = [path, '/.well-known/openid-configuration'].map((one) => axios.get<unknown>(issuer + one));
  expect((await here)?.data).toEqual((await there)?.data);
});
