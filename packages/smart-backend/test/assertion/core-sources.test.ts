// Does the assertion serve every request by which core authenticates a client?
import { Authorizer, clientCredentialsSource, introspectToken, passwordSource } from '@axios-authorizer/core';
import { privateKeyJwt } from '../../src/index.js';
import { assertionsAt, assertionType, decoded, ec, es384, tokenEndpoint, verifies } from './stage.js';
import type { TokenSource } from '@axios-authorizer/core';

const clientAuth = privateKeyJwt({ clientId: 'my-app', keys: es384 });
const login = { username: 'me', password: 'secret' };

it.each<readonly [grants: readonly string[], source: (tokenUrl: string) => TokenSource]>([
  [['client_credentials', 'client_credentials'], (tokenUrl) => clientCredentialsSource({ tokenUrl, clientAuth })],
  [['password', 'refresh_token'], (tokenUrl) => passwordSource({ tokenUrl, clientAuth, ...login })],
])('the grants %j are authenticated by an assertion of their own each (S2)', async (grants, sourceAt) => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const authorizer = new Authorizer(sourceAt(endpoint.url));
  await authorizer.getToken();
  await authorizer.getToken({ force: true });
  expect(endpoint.bodies.map((body) => body.get('grant_type'))).toEqual(grants);
  expect(endpoint.bodies.map((body) => body.get('client_assertion_type'))).toEqual([assertionType, assertionType]);
  const assertions = assertionsAt(endpoint);
  expect(new Set(assertions.map(({ claims }) => claims['jti'])).size).toBe(2);
  expect(assertions.map((assertion) => verifies(assertion, ec))).toEqual([true, true]);
});

it('revocation and introspection have assertions for their own URLs (S2)', async () => {
  const endpoint = await tokenEndpoint();
  const [revocationUrl, url] = [`${endpoint.origin}/revoke`, `${endpoint.origin}/introspect`];
  const source = clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, revocationUrl });
  const authorizer = new Authorizer(source);
  const { accessToken: token } = await authorizer.getToken();
  await expect(introspectToken({ url, token, clientAuth })).resolves.toBe(true);
  await authorizer.logout();
  await expect(introspectToken({ url, token, clientAuth })).resolves.toBe(false);
  const forms = endpoint.requests.map(({ body }) => new URLSearchParams(body.toString()));
  const assertions = forms.map((form) => decoded(form.get('client_assertion')));
  expect(assertions.map(({ claims }) => claims['aud'])).toEqual([endpoint.url, url, revocationUrl, url]);
  expect(assertions.map((assertion) => verifies(assertion, ec))).toEqual([true, true, true, true]);
});
