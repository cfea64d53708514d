// A platform with XMLHttpRequest, as jest-jsdom and React Native are: by what is a request with an API key sent there?
import type { AxiosInstance } from 'axios';
import http from 'node:http';
import { startResourceServer } from '@axios-authorizer/test-kit';
import type { ResourceServer } from '@axios-authorizer/test-kit';

let made = 0;

/** As much of an XMLHttpRequest as axios asks for. */
class NodeXhr {
  onloadend: (() => void) | null = null;
  onerror: (() => void) | null = null;
  status = 0;
  statusText = '';
  responseText = '';
  readonly #headers: Record<string, string> = {};
  #request: { readonly method: string; readonly url: string } = { method: '', url: '' };

  constructor() {
    made += 1;
  }
  open(method: string, url: string): void {
    this.#request = { method, url };
  }
  setRequestHeader(name: string, value: string): void {
    this.#headers[name] = value;
  }
  getAllResponseHeaders(): string {
    return '';
  }
  send(body: string | null): void {
    const { method, url } = this.#request;
    const request = http.request(url, { method, headers: this.#headers }, (response) => {
      this.status = response.statusCode ?? 0;
      response.on('data', (chunk) => (this.responseText += String(chunk)));
      response.on('end', () => this.onloadend?.());
    });
    request.on('error', () => this.onerror?.());
    request.end(body ?? undefined);
  }
}

const platform = { fetch: globalThis.fetch, Request: globalThis.Request };
let api: ResourceServer;

beforeEach(async () => {
  made = 0;
  api = await startResourceServer();
});
afterEach(async () => {
  Object.assign(globalThis, platform, { XMLHttpRequest: undefined });
  await api.stop();
});

/** axios looks at its platform when it is loaded. */
async function clientOn(globals: object): Promise<AxiosInstance> {
  jest.resetModules();
  Object.assign(globalThis, { XMLHttpRequest: NodeXhr }, globals);
  const { default: axios } = await import('axios');
  const { attachAuth, Authorizer } = await import('../../src/index.js');
  const client = axios.create({ baseURL: api.origin, adapter: 'xhr' });
  attachAuth(client, new Authorizer(async () => 'a-token', { clientInfo: { clientId: 'me', apiKey: 'the-key' } }));
  return client;
}

/** The Request of React Native, whose fetch cannot stop at a redirect. */
class OtherRequest {
  readonly url = '';
}

it.each<readonly [string, object, number]>([
  ['by XMLHttpRequest where there is no fetch', { fetch: undefined, Request: undefined }, 1],
  ['by XMLHttpRequest where fetch cannot stop at a redirect', { Request: OtherRequest }, 1],
  ['by fetch where there is one', {}, 0],
])('a request with an API key goes %s (C9)', async (_how, globals, byXhr) => {
  const client = await clientOn(globals);
  expect((await client.post('/items', { n: 1 })).status).toBe(200);
  expect(made).toBe(byXhr);
  expect(api.requests[0]?.headers).toMatchObject({ authorization: 'Bearer a-token', 'x-api-key': 'the-key' });
});

it('without fetch, uploads that tell how far they got are sent as ever (C9)', async () => {
  const client = await clientOn({ fetch: undefined, Request: undefined });
  const { status } = await client.post('/items', { n: 1 }, { onUploadProgress: () => undefined });
  expect([status, made]).toEqual([200, 1]);
});

it('what fetch cannot do is refused with a ConfigurationError of the request, before anything is sent (C9)', async () => {
  const client = await clientOn({});
  const wishes = [
    { onUploadProgress: () => undefined },
    { responseType: 'document' as const },
    { withCredentials: false },
  ];
  for (const wish of wishes)
    await expect(client.post('/items', {}, wish)).rejects.toMatchObject({
      name: 'ConfigurationError',
      kind: 'configuration',
      config: { url: '/items' },
    });
  expect([made, api.requests.length]).toEqual([0, 0]);
});
