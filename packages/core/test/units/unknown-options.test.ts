// A misspelt option, an option of another shape, nothing at all: is it said at once, and in words that help?
import axios from 'axios';
import { calledWithNothing, constructing, thrownBy, untyped } from '@axios-authorizer/test-kit';
import type { Needy } from '@axios-authorizer/test-kit';
import {
  attachAuth,
  authInterceptors,
  authorizationCodeSource,
  authorizationRequest,
  Authorizer,
  BearerAuthSession,
  clientCredentialsSource,
  ClientSession,
  clientSecretBasic,
  clientSecretPost,
  composeClients,
  ConfigurationError,
  createClient,
  deviceCodeSource,
  introspectToken,
  jwtBearerSource,
  publicClient,
  passwordSource,
  readCallback,
  RefreshableJWTHandler,
  RefreshableJWTSession,
  refreshTokenSource,
  revokeToken,
  tokenExchangeSource,
} from '../../src/index.js';
import { JwksCache, requestToken } from '../../src/extend.js';
import { fileTokenStore } from '../../src/node/index.js';
import { openTelemetryObserver } from '../../src/opentelemetry/index.js';

const source = (): Promise<string> => Promise.resolve('token');
const authorizer = new Authorizer(source);
const client = axios.create({ baseURL: 'https://api.example' });
const clientAuth = publicClient({ clientId: 'reports' });
const oauth2 = { tokenUrl: 'https://idp.example/token', clientAuth };
const body = new URLSearchParams({ grant_type: 'client_credentials' });

const needy: Needy = [
  ['Authorizer', constructing(Authorizer), /token source/],
  ['attachAuth', untyped(attachAuth), /axios client/],
  ['attachAuth of a client', (given) => untyped(attachAuth)(client, given), /authorizer/],
  ['authInterceptors', untyped(authInterceptors), /authorizer/],
  ['composeClients of a service', (given) => untyped(composeClients)({ api: given }), /The service api/],
  ['createClient', untyped(createClient), /createClient.*(?:authorizer|config)/],
  ['clientCredentialsSource', untyped(clientCredentialsSource), /tokenUrl/],
  ['refreshTokenSource', untyped(refreshTokenSource), /tokenUrl/],
  ['passwordSource', untyped(passwordSource), /username/],
  ['authorizationCodeSource', untyped(authorizationCodeSource), /tokenUrl|grant/],
  ['authorizationRequest', untyped(authorizationRequest), /authorizationUrl|one object/],
  ['readCallback of a sign-in', (pending) => untyped(readCallback)('/callback?state=s', pending), /pending/],
  ['deviceCodeSource', untyped(deviceCodeSource), /deviceAuthorizationUrl/],
  ['tokenExchangeSource', untyped(tokenExchangeSource), /subject/],
  ['jwtBearerSource', untyped(jwtBearerSource), /assertion/],
  ['a grant', (grant) => untyped(authorizationCodeSource)({ ...oauth2, grant }), /grant/],
  ['clientSecretBasic', untyped(clientSecretBasic), /clientId/],
  ['clientSecretPost', untyped(clientSecretPost), /clientId/],
  ['publicClient', untyped(publicClient), /clientId/],
  ['introspectToken', untyped(introspectToken), /url/],
  ['revokeToken', untyped(revokeToken), /url/],
  ['requestToken', untyped(requestToken), /url/],
  ['JwksCache', constructing(JwksCache), /reads the keys/],
  ['RefreshableJWTHandler', constructing(RefreshableJWTHandler), /getToken/],
  ['RefreshableJWTSession', constructing(RefreshableJWTSession), /RefreshableJWTHandler/],
  ['ClientSession', constructing(ClientSession), /authorizer/],
  ['fileTokenStore', (given) => untyped(fileTokenStore)(given === 'text' ? '' : given), /path/],
];

it.each(calledWithNothing(needy))('%s, called with %s, says what it needs (C15)', async (_name, _what, call, words) => {
  const failure = await thrownBy(call);
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure).toMatchObject({ message: expect.stringMatching(words) as unknown });
});

it('a BearerAuthSession without a token, and one without a place for it, say so (C15)', () => {
  const session = constructing(BearerAuthSession);
  for (const given of [[], [{}], [null], ['']]) expect(() => session(...given)).toThrow(/bearer token is empty/);
  expect(() => session('token')).toThrow(/where the token may go/);
});

it.each<readonly [string, () => unknown, string]>([
  [
    'a wrong case',
    () => untyped(clientCredentialsSource)({ tokenURL: 'x', clientAuth }),
    'tokenURL; did you mean tokenUrl?',
  ],
  [
    'another word for URL',
    () => untyped(refreshTokenSource)({ tokenEndpoint: 'x', clientAuth }),
    'tokenEndpoint; did you mean tokenUrl?',
  ],
  ['an underscore', () => constructing(Authorizer)(source, { client_id: 'x' }), 'client_id; did you mean clientId?'],
  ['the unit left out', () => constructing(Authorizer)(source, { timeout: 5 }), 'timeout; did you mean timeoutMs?'],
  ['a letter too many', () => untyped(attachAuth)(client, authorizer, { alllow: '*' }), 'alllow; did you mean allow?'],
  [
    'half a name',
    () => untyped(clientSecretBasic)({ clientId: 'a', secret: 'b' }),
    'secret; did you mean clientSecret?',
  ],
  [
    'another option',
    () => untyped(authInterceptors)(authorizer, { allow: '*', allowUnsecure: true }),
    'allowUnsecure; did you mean allowInsecure?',
  ],
  [
    'a misspelt one',
    () => constructing(RefreshableJWTHandler)({ getToken: source, observr: source }),
    'observr; did you mean observer?',
  ],
  [
    'a wrong ending',
    () => untyped(fileTokenStore)('token.json', { encryptionkey: 'x' }),
    'encryptionkey; did you mean encryptionKey?',
  ],
  ['a plural', () => untyped(openTelemetryObserver)({ attribute: {} }), 'attribute; did you mean attributes?'],
  [
    'a member of clientInfo',
    () => constructing(Authorizer)(source, { clientInfo: { id: 'x', clientID: 'y' } }),
    'knows no option id',
  ],
  ['a part of a service', () => untyped(createClient)({ configs: {}, authorizer }), 'configs; did you mean config?'],
])('an unknown option that is %s is refused with the nearest name (C15)', (_what, call, words) => {
  expect(call).toThrow(ConfigurationError);
  expect(call).toThrow(words);
});

it.each<readonly [string, () => unknown]>([
  ['introspectToken', () => untyped(introspectToken)({ url: 'https://idp.example', token: 'a', tokenType: 'b' })],
  ['revokeToken', () => untyped(revokeToken)({ url: 'https://idp.example', token: 'a', tokenType: 'b' })],
  ['requestToken', () => untyped(requestToken)({ url: 'https://idp.example', body, clientauth: publicClient })],
])('%s refuses an unknown option before anything is sent (C15)', async (_name, call) => {
  expect(await thrownBy(call)).toMatchObject({
    kind: 'configuration',
    message: expect.stringMatching(/did you mean/) as unknown,
  });
});

it('where nothing is near, the known options are listed, and a name that may be a secret is not shown (C15)', () => {
  const call = (options: object) => () => untyped(fileTokenStore)('token.json', options);
  expect(call({ wibble: 1 })).toThrow('fileTokenStore knows no option wibble; it knows encryptionKey, name, leaseMs');
  expect(call({ 'Bearer s3cret-s3cret': 1 })).toThrow('fileTokenStore knows no option of that name');
});

it.each<readonly [string, object]>([
  ['onToken', { onToken: 5 }],
  ['observer', { observer: 5 }],
  ['clock', { clock: {} }],
  ['store', { store: {} }],
  ['headers', { headers: 'x' }],
  ['clientInfo', { clientInfo: 'reports' }],
  ['apiKey', { apiKey: 5 }],
  ['timeoutMs', { timeoutMs: '5' }],
])('an Authorizer whose %s has another shape names the option (C15)', (name, options) => {
  expect(() => constructing(Authorizer)(source, options)).toThrow(ConfigurationError);
  expect(() => constructing(Authorizer)(source, options)).toThrow(name);
});

it.each<readonly [string, object, RegExp]>([
  ['unauthorized', { unauthorized: true }, /`unauthorized` of attachAuth must be a function/],
  ['browserRedirects', { browserRedirects: 'never' }, /`browserRedirects` of attachAuth must be 'check' or 'trust'/],
  ['allow', { allow: 5 }, /`allow`/],
])('an attachment whose %s has another shape names the option (C15)', (_name, options, words) => {
  const call = (): unknown =>
    untyped(attachAuth)(axios.create({ baseURL: 'https://api.example' }), authorizer, options);
  expect(call).toThrow(ConfigurationError);
  expect(call).toThrow(words);
});

it.each<readonly [string, () => unknown]>([
  ['getToken(null)', () => untyped(authorizer.getToken.bind(authorizer))(null)],
  ['getToken with a number as signal', () => untyped(authorizer.getToken.bind(authorizer))({ signal: 5 })],
  ['headersFor without a token', () => untyped(authorizer.headersFor.bind(authorizer))(undefined)],
  ['setToken without a token', () => untyped(authorizer.setToken.bind(authorizer))(undefined)],
  [
    'setToken with null for its options',
    () => untyped(authorizer.setToken.bind(authorizer))({ accessToken: 'a' }, null),
  ],
  ['headers of nothing', () => untyped(authorizer.headers.bind(authorizer))(undefined)],
])('%s is a typed error (C15)', async (_what, call) => {
  expect(await thrownBy(call)).toBeInstanceOf(ConfigurationError);
});

it('flat clientId and apiKey say what clientInfo says; both are taken when they agree (C15)', () => {
  const token = { accessToken: 'token' };
  const flat = new Authorizer(source, { clientId: 'reports', apiKey: 'k-1' });
  expect(flat.clientId).toBe('reports');
  expect(flat.headersFor(token)).toEqual({ Authorization: 'Bearer token', 'X-Api-Key': 'k-1' });
  const both = new Authorizer(source, { clientId: 'reports', clientInfo: { clientId: 'reports', apiKey: 'k-2' } });
  expect(both.headersFor(token)).toEqual({ Authorization: 'Bearer token', 'X-Api-Key': 'k-2' });
});

it('clientId given flat and in clientInfo, and differently, is refused (C15)', () => {
  const call = (): unknown => new Authorizer(source, { clientId: 'one', clientInfo: { clientId: 'other' } });
  expect(call).toThrow('`clientId` of Authorizer is given twice');
});

it.each<readonly [string, object, object, string]>([
  ['another hook', { unauthorized: () => true }, { unauthorized: () => false }, 'unauthorized'],
  ['another way with redirects', {}, { browserRedirects: 'trust' }, 'browserRedirects'],
  ['another allow list', { allow: 'https://api.example/a' }, { allow: 'https://api.example/b' }, 'allow'],
])('an authorizer attached twice, the second time with %s, says so (C15)', (_what, first, second, name) => {
  const twice = axios.create({ baseURL: 'https://api.example' });
  const attach = (options: object): unknown => untyped(attachAuth)(twice, authorizer, options);
  attach(first);
  attach(first);
  expect(() => attach(second)).toThrow(ConfigurationError);
  expect(() => attach(second)).toThrow(`another \`${name}\``);
});
