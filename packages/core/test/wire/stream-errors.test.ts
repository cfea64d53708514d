// The answer has arrived as a stream and breaks while it is read: does the error that the stream emits show a token?
import axios from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import { leaks } from '@axios-authorizer/test-kit';
import type { LoopbackHandler } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { stage } from './world.js';

const { server } = stage();
const [accessToken, apiKey] = ['access-3f9a1c.77e0.b2d4', 'api-key-9c0d2b'];
const endless: LoopbackHandler = (_request, response) => void response.writeHead(200).write('x'.repeat(10));
const long: LoopbackHandler = (_request, response) => void response.writeHead(200).end('x'.repeat(500_000));
const broken: LoopbackHandler = (_request, response) => {
  response.writeHead(200, { 'content-length': '1000' }).write('x', () => response.destroy());
};

async function clientOf(handler: LoopbackHandler, adapter: string): Promise<AxiosInstance> {
  const { origin } = await server(handler);
  const client = axios.create({ baseURL: origin, adapter });
  attachAuth(client, new Authorizer(async () => accessToken, { clientInfo: { clientId: 'me', apiKey } }));
  return client;
}

/** The error that reading the body ends with. */
async function brokenOff(data: AsyncIterable<unknown>, onFirst: () => void = () => undefined): Promise<unknown> {
  try {
    for await (const chunk of data) if (chunk !== undefined) onFirst();
  } catch (error) {
    return error;
  }
  throw new Error('Expected the stream to break');
}

function read(client: AxiosInstance, config: AxiosRequestConfig = {}): Promise<AsyncIterable<unknown>> {
  const options = { ...config, responseType: 'stream' } as const;
  return client.get<AsyncIterable<unknown>>('/items', options).then(({ data }) => data);
}

function shown(error: unknown): string[] {
  const printed = [JSON.stringify(error), String(Reflect.get(Object(error), 'stack'))];
  return [error, ...printed].flatMap((value) => leaks(value, [accessToken, apiKey]));
}

describe.each(['http', 'fetch'])('through the %s adapter', (adapter) => {
  it('an abort while the body is read shows nothing (C11)', async () => {
    const controller = new AbortController();
    const data = await read(await clientOf(endless, adapter), { signal: controller.signal });
    const error = await brokenOff(data, () => controller.abort());
    expect(error).toMatchObject({ name: expect.stringMatching(/Abort|Cancel/) as string });
    expect(shown(error)).toEqual([]);
  });

  it('a cancelToken that is used while the body is read shows nothing (C11)', async () => {
    const { token: cancelToken, cancel } = axios.CancelToken.source();
    const data = await read(await clientOf(endless, adapter), { cancelToken });
    expect(shown(await brokenOff(data, () => cancel('enough')))).toEqual([]);
  });

  it('a body beyond maxContentLength shows nothing (C11)', async () => {
    const client = await clientOf(long, adapter);
    const error = await read(client, { maxContentLength: 1_000 }).then(brokenOff, (thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringContaining('maxContentLength') as string });
    expect(shown(error)).toEqual([]);
  });

  it('after a resend the same holds for both tokens (C8, C11)', async () => {
    let answered = 0;
    const handler: LoopbackHandler = (request, response, raw) =>
      (answered += 1) === 1 ? void response.writeHead(401).end('no') : endless(request, response, raw);
    const controller = new AbortController();
    const data = await read(await clientOf(handler, adapter), { signal: controller.signal });
    expect(answered).toBe(2);
    expect(shown(await brokenOff(data, () => controller.abort()))).toEqual([]);
  });

  it('after a redirect the same holds for every hop (C9, C11)', async () => {
    const handler: LoopbackHandler = (request, response, raw) =>
      request.url === '/items'
        ? void response.writeHead(302, { location: '/there' }).end()
        : endless(request, response, raw);
    const controller = new AbortController();
    const data = await read(await clientOf(handler, adapter), { signal: controller.signal });
    expect(shown(await brokenOff(data, () => controller.abort()))).toEqual([]);
  });

  it('a connection that is cut in the middle shows nothing (C11)', async () => {
    const data = await read(await clientOf(broken, adapter));
    expect(shown(await brokenOff(data))).toEqual([]);
  });
});
