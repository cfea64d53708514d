// Is a session a real axios instance that carries a good token?
import axios from 'axios';
import { ConfigurationError, RefreshableJWTHandler, RefreshableJWTSession } from '../../src/index.js';
import { failureOf, loopback, resourceServer } from '../endpoint/stage.js';
import { handlerOver, hourMs } from './jwt-source.js';

it('is made with new, a function, and an instance of its class (sessions)', () => {
  const { handler } = handlerOver([hourMs]);
  const session = new RefreshableJWTSession(handler, { baseURL: 'https://api.example.org' });
  expect(typeof session).toBe('function');
  expect(session).toBeInstanceOf(RefreshableJWTSession);
  expect(session.authenticationHandler).toBe(handler);
});

it('can be called with a URL, with a config, and through its methods (sessions)', async () => {
  const api = await resourceServer();
  const { handler } = handlerOver([hourMs]);
  const session = new RefreshableJWTSession(handler, { baseURL: api.origin });
  await session('/a');
  await session({ url: '/b', method: 'put', data: { x: 1 } });
  await session.get('/c');
  await session.post('/d', 'body');
  await session.request({ url: '/e' });
  const asked = api.requests.map(({ method, url }) => `${method} ${url}`);
  expect(asked).toEqual(['GET /a', 'PUT /b', 'GET /c', 'POST /d', 'GET /e']);
  expect(new Set(api.bearers())).toEqual(new Set(['jwt-1']));
  expect(session.getUri({ url: '/f' })).toBe(`${api.origin}/f`);
});

it('has the defaults of axios and those it was given (sessions)', () => {
  const { handler } = handlerOver([hourMs]);
  const session = new RefreshableJWTSession(handler, { baseURL: 'https://api.example.org', timeout: 7 });
  expect(session.defaults).toMatchObject({ baseURL: 'https://api.example.org', timeout: 7 });
  expect(session.defaults.headers.common.Accept).toBe(axios.defaults.headers.common.Accept);
  expect(session.defaults.transformResponse).toEqual(axios.defaults.transformResponse);
  expect(Object.keys(session.defaults)).not.toContain('allow');
});

it('create makes an axios instance over its defaults (sessions)', async () => {
  const api = await resourceServer({ accepts: () => true });
  const { handler } = handlerOver([hourMs]);
  const child = new RefreshableJWTSession(handler, { baseURL: api.origin }).create({ headers: { 'X-Child': 'yes' } });
  await child.get('/of-child');
  expect(api.requests[0]).toMatchObject({ url: '/of-child', headers: { 'x-child': 'yes' } });
});

it('interceptors of its owner work (sessions)', async () => {
  const api = await resourceServer();
  const { handler } = handlerOver([hourMs]);
  const session = new RefreshableJWTSession(handler, { baseURL: api.origin });
  session.interceptors.request.use((config) => {
    config.headers.set('X-Mine', 'here');
    return config;
  });
  await session.get('/');
  expect(api.requests[0]?.headers['x-mine']).toBe('here');
});

it('a rejected token is renewed and the request sent again (C7)', async () => {
  const api = await resourceServer({ accepts: (bearer) => bearer === 'jwt-2' });
  const { handler, asked } = handlerOver([hourMs]);
  const session = new RefreshableJWTSession(handler, { baseURL: api.origin });
  const { status } = await session.get('/');
  expect([status, asked()]).toEqual([200, 2]);
  expect(api.bearers()).toEqual(['jwt-1', 'jwt-2']);
});

it('authenticated, authenticate and requestHeaders are those of the handler (sessions)', async () => {
  const { handler, asked } = handlerOver([hourMs]);
  const session = new RefreshableJWTSession(handler, { baseURL: 'https://api.example.org' });
  expect(session.authenticated).toBe(false);
  await expect(session.requestHeaders).resolves.toEqual({ Authorization: 'Bearer jwt-1' });
  expect(session.authenticated).toBe(true);
  await session.authenticate();
  expect(asked()).toBe(1);
});

it.each([undefined, {}, { allow: [] }, { baseURL: '' }])(
  'with %j nobody says where the token may go: a ConfigurationError (C9)',
  (config) => {
    const { handler } = handlerOver([hourMs]);
    expect(() => new RefreshableJWTSession(handler, config)).toThrow(ConfigurationError);
  },
);

it('allow alone is enough, and the token goes nowhere else (C9)', async () => {
  const api = await resourceServer();
  const other = await resourceServer({ accepts: () => true });
  const { handler } = handlerOver([hourMs]);
  const session = new RefreshableJWTSession(handler, { allow: api.origin });
  await session.get(`${other.origin}/public`);
  await session.get(`${api.origin}/private`);
  expect([other.bearers(), api.bearers()]).toEqual([[undefined], ['jwt-1']]);
});

describe('validateTokenViaIntrospection', () => {
  it.each<[answer: string, active: boolean | undefined]>([
    ['{"active":true}', true],
    ['{"active":false}', false],
    ['{"active":"yes"}', undefined],
    ['<html>', undefined],
  ])('an answer of %s means %s (C16)', async (answer, active) => {
    const server = await loopback((_, response) => void response.end(answer));
    const { handler } = handlerOver([hourMs]);
    const session = new RefreshableJWTSession(handler, { baseURL: 'https://api.example.org' });
    await expect(session.validateTokenViaIntrospection(server.origin)).resolves.toBe(active);
    const [request] = server.requests;
    expect(request?.headers.authorization).toBe('Bearer jwt-1');
    expect(request?.body.toString()).toBe('token=jwt-1');
  });

  it('is false when authentication fails, without asking (C16)', async () => {
    const server = await loopback((_, response) => void response.end('{"active":true}'));
    const handler = new RefreshableJWTHandler({ getToken: () => Promise.reject(new Error('no')) });
    const session = new RefreshableJWTSession(handler, { baseURL: 'https://api.example.org' });
    await expect(session.validateTokenViaIntrospection(server.origin)).resolves.toBe(false);
    expect(server.requests).toEqual([]);
  });

  it('refuses a URL that would show the token (C16)', async () => {
    const { handler } = handlerOver([hourMs]);
    const session = new RefreshableJWTSession(handler, { baseURL: 'https://api.example.org' });
    const error = await failureOf(session.validateTokenViaIntrospection('http://login.example.org/introspect'));
    expect(error).toBeInstanceOf(ConfigurationError);
  });
});
