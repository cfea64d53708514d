// What makes an answer a token, and which of its members are taken over?
import { requestToken } from '../../src/index.js';
import { adapters, failureOf, grant, tokenEndpoint } from './stage.js';
import type { Answer } from '@axios-authorizer/test-kit';
import type { Token } from '../../src/index.js';

type Adapter = (typeof adapters)[number];

async function answered(answer: Answer, adapter: Adapter = 'http'): Promise<Token> {
  const endpoint = await tokenEndpoint();
  endpoint.next(answer);
  return requestToken({ url: endpoint.url, body: grant(), transport: { adapter } });
}

it.each(['bearer', 'Bearer', 'BEARER', undefined])('token_type %j is Bearer (C15)', async (tokenType) => {
  const token = await answered({ json: { access_token: 'secret', token_type: tokenType } });
  expect(token).toMatchObject({ accessToken: 'secret', tokenType: 'Bearer' });
});

it.each(['mac', 'DPoP', 'N_A', '', 7, {}])(
  'token_type %j cannot be sent as Bearer and is refused (C15)',
  async (type) => {
    const error = await failureOf(answered({ json: { access_token: 'secret', token_type: type } }));
    expect(error).toMatchObject({ name: 'TokenEndpointError', kind: 'configuration', transient: false, status: 200 });
  },
);

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
