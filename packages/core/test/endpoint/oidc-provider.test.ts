// Do the sources get along with a certified OpenID provider?
import { startOidcProvider } from '@axios-authorizer/test-kit';
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretPost,
  introspectToken,
  refreshTokenSource,
  revokeToken,
} from '../../src/index.js';
import { adapters, failureOf } from './stage.js';
import type { OidcProvider, OidcSignIn } from '@axios-authorizer/test-kit';

let provider: OidcProvider;

beforeAll(async () => {
  provider = await startOidcProvider();
});
afterAll(() => provider.stop());

/** A signed-in user under an authorizer that refreshes, and revokes at logout. */
async function session(): Promise<{ authorizer: Authorizer; login: OidcSignIn }> {
  const login = await provider.signIn();
  const { tokenUrl, revocationUrl, clients } = provider;
  const source = refreshTokenSource({ tokenUrl, revocationUrl, clientAuth: clientSecretBasic(clients.rotating) });
  const { accessToken, refreshToken } = login;
  return { login, authorizer: new Authorizer(source, { initialToken: { accessToken, refreshToken } }) };
}

describe.each(adapters)('over the %s adapter', (adapter) => {
  const transport = { adapter };

  it('clientSecretBasic is taken, with a secret full of signs (C16)', async () => {
    const { tokenUrl, clients } = provider;
    const clientAuth = clientSecretBasic(clients.basic);
    const source = clientCredentialsSource({ tokenUrl, clientAuth, scope: 'api', transport });
    const token = await new Authorizer(source).getToken();
    await expect(provider.isActive(token.accessToken)).resolves.toBe(true);
    expect(token).toMatchObject({ tokenType: 'Bearer', scope: 'api' });
  });

  it('clientSecretPost is taken, with a secret full of signs (C16)', async () => {
    const { tokenUrl, clients } = provider;
    const source = clientCredentialsSource({ tokenUrl, clientAuth: clientSecretPost(clients.post), transport });
    const { accessToken } = await new Authorizer(source).getToken();
    await expect(provider.isActive(accessToken)).resolves.toBe(true);
  });

  it('a wrong secret asks for a person (C16)', async () => {
    const { tokenUrl, clients } = provider;
    const clientAuth = clientSecretBasic({ ...clients.basic, clientSecret: 'wrong' });
    const source = clientCredentialsSource({ tokenUrl, clientAuth, transport });
    const error = await failureOf(new Authorizer(source).getToken());
    expect(error).toMatchObject({ kind: 'credentials', status: 401, error: 'invalid_client' });
  });

  it('introspection tells an active token from another (C16)', async () => {
    const { accessToken } = await provider.signIn();
    const clientAuth = clientSecretBasic(provider.clients.basic);
    const question = { url: provider.introspectionUrl, clientAuth, transport };
    await expect(introspectToken({ ...question, token: accessToken })).resolves.toBe(true);
    await expect(introspectToken({ ...question, token: 'nonsense' })).resolves.toBe(false);
  });

  it('introspection without credentials cannot be answered (C16)', async () => {
    const { accessToken: token } = await provider.signIn();
    await expect(introspectToken({ url: provider.introspectionUrl, token, transport })).resolves.toBeUndefined();
  });

  it('a revoked token is inactive (C16)', async () => {
    const { accessToken: token } = await provider.signIn();
    const clientAuth = clientSecretBasic(provider.clients.rotating);
    await revokeToken({ url: provider.revocationUrl, token, clientAuth, transport });
    await expect(provider.isActive(token)).resolves.toBe(false);
  });
});

it('refresh tokens rotate under an authorizer, and none is presented twice (C16)', async () => {
  const { authorizer, login } = await session();
  const before = await provider.counters();
  const seen = new Set([login.refreshToken]);
  for (let round = 0; round < 4; round += 1) {
    const { refreshToken } = await authorizer.getToken({ force: true });
    seen.add(String(refreshToken));
  }
  const after = await provider.counters();
  expect(seen.size).toBe(5);
  expect(after.tokenRequests - before.tokenRequests).toBe(4);
  expect(after.refreshReuses).toBe(before.refreshReuses);
});

it('twenty forced callers at once cost one rotation (C2)', async () => {
  const { authorizer } = await session();
  const before = await provider.counters();
  const tokens = await Promise.all(Array.from({ length: 20 }, () => authorizer.getToken({ force: true })));
  const after = await provider.counters();
  expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBeLessThanOrEqual(2);
  expect(after.tokenRequests - before.tokenRequests).toBeLessThanOrEqual(2);
  expect(after.refreshReuses).toBe(before.refreshReuses);
});

it('logout revokes the session at the provider (C16)', async () => {
  const { authorizer, login } = await session();
  await authorizer.logout();
  await expect(provider.isActive(login.accessToken)).resolves.toBe(false);
  const { tokenUrl, clients } = provider;
  const clientAuth = clientSecretBasic(clients.rotating);
  const again = refreshTokenSource({ tokenUrl, clientAuth, refreshToken: login.refreshToken });
  expect(await failureOf(new Authorizer(again).getToken())).toMatchObject({ kind: 'session' });
});

it('a refresh token that the provider spent elsewhere ends the session (C16)', async () => {
  const { authorizer } = await session();
  const thief = new Authorizer(
    refreshTokenSource({ tokenUrl: provider.tokenUrl, clientAuth: clientSecretBasic(provider.clients.rotating) }),
    { initialToken: { refreshToken: String(authorizer.token?.refreshToken) } },
  );
  await thief.getToken();
  const error = await failureOf(authorizer.getToken({ force: true }));
  expect(error).toMatchObject({ kind: 'session' });
});
