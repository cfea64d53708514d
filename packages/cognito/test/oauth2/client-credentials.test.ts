// Does the app client get a token of its own as RFC 6749 section 4.4 and Cognito's token endpoint want it?
import { ManualClock, startOidcProvider } from '@axios-authorizer/test-kit';
import { OAuth2Authorizer } from '../../src/index.js';
import { app, basic, failureOf, hourMs, tokenEndpoint } from './stage.js';
import type { OidcProvider } from '@axios-authorizer/test-kit';

it('by default it asks for client credentials, with id and secret form-encoded in Basic (C15)', async () => {
  const endpoint = await tokenEndpoint();
  const authorizer = new OAuth2Authorizer(app, { tokenUrl: endpoint.url });
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'token-1', tokenType: 'Bearer' });
  const [request] = endpoint.requests;
  expect(request).toMatchObject({ method: 'POST', headers: { authorization: basic, accept: 'application/json' } });
  expect(String(request?.headers['content-type'])).toMatch(/^application\/x-www-form-urlencoded/);
  expect([...(endpoint.bodies[0] ?? [])]).toEqual([['grant_type', 'client_credentials']]);
});

it.each<[what: string, scope: string | readonly string[] | undefined, sent: string | null]>([
  ['one', 'orders/read', 'orders/read'],
  ['several in a text', 'orders/read orders/write', 'orders/read orders/write'],
  ['a list', ['orders/read', 'orders/write'], 'orders/read orders/write'],
  ['an empty list', [], null],
  ['an empty text', '', null],
  ['none', undefined, null],
])('scope: %s (C15)', async (_, scope, sent) => {
  const endpoint = await tokenEndpoint();
  const grant = 'client_credentials';
  await new OAuth2Authorizer(app, { tokenUrl: endpoint.url, grant, scope }).getToken();
  expect(endpoint.bodies[0]?.get('scope')).toBe(sent);
});

it('the next token is asked for anew, a refresh token in the answer is left alone (C15)', async () => {
  const clock = new ManualClock();
  const endpoint = await tokenEndpoint({ clock });
  endpoint.next({ json: { access_token: 'first', token_type: 'Bearer', expires_in: 300, refresh_token: 'stray' } });
  const authorizer = new OAuth2Authorizer(app, { tokenUrl: endpoint.url, clock });
  expect(await authorizer.getToken()).not.toHaveProperty('refreshToken');
  await clock.advance(hourMs);
  await authorizer.getToken();
  expect(endpoint.bodies.map((body) => body.get('grant_type'))).toEqual(['client_credentials', 'client_credentials']);
});

it('a hundred callers share one request (C2)', async () => {
  const endpoint = await tokenEndpoint();
  const authorizer = new OAuth2Authorizer(app, { tokenUrl: endpoint.url });
  const tokens = await Promise.all(Array.from({ length: 100 }, () => authorizer.getToken()));
  expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
  expect(endpoint.calls).toBe(1);
});

describe('at a certified provider', () => {
  let provider: OidcProvider;

  beforeAll(async () => {
    provider = await startOidcProvider();
  });
  afterAll(() => provider.stop());

  it('the token is granted, and is good (C16)', async () => {
    const { tokenUrl, clients } = provider;
    const authorizer = new OAuth2Authorizer(clients.basic, { tokenUrl, scope: ['api'] });
    const { accessToken, scope } = await authorizer.getToken();
    await expect(provider.isActive(accessToken)).resolves.toBe(true);
    expect(scope).toBe('api');
  });

  it('logout revokes it (C16)', async () => {
    const { tokenUrl, revocationUrl, clients } = provider;
    const authorizer = new OAuth2Authorizer(clients.basic, { tokenUrl, revocationUrl });
    const { accessToken } = await authorizer.getToken();
    await authorizer.logout();
    await expect(provider.isActive(accessToken)).resolves.toBe(false);
  });

  it('a wrong secret asks for a person, and is not tried again by itself (C5)', async () => {
    const { tokenUrl, clients } = provider;
    const before = await provider.counters();
    const wrong = { ...clients.basic, clientSecret: 'wrong' };
    const authorizer = new OAuth2Authorizer(wrong, { tokenUrl });
    expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'credentials', error: 'invalid_client' });
    expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'cooling_down', kind: 'credentials' });
    expect((await provider.counters()).tokenRequests - before.tokenRequests).toBe(1);
  });
});
