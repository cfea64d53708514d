// What does a session with a static token do by itself, and what does it leave to its owner?
import { AxiosError } from 'axios';
import { bearerRetry } from '../../src/sessions/bearer-auth.js';
import {
  BearerAuthSession,
  ConfigurationError,
  RefreshableJWTHandler,
  RefreshableJWTSession,
} from '../../src/index.js';
import { failureOf, resourceServer } from '../endpoint/stage.js';
import type { AxiosResponse } from 'axios';

it('sends its token, called like any instance (sessions)', async () => {
  const api = await resourceServer();
  const session = new BearerAuthSession('static', { baseURL: api.origin });
  expect([typeof session, session instanceof BearerAuthSession]).toEqual(['function', true]);
  await session('/a');
  await session({ url: '/b' });
  await session.get('/c');
  expect(api.bearers()).toEqual(['static', 'static', 'static']);
});

it('a GET that meets a 503 is repeated, with its token (C12)', async () => {
  const api = await resourceServer();
  api.next({ status: 503 }, { status: 502 });
  const { status } = await new BearerAuthSession('static', { baseURL: api.origin }).get('/');
  expect(status).toBe(200);
  expect(api.bearers()).toEqual(['static', 'static', 'static']);
});

it.each([408, 425, 500])('a GET that meets a %i is repeated, a POST is not (C12)', async (status) => {
  const api = await resourceServer();
  api.next({ status });
  const session = new BearerAuthSession('static', { baseURL: api.origin });
  expect([(await session.get('/')).status, api.requests.length]).toEqual([200, 2]);
  api.next({ status });
  expect(await failureOf(session.post('/', {}))).toMatchObject({ response: { status } });
  expect(api.requests.length).toBe(3);
});

it.each([400, 403, 404, 409, 410])('a GET that meets a %i is not repeated (C12)', async (status) => {
  const api = await resourceServer();
  api.next({ status });
  expect(await failureOf(new BearerAuthSession('static', { baseURL: api.origin }).get('/'))).toMatchObject({
    response: { status },
  });
  expect(api.requests.length).toBe(1);
});

it('a GET that meets a 429 is repeated when the server said it may be (C12)', async () => {
  const api = await resourceServer();
  api.next({ status: 429, headers: { 'retry-after': '0' } });
  const { status } = await new BearerAuthSession('static', { baseURL: api.origin }).get('/');
  expect([status, api.requests.length]).toEqual([200, 2]);
});

it.each([
  ['no Retry-After', 429, {}, 5_000],
  ['a Retry-After that is nonsense', 429, { 'retry-after': 'soon' }, 5_000],
  ['a Retry-After of 7 s', 429, { 'retry-after': '7' }, 7_000],
  ['a Retry-After of 0 s', 429, { 'retry-after': '0' }, 0],
  ['no Retry-After', 503, {}, 0],
])('before a request is repeated that met %s with %i, %j: %i ms (C5)', (_what, status, headers, delayMs) => {
  const error = new AxiosError('no', '', undefined, undefined, { status, headers } as AxiosResponse);
  expect(bearerRetry.retryDelay?.(1, error)).toBe(delayMs);
});

it.each<readonly [string, object, number]>([
  ['20 s unless it is said', {}, 20_000],
  ['20 s when what is said is undefined', { timeout: undefined }, 20_000],
  ['what is said', { timeout: 7 }, 7],
  ['none when that is said', { timeout: 0 }, 0],
])('the timeout of a session is %s, also of one over a JWT that is renewed (sessions)', (_what, config, timeout) => {
  const baseURL = 'https://api.example.org';
  const handler = new RefreshableJWTHandler({ getToken: () => ['jwt', undefined] });
  expect(new BearerAuthSession('static', { baseURL, ...config }).defaults.timeout).toBe(timeout);
  expect(new RefreshableJWTSession(handler, { baseURL, ...config }).defaults.timeout).toBe(timeout);
});

it('three repetitions are the most (C12)', async () => {
  const api = await resourceServer();
  api.next(...Array.from({ length: 9 }, () => ({ status: 503 })));
  const error = await failureOf(new BearerAuthSession('static', { baseURL: api.origin }).get('/'));
  expect(error).toMatchObject({ response: { status: 503 } });
  expect(api.requests.length).toBe(4);
});

it.each([{ status: 503 }, { reset: true }] as const)('a POST that meets %j is not repeated (C12)', async (answer) => {
  const api = await resourceServer();
  api.next(answer);
  await failureOf(new BearerAuthSession('static', { baseURL: api.origin }).post('/', { x: 1 }));
  expect(api.requests.length).toBe(1);
});

it('a cut connection of a GET is repeated (C12)', async () => {
  const api = await resourceServer();
  api.next({ reset: true });
  const { status } = await new BearerAuthSession('static', { baseURL: api.origin }).get('/');
  expect([status, api.requests.length]).toEqual([200, 2]);
});

it('a 401 comes back as it is, after one request (sessions)', async () => {
  const api = await resourceServer({ accepts: () => false });
  const error = await failureOf(new BearerAuthSession('static', { baseURL: api.origin }).get('/'));
  expect(error).toMatchObject({ isAxiosError: true, response: { status: 401, data: { error: 'invalid_token' } } });
  expect(api.requests.length).toBe(1);
});

it.each([undefined, {}])('with %j nobody says where the token may go: a ConfigurationError (C9)', (config) => {
  expect(() => new BearerAuthSession('static', config)).toThrow(ConfigurationError);
});

it.each(['', 'two words', 'a\r\nb', 'ünicode', undefined as never])(
  'a token of %j cannot be sent: a ConfigurationError (C10)',
  (token) => {
    expect(() => new BearerAuthSession(token, { baseURL: 'https://api.example.org' })).toThrow(ConfigurationError);
  },
);
