// Is an option that cannot work told before anything is sent?
import { ConfigurationError } from '@axios-authorizer/core';
import { leaks } from '@axios-authorizer/test-kit';
import { OAuth2Authorizer } from '../../src/index.js';
import { app, code, codeVerifier, failureOf, publicApp, redirectUri, tokenEndpoint } from './stage.js';
import type { ClientInfo } from '@axios-authorizer/core';
import type { OAuth2AuthorizerOptions } from '../../src/index.js';

const somewhere = { domain: 'my-pool.auth.eu-west-1.amazoncognito.com' };

it.each<[what: string, client: ClientInfo, options: OAuth2AuthorizerOptions]>([
  ['neither domain nor endpoint', app, {}],
  ['an empty domain', app, { domain: '' }],
  ['an empty token endpoint', app, { tokenUrl: '' }],
  ['a revocation endpoint alone', app, { revocationUrl: 'https://login.example.com/revoke' }],
  ['client credentials without a secret', publicApp, somewhere],
  ['client credentials with an empty secret', { ...app, clientSecret: '' }, somewhere],
  ['no client id', { ...app, clientId: '' }, somewhere],
  ['no client id of a public client', { clientId: '' }, { ...somewhere, grant: { refreshToken: 'x' } }],
  ['an empty refresh token', app, { ...somewhere, grant: { refreshToken: '' } }],
  ['an empty code', app, { ...somewhere, grant: { code: '', redirectUri } }],
  ['an empty redirect URI', app, { ...somewhere, grant: { code, redirectUri: '' } }],
  ['an empty code verifier', app, { ...somewhere, grant: { code, redirectUri, codeVerifier: '' } }],
  ['id tokens by client credentials, which know none', app, { ...somewhere, tokenUse: 'id' }],
  ['an API key that no header takes', { ...app, apiKey: 'a\r\nb' }, somewhere],
  ['an acquisition of no time', app, { ...somewhere, timeoutMs: 0 }],
])('%s (C15)', (_, client, options) => {
  const failed = attempt(() => new OAuth2Authorizer(client, options));
  expect(failed).toBeInstanceOf(ConfigurationError);
  const secrets = [app.clientSecret, code, codeVerifier, 'a\r\nb'];
  expect(leaks(failed, secrets)).toEqual([]);
});

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

it('an id token that does not come is told, the access token is not sent in its place (G5)', async () => {
  const endpoint = await tokenEndpoint();
  const grant = { refreshToken: 'the-first' };
  const authorizer = new OAuth2Authorizer(publicApp, { tokenUrl: endpoint.url, grant, tokenUse: 'id' });
  expect(await failureOf(authorizer.getToken())).toMatchObject({ kind: 'configuration' });
  expect(authorizer.accessToken).toBeUndefined();
});
