// Routes that are left out, and requests while nobody is signed in: what goes out without a token, and what must not?
import axios from 'axios';
import {
  attachAuth,
  AuthenticationError,
  authInterceptors,
  Authorizer,
  ConfigurationError,
  memoryTokenStore,
} from '../../src/index.js';
import { authorizedFetch } from '../../src/fetch/index.js';
import type { AuthEvent, AuthorizerOptions, Token, TokenSource } from '../../src/index.js';
import { always, bearerOf, capture } from './capture.js';
import { Keyboard, rejected } from './desk.js';
import { rejection, stage } from './world.js';

const { api: startApi, server } = stage();
const ALLOW = ['https://api.example/v1', 'https://files.example'];

function clientWith(
  except: string | readonly string[],
  allow: string | readonly string[] = ALLOW,
): ReturnType<typeof axios.create> {
  const client = axios.create({ baseURL: 'https://api.example/v1' });
  attachAuth(client, always('t'), { allow, except });
  return client;
}

it.each([
  ['/login', '/login', undefined],
  ['/login', '/login/', undefined],
  ['/login', '/login/two?step=1', undefined],
  ['login', 'https://files.example/login', undefined],
  ['/login', '/loginx', 'Bearer t'],
  ['/login', 'https://api.example/v1/x/../login', undefined],
  ['/login', '/users/login', 'Bearer t'],
  ['/login', 'https://files.example/v1/login', 'Bearer t'],
  ['https://files.example/public', 'https://files.example/public/a', undefined],
  ['https://files.example/public', '/public', 'Bearer t'],
  ['/login', 'https://api.example/v1//login', undefined],
  ['/login', '/%6Cogin', undefined],
  ['/login', '/%6c%6F%67in/%7Eme', undefined],
  ['/%6cogin', '/login', undefined],
  ['/login', '/login;a=1', undefined],
  ['/login', '/login;a=1/b', undefined],
  ['/a%2fb', '/a%2Fb', undefined],
  ['/a%2Fb', '/a/b', 'Bearer t'],
  ['/login', '/a/%2e%2E/login', undefined],
  ['/login', '/a\\..\\login', undefined],
  ['/login', '/LOGIN', 'Bearer t'],
  ['/login', '/%256Cogin', 'Bearer t'],
  ['/login', '/logi%6E%78', 'Bearer t'],
  ['/100%', '/100%/x', undefined],
])('with except %s, a request to %s carries %s (C19)', async (except, url, bearer) => {
  expect(await bearerOf(clientWith(except), url)).toBe(bearer);
});

it.each([
  ['*', ALLOW],
  ['/', ALLOW],
  ['https://files.example', ALLOW],
  ['https://api.example', ALLOW],
  ['/login', '*'],
  ['ftp://files.example/x', ALLOW],
  ['//files.example/x?y', ALLOW],
  ['/login?x=1', ALLOW],
  ['/a#b', ALLOW],
  ['https://*.example/x', ALLOW],
  [7 as unknown as string, ALLOW],
  ['', ALLOW],
  [['/login', ' '], ALLOW],
  ['/public/*', ALLOW],
  ['*/login', ALLOW],
  ['https://files.example/*', ALLOW],
  ['https://files.example/*', '*'],
  ['http://files.example/public', ALLOW],
  ['https://other.example/login', ALLOW],
  ['https://api.example/v2/login', ALLOW],
  ['https://api.example/v1x', ALLOW],
  ['../login', ALLOW],
  ['//login', ALLOW],
  ['api.example/v1/login', ALLOW],
  ['localhost:3000/login', ['http://localhost:3000']],
  ['https:/login', ALLOW],
  ['https://api.example/%761', ALLOW],
])('except %p cannot be meant (C19)', (except, allow) => {
  expect(() => clientWith(except, allow)).toThrow(ConfigurationError);
  expect(() => authInterceptors(always('t'), { allow, except })).toThrow(/except/);
});

it.each([
  ['/public/*', 'write https://api.example/v1/public'],
  ['', 'write a path such as /login'],
  ['https://other.example/login', 'lies below no prefix of `allow` (https://api.example/v1, https://files.example)'],
  ['files.example/login', 'write https://files.example/login'],
])('the error for except %p says what to write (C19)', (except, said) => {
  expect(() => clientWith(except)).toThrow(said);
});

it('a route that is left out is left out of authorizedFetch however it is written (C19, C22)', async () => {
  const seen: string[] = [];
  const api = await server((request, response) => {
    seen.push(`${request.url} ${request.headers.authorization ?? 'none'}`);
    response.end();
  });
  const fetching = authorizedFetch(always('t'), { allow: api.origin, except: '/login' });
  for (const path of ['/login', '//login', '/%6Cogin', '/login;a=1', '/LOGIN']) await fetching(api.origin + path);
  expect(seen).toEqual(['/login none', '//login none', '/%6Cogin none', '/login;a=1 none', '/LOGIN Bearer t']);
});

it('a request that is left out waits for nothing, and its 401 comes as it came, without a note (C9, C19)', async () => {
  const events: AuthEvent[] = [];
  const auth = new Authorizer(() => new Promise<never>(() => undefined), {
    observer: (event) => void events.push(event),
  });
  const client = axios.create({ baseURL: 'https://api.example' });
  attachAuth(client, auth, { except: '/login' });
  const { adapter, sent } = capture(401);
  const error = await rejection(client.post('/login', {}, { adapter }));
  expect(error.message).toBe('Request failed with status code 401');
  expect([error.cause, sent.length]).toEqual([undefined, 1]);
  expect(events).toMatchObject([{ type: 'skipped', reason: 'excepted', url: 'https://api.example/login' }]);
});

it('headers(url) answers for no route that is left out (C19)', async () => {
  const events: AuthEvent[] = [];
  const auth = new Authorizer(() => Promise.resolve('t'), { observer: (event) => void events.push(event) });
  attachAuth(axios.create({ baseURL: 'https://api.example' }), auth, { except: '/login' });
  expect(await auth.headers('https://api.example/login')).toEqual({});
  expect(events).toMatchObject([{ type: 'skipped', reason: 'excepted' }]);
  expect(await auth.headers('https://api.example/x')).toEqual({ Authorization: 'Bearer t' });
});

it('attaching again must say the same `except`, or nothing of it (C13, C19)', () => {
  const [client, auth] = [axios.create({ baseURL: 'https://api.example' }), always('t')];
  const detach = attachAuth(client, auth, { except: '/login' });
  expect(attachAuth(client, auth, { except: ['/login'] })).toBe(detach);
  expect(attachAuth(client, auth)).toBe(detach);
  expect(() => attachAuth(client, auth, { except: '/other' })).toThrow('except');
});

it.each(['http', 'fetch'])(
  'by %s, a redirect between a route that is left out and one that is not carries no token along (C9, C19)',
  async (adapter) => {
    const seen: string[] = [];
    const api = await server((request, response) => {
      seen.push(`${request.url} ${request.headers.authorization ?? 'none'}`);
      const target = { '/login': '/home', '/start': '/login2' }[request.url ?? ''];
      response.writeHead(target ? 302 : 200, target ? { location: target } : {}).end();
    });
    const client = axios.create({ baseURL: api.origin, adapter });
    attachAuth(client, always('t'), { except: ['/login', '/login2'] });
    await client.get('/login');
    await client.get('/start');
    expect(seen).toEqual(['/login none', '/home none', '/start Bearer t', '/login2 none']);
  },
);

interface Scene {
  readonly client: ReturnType<typeof axios.create>;
  readonly auth: Authorizer;
  readonly bearers: () => (string | undefined)[];
  readonly next: (...answers: Parameters<Awaited<ReturnType<typeof startApi>>['next']>) => void;
  readonly events: AuthEvent[];
}

async function scene(source: TokenSource, options: AuthorizerOptions = {}): Promise<Scene> {
  const api = await startApi({ accepts: () => true });
  const events: AuthEvent[] = [];
  const auth = new Authorizer(source, { observer: (event) => void events.push(event), ...options });
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, auth, { signedOut: 'anonymous' });
  const bearers = (): (string | undefined)[] => api.requests.map(({ headers }) => headers.authorization);
  return { client, auth, bearers, next: (...answers) => api.next(...answers), events };
}

/** Signs nobody in by itself. */
function nobody(): TokenSource & { asked: number } {
  const source = {
    asked: 0,
    authorize: (): Promise<Token> => {
      source.asked += 1;
      return Promise.reject(new Error('nobody is at the keyboard'));
    },
    refresh: ({ refreshToken = '' }: Token): Promise<Token> =>
      Promise.resolve({ accessToken: `${refreshToken}-1`, refreshToken }),
  };
  return source;
}

it.each([
  ['without a store', {}],
  ['with an empty store', { store: memoryTokenStore() }],
])(
  'while nobody is signed in a request goes out without a token, asks no source, and gets its 401 as it came, %s (C18)',
  async (_how, options) => {
    const source = nobody();
    const { client, bearers, next, events } = await scene(source, options);
    next(rejected);
    const error = await rejection(client.get('/'));
    expect([error.message, error.cause]).toEqual(['Request failed with status code 401', undefined]);
    await client.get('/');
    expect(bearers()).toEqual([undefined, undefined]);
    expect(source.asked).toBe(0);
    expect(events.filter(({ type }) => type === 'skipped')).toMatchObject([
      { reason: 'signed_out' },
      { reason: 'signed_out' },
    ]);
  },
);

it.each<readonly [string, AuthorizerOptions]>([
  ['a refresh token to begin with', { initialToken: { refreshToken: 'ada' } }],
  [
    'a session in the store that has to be refreshed',
    { store: stored({ accessToken: 'ada-0', refreshToken: 'ada', expiresAt: new Date(0) }) },
  ],
  ['a good token in the store', { store: stored({ accessToken: 'ada-1' }) }],
])('%s counts as signed in (C18)', async (_what, options) => {
  const { client, bearers } = await scene(nobody(), options);
  await client.get('/');
  expect(bearers()).toEqual(['Bearer ada-1']);
});

function stored(token: Token): ReturnType<typeof memoryTokenStore> {
  const store = memoryTokenStore();
  void store.save(token);
  return store;
}

it('after a sign-in requests carry its token, after a sign-out none (C18)', async () => {
  const { client, auth, bearers } = await scene(nobody(), { store: memoryTokenStore() });
  await client.get('/');
  const signIn = auth.setToken({ accessToken: 'ada-0' });
  await client.get('/'); // waits for the sign-in that is under way
  await signIn;
  await auth.logout();
  await client.get('/');
  expect(bearers()).toEqual([undefined, 'Bearer ada-0', undefined]);
});

it('a request that began in a session fails with it, those that begin later go out without a token (C18, C19)', async () => {
  const source = nobody();
  const over = (): AuthenticationError => new AuthenticationError('over', { code: 'token_endpoint', kind: 'session' });
  source.authorize = source.refresh = () => Promise.reject(over());
  const { client, auth, bearers, next } = await scene(source);
  await auth.setToken({ accessToken: 'ada-0', refreshToken: 'ada' });
  next(rejected);
  expect(await rejection(client.get('/'))).toMatchObject({ kind: 'session' });
  await client.get('/');
  expect(bearers()).toEqual(['Bearer ada-0', undefined]);
});

it('a request that waits in an interceptor while its session ends is not sent without a token (C19)', async () => {
  const { client, auth, bearers } = await scene(new Keyboard());
  await auth.setToken({ accessToken: 'ada-0' });
  const gate: { open?: () => void } = {};
  const opened = new Promise<void>((resolve) => (gate.open = resolve));
  client.interceptors.request.use(async (config) => (await opened, config)); // runs before ours
  attachAuth(client, always('other'), { allow: 'https://other.example' });
  const last = client.interceptors.request as unknown as { handlers: unknown[] };
  last.handlers.reverse(); // now it runs after ours
  const waiting = rejection(client.get('/'));
  await Promise.resolve();
  await auth.logout();
  gate.open?.();
  expect(await waiting).toMatchObject({ code: 'logged_out', kind: 'session' });
  expect(bearers()).toEqual([]);
});
