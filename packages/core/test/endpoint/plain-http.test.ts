// May an endpoint of our own be plain http beyond this machine, as in a compose file (http://keycloak:8080)?
import {
  authorizationCodeSource,
  Authorizer,
  clientCredentialsSource,
  introspectToken,
  publicClient,
  passwordSource,
  refreshTokenSource,
  RefreshableJWTHandler,
  RefreshableJWTSession,
  revokeToken,
} from '../../src/index.js';
import { sendForm, requestToken } from '../../src/extend.js';
import { failureOf, grant, loopback, tokenEndpoint, tokenRequest } from './stage.js';
import type { OAuth2SourceOptions, TokenSource, Transport } from '../../src/index.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';

const clientAuth = publicClient({ clientId: 'me' });
/** Every name is this machine's. */
const transport: Transport = { lookup: (_host, _options, found) => found(null, '127.0.0.1', 4) };

/** The same endpoint under a name as containers have. */
function inCompose(url: string): string {
  return url.replace('127.0.0.1', 'keycloak');
}

async function endpointInCompose(): Promise<{
  endpoint: TokenEndpoint;
  options: OAuth2SourceOptions & { tokenUrl: string };
}> {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const tokenUrl = inCompose(endpoint.url);
  const revocationUrl = inCompose(`${endpoint.origin}/revoke`);
  return { endpoint, options: { tokenUrl, revocationUrl, clientAuth, transport } };
}

const code = { code: 'code-1', redirectUri: 'https://app.example.org/back' };
const makers: readonly (readonly [what: string, make: (options: OAuth2SourceOptions) => TokenSource])[] = [
  ['clientCredentialsSource', clientCredentialsSource],
  ['refreshTokenSource', (options) => refreshTokenSource({ ...options, refreshToken: 'first' })],
  ['passwordSource', (options) => passwordSource({ ...options, username: 'u', password: 'p' })],
  ['authorizationCodeSource', (options) => authorizationCodeSource({ ...options, grant: code })],
];

it.each(makers)('with allowInsecure %s asks and revokes at plain http (C15)', async (_, make) => {
  const { endpoint, options } = await endpointInCompose();
  endpoint.next({ json: { access_token: 'a', refresh_token: 'r' } });
  const source = make({ ...options, allowInsecure: true });
  const authorizer = new Authorizer(source);
  await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'a' });
  await authorizer.getToken({ force: true });
  await authorizer.logout();
  expect(endpoint.calls).toBe(2);
  expect(endpoint.requests.filter(({ url }) => url === '/revoke').length).toBeGreaterThan(0);
});

it.each(makers)('without it %s sends nothing, and the error names the option (C15)', async (_, make) => {
  for (const allowInsecure of [undefined, false]) {
    const { endpoint, options } = await endpointInCompose();
    const error = await failureOf(make({ ...options, allowInsecure }).authorize(tokenRequest()));
    expect(error).toMatchObject({ name: 'ConfigurationError' });
    expect(String(error)).toMatch(/http:\/\/keycloak:\d+ .*allowInsecure/);
    expect(endpoint.requests).toEqual([]);
  }
});

it('requestToken, introspectToken, revokeToken and sendForm take it too (C15, C16)', async () => {
  const { endpoint, options } = await endpointInCompose();
  const open = { transport, allowInsecure: true };
  const token = await requestToken({ url: options.tokenUrl, body: grant(), ...open });
  const question = { token: token.accessToken, ...open };
  await expect(introspectToken({ url: inCompose(`${endpoint.origin}/introspect`), ...question })).resolves.toBe(true);
  await revokeToken({ url: options.revocationUrl ?? '', ...question });
  expect(endpoint.valid(token.accessToken)).toBe(false);
  await expect(sendForm({ url: options.tokenUrl, ...open })).resolves.toMatchObject({ endpoint: options.tokenUrl });
});

it('a session asks an introspection endpoint at plain http with it, and names it without (C16)', async () => {
  const server = await loopback((_, response) => void response.writeHead(200).end('{"active":true}'));
  const session = new RefreshableJWTSession(new RefreshableJWTHandler({ getToken: () => ['a-token', undefined] }), {
    allow: 'https://api.example.org',
  });
  const url = inCompose(server.origin);
  expect(String(await failureOf(session.validateTokenViaIntrospection(url)))).toContain('allowInsecure');
  await expect(session.validateTokenViaIntrospection(url, { allowInsecure: true, transport })).resolves.toBe(true);
});

it('no option makes another protocol, a user or a fragment acceptable (C15)', async () => {
  for (const url of ['ftp://keycloak/token', 'http://me@keycloak/token', 'http://keycloak/token#x', '/token'])
    expect(await failureOf(requestToken({ url, body: grant(), allowInsecure: true }))).toMatchObject({
      name: 'ConfigurationError',
    });
});
