// A misspelt option, an option of another shape, nothing at all: is it said at once, and in words that help?
import axios from 'axios';
import {
  attachAuth,
  authInterceptors,
  authorizationCodeSource,
  Authorizer,
  BearerAuthSession,
  clientCredentialsSource,
  ClientSession,
  clientSecretBasic,
  clientSecretPost,
  composeClients,
  ConfigurationError,
  createClient,
  introspectToken,
  publicClient,
  passwordSource,
  RefreshableJWTHandler,
  RefreshableJWTSession,
  refreshTokenSource,
  revokeToken,
} from '../../src/index.js';
import { JwksCache, requestToken } from '../../src/extend.js';
import { fileTokenStore } from '../../src/node/index.js';
import { openTelemetryObserver } from '../../src/opentelemetry/index.js';

type Factory = (...args: readonly unknown[]) => unknown;
type Class = new (...args: never[]) => unknown;

/** As JavaScript calls it, which no compiler holds back. */
function factory(of: unknown): Factory {
  return of as Factory;
}
function constructor(of: Class): Factory {
  return (...args) => Reflect.construct(of, args) as unknown;
}
/** What it throws or rejects with; undefined when it does neither. */
async function failureOf(made: () => unknown): Promise<unknown> {
  try {
    await made();
    return undefined;
  } catch (error) {
    return error;
  }
}

const source = (): Promise<string> => Promise.resolve('token');
const authorizer = new Authorizer(source);
const client = axios.create({ baseURL: 'https://api.example' });
const clientAuth = publicClient({ clientId: 'reports' });
const oauth2 = { tokenUrl: 'https://idp.example/token', clientAuth };
const body = new URLSearchParams({ grant_type: 'client_credentials' });

const needy: readonly (readonly [string, Factory, RegExp])[] = [
  ['Authorizer', constructor(Authorizer), /token source/],
  ['attachAuth', factory(attachAuth), /axios client/],
  ['attachAuth of a client', (given) => factory(attachAuth)(client, given), /authorizer/],
  ['authInterceptors', factory(authInterceptors), /authorizer/],
  ['composeClients of a service', (given) => factory(composeClients)({ api: given }), /The service api/],
  ['createClient', factory(createClient), /createClient.*(?:authorizer|config)/],
  ['clientCredentialsSource', factory(clientCredentialsSource), /tokenUrl/],
  ['refreshTokenSource', factory(refreshTokenSource), /tokenUrl/],
  ['passwordSource', factory(passwordSource), /username/],
  ['authorizationCodeSource', factory(authorizationCodeSource), /tokenUrl|grant/],
  ['a grant', (grant) => factory(authorizationCodeSource)({ ...oauth2, grant }), /grant/],
  ['clientSecretBasic', factory(clientSecretBasic), /clientId/],
  ['clientSecretPost', factory(clientSecretPost), /clientId/],
  ['publicClient', factory(publicClient), /clientId/],
  ['introspectToken', factory(introspectToken), /url/],
  ['revokeToken', factory(revokeToken), /url/],
  ['requestToken', factory(requestToken), /url/],
  ['JwksCache', constructor(JwksCache), /reads the keys/],
  ['RefreshableJWTHandler', constructor(RefreshableJWTHandler), /getToken/],
  ['RefreshableJWTSession', constructor(RefreshableJWTSession), /RefreshableJWTHandler/],
  ['ClientSession', constructor(ClientSession), /authorizer/],
  ['fileTokenStore', (given) => factory(fileTokenStore)(given === 'text' ? '' : given), /path/],
];

const nothings: readonly (readonly [string, unknown])[] = [
  ['nothing', undefined],
  ['{}', {}],
  ['null', null],
  ['a text', 'text'],
];

it.each(
  needy.flatMap(([name, call, words]) => nothings.map(([what, value]) => [name, what, call, value, words] as const)),
)('%s, called with %s, says what it needs (C15)', async (_name, _what, call, value, words) => {
  const failure = await failureOf(() => (value === undefined ? call() : call(value)));
  expect(failure).toBeInstanceOf(ConfigurationError);
  expect(failure).toMatchObject({ message: expect.stringMatching(words) as unknown });
});

it('a BearerAuthSession without a token, and one without a place for it, say so (C15)', () => {
  const session = constructor(BearerAuthSession);
  for (const given of [[], [{}], [null], ['']]) expect(() => session(...given)).toThrow(/bearer token is empty/);
  expect(() => session('token')).toThrow(/where the token may go/);
});

it.each<readonly [string, () => unknown, string]>([
  [
    'a wrong case',
    () => factory(clientCredentialsSource)({ tokenURL: 'x', clientAuth }),
    'tokenURL; did you mean tokenUrl?',
  ],
  [
    'another word for URL',
    () => factory(refreshTokenSource)({ tokenEndpoint: 'x', clientAuth }),
    'tokenEndpoint; did you mean tokenUrl?',
  ],
  ['an underscore', () => constructor(Authorizer)(source, { client_id: 'x' }), 'client_id; did you mean clientId?'],
  ['the unit left out', () => constructor(Authorizer)(source, { timeout: 5 }), 'timeout; did you mean timeoutMs?'],
  ['a letter too many', () => factory(attachAuth)(client, authorizer, { alllow: '*' }), 'alllow; did you mean allow?'],
  [
    'half a name',
    () => factory(clientSecretBasic)({ clientId: 'a', secret: 'b' }),
    'secret; did you mean clientSecret?',
  ],
  [
    'another option',
    () => factory(authInterceptors)(authorizer, { allow: '*', allowUnsecure: true }),
    'allowUnsecure; did you mean allowInsecure?',
  ],
  [
    'a misspelt one',
    () => constructor(RefreshableJWTHandler)({ getToken: source, observr: source }),
    'observr; did you mean observer?',
  ],
  [
    'a wrong ending',
    () => factory(fileTokenStore)('token.json', { encryptionkey: 'x' }),
    'encryptionkey; did you mean encryptionKey?',
  ],
  ['a plural', () => factory(openTelemetryObserver)({ attribute: {} }), 'attribute; did you mean attributes?'],
  [
    'a member of clientInfo',
    () => constructor(Authorizer)(source, { clientInfo: { id: 'x', clientID: 'y' } }),
    'knows no option id',
  ],
  ['a part of a service', () => factory(createClient)({ configs: {}, authorizer }), 'configs; did you mean config?'],
])('an unknown option that is %s is refused with the nearest name (C15)', (_what, call, words) => {
  expect(call).toThrow(ConfigurationError);
  expect(call).toThrow(words);
});

it.each<readonly [string, () => unknown]>([
  ['introspectToken', () => factory(introspectToken)({ url: 'https://idp.example', token: 'a', tokenType: 'b' })],
  ['revokeToken', () => factory(revokeToken)({ url: 'https://idp.example', token: 'a', tokenType: 'b' })],
  ['requestToken', () => factory(requestToken)({ url: 'https://idp.example', body, clientauth: publicClient })],
])('%s refuses an unknown option before anything is sent (C15)', async (_name, call) => {
  expect(await failureOf(call)).toMatchObject({
    kind: 'configuration',
    message: expect.stringMatching(/did you mean/) as unknown,
  });
});

it('where nothing is near, the known options are listed, and a name that may be a secret is not shown (C15)', () => {
  const call = (options: object) => () => factory(fileTokenStore)('token.json', options);
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
  expect(() => constructor(Authorizer)(source, options)).toThrow(ConfigurationError);
  expect(() => constructor(Authorizer)(source, options)).toThrow(name);
});

it.each<readonly [string, object, RegExp]>([
  ['unauthorized', { unauthorized: true }, /`unauthorized` of attachAuth must be a function/],
  ['browserRedirects', { browserRedirects: 'never' }, /`browserRedirects` of attachAuth must be 'check' or 'trust'/],
  ['allow', { allow: 5 }, /`allow`/],
])('an attachment whose %s has another shape names the option (C15)', (_name, options, words) => {
  const call = (): unknown =>
    factory(attachAuth)(axios.create({ baseURL: 'https://api.example' }), authorizer, options);
  expect(call).toThrow(ConfigurationError);
  expect(call).toThrow(words);
});

it.each<readonly [string, () => unknown]>([
  ['getToken(null)', () => factory(authorizer.getToken.bind(authorizer))(null)],
  ['getToken with a number as signal', () => factory(authorizer.getToken.bind(authorizer))({ signal: 5 })],
  ['headersFor without a token', () => factory(authorizer.headersFor.bind(authorizer))(undefined)],
  ['setToken without a token', () => factory(authorizer.setToken.bind(authorizer))(undefined)],
  [
    'setToken with null for its options',
    () => factory(authorizer.setToken.bind(authorizer))({ accessToken: 'a' }, null),
  ],
  ['headers of nothing', () => factory(authorizer.headers.bind(authorizer))(undefined)],
])('%s is a typed error (C15)', async (_what, call) => {
  expect(await failureOf(call)).toBeInstanceOf(ConfigurationError);
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
  const attach = (options: object): unknown => factory(attachAuth)(twice, authorizer, options);
  attach(first);
  attach(first);
  expect(() => attach(second)).toThrow(ConfigurationError);
  expect(() => attach(second)).toThrow(`another \`${name}\``);
});
