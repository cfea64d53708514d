// What must be said before a token goes anywhere?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { attachAuth, authInterceptors, Authorizer, ConfigurationError } from '../../src/index.js';

const auth = (): Authorizer => new Authorizer(async () => Promise.resolve('secret-token'));

it.each([
  ['nothing', {}, ''],
  ['an empty string', { allow: '' }, ''],
  ['an empty list', { allow: [] }, ''],
  ['a list of nothing', { allow: ['', ''] }, ''],
  ['a relative baseURL', {}, '/api'],
  ['plain http beyond this machine', { allow: 'http://api.example' }, ''],
  ['a baseURL of plain http beyond this machine', {}, 'http://api.example'],
  ['a host that only begins like loopback', { allow: 'http://127.0.0.1.evil.example' }, ''],
  ['a host that only ends like loopback', { allow: 'http://notlocalhost' }, ''],
  ['one plain http among others', { allow: ['https://api.example', 'http://api.example'] }, ''],
  ['a user', { allow: 'https://user@api.example' }, ''],
  ['a user and a password', { allow: 'https://user:word@api.example' }, ''],
  ['a query', { allow: 'https://api.example/?x=1' }, ''],
  ['a fragment', { allow: 'https://api.example/#x' }, ''],
  ['encoded dots', { allow: 'https://api.example/a/..%2fb' }, ''],
  ['another scheme', { allow: 'ftp://api.example' }, ''],
  ['a host alone', { allow: 'api.example' }, ''],
  ['junk', { allow: 'https://' }, ''],
  ['a pattern', { allow: 'https://* .example' }, ''],
  ['a wildcard for all that lies below', { allow: 'https://api.example/v1/*' }, ''],
  ['a baseURL with a wildcard', {}, 'https://api.example/*/v1'],
  ['a wildcard for the first label', { allow: 'https://*.example.org' }, ''],
  ['a wildcard for a host', { allow: 'https://*' }, ''],
  ['a wildcard among others', { allow: ['https://api.example', 'https://*.example.org/v1'] }, ''],
])('%s is a ConfigurationError at once (C9)', (_, options, baseURL) => {
  const client = axios.create(baseURL === '' ? {} : { baseURL });
  expect(() => attachAuth(client, auth(), options)).toThrow(ConfigurationError);
});

it.each<readonly [string, unknown]>([
  ['a number', 7],
  ['a URL object', new URL('https://api.example')],
  ['an object', { url: 'https://api.example' }],
  ['a function', () => 'https://api.example'],
  ['a regular expression', /api/],
  ['true', true],
  ['a list with an undefined setting in it', ['https://api.example', undefined]],
  ['a list with a URL object in it', [new URL('https://api.example')]],
])('an allow that is %s is a ConfigurationError at once, wherever it is given (C9)', (_, allow) => {
  const options = { allow: allow as string };
  const source = async (): Promise<string> => 'secret-token';
  expect(() => attachAuth(axios.create(), auth(), options)).toThrow(ConfigurationError);
  expect(() => authInterceptors(auth(), options)).toThrow(ConfigurationError);
  expect(() => new Authorizer(source, options)).toThrow(ConfigurationError);
});

it.each<readonly [string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['an object', {}],
  ['a function', () => undefined],
  ['a baseURL', 'https://api.example'],
  ['the authorizer itself', auth()],
])('attachAuth to %s is a ConfigurationError that says what a client is (C13)', (_, client) => {
  const attach = (): unknown => attachAuth(client as AxiosInstance, auth(), { allow: 'https://api.example' });
  expect(attach).toThrow(ConfigurationError);
  expect(attach).toThrow(/axios\.create/);
});

it('attachAuth takes axios itself, and an instance of its class (C13)', () => {
  const options = { allow: 'https://api.example' };
  for (const client of [axios, axios.create(), new axios.Axios({})])
    expect(attachAuth(client, auth(), options)).not.toThrow();
});

it('the message says what to do, and shows no user or query (C9, C11)', () => {
  const client = axios.create();
  expect(() => attachAuth(client, auth())).toThrow(/baseURL.*allow/);
  expect(() => attachAuth(client, auth(), { allow: 'http://api.example/a' })).toThrow(
    /http:\/\/api\.example\/a.*https/,
  );
  expect(() => attachAuth(client, auth(), { allow: 'https://ada:pass-word@api.example/?key=k-e-y' })).toThrow(
    expect.objectContaining({ message: expect.not.stringMatching(/pass-word|k-e-y/) as unknown }) as Error,
  );
});

it('after a mistake the client can still be attached (C13)', () => {
  const client = axios.create();
  const one = auth();
  expect(() => attachAuth(client, one)).toThrow(ConfigurationError);
  expect(() => attachAuth(client, one, { allow: 'https://api.example' })).not.toThrow();
});

it('authInterceptors know no client, and so need allow (C9)', () => {
  expect(() => authInterceptors(auth(), {})).toThrow(ConfigurationError);
  expect(() => authInterceptors(auth(), { allow: 'http://api.example' })).toThrow(ConfigurationError);
});

it.each([
  { allow: 'https://api.example' },
  { allow: '*' },
  { allow: 'http://localhost' },
  { allow: ['http://[::1]:1'] },
])('%j is enough (C9)', (options) => {
  expect(() => attachAuth(axios.create(), auth(), options)).not.toThrow();
});

it('allowInsecure lets plain http be named, but not meant by a star (C9)', () => {
  expect(() => attachAuth(axios.create(), auth(), { allow: 'http://api.example', allowInsecure: true })).not.toThrow();
});

it('an international name is understood however long the program has run (C9)', () => {
  const one = auth();
  for (let index = 0; index < 30_000; index++) authInterceptors(one, { allow: `https://api.example/${index}` });
  expect(() => authInterceptors(one, { allow: 'https://b\u00fccher.example' })).not.toThrow();
});
