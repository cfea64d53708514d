// What does a session with a static token do by itself, and what does it leave to its owner?
import { BearerAuthSession, ConfigurationError } from '../../src/index.js';
import { failureOf, resourceServer } from '../endpoint/stage.js';

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
