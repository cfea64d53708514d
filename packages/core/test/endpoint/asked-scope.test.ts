// Which scope does a source ask for, and which does its token have when the answer names none (RFC 6749 sections 5.1 and 6)?
import {
  Authorizer,
  authorizationCodeSource,
  clientCredentialsSource,
  clientSecretBasic,
  passwordSource,
  refreshTokenSource,
} from '../../src/index.js';
import { tokenEndpoint, tokenRequest } from './stage.js';
import type { TokenEndpoint } from '@axios-authorizer/test-kit';
import type { OAuth2SourceOptions, TokenSource } from '../../src/index.js';

const clientAuth = clientSecretBasic({ clientId: 'me', clientSecret: 'secret' });
const grant = { code: 'code-1', redirectUri: 'https://app.example.org/back' };
const user = { username: 'somebody', password: 'word' };

const refreshing: readonly (readonly [what: string, make: (options: OAuth2SourceOptions) => TokenSource])[] = [
  ['refreshTokenSource', (options) => refreshTokenSource({ ...options, refreshToken: 'first' })],
  ['passwordSource', (options) => passwordSource({ ...options, ...user })],
  ['authorizationCodeSource', (options) => authorizationCodeSource({ ...options, grant })],
];

function optionsFor({ url: tokenUrl }: TokenEndpoint): OAuth2SourceOptions {
  return { tokenUrl, clientAuth };
}

it.each(refreshing)('%s asks for its scope at each refresh too (C16)', async (_, make) => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const source = make({ ...optionsFor(endpoint), scope: ['api://x/.default', 'offline_access'] });
  await source.refresh?.({ accessToken: 'old', refreshToken: 'kept' }, tokenRequest());
  expect(Object.fromEntries(endpoint.bodies[0] ?? [])).toEqual({
    grant_type: 'refresh_token',
    refresh_token: 'kept',
    scope: 'api://x/.default offline_access',
  });
});

it('refreshTokenSource asks for its scope with the refresh token it begins with (C16)', async () => {
  const endpoint = await tokenEndpoint({ refreshTokens: 'rotating' });
  const authorizer = new Authorizer(
    refreshTokenSource({ ...optionsFor(endpoint), scope: 'a b', refreshToken: 'first' }),
  );
  await authorizer.getToken();
  await authorizer.getToken({ force: true });
  expect(endpoint.bodies.map((body) => body.get('scope'))).toEqual(['a b', 'a b']);
});

it.each(refreshing)('%s without a scope sends none at a refresh (C16)', async (_, make) => {
  const endpoint = await tokenEndpoint();
  for (const scope of [undefined, '', []]) {
    await make({ ...optionsFor(endpoint), scope }).refresh?.(
      { accessToken: 'old', refreshToken: 'kept', scope: 'granted' },
      tokenRequest(),
    );
    expect(endpoint.bodies.at(-1)?.has('scope')).toBe(false);
  }
});

it('the code is redeemed without a scope, which was named when it was asked for (C16)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next({ json: { access_token: 'a' } });
  const source = authorizationCodeSource({ ...optionsFor(endpoint), scope: 'a b', grant });
  await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ scope: 'a b' });
  expect(endpoint.bodies[0]?.has('scope')).toBe(false);
});

it.each([undefined, null, '', 5])('an answered scope of %j is the one that was asked for (C15)', async (scope) => {
  const endpoint = await tokenEndpoint();
  endpoint.always({ json: { access_token: 'a', scope } });
  const source = clientCredentialsSource({ ...optionsFor(endpoint), scope: ['a', 'b'] });
  await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ scope: 'a b' });
});

it('an answered scope wins over the one that was asked for, and may be a list (C15)', async () => {
  const endpoint = await tokenEndpoint();
  endpoint.next({ json: { access_token: 'a', scope: 'a' } }, { json: { access_token: 'b', scope: ['a', 'c'] } });
  const source = clientCredentialsSource({ ...optionsFor(endpoint), scope: 'a b c' });
  await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ scope: 'a' });
  await expect(source.authorize(tokenRequest())).resolves.toMatchObject({ scope: 'a c' });
});

it.each([
  ['a scope of its own', 'asked', 'asked'],
  ['none', undefined, 'granted before'],
])(
  'after a refresh that answers no scope a source with %s has it, else that of the last token (C15)',
  async (_, scope, expected) => {
    const endpoint = await tokenEndpoint();
    endpoint.next({ json: { access_token: 'new' } });
    const source = refreshTokenSource({ ...optionsFor(endpoint), scope });
    const held = { accessToken: 'old', refreshToken: 'kept', scope: 'granted before' };
    await expect(source.refresh?.(held, tokenRequest())).resolves.toMatchObject({ scope: expected });
  },
);
