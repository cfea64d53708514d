// Somebody has written on `Object.prototype`: does anything there count as an option of ours, or change where a token goes?
import axios from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import {
  attachAuth,
  authInterceptors,
  Authorizer,
  BearerAuthSession,
  composeClients,
  createClient,
} from '../../src/index.js';
import { omitUndefined } from '../../src/extend.js';
import type { AttachAuthOptions } from '../../src/index.js';
import { always, bearerOf, capture } from './capture.js';
import { rejection, stage, statusOf } from './world.js';

const { api: startApi, world } = stage();

const root = Object.prototype;

/** What `work` comes to while every object inherits `members`. */
async function polluted<R>(members: object, work: () => Promise<R> | R): Promise<R> {
  for (const [name, value] of Object.entries(members))
    Reflect.defineProperty(root, name, { value, configurable: true, writable: true });
  try {
    return await work();
  } finally {
    for (const name of Object.keys(members)) Reflect.deleteProperty(root, name);
  }
}

const baseURL = 'https://api.example';
const allow = baseURL;
const evil = 'https://evil.example/x';

const attach = (client: AxiosInstance, options?: AttachAuthOptions): unknown =>
  attachAuth(client, always('secret-token'), options);

it.each<readonly [string, object, () => unknown]>([
  ['attachAuth', { allow }, () => attach(axios.create())],
  ['attachAuth with options', { allow }, () => attach(axios.create(), {})],
  ['attachAuth', { baseURL }, () => attach(new axios.Axios({}) as AxiosInstance)],
  ['attachAuth', { allowInsecure: true }, () => attach(axios.create({ baseURL: 'http://api.example' }))],
  ['authInterceptors', { allow }, () => authInterceptors(always('secret-token'), {})],
  ['composeClients', { options: { allow } }, () => composeClients({ a: { config: {}, authorizer: always('t') } })],
  ['a session', { allow }, () => new BearerAuthSession('token', {})],
  ['createClient', { options: { allow } }, () => createClient({ config: {}, authorizer: always('t') })],
])('%s finds no option on %j that was only inherited (C9)', async (_name, members, make) => {
  await polluted(members, () => expect(make).toThrow(/where the token may go|allowInsecure/));
});

it('options of a class or made with Object.create are read as own properties alone (C9)', () => {
  const inherited = Object.create({ allow }) as AttachAuthOptions;
  expect(() => attach(axios.create(), inherited)).toThrow(/where the token may go/);
});

it('headers(url) knows no allow that was only inherited (C9)', async () => {
  const error = await polluted({ allow }, () => rejection(always('secret-token').headers(`${allow}/x`)));
  expect(error).toMatchObject({ code: 'configuration' });
});

it.each<readonly [string, object]>([
  ['headers', { headers: () => ({ 'X-Stolen': 'x' }) }],
  ['clientInfo', { clientInfo: { clientId: 'x', apiKey: 'the-key' } }],
  ['initialToken', { initialToken: { accessToken: 'planted' } }],
  ['store', { store: { load: async () => ({ accessToken: 'planted' }), save: async () => {}, clear: async () => {} } }],
])('an authorizer takes no %s that was only inherited (C9)', async (_name, members) => {
  const sent = await polluted(members, async () => {
    const authorizer = new Authorizer(async () => 'own', {});
    return authorizer.headersFor(await authorizer.getToken());
  });
  expect(sent).toEqual({ Authorization: 'Bearer own' });
});

it('what counts as a refusal is not inherited (C7)', async () => {
  const client = axios.create({ baseURL });
  let made = 0;
  const { adapter, sent } = capture(401);
  await polluted({ refused: () => false, retry: { retries: 3 } }, async () => {
    attachAuth(client, new Authorizer(async () => `token-${(made += 1)}`));
    await client.get('/x', { adapter });
  });
  expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual(['Bearer token-1', 'Bearer token-2']);
});

it.each<readonly [string, object]>([
  ['authorizer: false', { authorizer: false }],
  ['another authorizer', { authorizer: new Authorizer(async () => 'others') }],
  ['auth', { auth: { username: 'ada', password: 'pw' } }],
])('a request inherits no %s (C9, C10)', async (_name, members) => {
  const client = axios.create({ baseURL });
  attach(client);
  client.interceptors.request.use((config) => ({ ...config }));
  expect(await polluted(members, () => bearerOf(client, '/x'))).toBe('Bearer secret-token');
});

it.each<readonly [string, object, AxiosRequestConfig]>([
  ['baseURL and allowAbsoluteUrls', { baseURL, allowAbsoluteUrls: false }, { url: evil }],
  ['allowAbsoluteUrls', { allowAbsoluteUrls: false }, { url: evil, baseURL }],
  ['url', { url: `${baseURL}/x` }, {}],
])('where a request goes is not judged by an inherited %s (C9)', async (_name, members, config) => {
  const client = axios.create();
  attach(client, { allow });
  client.interceptors.request.use(({ ...own }) => own);
  const { adapter, sent } = capture();
  await polluted(members, () => client.request({ ...config, adapter }).catch(() => undefined));
  expect(sent.map(({ headers }) => headers.get('Authorization'))).toEqual([undefined]);
});

it.each(['http', 'fetch'])('on the %s adapter a token reaches no stranger by it (C9)', async (adapter) => {
  const [api, stranger] = await Promise.all([startApi({ accepts: () => true }), startApi({ accepts: () => true })]);
  const client = axios.create({ adapter });
  attach(client, { allow: api.origin });
  client.interceptors.request.use(({ ...own }) => own);
  await polluted({ baseURL: api.origin, allowAbsoluteUrls: false }, () =>
    client.get(`${stranger.origin}/x`).catch(() => undefined),
  );
  expect(stranger.bearers()).toEqual([undefined]);
});

it('a body is not made anew by an inherited resendBody (C8)', async () => {
  const { client, idp, api } = await world();
  client.interceptors.request.use(({ ...own }) => own);
  await client.get('/first');
  idp.revokeAll();
  const sent = polluted({ resendBody: () => 'planted' }, () => statusOf(client.post('/items', 'own')));
  expect(await sent).toBe(200);
  expect(api.requests.map(({ body }) => String(body))).toEqual(['', 'own', 'own']);
});

it('omitUndefined takes own members alone (C13)', async () => {
  expect(omitUndefined(Object.assign(Object.create({ inherited: 1 }) as object, { own: 2, none: undefined }))).toEqual({
    own: 2,
  });
  expect(await polluted({ inherited: 1 }, () => Object.keys(omitUndefined({ own: 2 })))).toEqual(['own']);
});

it('options are read once: what a getter says later changes nothing (C9)', async () => {
  const client = axios.create();
  const answers = [allow, '*', '*', '*', '*'];
  const options = Object.defineProperty({}, 'allow', { get: () => answers.shift(), enumerable: true });
  attach(client, options);
  expect(answers).toHaveLength(4);
  expect(await bearerOf(client, evil)).toBeUndefined();
  expect(await bearerOf(client, `${baseURL}/x`)).toBe('Bearer secret-token');
});

it('a list whose members change as they are read says what it said at first (C9)', async () => {
  const client = axios.create();
  const answers = [allow, '*', '*', '*'];
  const list = Object.defineProperty([''], 0, { get: () => answers.shift(), enumerable: true });
  attach(client, { allow: list });
  expect(await bearerOf(client, evil)).toBeUndefined();
});

it('a list that hides behind toJSON shares nothing with a longer one (C9, C13)', async () => {
  const authorizer = always('secret-token');
  const disguised = Object.assign([evil], { toJSON: () => [allow] });
  attachAuth(axios.create(), authorizer, { allow: disguised });
  const client = axios.create();
  attachAuth(client, authorizer, { allow: [allow] });
  expect(await bearerOf(client, `${baseURL}/x`)).toBe('Bearer secret-token');
  expect(await bearerOf(client, evil)).toBeUndefined();
});

it.each<readonly [string, unknown]>([
  ['an object', {}],
  ['null', null],
  ['true', true],
  ['a string', 'token'],
  ['0', 0],
  ['an empty string', ''],
  ['a function', () => undefined],
  ['an authorizer without a prototype', Object.assign(Object.create(null) as object, { getToken: () => 'x' })],
])(
  'an authorizer of a request that is %s is a ConfigurationError before anything is sent (C13)',
  async (_name, authorizer) => {
    const client = axios.create({ baseURL });
    attach(client);
    const { adapter, sent } = capture();
    const error = await rejection(client.get('/x', { adapter, authorizer: authorizer as false }));
    expect(error).toMatchObject({ code: 'configuration', message: expect.stringContaining('authorizer') as string });
    expect(sent).toHaveLength(0);
  },
);

it('an authorizer of a request that is undefined is the one that is attached (C13)', async () => {
  const client = axios.create({ baseURL });
  attach(client);
  expect(await bearerOf(client, '/x', { authorizer: undefined as never })).toBe('Bearer secret-token');
});

it.each<readonly [string, unknown]>([
  ['authorizer', false],
  ['auth', { username: 'ada', password: 'pw' }],
  ['url', evil],
])('what a request says is heeded where it is not enumerable as well: %s (C9, C10)', async (name, value) => {
  const client = axios.create({ baseURL });
  attach(client);
  client.interceptors.request.use((config) =>
    Object.defineProperty(config, name, { value, enumerable: false, writable: true, configurable: true }),
  );
  expect(await bearerOf(client, '/x')).toBeUndefined();
});
