// What does each source ask the token endpoint, and what does it keep between answers?
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  ConfigurationError,
  publicClient,
  passwordSource,
  refreshTokenSource,
} from '../../src/index.js';
import { failureOf, tokenEndpoint, tokenRequest } from './stage.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import type { OAuth2SourceOptions } from '../../src/index.js';

const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'secret' });

function optionsFor({ url: tokenUrl }: TokenEndpoint): OAuth2SourceOptions {
  return { tokenUrl, clientAuth };
}

function formOf(endpoint: TokenEndpoint, index = -1): object {
  return Object.fromEntries(endpoint.bodies.at(index) ?? []);
}

describe('clientCredentialsSource', () => {
  it('asks with scope, a list joined by blanks, and further parameters (C16)', async () => {
    const endpoint = await tokenEndpoint();
    const further = { scope: ['a', 'b'], parameters: { audience: 'https://api.example.org' } };
    await clientCredentialsSource({ ...optionsFor(endpoint), ...further }).authorize(tokenRequest());
    expect(formOf(endpoint)).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'https://api.example.org',
    });
  });

  it('without a scope sends none (C16)', async () => {
    const endpoint = await tokenEndpoint();
    await clientCredentialsSource(optionsFor(endpoint)).authorize(tokenRequest());
    expect(formOf(endpoint)).toEqual({ grant_type: 'client_credentials' });
  });

  it('ignores a refresh token and asks with its credentials again (C16)', async () => {
    const endpoint = await tokenEndpoint();
    endpoint.next({ json: { access_token: 'a', refresh_token: 'r' } });
    const authorizer = new Authorizer(clientCredentialsSource(optionsFor(endpoint)));
    const token = await authorizer.getToken();
    expect(Object.keys(token)).not.toContain('refreshToken');
    await authorizer.getToken({ force: true });
    expect(endpoint.bodies.map((body) => body.get('grant_type'))).toEqual(['client_credentials', 'client_credentials']);
  });
});

describe('refreshTokenSource', () => {
  it('begins with its refresh token and goes on with each answer (C16)', async () => {
    const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
    const authorizer = new Authorizer(refreshTokenSource({ ...optionsFor(endpoint), refreshToken: 'first' }));
    await authorizer.getToken();
    await authorizer.getToken({ force: true });
    await authorizer.getToken({ force: true });
    expect(endpoint.bodies.map((body) => body.get('refresh_token'))).toEqual(['first', 'refresh-1', 'refresh-2']);
    expect([endpoint.reuses, endpoint.familyAlive]).toEqual([0, true]);
  });

  it('resumes from initialToken: { refreshToken } (C16)', async () => {
    const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
    const initialToken = { refreshToken: 'kept-elsewhere' };
    const authorizer = new Authorizer(refreshTokenSource(optionsFor(endpoint)), { initialToken });
    await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'token-1', refreshToken: 'refresh-1' });
    expect(endpoint.bodies[0]?.get('refresh_token')).toBe('kept-elsewhere');
  });

  it('without a refresh token says that the session is over, without a request (C16)', async () => {
    const endpoint = await tokenEndpoint();
    const authorizer = new Authorizer(refreshTokenSource(optionsFor(endpoint)));
    expect(await failureOf(authorizer.getToken())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
    expect(endpoint.calls).toBe(0);
  });

  it('never sends its first refresh token twice once it was taken (C16)', async () => {
    const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
    const source = refreshTokenSource({ ...optionsFor(endpoint), refreshToken: 'first' });
    await source.authorize(tokenRequest());
    expect(await failureOf(source.authorize(tokenRequest()))).toMatchObject({ kind: 'session' });
    expect(endpoint.calls).toBe(1);
  });

  it('keeps its first refresh token through a failure on the way (C16)', async () => {
    const endpoint = await tokenEndpoint();
    endpoint.next({ status: 503 });
    const source = refreshTokenSource({ ...optionsFor(endpoint), refreshToken: 'first' });
    expect(await failureOf(source.authorize(tokenRequest()))).toMatchObject({ transient: true });
    await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ accessToken: 'token-1' });
  });
});

it.each([
  ['tokenUrl', { tokenUrl: '', clientAuth }],
  ['clientAuth', { tokenUrl: 'https://login.example.org/token', clientAuth: undefined as never }],
])('every source without %s is a ConfigurationError when it is made (C16)', (_, options) => {
  const makers = [
    () => clientCredentialsSource(options),
    () => refreshTokenSource(options),
    () => passwordSource({ ...options, username: 'u', password: 'p' }),
  ];
  for (const make of makers) expect(make).toThrow(ConfigurationError);
});

it.each([
  ['clientSecretBasic without secret', () => clientSecretBasic({ clientId: 'me', clientSecret: '' })],
  ['clientSecretBasic without id', () => clientSecretBasic({ clientId: '', clientSecret: 'x' })],
  ['none without id', () => publicClient({ clientId: undefined as never })],
])('%s is a ConfigurationError when it is made (C16)', (_, make) => {
  expect(make).toThrow(ConfigurationError);
});
