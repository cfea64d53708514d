// What is left on a response or an error for its reader: everything but our headers?
import axios, { AxiosError } from 'axios';
import { attachAuth, Authorizer } from '../../src/index.js';
import { adapters, failureOf, resourceServer } from '../endpoint/stage.js';
import { apiKey, shown, token } from './secrets.js';
import type { AxiosInstance, InternalAxiosRequestConfig } from 'axios';

type Adapter = (typeof adapters)[number];

async function attachedClient(adapter: Adapter): Promise<AxiosInstance> {
  const api = await resourceServer();
  api.route('/broken', (_, response) => void response.writeHead(500).end());
  const client = axios.create({ baseURL: api.origin, adapter });
  const options = { clientInfo: { clientId: 'me', apiKey }, initialToken: token };
  attachAuth(client, new Authorizer(() => Promise.resolve(token), options));
  return client;
}

function axiosErrorOf(promise: Promise<unknown>): Promise<AxiosError> {
  return failureOf(promise) as Promise<AxiosError>;
}

function headerNames(config: InternalAxiosRequestConfig | undefined): string[] {
  return Object.keys(config?.headers ?? {}).map((name) => name.toLowerCase());
}

describe.each(adapters)('over the %s adapter', (adapter) => {
  it('the raw request of a response is in reach, and not listed (C11)', async () => {
    const response = await (await attachedClient(adapter)).get<unknown>('/');
    expect(isHidden(response)).toBe(true);
    expect(Object.keys({ ...response })).not.toContain('request');
  });

  it('the raw request of an error is in reach, and not listed (C11)', async () => {
    const error = await axiosErrorOf((await attachedClient(adapter)).get('/broken'));
    expect([isHidden(error), isHidden(error.response)]).toEqual([true, true]);
  });

  it('the config has the headers of its owner and none of ours (C11)', async () => {
    const client = await attachedClient(adapter);
    const headers = { 'X-Mine': 'here' };
    const response = await client.get('/', { headers });
    const error = await axiosErrorOf(client.get('/broken', { headers }));
    for (const config of [response.config, error.config, error.response?.config]) {
      expect(headerNames(config)).toContain('x-mine');
      expect(headerNames(config)).not.toContain('authorization');
      expect(headerNames(config)).not.toContain('x-api-key');
      expect(config?.adapter).toBe(adapter);
    }
  });

  it('toJSON of an error tells what failed, without our headers (C11)', async () => {
    const error = await axiosErrorOf((await attachedClient(adapter)).get('/broken', { params: { q: 1 } }));
    expect(error.toJSON()).toMatchObject({
      name: 'AxiosError',
      code: 'ERR_BAD_RESPONSE',
      status: 500,
      config: { url: '/broken', method: 'get', params: { q: 1 } },
    });
    expect(shown(error.toJSON())).toEqual([]);
    expect(shown(JSON.stringify(error))).toEqual([]);
  });

  it('an error stays an AxiosError of its class (C11)', async () => {
    const error = await axiosErrorOf((await attachedClient(adapter)).get('/broken'));
    expect(error).toBeInstanceOf(AxiosError);
    expect(axios.isAxiosError(error)).toBe(true);
  });

  it('the config of an error can be sent again, with a token (C11)', async () => {
    const client = await attachedClient(adapter);
    const error = await axiosErrorOf(client.get('/broken'));
    const response = await client.request<{ bearer: unknown }>({ ...error.config, url: '/' });
    expect(response.data.bearer).toEqual(expect.any(String));
  });
});

/** Whether the raw request is there for those who ask for it, and not for those who list or print. */
function isHidden(holder: { request?: unknown } | undefined): boolean {
  const listed = Object.keys(holder ?? {}).includes('request');
  return typeof holder?.request === 'object' && holder.request !== null && !listed;
}
