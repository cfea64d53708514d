// Does an AxiosResponse or AxiosError that passed through an attached client show the headers that were sent?
import { PassThrough } from 'node:stream';
import axios from 'axios';
import { until } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { adapters, afterwards, failureOf, resourceServer } from '../endpoint/stage.js';
import { apiKey, clientSecret, shown, token } from './secrets.js';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import type { Answer, ResourceServer } from '@axios-authorizer/test-kit';

type Adapter = (typeof adapters)[number];

interface Stage {
  readonly api: ResourceServer;
  readonly client: AxiosInstance;
}

async function stage(adapter: Adapter, config: AxiosRequestConfig = {}): Promise<Stage> {
  const api = await resourceServer();
  const client = axios.create({ ...config, baseURL: api.origin, adapter });
  // The token that replaces a refused one is the same in its secrets, so that the search knows what to look for.
  const clientInfo = { clientId: 'me', clientSecret, apiKey };
  attachAuth(client, new Authorizer(() => Promise.resolve(token), { clientInfo, initialToken: token }));
  return { api, client };
}

describe.each(adapters)('over the %s adapter', (adapter) => {
  it.each<[what: string, answer: Answer | undefined, config: AxiosRequestConfig]>([
    ['a 200', undefined, {}],
    ['a 401 that is accepted', { status: 401 }, { validateStatus: () => true }],
    ['a 204', { status: 204, text: '' }, {}],
    ['a response as bytes', undefined, { responseType: 'arraybuffer' }],
    ['a redirect', undefined, { url: '/redirect?to=/end' }],
    ['a redirect that is not followed', undefined, { url: '/redirect?to=/end', maxRedirects: 0, validateStatus: null }],
  ])('the response to %s shows nothing (C11)', async (_, answer, config) => {
    const { api, client } = await stage(adapter);
    if (answer) api.next(answer, answer);
    const response = await client.request({ url: '/', ...config });
    expect(api.bearers()[0]).toBe(token.accessToken);
    expect(api.requests[0]?.headers['x-api-key']).toBe(apiKey);
    expect(shown(response)).toEqual([]);
  });

  it.each<[what: string, answer: Answer, config: AxiosRequestConfig]>([
    ['a 401', { status: 401, json: {} }, {}],
    ['a 403', { status: 403, json: {} }, {}],
    ['a 500', { status: 500, text: 'oops' }, {}],
    ['a cut connection', { reset: true }, {}],
    [
      'JSON that cannot be parsed',
      { text: '{"a":' },
      { responseType: 'json', transitional: { silentJSONParsing: false } },
    ],
    ['an answer that is too long', { trickle: 500_000 }, { maxContentLength: 1_000 }],
    ['a POST that fails', { status: 500, json: {} }, { method: 'post', data: { x: 1 } }],
  ])('the error of %s shows nothing (C11)', async (_, answer, config) => {
    const { api, client } = await stage(adapter);
    api.next(answer, answer);
    const error = await failureOf(client.request({ url: '/', ...config }));
    expect(error).toMatchObject({ isAxiosError: true });
    expect(api.bearers()[0]).toBe(token.accessToken);
    expect(shown(error)).toEqual([]);
  });

  it('the error of silence shows nothing (C11)', async () => {
    const { api, client } = await stage(adapter);
    let error: unknown;
    for (let timeout = 20; api.requests.length === 0; timeout *= 2) {
      api.next({ hang: true });
      error = await failureOf(client.get('/', { timeout }));
    }
    expect(error).toMatchObject({ isAxiosError: true, message: expect.stringMatching(/^timeout of \d+ms/) as string });
    expect(api.bearers()[0]).toBe(token.accessToken);
    expect(shown(error)).toEqual([]);
  });

  it('the error of an abort on the way shows nothing (C11)', async () => {
    const { api, client } = await stage(adapter);
    api.next({ hang: true });
    const controller = new AbortController();
    const failed = failureOf(client.get('/', { signal: controller.signal }));
    await until(() => api.requests.length === 1);
    controller.abort();
    expect(await failed).toMatchObject({ code: 'ERR_CANCELED' });
    expect(shown(await failed)).toEqual([]);
  });

  it('the error of a redirect in circles shows nothing (C11)', async () => {
    const { client } = await stage(adapter, { maxRedirects: 2 });
    const loop = '/redirect?to=/redirect';
    const error = await failureOf(client.get(`/redirect?to=${encodeURIComponent(`${loop}?to=${loop}`)}`));
    expect(shown(error)).toEqual([]);
  });

  it('the error of a redirect to elsewhere shows nothing (C9, C11)', async () => {
    const { client } = await stage(adapter);
    const error = await failureOf(client.get(`/redirect?to=${encodeURIComponent('http://127.0.0.1:1/x')}`));
    expect(shown(error)).toEqual([]);
  });

  it('a streamed response shows nothing, before and after it was read (C11)', async () => {
    const { client } = await stage(adapter);
    const response = await client.get<AsyncIterable<Uint8Array>>('/stream?bytes=100000', { responseType: 'stream' });
    expect(shown(response)).toEqual([]);
    let bytes = 0;
    for await (const chunk of response.data) bytes += chunk.length;
    expect(bytes).toBe(100_000);
    expect(shown(response)).toEqual([]);
  });

  it('a streamed error shows nothing (C11)', async () => {
    const { api, client } = await stage(adapter);
    api.next({ status: 500, text: 'oops' });
    const error = await failureOf(client.get('/', { responseType: 'stream' }));
    expect(error).toMatchObject({ response: { status: 500 } });
    expect(shown(error)).toEqual([]);
  });

  it('the response to an uploaded stream shows nothing (C11)', async () => {
    const { api, client } = await stage(adapter);
    const data = new PassThrough();
    data.end('uploaded');
    const response = await client.post('/', data);
    expect(api.requests[0]?.body.toString()).toBe('uploaded');
    expect(shown(response)).toEqual([]);
  });

  it('the error of a spent body that could not be sent again shows nothing (C8, C11)', async () => {
    const { api, client } = await stage(adapter);
    api.next({ status: 401, json: {} });
    const data = new PassThrough();
    data.end('spent');
    afterwards(() => data.destroy());
    const error = await failureOf(client.post('/', data));
    expect(error).toMatchObject({ response: { status: 401 } });
    expect(shown(error)).toEqual([]);
  });
});
