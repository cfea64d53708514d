// An agent's sockets hold the headers of every request under way: does the error of one request show another's?
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { runInThisContext } from 'node:vm';
import type { AxiosInstance, AxiosRequestConfig, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import axios, { AxiosError } from 'axios';
import { until } from '@axios-authorizer/test-kit';
import type { Answer, ResourceServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer, BearerAuthSession, composeClients, createClient } from '../../src/index.js';
import { afterwards, failureOf, resourceServer } from '../endpoint/stage.js';
import { printed } from './printers.js';
import { accessToken, apiKey, token } from './secrets.js';

type Config = AxiosRequestConfig;
type Kind = readonly [name: string, adapter: string, make: () => Config];

const kinds: readonly [Kind, ...Kind[]] = [
  ['httpAgent', 'http', () => ({ httpAgent: keepAlive(), httpsAgent: new https.Agent({ keepAlive: true }) })],
  ['an agent-like object', 'http', () => ({ httpAgent: new AgentLike(keepAlive()) })],
  ['a transport that keeps its agent', 'http', () => ({ transport: new OwnTransport(keepAlive()), maxRedirects: 0 })],
  [
    'an agent under a name of its own',
    'http',
    () => ({ httpAgent: keepAlive(), pool: { of: [keepAliveOf()] } }) as Config,
  ],
  ['a dispatcher', 'fetch', () => ({ fetchOptions: { dispatcher: dispatcher() } })],
  [
    'an agent beside fetch',
    'fetch',
    () => ({ httpAgent: keepAlive(), fetchOptions: { agent: keepAlive() } }) as Config,
  ],
];

type Fault = readonly [what: string, answers: readonly Answer[], config: Config];

const faults: readonly Fault[] = [
  ['a 500', [{ status: 500, json: {} }], {}],
  [
    'a 401 that stays',
    [
      { status: 401, json: {} },
      { status: 401, json: {} },
    ],
    {},
  ],
  ['a cut connection', [{ reset: true }], {}],
  ['silence', [{ hang: true }], { timeout: 50 }],
  ['a refused connection', [], { baseURL: 'http://127.0.0.1:1' }],
  ['redirects in circles', [], { url: '/circle', maxRedirects: 3 }],
  ['a request without a token', [{ status: 500, json: {} }], { authorizer: false }],
  ['a cut request without a token', [{ reset: true }], { authorizer: false }],
  ['a request out of scope', [{ status: 500, json: {} }], { baseURL: 'http://localhost' }],
  ['axios redacting by itself', [{ status: 500, json: {} }], { redact: ['password'] } as Config],
];

let shared: http.Agent | undefined;

function keepAlive(): http.Agent {
  const agent = new http.Agent({ keepAlive: true });
  afterwards(() => agent.destroy());
  shared = agent;
  return agent;
}

function keepAliveOf(): http.Agent {
  return shared ?? keepAlive();
}

/** As proxy agents of other libraries are: no subclass of Node's. */
class AgentLike {
  readonly defaultPort = 80;
  readonly protocol = 'http:';
  readonly agent: http.Agent;

  constructor(agent: http.Agent) {
    this.agent = agent;
  }

  addRequest(...words: unknown[]): void {
    Reflect.apply(Reflect.get(this.agent, 'addRequest') as () => void, this.agent, words);
  }
}

/** A transport that brings its own connections. */
class OwnTransport {
  readonly agent: http.Agent;

  constructor(agent: http.Agent) {
    this.agent = agent;
  }

  request(options: http.RequestOptions, heard: () => void): http.ClientRequest {
    return http.request({ ...options, agent: this.agent }, heard);
  }
}

/** Node's own undici, whose class is not exported. */
function dispatcher(): object {
  const ambient: unknown = Reflect.get(
    runInThisContext('globalThis') as object,
    Symbol.for('undici.globalDispatcher.1'),
  );
  const Agent = (ambient as object).constructor as new () => { destroy(): Promise<void> };
  const agent = new Agent();
  afterwards(() => agent.destroy());
  return agent;
}

interface Stage {
  readonly api: ResourceServer;
  readonly client: AxiosInstance;
}

/** A client with one request under way on its agent, which stays there. */
async function underWay([, adapter, make]: Kind): Promise<Stage> {
  await fetch('data:,loads undici');
  const api = await resourceServer();
  api.route('/circle', (_, response) => void response.writeHead(302, { location: '/circle' }).end());
  const client = axios.create({ baseURL: api.origin, adapter, ...make() });
  const clientInfo = { clientId: 'me', apiKey };
  attachAuth(client, new Authorizer(() => Promise.resolve({ ...token }), { clientInfo, initialToken: token }), {
    allow: [api.origin, 'http://127.0.0.1:1'],
  });
  const leave = new AbortController();
  afterwards(() => leave.abort());
  api.next({ hang: true });
  client.get('/hanging', { signal: leave.signal }).catch(() => undefined);
  await until(() => api.requests.length === 1);
  expect(api.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${accessToken}`, 'x-api-key': apiKey });
  return { api, client };
}

describe.each(kinds)('with %s', (...kind) => {
  it.each(faults)(
    'the error of %s shows no header of a request on the same sockets (C11)',
    async (_, answers, config) => {
      const { api, client } = await underWay(kind);
      api.next(...answers);
      const error = await failureOf(client.request({ url: '/', ...config, ...port(config, api) }));
      expect(error).toMatchObject({ isAxiosError: true });
      expect(printed(error)).toEqual([]);
      expect(printed({ config: (error as { config: unknown }).config })).toEqual([]);
      expect(printed({ deep: [{ error }] })).toEqual([]);
    },
  );

  it('the error of an abort on the way shows none (C11)', async () => {
    const { api, client } = await underWay(kind);
    api.next({ hang: true });
    const controller = new AbortController();
    const failed = failureOf(client.get('/', { signal: controller.signal }));
    await until(() => api.requests.length === 2);
    controller.abort();
    expect(await failed).toMatchObject({ code: 'ERR_CANCELED' });
    expect(printed(await failed)).toEqual([]);
  });

  it('the error of a request that was aborted before it was sent shows none (C11)', async () => {
    const { client } = await underWay(kind);
    const error = await failureOf(client.get('/', { signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ code: 'ERR_CANCELED' });
    expect(printed(error)).toEqual([]);
  });

  it('a response shows none, with a token and without (C11)', async () => {
    const { client } = await underWay(kind);
    for (const config of [{}, { authorizer: false as const, validateStatus: null }]) {
      const response = await client.get<unknown>('/', config);
      expect(printed(response)).toEqual([]);
    }
  });

  it('a stream that breaks while it is read shows none (C11)', async () => {
    const { api, client } = await underWay(kind);
    api.route('/cut', (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('x', () => response.destroy());
    });
    const response = await client.get<AsyncIterable<unknown>>('/cut', { responseType: 'stream' });
    expect(printed(response)).toEqual([]);
    const error = await failureOf(drained(response.data));
    expect(printed(error)).toEqual([]);
    expect(printed(response)).toEqual([]);
  });

  it('the config of an error still has it, and can be sent again as it is or as a copy (C8, C11)', async () => {
    const { api, client } = await underWay(kind);
    api.next({ status: 500, json: {} });
    const { config } = (await failureOf(client.get('/'))) as { config: InternalAxiosRequestConfig };
    const given = client.defaults;
    expect([config.httpAgent, config.transport]).toEqual([given.httpAgent, given.transport].map(sameAs));
    expect(config.fetchOptions).toEqual(given.fetchOptions === undefined ? undefined : sameMembers(given.fetchOptions));
    for (const again of [config, { ...config }, axios.mergeConfig({}, config)]) {
      const response = await client.request<unknown>(again);
      expect(response.status).toBe(200);
      expect(printed(response)).toEqual([]);
    }
    expect(api.bearers().slice(2)).toEqual([accessToken, accessToken, accessToken]);
  });
});

/** `localhost` is the same server by a name that is not in scope. */
function port({ baseURL }: Config, { origin }: ResourceServer): Config {
  return baseURL === 'http://localhost' ? { baseURL: origin.replace('127.0.0.1', 'localhost') } : {};
}

async function drained(data: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of data) void chunk;
}

function sameAs(value: unknown): unknown {
  return value === undefined ? undefined : { asymmetricMatch: (other: unknown) => other === value };
}

function sameMembers(members: object): unknown {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, sameAs(value)]));
}

it('an agent itself is left as it was (C11)', async () => {
  const { api, client } = await underWay(kinds[0]);
  const agent: unknown = client.defaults.httpAgent;
  api.next({ status: 500, json: {} });
  const error = await failureOf(client.get('/'));
  expect(Reflect.ownKeys(agent as object)).not.toContain('toJSON');
  expect(JSON.stringify((error as { toJSON(): unknown }).toJSON())).toContain('[agent]');
});

it('what else a config holds is told as ever (C11)', async () => {
  const { api, client } = await underWay(kinds[0]);
  api.next({ status: 500, json: {} });
  const params = { agent: { name: 'Bond' } };
  const error = (await failureOf(
    client.get('/', { params, timeout: 5_000, headers: { 'X-Mine': 'yes' } }),
  )) as AxiosError;
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({
    name: 'AxiosError',
    status: 500,
    config: { url: '/', method: 'get', params, timeout: 5_000, headers: { 'X-Mine': 'yes' }, httpAgent: '[agent]' },
  });
});

it('without agents a config is as axios made it (C11)', async () => {
  const api = await resourceServer();
  const client = axios.create({ baseURL: api.origin });
  attachAuth(client, new Authorizer(() => Promise.resolve(accessToken)));
  const { config } = await client.get<unknown>('/');
  expect(Object.getOwnPropertyNames(config)).not.toContain('toJSON');
});

it('a config that an interceptor froze is not touched, and its answer shows nothing either (C11)', async () => {
  const { api, client } = await underWay(kinds[0]);
  client.interceptors.request.use((config) => Object.freeze({ ...config, adapter: config.adapter }) as typeof config);
  client.interceptors.request.use((config) => ({ ...config, headers: config.headers.concat({ Early: 'yes' }) }));
  api.next({ status: 500, json: {} });
  expect(printed(await failureOf(client.get('/')))).toEqual([]);
});

it.each(['the error', 'its response', 'the response'])('%s of an adapter may be frozen (C11)', async (what) => {
  const { api } = await underWay(kinds[0]);
  const agent = keepAliveOf();
  const adapter = async (config: InternalAxiosRequestConfig): Promise<AxiosResponse> => {
    const { authorization } = { authorization: config.headers.get('Authorization') };
    const response = {
      status: 500,
      statusText: 'no',
      data: {},
      headers: {},
      config,
      request: { authorization, agent },
    };
    if (what === 'the response') return Object.freeze(response);
    const given = what === 'its response' ? Object.freeze(response) : response;
    const error = new AxiosError('no', 'ERR_BAD_RESPONSE', config, { authorization, agent }, given);
    if (what === 'the error') Object.freeze(error);
    throw error;
  };
  const client = axios.create({ baseURL: api.origin, adapter, httpAgent: agent });
  attachAuth(client, new Authorizer(() => Promise.resolve(accessToken), { clientInfo: { clientId: 'me', apiKey } }));
  const answer = await client.get<unknown>('/').catch((error: unknown) => error);
  expect(answer).toMatchObject(what === 'the response' ? { status: 500 } : { isAxiosError: true, message: 'no' });
  expect(printed(answer)).toEqual([]);
  expect((answer as AxiosResponse).config.headers.has('Authorization')).toBe(false);
});

it('an error that was emitted later by a stream is clean before anybody hears it (C11)', async () => {
  const { api, client } = await underWay(kinds[0]);
  api.route('/cut', (_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('x', () => response.destroy());
  });
  const { data } = await client.get<NodeJS.ReadableStream>('/cut', { responseType: 'stream', redact: ['x'] } as Config);
  data.resume();
  const [error] = (await once(data, 'error')
    .then(() => [])
    .catch((thrown: unknown) => [thrown])) as unknown[];
  expect(printed(error)).toEqual([]);
});

it.each<[what: string, make: (config: Config) => AxiosInstance]>([
  ['a session', (config) => new BearerAuthSession(accessToken, config)],
  ['a composed client', (config) => composeClients({ api: { config, authorizer: machine() } }).api],
  ['a client of one service', (config) => createClient({ config, authorizer: machine() })],
])('%s shows none of what its agent has under way (C11)', async (_, make) => {
  const api = await resourceServer();
  const client = make({ baseURL: api.origin, httpAgent: keepAlive() });
  api.next({ hang: true });
  const leave = new AbortController();
  afterwards(() => leave.abort());
  client.get('/', { signal: leave.signal }).catch(() => undefined);
  await until(() => api.requests.length === 1);
  expect(api.bearers()).toEqual([accessToken]);
  expect(printed(client)).toEqual([]);
  expect(printed({ client })).toEqual([]);
  expect((await client.get<unknown>('/')).status).toBe(200);
});

function machine(): Authorizer {
  return new Authorizer(() => Promise.resolve(accessToken), { initialToken: { accessToken } });
}

it.each(['http', 'fetch'])('axios-retry sends such a config again, over %s (C11, C12)', async (adapter) => {
  const api = await resourceServer();
  const client = axios.create({
    baseURL: api.origin,
    adapter,
    httpAgent: keepAlive(),
    fetchOptions: { agent: {} } as never,
  });
  attachAuth(client, machine(), { retry: { retries: 2, retryDelay: () => 0 } });
  api.next({ status: 503, json: {} }, { reset: true }, { status: 500, json: {} });
  const error = await failureOf(client.get('/'));
  expect(api.bearers()).toEqual([accessToken, accessToken, accessToken]);
  expect(printed(error)).toEqual([]);
});
