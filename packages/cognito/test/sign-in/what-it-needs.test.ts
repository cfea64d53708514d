// A factory that is called with nothing, or with a misspelt option: is it said at once, and in words that help?
import { ConfigurationError } from '@axios-authorizer/core';
import { calledWithNothing, constructing, thrownBy, untyped } from '@axios-authorizer/test-kit';
import type { Needy } from '@axios-authorizer/test-kit';
import {
  cognitoInterceptors,
  cognitoService,
  createCognitoClient,
  OAuth2Authorizer,
  SRPAuthorizer,
  SRPSource,
} from '../../src/index.js';
import { cognitoVerifier, verifyCognitoToken } from '../../src/node/verify.js';

const pool = { userPoolId: 'eu-west-1_AbC123' };
const domain = { domain: 'login.example.com' };
const client = { clientId: 'app', clientSecret: 'secret-of-the-app' };

const needy: Needy = [
  ['SRPAuthorizer', constructing(SRPAuthorizer), /SRPAuthorizer.*clientId/],
  ['SRPAuthorizer of a client', (...args) => constructing(SRPAuthorizer)(client, ...args), /userPoolId/],
  ['SRPSource', constructing(SRPSource), /SRPSource.*clientId/],
  ['OAuth2Authorizer', constructing(OAuth2Authorizer), /OAuth2Authorizer.*clientId/],
  ['OAuth2Authorizer of a client', (...args) => constructing(OAuth2Authorizer)(client, ...args), /domain.*tokenUrl/],
  ['createCognitoClient', untyped(createCognitoClient), /createCognitoClient.*userPoolId/],
  ['cognitoService', untyped(cognitoService), /cognitoService.*userPoolId/],
  ['cognitoInterceptors', untyped(cognitoInterceptors), /cognitoInterceptors.*userPoolId/],
  ['cognitoVerifier', untyped(cognitoVerifier), /userPoolId/],
  ['verifyCognitoToken', (...args) => untyped(verifyCognitoToken)('a.b.c', ...args), /userPoolId/],
];

it.each(calledWithNothing(needy))('%s, called with %s, says what it needs (C15)', async (_name, _what, call, words) => {
  const failure = await thrownBy(call);
  expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(words) as unknown });
});

it.each<readonly [string, object, RegExp]>([
  ['without a client', pool, /createCognitoClient needs the `clientId`/],
  ['without a place for the token', { ...pool, clientId: 'app' }, /baseURL.*`allow`/],
  ['without a pool or a domain', client, /`userPoolId`.*`domain` or `tokenUrl`/],
  ['with a pool of another name', { ...client, userPoolID: 'x' }, /userPoolID; did you mean userPoolId\?/],
  ['with a token endpoint', { ...client, tokenEndpoint: 'x' }, /tokenEndpoint; did you mean tokenUrl\?/],
  ['with a misspelt option of the attachment', { ...pool, ...client, alow: '*' }, /alow; did you mean allow\?/],
  ['with a user for OAuth 2', { ...domain, ...client, username: 'ann' }, /knows no option username/],
  ['with a token that is no kind', { ...pool, ...client, tokenUse: 'both' }, /`tokenUse`.*'access' or 'id'/],
  ['with a grant that is a number', { ...domain, ...client, grant: 5 }, /`grant`/],
])('createCognitoClient %s says so (C15)', (_what, options, words) => {
  expect(() => untyped(createCognitoClient)(options)).toThrow(ConfigurationError);
  expect(() => untyped(createCognitoClient)(options)).toThrow(words);
});

it('the client is said flat or as clientInfo, and not in two ways (C15)', () => {
  const axiosConfig = { baseURL: 'https://api.example' };
  const flat = createCognitoClient({ ...domain, ...client, apiKey: 'k-1' }, axiosConfig);
  const info = createCognitoClient({ ...domain, clientInfo: { ...client, apiKey: 'k-1' } }, axiosConfig);
  const headers = { Authorization: 'Bearer token', 'X-Api-Key': 'k-1' };
  for (const { authorizer } of [flat, info]) {
    expect(authorizer.clientId).toBe('app');
    expect(authorizer.headersFor({ accessToken: 'token' })).toEqual(headers);
  }
  const twice = { ...domain, ...client, clientInfo: { clientId: 'another' } };
  expect(() => createCognitoClient(twice, axiosConfig)).toThrow('`clientId` of createCognitoClient is given twice');
});
