// An option of the wrong shape: is it told at once, and in words that help?
import {
  Authorizer,
  clientCredentialsSource,
  clientSecretJwt,
  ConfigurationError,
  discoverResource,
  discoverServer,
  firstOf,
  introspect,
  memoryTokenStore,
  privateKeyJwt,
  publicClient,
  RefreshableJWTHandler,
  stepUpChallenge,
} from '../../src/index.js';
import type { RefreshableJWTHandlerOptions, Token, TokenSource } from '../../src/index.js';

const source = async (): Promise<string> => 'token';
const make = (options: object): (() => Authorizer) => {
  return () => new Authorizer(source, options);
};

it.each<readonly [string, unknown]>([
  ['a path', '/tmp/token.json'],
  ['null', null],
  ['a function', memoryTokenStore],
  ['an object without methods', {}],
  ['a store without clear', { ...memoryTokenStore(), clear: undefined }],
  ['a Map', new Map()],
  ['a store whose load is no function', { ...memoryTokenStore(), load: 'token' }],
])('a store that is %s is a ConfigurationError that names the methods (C6)', (_what, store) => {
  expect(make({ store })).toThrow(ConfigurationError);
  expect(make({ store })).toThrow(/load.*save.*clear/);
});

const dates = /new Date\(/;
it.each<readonly [string, unknown, RegExp]>([
  ['null', null, /initialToken/],
  ['a string', 'token', /initialToken/],
  ['an empty object', {}, /accessToken.*refreshToken/],
  ['a number as accessToken', { accessToken: 7 }, /initialToken/],
  ['an empty accessToken', { accessToken: '' }, /initialToken/],
  ['an accessToken with a line break', { accessToken: 'a\nb' }, /initialToken/],
  ['a number as refreshToken', { refreshToken: 7 }, /refreshToken/],
  ["OAuth's own member names", { access_token: 'token', expires_in: 300 }, /accessToken/],
  ['an expiresAt that is a day', { accessToken: 'token', expiresAt: '2027-01-01' }, dates],
  ['an expiresAt in milliseconds', { accessToken: 'token', expiresAt: 1_800_000_000_000 }, dates],
  ['an expiresAt that is no date', { accessToken: 'token', expiresAt: new Date(Number.NaN) }, dates],
  ['an issuedAt without a zone', { accessToken: 'token', issuedAt: '2027-01-01T00:00:00.000' }, dates],
  ['half a date beside a refreshToken alone', { refreshToken: 'kept', expiresAt: '2027-01-01' }, dates],
])('an initialToken that is or has %s is a ConfigurationError that helps (C6)', (_what, initialToken, words) => {
  expect(make({ initialToken })).toThrow(ConfigurationError);
  expect(make({ initialToken })).toThrow(words);
});

it.each<readonly [string, object]>([
  ['a token', { accessToken: 'token' }],
  ['a token with its dates', { accessToken: 'token', expiresAt: new Date(), issuedAt: new Date() }],
  ['a refresh token alone', { refreshToken: 'kept' }],
])('an initialToken that is %s is taken (C6)', (_what, initialToken) => {
  expect(make({ initialToken })).not.toThrow();
});

it.each<readonly [string, unknown]>([
  ...['refresh', 'revoke', 'expired', 'bearer', 'identity', 'stepUp', 'ended', 'signedIn'].flatMap(
    (name): [string, unknown][] => [5, null, 'x', {}].map((value) => [name, value]),
  ),
  ...[5, true, {}, { timeoutMs: 0 }, { timeoutMs: '5' }].map((value): [string, unknown] => ['interactive', value]),
  ...[5, {}, Promise.resolve()].map((value): [string, unknown] => ['proof', value]),
])('a source whose `%s` is %j is a ConfigurationError that names it, in firstOf as well (C16)', (name, value) => {
  const odd = Object({ authorize: source, [name]: value }) as TokenSource;
  const named = expect.objectContaining({
    kind: 'configuration',
    message: expect.stringContaining(`\`${name}\``) as unknown,
  }) as Error;
  expect(() => new Authorizer(odd)).toThrow(named);
  expect(() => firstOf({ odd })).toThrow(named);
});

it('members of a source that are absent, or its class’s, are taken (C16)', () => {
  class Own implements TokenSource {
    authorize = async (): Promise<Token> => ({ accessToken: 'token' });
    expired(): boolean {
      return false;
    }
  }
  const interactive = { timeoutMs: 1, startOnRequest: true };
  for (const given of [new Own(), { authorize: new Own().authorize, refresh: undefined, interactive, more: 5 }])
    expect(() => new Authorizer(Object(given) as TokenSource)).not.toThrow();
});

it('no message about an initialToken shows it (C11)', () => {
  const attempt = (): unknown => make({ initialToken: { accessToken: 'secret\nsecret' } })();
  expect(attempt).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('secret') as unknown }) as Error,
  );
});

it.each<readonly [string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['no getToken', {}],
  ['a getToken that is no function', { getToken: 'jwt' }],
  ['the function itself', async () => ['jwt', new Date()]],
])('a RefreshableJWTHandler made with %s is a ConfigurationError that shows its form (sessions)', (_what, options) => {
  const attempt = (): unknown => new RefreshableJWTHandler(options as RefreshableJWTHandlerOptions);
  expect(attempt).toThrow(ConfigurationError);
  expect(attempt).toThrow(/getToken/);
});

it.each<readonly [string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a bare string', 'secret-jwt'],
  ['a list of one', ['secret-jwt']],
  ['a list of three', ['secret-jwt', new Date(), 1]],
  ['a token', { accessToken: 'secret-jwt' }],
  ['seconds for the end', ['secret-jwt', 1_800_000_000]],
  ['a text for the end', ['secret-jwt', '2027-01-01']],
])('a RefreshableJWTHandler whose hook returns %s says what it must be (sessions)', async (_what, pair) => {
  const getToken = async (): Promise<[string, Date]> => pair as [string, Date];
  const failure: unknown = await new RefreshableJWTHandler({ getToken })
    .authenticate()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({
    kind: 'configuration',
    message: expect.not.stringContaining('secret-jwt') as unknown,
  });
});

it.each<readonly [string, unknown, RegExp]>([
  ['undefined', undefined, /undefined/],
  ['null', null, /null/],
  ['a number', 7_777, /a number/],
  ['true', true, /a boolean/],
  ["OAuth's own answer", { access_token: 'secret-1', expires_in: 300 }, /access_token.*expires_in/],
  ['an axios response', { data: { accessToken: 'secret-1' }, status: 200 }, /data.*status/],
  ['an empty object', {}, /accessToken/],
])('a token hook that returns %s is told so by shape and names, never by value (C11)', async (_what, answer, words) => {
  const failure: unknown = await new Authorizer(async () => answer as string)
    .getToken()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ kind: 'configuration', message: expect.stringMatching(words) as unknown });
  expect(failure).toMatchObject({ message: expect.not.stringMatching(/secret-1|7777/) as unknown });
});

const tokenUrl = 'https://id.example.org/token';
const clientAuth = publicClient({ clientId: 'reports' });
const api = 'https://api.example.org';

it.each<readonly [string, () => unknown]>([
  ['a scope that is a number', () => call(clientCredentialsSource, { tokenUrl, clientAuth, scope: 5 })],
  [
    'a scope that is a list of other things',
    () => call(clientCredentialsSource, { tokenUrl, clientAuth, scope: ['a', 5] }),
  ],
  [
    'a lifetime that is a text',
    () => call(clientCredentialsSource, { tokenUrl, clientAuth, defaultLifetimeMs: '60000' }),
  ],
  [
    'the life of an assertion as a text',
    () => call(clientSecretJwt, { clientId: 'a', clientSecret: 's'.repeat(32), assertionLifetimeMs: '240000' }),
  ],
  [
    'a type of key that objects have',
    () => call(privateKeyJwt, { clientId: 'a', key: { kty: 'EC', crv: 'constructor', d: 'x' } }),
  ],
  ['a limit that is a text', () => call(introspect, { url: tokenUrl, token: 'a', timeoutMs: 'soon' })],
  ['a limit of discovery below 0', () => discoverServer('https://id.example.org', { timeoutMs: -1 })],
  [
    'origins of metadata that are no list',
    () =>
      discoverResource(
        api,
        Object({ wwwAuthenticate: `Bearer resource_metadata="${api}/meta"`, metadataOrigins: api }) as object,
      ),
  ],
])('%s is a ConfigurationError before anything is sent (C16)', async (_what, attempt) => {
  await expect(async () => attempt()).rejects.toMatchObject({ name: 'ConfigurationError' });
});

function call(factory: unknown, options: object): unknown {
  return Reflect.apply(factory as () => unknown, undefined, [options]);
}

it('what throws when it is looked at is no challenge (C26)', () => {
  const trap = (): never => {
    throw new Error('looked at');
  };
  const hostile = new Proxy({}, { get: trap, has: trap, ownKeys: trap });
  for (const from of [hostile, { response: { status: 401, headers: hostile } }, { headers: { get: trap } }])
    expect(stepUpChallenge(from)).toBeUndefined();
});
