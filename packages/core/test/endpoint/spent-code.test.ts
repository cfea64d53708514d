// What does the server's refusal of a grant ask for: a person at the sign-in, or other credentials?
import { authorizationCodeSource, Authorizer, publicClient, refreshTokenSource } from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import { failureOf, grant, tokenEndpoint } from './stage.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import type { TokenEndpointError } from '../../src/index.js';

const clientAuth = publicClient({ clientId: 'me' });
const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';

async function refused(grantType: string, error: string): Promise<TokenEndpointError> {
  const endpoint = await tokenEndpoint();
  endpoint.next({ status: 400, json: { error } });
  const failure = await failureOf(requestToken({ url: endpoint.url, body: grant(grantType), clientAuth }));
  return failure as TokenEndpointError;
}

it.each([
  ['authorization_code', 'invalid_grant'],
  [deviceCode, 'invalid_grant'],
  [deviceCode, 'expired_token'],
  [deviceCode, 'access_denied'],
])('%s refused with %s is of kind session: begin the sign-in again (C5)', async (grantType, error) => {
  const failure = await refused(grantType, error);
  expect(failure).toMatchObject({ name: 'TokenEndpointError', kind: 'session', transient: false, error, grantType });
  expect(failure.message).toContain('begin the sign-in again');
  expect(failure.message).not.toContain('credentials');
});

it.each([
  ['refresh_token', 'invalid_grant', 'session'],
  ['password', 'invalid_grant', 'credentials'],
  ['client_credentials', 'invalid_grant', 'credentials'],
  ['urn:ietf:params:oauth:grant-type:jwt-bearer', 'invalid_grant', 'credentials'],
  ['authorization_code', 'invalid_client', 'credentials'],
  ['authorization_code', 'invalid_request', 'configuration'],
  ['password', 'access_denied', 'credentials'],
  [deviceCode, 'invalid_client', 'credentials'],
  [deviceCode, 'slow_down', 'unavailable'],
])('%s refused with %s is of kind %s (C5)', async (grantType, error, kind) => {
  const failure = await refused(grantType, error);
  expect(failure).toMatchObject({ kind, error });
  expect(failure.message).not.toContain('begin the sign-in again');
});

async function signedIn(): Promise<{ endpoint: TokenEndpoint; authorizer: Authorizer }> {
  const endpoint = await tokenEndpoint();
  const code = { code: 'code-1', redirectUri: 'https://app.example.org/back' };
  const source = authorizationCodeSource({ tokenUrl: endpoint.url, clientAuth, grant: code });
  return { endpoint, authorizer: new Authorizer(source) };
}

it('a spent code of a source ends no better: session, and it is not handed in again (C5)', async () => {
  const { endpoint, authorizer } = await signedIn();
  endpoint.always({ status: 400, json: { error: 'invalid_grant', error_description: 'Code already used' } });
  const failure = await failureOf(authorizer.getToken());
  expect(failure).toMatchObject({ kind: 'session', error: 'invalid_grant' });
  expect(String(failure)).toContain('begin the sign-in again');
  expect(await failureOf(authorizer.getToken({ force: true }))).toMatchObject({ kind: 'session' });
  expect(endpoint.calls).toBe(1);
});

it.each([
  [
    'a code',
    (tokenUrl: string) =>
      authorizationCodeSource({ tokenUrl, clientAuth, grant: { code: 'c', redirectUri: 'https://app.example.org/' } }),
  ],
  ['a refresh token', (tokenUrl: string) => refreshTokenSource({ tokenUrl, clientAuth, refreshToken: 'r' })],
])('%s of a source that two authorizers have is handed in once (C5, C25)', async (_what, sourceAt) => {
  const endpoint = await tokenEndpoint();
  const source = sourceAt(endpoint.url);
  const [one, other] = [new Authorizer(source), new Authorizer(source)];
  const outcomes = await Promise.allSettled([one.getToken(), other.getToken()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'not_authenticated', kind: 'session' } });
  expect(endpoint.calls).toBe(1);
});
