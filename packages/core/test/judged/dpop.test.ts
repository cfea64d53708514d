// Does a server that we did not write bind its tokens to our keys, with each grant, with and without nonces of its own? The titles
// are rows of a table in the guide.
import axios from 'axios';
import { startOidcProvider } from '@axios-authorizer/test-kit';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import { dpopProof } from '../../src/dpop/index.js';
import type { DpopProof } from '../../src/dpop/index.js';
import {
  attachAuth,
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
import type { AuthorizationCode, TokenSource, UserCode } from '../../src/index.js';

const scope = 'openid offline_access api';

describe.each([
  ['DPoP', false],
  ['DPoP where nonces are required', true],
])('%s', (name, dpopNonces) => {
  let provider: OidcProvider;
  let dpop: DpopProof;

  beforeAll(async () => {
    provider = await startOidcProvider({ dpopNonces });
  });
  beforeEach(async () => {
    dpop = await dpopProof();
  });
  afterAll(() => provider.stop());

  /** A session that is used at an API of the provider, and refreshed; no proof and no refresh token is presented twice. */
  async function sessionOf(authorizer: Authorizer): Promise<string> {
    const client = axios.create({ baseURL: provider.issuer });
    attachAuth(client, authorizer);
    const { refused } = await provider.counters();
    const seen = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      seen.add((await client.get<{ sub: string }>(provider.userinfoUrl)).data.sub);
      expect(authorizer.token).toMatchObject({ tokenType: 'DPoP', boundTo: await dpop.thumbprint() });
      await authorizer.getToken({ force: true });
    }
    const counters = await provider.counters();
    expect(counters.refused - refused).toBeLessThanOrEqual(dpopNonces ? 1 : 0); // the first nonce
    expect(counters).toMatchObject({ proofReplays: 0, refreshReuses: 0 });
    return [...seen].join(' and ');
  }

  it(`${name} with client_credentials | oidc-provider | RFC 9449 (C23)`, async () => {
    const { tokenUrl, clients } = provider;
    const clientAuth = clientSecretBasic(clients.basic);
    const token = await new Authorizer(
      clientCredentialsSource({ tokenUrl, clientAuth, scope: 'api', dpop }),
    ).getToken();
    expect(token).toMatchObject({ tokenType: 'DPoP', boundTo: await dpop.thumbprint() });
    await expect(provider.isActive(token.accessToken)).resolves.toBe(true);
  });

  it(`${name} with code + PKCE + dpop_jkt | oidc-provider | RFC 9449 (C23)`, async () => {
    const source = codeSource(provider, await codeFor(provider, dpop), dpop);
    await expect(sessionOf(new Authorizer(source))).resolves.toBe('somebody');
  });

  it(`${name} with a code of another key: refused | oidc-provider | RFC 9449 (C23)`, async () => {
    const another = codeSource(provider, await codeFor(provider, dpop), await dpopProof());
    await expect(new Authorizer(another).getToken()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it(`${name} with rotated refresh tokens | oidc-provider | RFC 9449 (C23)`, async () => {
    const { tokenUrl, clients } = provider;
    const { refreshToken } = await provider.signIn();
    const source = refreshTokenSource({ tokenUrl, clientAuth: clientSecretBasic(clients.rotating), dpop });
    const authorizer = new Authorizer(source, { initialToken: { refreshToken } });
    await expect(sessionOf(authorizer)).resolves.toBe('somebody');
  });

  it(`${name} with device code | oidc-provider | RFC 9449 (C23)`, async () => {
    const { issuer, nativeClient } = provider;
    const codes: UserCode[] = [];
    const confirmed = async (): Promise<void> => {
      await provider.confirmDevice({ url: codes.at(-1)?.verificationUriComplete ?? '' });
    };
    const source = deviceCodeSource({
      issuer,
      clientAuth: publicClient({ clientId: nativeClient.clientId }),
      scope,
      parameters: { prompt: 'consent' },
      clock: { now: () => Date.now(), sleep: (ms) => (ms > 5_000 ? new Promise(() => 0) : confirmed()) },
      onUserCode: (code) => codes.push(code),
      dpop,
    });
    const authorizer = new Authorizer(source);
    await authorizer.getToken({ force: true });
    await expect(sessionOf(authorizer)).resolves.toBe('somebody');
  });
});

function codeSource({ issuer, nativeClient }: OidcProvider, grant: AuthorizationCode, dpop: DpopProof): TokenSource {
  const clientAuth = publicClient({ clientId: nativeClient.clientId });
  return authorizationCodeSource({ issuer, clientAuth, scope, grant, dpop });
}

async function codeFor(provider: OidcProvider, dpop: DpopProof): Promise<AuthorizationCode> {
  const { issuer, nativeClient } = provider;
  const server = await discoverServer(issuer);
  const parameters = { prompt: 'consent' };
  const dpopJkt = await dpop.thumbprint();
  const { url, pending } = await authorizationRequest({ ...nativeClient, server, parameters, scope, dpopJkt });
  return readCallback(await provider.authorize(url), pending);
}
