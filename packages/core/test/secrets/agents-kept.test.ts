// A config that prints without its agent is a config all the same: is anything else of it, or of anybody's objects, changed?
import { once } from 'node:events';
import axios, { AxiosError } from 'axios';
import type { AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { until } from '@axios-authorizer/test-kit';
import {
  attachAuth,
  Authorizer,
  BearerAuthSession,
  composeClients,
  createClient,
  transientRetry,
} from '../../src/index.js';
import { afterwards, failureOf, resourceServer } from '../endpoint/stage.js';
import { keepAlive, kinds, underWay } from './agents.js';
import type { Config } from './agents.js';
import { printed } from './printers.js';
import { accessToken, apiKey } from './secrets.js';

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
  const agent = keepAlive();
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
  attachAuth(client, machine(), { retry: transientRetry({ retries: 2, retryDelay: () => 0 }) });
  api.next({ status: 503, json: {} }, { reset: true }, { status: 500, json: {} });
  const error = await failureOf(client.get('/'));
  expect(api.bearers()).toEqual([accessToken, accessToken, accessToken]);
  expect(printed(error)).toEqual([]);
});
