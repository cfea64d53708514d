// A client whose requests are of many tenants: does each request carry its own tenant's token, and none anybody else's?
import axios from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { startTokenEndpoint } from '@axios-authorizer/test-kit';
import type { ResourceServer, TokenEndpoint } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, AuthorizerPool, clientCredentialsSource, publicClient } from '../../src/index.js';
import type { AttachPoolOptions, AuthEvent, AuthorizerPoolOptions } from '../../src/index.js';
import { capture } from './capture.js';
import { rejection, stage, statusOf, upTo } from './world.js';

const play = stage();
const endpoints: TokenEndpoint[] = [];
afterEach(async () => {
  await Promise.all(endpoints.splice(0).map((endpoint) => endpoint.stop()));
});

interface Key {
  readonly tenant: string;
  readonly scope?: readonly string[];
}

interface Scene {
  readonly pool: AuthorizerPool<Key>;
  readonly client: AxiosInstance;
  readonly api: ResourceServer;
  readonly idp: TokenEndpoint;
  /** The tenants for whom an authorizer was made. */
  readonly made: string[];
}

declare module 'axios' {
  interface AxiosRequestConfig {
    tenant?: string | undefined;
  }
}

const byTenant = ({ tenant = '' }: AxiosRequestConfig): Key => ({ tenant });

async function scene(
  options: Partial<AttachPoolOptions<Key>> = {},
  { adapter = 'http', ...pooling }: AuthorizerPoolOptions & { readonly adapter?: string } = {},
): Promise<Scene> {
  const idp = await startTokenEndpoint();
  endpoints.push(idp);
  idp.always((form) => ({ json: grant(form.get('tenant') ?? '') }));
  const api = await play.api();
  const made: string[] = [];
  const pool = new AuthorizerPool<Key>(({ tenant, scope = [] }) => {
    made.push(tenant);
    const parameters = { tenant };
    const clientAuth = publicClient({ clientId: 'client' });
    return new Authorizer(
      clientCredentialsSource({ tokenUrl: idp.url, clientAuth, parameters, scope: scope.join(' ') }),
    );
  }, pooling);
  const client = axios.create({ baseURL: api.origin, adapter });
  attachAuth(client, pool, { key: byTenant, ...options });
  return { pool, client, api, idp, made };
}

let serial = 0;
function grant(tenant: string): object {
  return { access_token: `${tenant}-${(serial += 1)}`, token_type: 'Bearer', expires_in: 3_600 };
}

/** Whose tokens the API saw, by the tenant that the path names. */
function seen({ requests }: ResourceServer): (readonly [path: string | undefined, bearer: string | undefined])[] {
  return requests.map(({ url, headers }) => [
    url.split('/')[1],
    headers.authorization?.replace(/^Bearer (.*)-\d+$/, '$1'),
  ]);
}

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  it('each of many requests at once carries its own tenant’s token, also after a 401 (C7, C20)', async () => {
    const { client, api, idp, made } = await scene({}, { adapter, max: 3 });
    const rejected = new Set<string>();
    api.accepts = (bearer = '', { url }) => {
      const isFirst = !rejected.has(url);
      rejected.add(url);
      return !(isFirst && Number(url.split('/')[2]) % 3 === 0) && bearer.startsWith(`${url.split('/')[1]}-`);
    };
    const statuses = await Promise.all(
      upTo(28).map((n) => statusOf(client.get(`/t${n % 7}/${n}`, { tenant: `t${n % 7}` }))),
    );
    expect(statuses).toEqual(statuses.map(() => 200));
    expect(seen(api).filter(([path, bearer]) => path !== bearer)).toEqual([]);
    expect(new Set(made).size).toBe(7);
    expect(idp.calls).toBeLessThanOrEqual(14 + made.length);
  });
});

it('`authorizer: pool.for(key)` picks it for one request, and the key function is not asked (C20)', async () => {
  const { pool, client, api } = await scene({
    key: () => {
      throw new Error('asked');
    },
  });
  await client.get('/b', { authorizer: pool.for({ tenant: 'b' }) });
  expect(seen(api)).toEqual([['b', 'b']]);
});

it('the key function is asked once a request, also when that is sent again after a 401 (C20)', async () => {
  const asked: unknown[] = [];
  const { client, api, idp } = await scene({ key: ({ url, tenant = '' }) => (asked.push(url), { tenant }) });
  api.next({ status: 401 });
  await client.get('/a/1', { tenant: 'a' });
  await client.get('/a/2', { tenant: 'a' });
  expect(asked).toEqual(['/a/1', '/a/2']);
  expect([idp.calls, api.requests.length]).toEqual([2, 3]);
});

it('the key function sees the request as it goes out, whatever interceptors did to it (C9, C20)', async () => {
  const { client, api } = await scene();
  client.interceptors.request.use(async (config) => Promise.resolve({ ...config, tenant: 'late', url: '/late' }));
  const early = axios.create({ baseURL: api.origin });
  early.interceptors.request.use((config) => Object.assign(config, { tenant: 'early', url: '/early' }));
  const { pool } = await scene();
  attachAuth(early, pool, { key: byTenant });
  await client.get('/', { tenant: 'as-called' });
  await early.get('/', { tenant: 'as-called' });
  expect(seen(api)).toEqual([
    ['late', 'late'],
    ['early', 'early'],
  ]);
});

it.each<[string, () => unknown, string]>([
  ['returns undefined', () => undefined, 'key of an authorizer is undefined'],
  ['returns a key with an undefined member', () => ({ tenant: undefined }), 'holds undefined (tenant)'],
  ['throws', () => 'x'.repeat(-1), '`key` of a pool failed: Invalid count value'],
  ['returns a promise', async () => ({ tenant: 'a' }), 'it must answer at once'],
  ['returns a promise that fails', () => Promise.reject(new Error('late')), 'it must answer at once'],
] as [string, () => unknown, string][])(
  'a key function that %s fails the request, which is never sent without a token (C20)',
  async (_what, key, message) => {
    const { client, api, idp } = await scene({ key: key as () => Key });
    const error = await rejection(client.get('/a'));
    expect(error).toMatchObject({ name: 'ConfigurationError', kind: 'configuration' });
    expect(error.message).toContain(message);
    expect([api.requests.length, idp.calls]).toEqual([0, 0]);
  },
);

it('requests that get no token anyway ask no key: not allowed, `authorizer: false`, credentials of their own (C9, C10, C20)', async () => {
  const events: AuthEvent[] = [];
  const asked: unknown[] = [];
  const { client, api, made } = await scene(
    { key: ({ url }) => (asked.push(url), { tenant: 'a' }) },
    { observer: (event) => events.push(event) },
  );
  const { adapter, sent } = capture();
  await client.get('https://stranger.example/', { adapter });
  await statusOf(client.get('/public', { authorizer: false }));
  await client.get('/own', { headers: { Authorization: 'Bearer mine' } });
  expect([asked, made]).toEqual([[], []]);
  expect(sent[0]?.headers.get('Authorization')).toBeUndefined();
  expect(api.bearers()).toEqual([undefined, 'mine']);
  expect(events.flatMap((event) => (event.type === 'skipped' ? event.reason : []))).toEqual([
    'not_allowed',
    'opted_out',
    'own_authorization',
  ]);
});

it('neither the config of a response nor that of an error holds anything of the pool (C11, C20)', async () => {
  const { client, api } = await scene();
  const { config } = await client.get('/a', { tenant: 'a' });
  api.next({ status: 500 });
  const { config: failed } = await rejection(client.get('/a', { tenant: 'a' }));
  expect([config.authorizer, failed?.authorizer, config.headers.get('Authorization')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(await statusOf(client.request({ ...failed, tenant: 'b', url: '/b' }))).toBe(200);
  expect(seen(api).at(-1)).toEqual(['b', 'b']);
});

it('a request that waits in a tenant’s session is not sent after that tenant’s logout (C17, C20)', async () => {
  const { pool, client, api, idp } = await scene();
  idp.next({ json: grant('a'), after: new Promise(() => undefined) });
  const waiting = rejection(client.get('/a', { tenant: 'a' }));
  while (idp.calls === 0) await new Promise((resolve) => setImmediate(resolve));
  await pool.logoutAll();
  expect(await waiting).toMatchObject({ code: 'logged_out' });
  expect(api.requests).toHaveLength(0);
});

it('none is forgotten while a request of an attached client waits for its token (C20)', async () => {
  const { pool, client, idp, made } = await scene({}, { max: 1 });
  let go = (): void => undefined;
  const after = new Promise<void>((resolve) => (go = resolve));
  const waiting = upTo(5).map((n) => {
    idp.next({ json: grant(`t${n}`), after });
    return statusOf(client.get(`/t${n}`, { tenant: `t${n}` }));
  });
  while (idp.calls < 5) await new Promise((resolve) => setImmediate(resolve));
  upTo(5).forEach((n) => pool.for({ tenant: `t${n}` }));
  expect([pool.size, made.length]).toEqual([5, 5]);
  go();
  expect(await Promise.all(waiting)).toEqual([200, 200, 200, 200, 200]);
});

it.each([
  ['a pool without a key function', {}, 'A pool is attached with `key`'],
  ['a key that is no function', { key: 'tenant' }, 'A pool is attached with `key`'],
  ['an unknown option', { key: byTenant, alow: '*' }, 'did you mean allow?'],
])('%s is a ConfigurationError of attachAuth (C20)', async (_what, options, message) => {
  const { pool } = await scene();
  const client = axios.create({ baseURL: 'https://api.example' });
  expect(() => attachAuth(client, pool, options as AttachPoolOptions<Key>)).toThrow(message);
});

it('the compiler holds back a pool without a key function, and keys of another type (C20)', async () => {
  const { pool, client, api } = await scene();
  const other = axios.create({ baseURL: api.origin });
  // @ts-expect-error -- no options at all
  expect(() => attachAuth(other, pool)).toThrow('A pool is attached with `key`');
  // @ts-expect-error -- a key that may be undefined
  attachAuth(other, pool, { key: (): Key | undefined => undefined });
  expect((await rejection(other.get('/a'))).message).toContain('is undefined');
  expect(await statusOf(client.get('/a', { tenant: 'a' }))).toBe(200);
});

it('a key function beside a single authorizer is a ConfigurationError (C20)', () => {
  const client = axios.create({ baseURL: 'https://api.example' });
  const options: object = { key: byTenant };
  expect(() => attachAuth(client, new Authorizer(async () => 'token'), options)).toThrow('knows no option key');
});

it('a pool in place of an authorizer is a ConfigurationError of the request that says what to write (C20)', async () => {
  const { pool, client, api } = await scene();
  const error = await rejection(client.get('/a', { authorizer: pool as unknown as Authorizer }));
  expect(error.message).toContain('`authorizer: pool.for(key)`');
  expect(api.requests).toHaveLength(0);
});

it('a pool is taken off as an authorizer is, and attached twice it is once (C13, C20)', async () => {
  const { pool, client, api } = await scene();
  const detach = attachAuth(client, pool, { key: byTenant });
  await client.get('/a', { tenant: 'a' });
  expect(api.requests).toHaveLength(1);
  expect(() => attachAuth(client, pool, { key: () => ({ tenant: 'b' }) })).toThrow('with another `key`');
  detach();
  expect(await statusOf(client.get('/a', { tenant: 'a' }))).toBe(401);
  expect(api.bearers().at(-1)).toBeUndefined();
});
