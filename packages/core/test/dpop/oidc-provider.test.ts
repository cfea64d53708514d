// Does DPoP get along with a certified OpenID provider, with and without required nonces?
import axios from 'axios';
import { createHash, randomBytes } from 'node:crypto';
import { startOidcProvider } from '@axios-authorizer/test-kit';
import type { OidcProvider } from '@axios-authorizer/test-kit';
import { dpopProof } from '../../src/dpop/index.js';
import {
  attachAuth,
  authorizationCodeSource,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  publicClient,
  refreshTokenSource,
} from '../../src/index.js';

describe.each([
  ['without nonces', false],
  ['with required nonces', true],
])('%s', (_what, dpopNonces) => {
  let provider: OidcProvider;

  beforeAll(async () => {
    provider = await startOidcProvider({ dpopNonces });
  });
  afterAll(async () => {
    await provider.stop();
  });

  it('client_credentials gives a bound token (C23, RFC 9449 section 5)', async () => {
    const { tokenUrl, clients } = provider;
    const dpop = await dpopProof();
    const source = clientCredentialsSource({
      tokenUrl,
      clientAuth: clientSecretBasic(clients.basic),
      scope: 'api',
      dpop,
    });
    const token = await new Authorizer(source).getToken();
    expect(token).toMatchObject({ tokenType: 'DPoP', boundTo: await dpop.thumbprint() });
    await expect(provider.isActive(token.accessToken)).resolves.toBe(true);
  });

  it('a code of a public client, bound by dpop_jkt, leads to a session that rotates (C23, RFC 9449 section 10)', async () => {
    const { tokenUrl, publicClientId: clientId, userinfoUrl, issuer } = provider;
    const dpop = await dpopProof();
    const codeVerifier = randomBytes(32).toString('base64url');
    const code = await codeFor(provider, { codeVerifier, dpop_jkt: await dpop.thumbprint() });
    const grant = { code, redirectUri: 'https://client.example/callback', codeVerifier };
    const source = authorizationCodeSource({ tokenUrl, clientAuth: publicClient({ clientId }), grant, dpop });
    const authorizer = new Authorizer(source);
    const client = axios.create({ baseURL: issuer });
    attachAuth(client, authorizer);
    const before = (await provider.counters()).refused;
    for (let round = 0; round < 3; round += 1) {
      const { data } = await client.get<{ sub: string }>(userinfoUrl);
      expect(data.sub).toBe('somebody');
      await authorizer.getToken({ force: true });
    }
    expect((await provider.counters()).refused - before).toBe(dpopNonces ? 1 : 0); // the first nonce
  });

  it('a code that is bound to another key is refused (C23, RFC 9449 section 10)', async () => {
    const { tokenUrl, publicClientId: clientId } = provider;
    const codeVerifier = randomBytes(32).toString('base64url');
    const code = await codeFor(provider, { codeVerifier, dpop_jkt: await (await dpopProof()).thumbprint() });
    const grant = { code, redirectUri: 'https://client.example/callback', codeVerifier };
    const dpop = await dpopProof();
    const source = authorizationCodeSource({ tokenUrl, clientAuth: publicClient({ clientId }), grant, dpop });
    await expect(new Authorizer(source).getToken()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('a session that began with bearer tokens goes on with bound ones (C23)', async () => {
    const { tokenUrl, clients, userinfoUrl, issuer } = provider;
    const { refreshToken } = await provider.signIn();
    const dpop = await dpopProof();
    const source = refreshTokenSource({ tokenUrl, clientAuth: clientSecretBasic(clients.rotating), dpop });
    const client = axios.create({ baseURL: issuer });
    const authorizer = new Authorizer(source, { initialToken: { refreshToken } });
    attachAuth(client, authorizer);
    await expect(client.get(userinfoUrl)).resolves.toMatchObject({ status: 200 });
    expect(authorizer.token).toMatchObject({ tokenType: 'DPoP' });
  });

  it('after all that it has seen no proof and no refresh token twice (C23)', async () => {
    await expect(provider.counters()).resolves.toMatchObject({ proofReplays: 0, refreshReuses: 0 });
  });
});

async function codeFor(
  provider: OidcProvider,
  { codeVerifier, dpop_jkt }: { readonly codeVerifier: string; readonly dpop_jkt: string },
): Promise<string> {
  const url = new URL(`${provider.issuer}/auth`);
  url.search = new URLSearchParams({
    client_id: provider.publicClientId,
    response_type: 'code',
    redirect_uri: 'https://client.example/callback',
    scope: 'openid offline_access',
    prompt: 'consent',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    dpop_jkt,
  }).toString();
  return new URL(await provider.authorize(url.href)).searchParams.get('code') ?? '';
}
