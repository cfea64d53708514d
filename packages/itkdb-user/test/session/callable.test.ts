// A session is an axios instance, and is called as the original is, too.
import axios, { AxiosHeaders } from 'axios';
import { renderings } from '@axios-authorizer/test-kit';
import { Session, User } from '../../src/index.js';
import { codes, world } from '../stage.js';
import { offline } from './stage.js';
import type { AxiosInstance } from 'axios';

it('is made with `new`, and is a Session and a function (I4)', async () => {
  const { session } = await world();
  expect(session).toBeInstanceOf(Session);
  expect(typeof session).toBe('function');
  expect(session.user).toBeInstanceOf(User);
  expect(session.authorizer).toBe(session.user.authorizer);
});

it('has every member of an axios instance (I4)', async () => {
  const { session } = await world();
  const names = Object.keys(axios.create());
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !(name in session))).toEqual([]);
  const instance: AxiosInstance = session;
  expect(instance.getUri({ url: 'x' })).toBe(`${session.prefixUrl}x`);
});

const calls: readonly (readonly [what: string, call: (session: Session) => Promise<{ readonly data: unknown }>])[] = [
  ['session(method, url, config)', (session) => session('POST', 'createThing', { data: { a: 1 } })],
  ['session(method, url, config) in small letters', (session) => session('post', '/createThing', { data: { a: 1 } })],
  ['session(url, config)', (session) => session('createThing', { method: 'post', data: { a: 1 } })],
  ['session(config)', (session) => session({ url: 'createThing', method: 'post', data: { a: 1 } })],
  ['request', (session) => session.request({ url: 'createThing', method: 'post', data: { a: 1 } })],
  ['post', (session) => session.post('createThing', { a: 1 })],
];

it.each(calls)('%s sends the same request, with the bearer (I4)', async (_what, call) => {
  const { session, itkdb, user } = await world();
  const { data } = await call(session);
  expect(data).toMatchObject({ thing: 't1' });
  expect(itkdb.things).toEqual([{ a: 1 }]);
  expect(itkdb.api.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /createThing']);
  expect(itkdb.api.bearers()).toEqual([user.bearer]);
});

it('session(method, url) needs no config, and session(url) is a GET (I4)', async () => {
  const { session, itkdb } = await world();
  await session('GET', 'listInstitutions');
  await session('listInstitutions');
  expect(itkdb.api.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
    Array.from({ length: 2 }, () => 'GET /listInstitutions'),
  );
});

it('a config that is given to a call is not changed by it (I4)', async () => {
  const { session } = await world();
  const config = Object.freeze({ params: { a: 1 }, headers: Object.freeze({ 'x-mine': '1' }) });
  await session('GET', 'cache-control/', config);
  expect(config).toEqual({ params: { a: 1 }, headers: { 'x-mine': '1' } });
});

it('interceptors of the caller see each request and answer once, and no bearer (I4)', async () => {
  const { session, itkdb, user } = await world();
  await user.authenticate();
  itkdb.revokeAll();
  const seen: unknown[] = [];
  session.interceptors.request.use((config) => {
    seen.push(config.url, AxiosHeaders.from(config.headers).get('Authorization'));
    return config;
  });
  session.interceptors.response.use((response) => {
    seen.push(response.status);
    return response;
  });
  await session.get('listInstitutions');
  expect(itkdb.api.requests).toHaveLength(2);
  expect(seen).toEqual(['listInstitutions', undefined, 200]);
});

it('defaults hold for later requests, and what the caller gives as axios config wins (I4)', async () => {
  const { session, itkdb } = await world({ config: { headers: { 'x-one': '1' }, timeout: 1_234 } });
  session.defaults.headers.common['x-two'] = '2';
  await session.get('listInstitutions');
  expect(itkdb.api.requests[0]?.headers).toMatchObject({ 'x-one': '1', 'x-two': '2' });
  expect(session.defaults.timeout).toBe(1_234);
});

it('a minute is the limit of a request unless another is given, and the http adapter is pinned (I4)', async () => {
  const { session } = await world();
  expect(session.defaults).toMatchObject({ timeout: 60_000, adapter: 'http' });
});

it('create makes a client of the same defaults, without a bearer (I4)', async () => {
  const { session, itkdb } = await world();
  const other = session.create({ validateStatus: () => true });
  const { status } = await other.get('listInstitutions');
  expect([status, itkdb.api.bearers(), itkdb.logins]).toEqual([401, [undefined], 0]);
  expect(other.defaults.baseURL).toBe(itkdb.apiUrl);
});

it('an adapter of the caller is used, under the authorised transport (I4)', async () => {
  const { itkdb, user } = await world();
  const { sent, adapter } = offline({ fine: true });
  const session = new Session({ user, prefixUrl: itkdb.apiUrl }, { adapter });
  expect((await session.get('x')).data).toEqual({ fine: true });
  expect(AxiosHeaders.from(sent[0]?.headers).get('Authorization')).toBe(`Bearer ${user.bearer}`);
  expect(itkdb.api.requests).toEqual([]);
});

it('a session prints neither codes nor bearer (I4)', async () => {
  const { session, user } = await world();
  await session.get('listInstitutions');
  const printed = renderings(session).join('\n');
  expect([codes.accessCode1, codes.accessCode2, user.bearer].filter((secret) => printed.includes(secret))).toEqual([]);
});
