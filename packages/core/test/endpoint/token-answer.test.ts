// What makes an answer a token, and which of its members are taken over?
import {
  authorizationCodeSource,
  Authorizer,
  clientCredentialsSource,
  publicClient,
  passwordSource,
  refreshTokenSource,
} from '../../src/index.js';
import { requestToken } from '../../src/extend.js';
import { adapters, failureOf, grant, tokenEndpoint } from './stage.js';
import type { Answer } from '@axios-authorizer/test-kit';
import type { Token } from '../../src/index.js';

type Adapter = (typeof adapters)[number];

async function answered(answer: Answer, adapter: Adapter = 'http'): Promise<Token> {
  const endpoint = await tokenEndpoint();
  endpoint.next(answer);
  return requestToken({ url: endpoint.url, body: grant(), transport: { adapter } });
}

it.each(['bearer', 'Bearer', 'BEARER', undefined, null, '', ' ', 'Bearer ', ' bearer', '\tBearer\r\n'])(
  'token_type %j is Bearer (C15)',
  async (tokenType) => {
    const token = await answered({ json: { access_token: 'secret', token_type: tokenType } });
    expect(token).toMatchObject({ accessToken: 'secret', tokenType: 'Bearer' });
  },
);

it.each(['mac', 'DPoP', 'N_A', 'BearerToken', 'Bearer mac'])(
  'token_type %j cannot be sent as Bearer and is refused, with the option that allows it (C15)',
  async (type) => {
    const error = await failureOf(answered({ json: { access_token: 'secret', token_type: type } }));
    expect(error).toMatchObject({ name: 'TokenEndpointError', kind: 'configuration', transient: false, status: 200 });
    expect(String(error)).toContain(`"${type}"`);
    expect(String(error)).toContain('acceptTokenTypes');
  },
);

it.each([7, true, false, {}, ['Bearer']])('token_type %j is no type and refused as such (C15)', async (type) => {
  const error = await failureOf(answered({ json: { access_token: 'secret', token_type: type } }));
  expect(error).toMatchObject({ name: 'TokenEndpointError', kind: 'configuration', transient: false, status: 200 });
  expect(String(error)).toContain('a token_type that is no string');
});

describe('acceptTokenTypes', () => {
  const listed = ['jwt', ' bearertoken'];

  it.each(['BearerToken', 'bearertoken ', 'BEARERTOKEN'])(
    'a token_type of %j is accepted when it is listed, compared without case (C15)',
    async (type) => {
      const endpoint = await tokenEndpoint();
      endpoint.next({ json: { access_token: 'secret', token_type: type } });
      const token = await requestToken({ url: endpoint.url, body: grant(), acceptTokenTypes: listed });
      expect(token.tokenType).toBe(type.trim());
    },
  );

  it('another type is still refused, and Bearer is never to be listed (C15)', async () => {
    const endpoint = await tokenEndpoint();
    endpoint.next({ json: { access_token: 'secret', token_type: 'mac' } }, { json: { access_token: 'b' } });
    const options = { url: endpoint.url, body: grant(), acceptTokenTypes: listed };
    expect(await failureOf(requestToken(options))).toMatchObject({ kind: 'configuration' });
    await expect(requestToken(options)).resolves.toMatchObject({ tokenType: 'Bearer' });
  });

  it('such a token is sent as Bearer, after a refresh as well (C15)', async () => {
    const endpoint = await tokenEndpoint();
    endpoint.always({ json: { access_token: 'secret', token_type: 'BearerToken', refresh_token: 'r' } });
    const clientAuth = publicClient({ clientId: 'me' });
    const options = { tokenUrl: endpoint.url, clientAuth, acceptTokenTypes: ['BearerToken'] };
    const sources = [
      clientCredentialsSource(options),
      refreshTokenSource({ ...options, refreshToken: 'first' }),
      passwordSource({ ...options, username: 'u', password: 'p' }),
      authorizationCodeSource({ ...options, grant: { code: 'c', redirectUri: 'https://app.example.org/' } }),
    ];
    for (const source of sources) {
      const authorizer = new Authorizer(source);
      await authorizer.getToken();
      const token = await authorizer.getToken({ force: true });
      expect(token.tokenType).toBe('BearerToken');
      expect(authorizer.headersFor(token)).toEqual({ Authorization: 'Bearer secret' });
    }
  });

  it.each([['BearerToken'], [['']], [[5]], [null]])('of %j is a ConfigurationError (C15)', async (types) => {
    const endpoint = await tokenEndpoint();
    const acceptTokenTypes = types as never;
    const asked = requestToken({ url: endpoint.url, body: grant(), acceptTokenTypes });
    expect(await failureOf(asked)).toMatchObject({ name: 'ConfigurationError' });
    const options = { tokenUrl: endpoint.url, clientAuth: publicClient({ clientId: 'me' }), acceptTokenTypes };
    expect(() => clientCredentialsSource(options)).toThrow(/acceptTokenTypes/);
    expect(endpoint.calls).toBe(0);
  });
});

it.each(['', null, ' ', false, undefined])('an error of %j beside a token is none (C15)', async (error) => {
  await expect(answered({ json: { access_token: 'a', error } })).resolves.toMatchObject({ accessToken: 'a' });
});

it.each(adapters)('JSON under another content type is a token all the same, over %s (C15)', async (adapter) => {
  const text = '{"access_token":"secret","token_type":"bearer"}';
  await expect(answered({ text }, adapter)).resolves.toMatchObject({ accessToken: 'secret' });
});

it('a token is taken over member by member, and nothing else (C15)', async () => {
  const text =
    '{"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"r","id_token":"i","scope":"x y",' +
    '"other":"member","__proto__":{"polluted":true}}';
  const token = await answered({ text });
  expect(Object.keys(token).toSorted()).toEqual(
    ['accessToken', 'expiresAt', 'idToken', 'issuedAt', 'refreshToken', 'scope', 'tokenType'].toSorted(),
  );
  expect(token).toMatchObject({ accessToken: 'a', refreshToken: 'r', idToken: 'i', scope: 'x y' });
});

it.each([null, '', 5])('a refresh_token, id_token or scope of %j is absent (C15)', async (value) => {
  const token = await answered({
    json: { access_token: 'a', refresh_token: value, id_token: value, scope: value },
  });
  expect(Object.keys(token).toSorted()).toEqual(['accessToken', 'issuedAt', 'tokenType']);
});

it.each([201, 200])('a %i may carry a token (C15)', async (status) => {
  await expect(answered({ status, json: { access_token: 'a' } })).resolves.toMatchObject({ accessToken: 'a' });
});

it.each([undefined, null, '', 5, {}])('an access_token of %j is none (C15)', async (accessToken) => {
  const error = await failureOf(answered({ json: { access_token: accessToken, token_type: 'Bearer' } }));
  expect(error).toMatchObject({ name: 'TokenEndpointError', code: 'invalid_response', kind: 'unavailable' });
});
