// Does a server that we did not write take each way in which a client says who it is? The titles are the rows of a table in the
// guide: what | the server that judged it | the standard.
import { Agent } from 'node:https';
import {
  certificateAuthority,
  ecKeyPair,
  ed25519KeyPair,
  rsaKeyPair,
  serverCertificate,
  startOidcProvider,
} from '@axios-authorizer/test-kit';
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  discoverServer,
  introspect,
  introspectToken,
  privateKeyJwt,
  revokeToken,
  tlsClientAuth,
} from '../../src/index.js';
import { dpopProof } from '../../src/dpop/index.js';
import type { KeyPair, OidcProvider } from '@axios-authorizer/test-kit';
import type { AssertionAlgorithm, ClientAuth, Transport } from '../../src/index.js';

const rsa = rsaKeyPair();
const keys: Readonly<Record<AssertionAlgorithm, KeyPair>> = {
  RS256: rsa,
  RS384: rsa,
  RS512: rsa,
  PS256: rsa,
  PS384: rsa,
  PS512: rsa,
  ES256: ecKeyPair('P-256'),
  ES384: ecKeyPair('P-384'),
  ES512: ecKeyPair('P-521'),
  EdDSA: ed25519KeyPair(),
  Ed25519: ed25519KeyPair(),
};
const clientSecret = 'a secret that is long enough for a hash of 512 bits: 64 bytes, at least, or more';
const secretAlgorithms = ['HS256', 'HS384', 'HS512'] as const;
const authority = certificateAuthority();
const server = serverCertificate();
const certificates = { issued: serverCertificate({ authority }), own: serverCertificate() };

let provider: OidcProvider;

function privateJwk(alg: AssertionAlgorithm): JsonWebKey {
  return keys[alg].privateKey.export({ format: 'jwk' });
}

beforeAll(async () => {
  const withKeys = Object.entries(keys).map(([alg, { publicKey }]) => ({
    clientId: `client-${alg}`,
    alg,
    jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: alg, alg, use: 'sig' }] },
  }));
  const withSecrets = secretAlgorithms.map((alg) => ({ clientId: `client-${alg}`, alg, clientSecret }));
  const clients = [
    { clientId: 'issued', cert: certificates.issued.cert, selfSigned: false },
    { clientId: 'own', cert: certificates.own.cert, selfSigned: true },
  ];
  const mtls = { server, authority: authority.cert, clients };
  provider = await startOidcProvider({ assertionClients: [...withKeys, ...withSecrets], mtls });
});
afterAll(() => provider.stop());

/** A token of the provider, found by its issuer. */
async function tokenFor(
  clientAuth: ClientAuth,
  transport?: Transport,
): Promise<{ accessToken: string; boundTo?: string }> {
  const source = clientCredentialsSource({ issuer: provider.issuer, clientAuth, scope: 'api', transport });
  return new Authorizer(source).getToken();
}

async function isTaken(clientAuth: ClientAuth, transport?: Transport): Promise<boolean> {
  return provider.isActive((await tokenFor(clientAuth, transport)).accessToken);
}

it('client_secret_basic | oidc-provider | RFC 6749 section 2.3.1 (C25)', async () => {
  await expect(isTaken(clientSecretBasic(provider.clients.basic))).resolves.toBe(true);
});

it('client_secret_post | oidc-provider | RFC 6749 section 2.3.1 (C25)', async () => {
  await expect(isTaken(clientSecretPost(provider.clients.post))).resolves.toBe(true);
});

it.each(secretAlgorithms)(
  'client_secret_jwt with %s | oidc-provider | OpenID Connect Core section 9 (C25)',
  async (alg) => {
    await expect(isTaken(clientSecretJwt({ clientId: `client-${alg}`, clientSecret, alg }))).resolves.toBe(true);
  },
);

it.each(Object.keys(keys))('private_key_jwt with %s | oidc-provider | RFC 7523 (C25)', async (name) => {
  const [alg] = Object.keys(keys).filter((one): one is AssertionAlgorithm => one === name);
  if (alg === undefined) throw new Error('no such algorithm');
  const key = privateJwk(alg);
  await expect(isTaken(privateKeyJwt({ clientId: `client-${alg}`, key, kid: alg, alg }))).resolves.toBe(true);
});

it('tls_client_auth | oidc-provider | RFC 8705 section 2.1 (C25)', async () => {
  const { issued } = certificates;
  const transport = { httpsAgent: new Agent({ ...issued, ca: server.cert }) };
  const { accessToken, boundTo } = await tokenFor(
    tlsClientAuth({ clientId: 'issued', certificate: issued.cert }),
    transport,
  );
  const { cnf } = await introspect({
    url: provider.introspectionUrl,
    token: accessToken,
    clientAuth: clientSecretBasic(provider.clients.basic),
  });
  expect(cnf).toEqual({ 'x5t#S256': boundTo });
});

it('self_signed_tls_client_auth | oidc-provider | RFC 8705 section 2.2 (C25)', async () => {
  const { own } = certificates;
  const transport = { httpsAgent: new Agent({ ...own, ca: server.cert }) };
  await expect(isTaken(tlsClientAuth({ clientId: 'own', certificate: () => own.cert }), transport)).resolves.toBe(true);
});

it('private_key_jwt under DPoP with required nonces | oidc-provider | RFC 9449 (C23, C25)', async () => {
  const { publicKey, privateKey } = keys.ES256;
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] };
  const clientId = 'signing';
  const strict = await startOidcProvider({ dpopNonces: true, assertionClients: [{ clientId, alg: 'ES256', jwks }] });
  try {
    const clientAuth = privateKeyJwt({ clientId, key: privateKey });
    const dpop = await dpopProof();
    const token = await new Authorizer(clientCredentialsSource({ issuer: strict.issuer, clientAuth, dpop })).getToken();
    await expect(strict.isActive(token.accessToken)).resolves.toBe(true);
    expect(token).toMatchObject({ tokenType: 'DPoP', boundTo: await dpop.thumbprint() });
    await expect(strict.counters()).resolves.toMatchObject({ tokenRequests: 2, assertionReplays: 0, proofReplays: 0 });
  } finally {
    await strict.stop();
  }
});

it('discovery by issuer | oidc-provider | OpenID Connect Discovery (C24)', async () => {
  await expect(discoverServer(provider.issuer)).resolves.toMatchObject({
    tokenEndpoint: provider.tokenUrl,
    introspectionEndpoint: provider.introspectionUrl,
    revocationEndpoint: provider.revocationUrl,
    jwksUri: provider.jwksUrl,
  });
});

it('token introspection | oidc-provider | RFC 7662 (C16)', async () => {
  const { accessToken: token } = await tokenFor(clientSecretBasic(provider.clients.basic));
  const question = { url: provider.introspectionUrl, clientAuth: clientSecretBasic(provider.clients.basic) };
  await expect(introspect({ ...question, token })).resolves.toMatchObject({
    active: true,
    client_id: provider.clients.basic.clientId,
    scope: 'api',
  });
  await expect(introspect({ ...question, token: 'nonsense' })).resolves.toEqual({ active: false });
  await expect(introspectToken({ ...question, token })).resolves.toBe(true);
});

it('token revocation | oidc-provider | RFC 7009 (C16)', async () => {
  const clientAuth = clientSecretBasic(provider.clients.basic);
  const { accessToken: token } = await tokenFor(clientAuth);
  await revokeToken({ url: provider.revocationUrl, token, clientAuth });
  await expect(provider.isActive(token)).resolves.toBe(false);
});
