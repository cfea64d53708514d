// Does a server that we did not write take each grant, found by its issuer? The titles are rows of a table in the guide: what |
// the server that judged it | the standard.
import { startOidcProvider } from '@axios-authorizer/test-kit';
import {
  authorizationCodeSource,
  authorizationRequest,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  deviceCodeSource,
  discoverServer,
  publicClient,
  readCallback,
  refreshTokenSource,
} from '../../src/index.js';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import type { TokenSource } from '../../src/index.js';

const scope = 'openid offline_access api';
let provider: OidcProvider;

beforeAll(async () => {
  provider = await startOidcProvider();
});
afterAll(() => provider.stop());

/** What a source gets at once, and by its next refresh, is good. */
async function isTaken(source: TokenSource, refreshes: boolean): Promise<boolean> {
  const authorizer = new Authorizer(source);
  const tokens = [await authorizer.getToken({ force: true }), await authorizer.getToken({ force: true })];
  const [first, second] = await Promise.all(tokens.map(({ accessToken }) => provider.isActive(accessToken)));
  const [before, after] = tokens.map(({ refreshToken }) => refreshToken);
  return first === true && second === true && (!refreshes || before !== after);
}

it('client_credentials | oidc-provider | RFC 6749 section 4.4 (C16, C24)', async () => {
  const clientAuth = clientSecretBasic(provider.clients.basic);
  await expect(
    isTaken(clientCredentialsSource({ issuer: provider.issuer, clientAuth, scope: 'api' }), false),
  ).resolves.toBe(true);
});

it('refresh_token, rotating | oidc-provider | RFC 6749 section 6 (C16, C24)', async () => {
  const { refreshToken } = await provider.signIn();
  const clientAuth = clientSecretBasic(provider.clients.rotating);
  await expect(isTaken(refreshTokenSource({ issuer: provider.issuer, clientAuth, refreshToken }), true)).resolves.toBe(
    true,
  );
});

it('authorization_code, PKCE, state, nonce, iss | oidc-provider | RFC 6749 section 4.1, RFC 7636, RFC 9207 (C24, C25)', async () => {
  const { issuer, nativeClient } = provider;
  const server = await discoverServer(issuer);
  const parameters = { prompt: 'consent' };
  const authorizationUrl = server.authorizationEndpoint ?? '';
  const { url, pending } = await authorizationRequest({ ...nativeClient, authorizationUrl, server, parameters, scope });
  const grant = readCallback(await provider.authorize(url), pending);
  const clientAuth = publicClient({ clientId: nativeClient.clientId });
  await expect(isTaken(authorizationCodeSource({ issuer, clientAuth, scope, grant }), true)).resolves.toBe(true);
});

it('device_code | oidc-provider | RFC 8628 (C24, C25)', async () => {
  let url = '';
  const source = deviceCodeSource({
    issuer: provider.issuer,
    clientAuth: publicClient({ clientId: provider.nativeClient.clientId }),
    scope,
    parameters: { prompt: 'consent' },
    // while the device waits the person confirms
    clock: {
      now: () => Date.now(),
      sleep: async (ms) => {
        await (ms > 5_000 ? new Promise(() => 0) : provider.confirmDevice({ url, deny: false }));
      },
    },
    onUserCode: ({ verificationUriComplete = '' }) => void (url = verificationUriComplete),
  });
  await expect(isTaken(source, true)).resolves.toBe(true);
});
