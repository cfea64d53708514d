// Does the real provider, in its own process, authenticate, rotate, revoke and fail the way the tests above it rely on?

import { startOidcProvider } from '@axios-authorizer/test-kit';
import { ask, basic, outcome, postForm } from './ask.js';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

let provider: OidcProvider;

function basicOf(name: keyof OidcProvider['clients']): string {
  const { clientId, clientSecret } = provider.clients[name];
  return basic(clientId, clientSecret);
}

function clientCredentials(): Promise<Asked> {
  return postForm(provider.tokenUrl, { grant_type: 'client_credentials', scope: 'api' }, basicOf('basic'));
}

function refresh(refreshToken: unknown): Promise<Asked> {
  const form = { grant_type: 'refresh_token', refresh_token: String(refreshToken) };
  return postForm(provider.tokenUrl, form, basicOf('rotating'));
}

async function introspect(token: unknown): Promise<Asked['json']> {
  return (await postForm(provider.introspectionUrl, { token: String(token) }, basicOf('basic'))).json;
}

beforeAll(async () => {
  provider = await startOidcProvider();
});
afterAll(() => provider.stop());

test('client_secret_basic gets a token of 300 s, with a secret that must be form-encoded', async () => {
  const { status, json } = await clientCredentials();
  expect(status).toBe(200);
  expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'api' });
  await expect(provider.isActive(String(json?.['access_token']))).resolves.toBe(true);
});

test('client_secret_post gets a token, a wrong secret gets none', async () => {
  const { clientId, clientSecret } = provider.clients.post;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  expect((await postForm(provider.tokenUrl, form)).status).toBe(200);
  const wrong = await postForm(provider.tokenUrl, { ...form, client_secret: 'wrong' });
  expect(wrong).toMatchObject({ status: 401, json: { error: 'invalid_client' } });
});

test('a refresh token is rotated, and both new tokens are good', async () => {
  const login = await provider.signIn({ scope: 'openid api' });
  expect(login.expiresIn).toBe(300);
  const { json } = await refresh(login.refreshToken);
  expect(json).toMatchObject({ scope: 'openid api' });
  expect(json?.['refresh_token']).not.toBe(login.refreshToken);
  await expect(provider.isActive(String(json?.['access_token']))).resolves.toBe(true);
  expect((await refresh(json?.['refresh_token'])).status).toBe(200);
});

test('a rotated refresh token that comes again ends its family and no other', async () => {
  const [login, other] = [await provider.signIn(), await provider.signIn()];
  const before = await provider.counters();
  const { json } = await refresh(login.refreshToken);
  expect(await refresh(login.refreshToken)).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  expect((await refresh(json?.['refresh_token'])).status).toBe(400);
  await expect(provider.isActive(login.accessToken)).resolves.toBe(false);
  await expect(provider.isActive(String(json?.['access_token']))).resolves.toBe(false);
  expect((await refresh(other.refreshToken)).status).toBe(200);
  const after = await provider.counters();
  expect(after.refreshReuses - before.refreshReuses).toBe(1);
  expect(after.refused - before.refused).toBe(2);
  expect(after.granted - before.granted).toBe(2);
});

test('of two refreshes with one token at the same time exactly one is granted', async () => {
  const { refreshToken } = await provider.signIn();
  const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
});

test('tokens live 2 s when told so', async () => {
  await provider.setTokenLife(2);
  const { json } = await clientCredentials();
  await provider.setTokenLife(300);
  expect(json?.['expires_in']).toBe(2);
  const { iat, exp } = (await introspect(json?.['access_token'])) ?? {};
  expect(Number(exp) - Number(iat)).toBe(2);
});

test('a token is inactive once its life is over', async () => {
  await provider.setTokenLife(1);
  const { accessToken } = await provider.signIn();
  await provider.setTokenLife(300);
  let active = true;
  while (active) {
    const json = await introspect(accessToken);
    active = json?.['active'] === true;
  }
  await expect(provider.isActive(accessToken)).resolves.toBe(false);
});

test('introspection knows a token until it is revoked', async () => {
  const before = await provider.counters();
  const token = String((await clientCredentials()).json?.['access_token']);
  await expect(introspect(token)).resolves.toMatchObject({ active: true, client_id: 'basic-client', scope: 'api' });
  expect((await postForm(provider.revocationUrl, { token }, basicOf('basic'))).status).toBe(200);
  await expect(introspect(token)).resolves.toEqual({ active: false });
  const after = await provider.counters();
  expect(after.introspections - before.introspections).toBe(2);
  expect(after.revocations - before.revocations).toBe(1);
});

test('a paused token endpoint answers 503 and grants nothing', async () => {
  const before = await provider.counters();
  await provider.pause();
  expect((await clientCredentials()).status).toBe(503);
  await provider.resume();
  expect((await clientCredentials()).status).toBe(200);
  const after = await provider.counters();
  expect(after.tokenRequests - before.tokenRequests).toBe(2);
  expect(after.granted - before.granted).toBe(1);
  expect(after.refused).toBe(before.refused);
});

test('discovery names the endpoints that the handle has', async () => {
  const { json } = await ask(`${provider.issuer}/.well-known/openid-configuration`);
  expect(json).toMatchObject({
    issuer: provider.issuer,
    token_endpoint: provider.tokenUrl,
    introspection_endpoint: provider.introspectionUrl,
    revocation_endpoint: provider.revocationUrl,
    jwks_uri: provider.jwksUrl,
  });
  const keys = (await ask(provider.jwksUrl)).json?.['keys'];
  expect(keys).toEqual([expect.objectContaining({ kty: 'EC', alg: 'ES256' })]);
});

test('a stopped provider leaves no question open and takes no further one', async () => {
  const other = await startOidcProvider({ accessTokenSeconds: 7 });
  await expect(other.signIn()).resolves.toMatchObject({ expiresIn: 7 });
  const open = Promise.all(Array.from({ length: 50 }, () => outcome(other.counters())));
  await other.stop();
  await other.stop();
  await expect(open).resolves.toHaveLength(50);
  await expect(other.counters()).rejects.toThrow('has ended');
});
