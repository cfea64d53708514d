// How do further parameters of a source go out?
import {
  authorizationCodeSource,
  clientCredentialsSource,
  ConfigurationError,
  publicClient,
  passwordSource,
  refreshTokenSource,
} from '../../src/index.js';
import { tokenEndpoint, tokenRequest } from './stage.js';
import type { OAuth2SourceOptions, TokenSource } from '../../src/index.js';

const clientAuth = publicClient({ clientId: 'me' });
const grant = { code: 'code-1', redirectUri: 'https://app.example.org/back' };

const makers: readonly (readonly [what: string, make: (options: OAuth2SourceOptions) => TokenSource])[] = [
  ['clientCredentialsSource', clientCredentialsSource],
  ['refreshTokenSource', (options) => refreshTokenSource({ ...options, refreshToken: 'first' })],
  ['passwordSource', (options) => passwordSource({ ...options, username: 'u', password: 'p' })],
  ['authorizationCodeSource', (options) => authorizationCodeSource({ ...options, grant })],
];

it.each(makers)('a list is several parameters of one name, of %s (C16, RFC 8707)', async (_, make) => {
  const endpoint = await tokenEndpoint();
  endpoint.always({ json: { access_token: 'a' } });
  const resource = ['https://a.example.org/', 'https://b.example.org/x,y'];
  const parameters = { resource, audience: 'one', empty: '', none: undefined, nothing: [] };
  const source = make({ tokenUrl: endpoint.url, clientAuth, parameters });
  await source.authorize(tokenRequest());
  const [body] = endpoint.bodies;
  expect(body?.getAll('resource')).toEqual(resource);
  expect([body?.getAll('audience'), body?.getAll('empty')]).toEqual([['one'], ['']]);
  expect([body?.has('none'), body?.has('nothing')]).toEqual([false, false]);
});

it.each(makers.slice(1))('lists go out at a refresh as well, of %s (C16, RFC 8707)', async (_, make) => {
  const endpoint = await tokenEndpoint();
  const source = make({ tokenUrl: endpoint.url, clientAuth, parameters: { resource: ['a', 'b'] } });
  await source.refresh?.({ accessToken: 'old', refreshToken: 'kept' }, tokenRequest());
  expect(endpoint.bodies[0]?.getAll('resource')).toEqual(['a', 'b']);
});

it('a parameter takes the place of what the source would have sent under its name (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const parameters = { scope: ['x'] };
  await clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, scope: 'a', parameters }).authorize(
    tokenRequest(),
  );
  expect(endpoint.bodies[0]?.getAll('scope')).toEqual(['x']);
});

it('inherited members are no parameters (C16)', async () => {
  const endpoint = await tokenEndpoint();
  const parameters = Object.assign(Object.create({ inherited: 'x' }) as object, { own: 'y' });
  await clientCredentialsSource({ tokenUrl: endpoint.url, clientAuth, parameters }).authorize(tokenRequest());
  expect([endpoint.bodies[0]?.get('own'), endpoint.bodies[0]?.has('inherited')]).toEqual(['y', false]);
});

const unfit: readonly (readonly [what: string, parameters: unknown])[] = [
  ['a number', { max_age: 60 }],
  ['null', { audience: null }],
  ['a boolean', { x: true }],
  ['an object', { claims: {} }],
  ['a list with a number', { resource: ['a', 1] }],
  ['a list in a list', { resource: [['a']] }],
  ['a URL', { resource: new URL('https://a.example.org') }],
  ['URLSearchParams', new URLSearchParams('a=b')],
  ['a Map', new Map([['a', 'b']])],
  ['a list of pairs', [['a', 'b']]],
  ['a text', 'a=b'],
  ['null for all', null],
];

it.each(unfit)('%s among the parameters is a ConfigurationError when a source is made (C16)', (_, parameters) => {
  const options = { tokenUrl: 'https://login.example.org/token', clientAuth, parameters: parameters as never };
  for (const [, make] of makers) expect(() => make(options)).toThrow(ConfigurationError);
});

it('the error names the parameter and not its value (C16)', () => {
  const parameters = { audience: 4711 as never };
  const make = (): unknown =>
    clientCredentialsSource({ tokenUrl: 'https://login.example.org/token', clientAuth, parameters });
  expect(make).toThrow(/`parameters`.*audience/);
  expect(make).not.toThrow(/4711/);
});
