// Does a person who signs in at the pool's pages come back with tokens that go on by themselves, and can they leave again?
import { createHash } from 'node:crypto';
import { startCognitoApi, startOidcProvider } from '@axios-authorizer/test-kit';
import { jwtClaims } from '@axios-authorizer/core/extend';
import { createCognitoClient, hostedUi, OAuth2Authorizer } from '../../src/index.js';
import { afterwards, failureOf, passing } from '../stage.js';
import type { PendingSignIn } from '../../src/index.js';
import { cameBack, clientId, logoutUri, redirectUri, sentTo, stage, tokenRequests } from './stage.js';

it('the way there says who asks for what, with a challenge, a state and a nonce of its own each time (G9)', async () => {
  const { ui, pool } = await stage();
  const [one, other] = [await ui.signInUrl(), await ui.signInUrl()];
  const { origin, pathname, searchParams } = new URL(one.url);
  expect(origin + pathname).toBe(`${pool.origin}/oauth2/authorize`);
  expect(Object.fromEntries(searchParams)).toEqual({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid things/read',
    state: one.pending.state,
    nonce: one.pending.nonce,
    code_challenge: createHash('sha256').update(one.pending.codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  expect(one.pending.codeVerifier).toMatch(/^[\w-]{43}$/);
  const secrets = [one, other].flatMap(({ pending }) => [pending.state, pending.nonce, pending.codeVerifier]);
  expect(new Set(secrets).size).toBe(6);
});

it('parameters of all sign-ins and of one go to the pages, a list as several (G8, G9)', async () => {
  const { ui } = await stage({
    options: { parameters: { lang: 'de', resource: ['https://a.example', 'https://b.example'] } },
  });
  const { url } = await ui.signInUrl({
    parameters: { lang: 'fr', identity_provider: 'Google', login_hint: 'ada@example.org' },
  });
  const { searchParams } = new URL(url);
  expect(searchParams.getAll('lang')).toEqual(['fr']);
  expect(searchParams.getAll('resource')).toEqual(['https://a.example', 'https://b.example']);
  expect([searchParams.get('identity_provider'), searchParams.get('login_hint')]).toEqual([
    'Google',
    'ada@example.org',
  ]);
});

it('the code is handed in with its verifier, and what pending is may have been JSON meanwhile (G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  const token = await there.ui.callback(url, JSON.parse(JSON.stringify(pending)) as PendingSignIn);
  expect(Object.fromEntries(tokenRequests(there)[0] ?? [])).toEqual({
    grant_type: 'authorization_code',
    code: new URL(url).searchParams.get('code'),
    redirect_uri: redirectUri,
    code_verifier: pending.codeVerifier,
    client_id: clientId,
  });
  expect(there.pool.valid(token.accessToken)).toBe(true);
  expect(jwtClaims(token.idToken ?? '')).toMatchObject({ nonce: pending.nonce, email: 'ada@example.org' });
  expect(token.refreshToken).toBeDefined();
});

it('a server hands in the path of its request, and a client with a secret authenticates by Basic (G9)', async () => {
  const app = { clientId: 'the app', clientSecret: 'a secret: 100% +more/=&?' };
  const there = await stage({ options: { ...app }, pool: { clients: [app] } });
  const { url, pending } = await cameBack(there);
  const { pathname, search } = new URL(url);
  await expect(there.ui.callback(pathname + search, pending)).resolves.toHaveProperty('refreshToken');
  expect(tokenRequests(there)[0]?.has('client_id')).toBe(false);
});

it('the scope that was not answered is the one asked for (RFC 6749 5.1), also after a refresh (G8)', async () => {
  const there = await stage({ options: { scope: ['openid', 'things/read'] } });
  const { url, pending } = await cameBack(there);
  const token = await there.ui.callback(url, pending);
  expect(token.scope).toBe('openid things/read');
  const { domain, clock } = there.options;
  const authorizer = new OAuth2Authorizer({ clientId }, { domain, clock, grant: 'refresh_token' });
  await authorizer.setToken(token);
  expect((await authorizer.getToken({ force: true })).scope).toBe('openid things/read');
});

it('the token goes to an authorizer that refreshes it, retries a 401 and revokes it at the end (G9)', async () => {
  const there = await stage({ pool: { refreshRotation: { graceSeconds: 0 } } });
  const api = await startCognitoApi(there.pool);
  afterwards(() => api.stop());
  const { domain, clock } = there.options;
  const client = createCognitoClient({ domain, clientId, grant: 'refresh_token', clock }, { baseURL: api.origin });
  expect(await failureOf(client.get('/things'))).toMatchObject({ kind: 'session', code: 'not_authenticated' });
  const { url, pending } = await cameBack(there);
  await client.authorizer.setToken(await there.ui.callback(url, pending));
  expect((await client.get('/things')).status).toBe(200);
  there.pool.revokeAccessTokens();
  expect((await client.get('/things')).status).toBe(200);
  await there.clock.advance(300_000);
  expect((await client.get('/things')).status).toBe(200);
  expect(tokenRequests(there).map((form) => form.get('grant_type'))).toEqual([
    'authorization_code',
    'refresh_token',
    'refresh_token',
  ]);
  await client.authorizer.logout();
  expect(await failureOf(client.get('/things'))).toMatchObject({ kind: 'session' });
  expect(there.pool.requests.some((request) => request.url === '/oauth2/revoke')).toBe(true);
});

it('with tokenUse the id token is the one that counts, and the token ends with it (G5, G9)', async () => {
  const there = await stage({ options: { tokenUse: 'id' } });
  const { url, pending } = await cameBack(there);
  const token = await there.ui.callback(url, pending);
  const { iat = 0, exp = 0 } = jwtClaims(token.idToken ?? '') as { iat?: number; exp?: number };
  expect(Number(token.expiresAt) - Number(token.issuedAt)).toBe((exp - iat) * 1000);
});

it('the way out ends the session of the pool and leads back to the app (G9)', async () => {
  const { ui, pool } = await stage();
  const url = ui.signOutUrl();
  expect(Object.fromEntries(new URL(url).searchParams)).toEqual({ client_id: clientId, logout_uri: logoutUri });
  expect(url.startsWith(`${pool.origin}/logout?`)).toBe(true);
  expect(await sentTo(url)).toBe(logoutUri);
});

it('a token endpoint that is busy for a moment is asked again (C5, G9)', async () => {
  const there = await stage();
  const { url, pending } = await cameBack(there);
  there.pool.next('/oauth2/token', { status: 503, json: {} });
  const token = await passing(there.clock, there.ui.callback(url, pending));
  expect(there.pool.valid(token.accessToken)).toBe(true);
});

it('oidc-provider, which checks PKCE and signs the nonce, is content as well (G9)', async () => {
  const provider = await startOidcProvider();
  afterwards(() => provider.stop());
  const { clientId: id, clientSecret } = provider.clients.rotating;
  const urls = { authorizeUrl: `${provider.issuer}/auth`, tokenUrl: provider.tokenUrl, issuer: provider.issuer };
  const back = { redirectUri: 'https://client.example/callback' };
  const options = { ...urls, ...back, clientId: id, clientSecret, scope: 'openid offline_access api' };
  const ui = hostedUi({ ...options, parameters: { prompt: 'consent' } });
  const { url, pending } = await ui.signInUrl();
  const callback = await provider.authorize(url);
  expect(new URL(callback).searchParams.get('iss')).toBe(provider.issuer);
  const forged = { ...pending, codeVerifier: pending.nonce };
  const elsewhere = hostedUi(options);
  expect(await failureOf(elsewhere.callback(await provider.authorize(url), forged))).toMatchObject({
    error: 'invalid_grant',
  });
  const token = await ui.callback(callback, pending);
  expect(await provider.isActive(token.accessToken)).toBe(true);
  expect(jwtClaims(token.idToken ?? '')).toMatchObject({ nonce: pending.nonce, iss: provider.issuer, aud: id });
});
