// In JavaScript `url` and `baseURL` may be anything: is each request judged by the very URL that it goes to?
import axios from 'axios';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';
import type { ResourceServer } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { bearerOf, capture } from './capture.js';
import { stage } from './world.js';

const { api: startApi } = stage();
const open = { accepts: () => true };
/** Answers with each text in turn, then with the last one. */
function fickle(...texts: readonly string[]): { toString: () => string } {
  const left = [...texts];
  return { toString: () => (left.length > 1 ? left.shift() : left[0]) ?? '' };
}

/** What URI.js makes: `href` is a method, and the text is made anew each time. */
class UriLike {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  href(): string {
    return this.#text;
  }
  toString(): string {
    return this.#text;
  }
}

const kinds: Readonly<Record<string, (text: string) => unknown>> = {
  'an array': (text) => [text],
  'an array of two': (text) => [text, 'x'],
  'a String object': (text): unknown => Object(text),
  'an object with toString': (text) => ({ toString: () => text }),
  'an object with href and another text': (text) => ({ href: 'https://api.example/x', toString: () => text }),
  'an object like URI.js makes': (text) => new UriLike(text),
  'a URL object': (text) => new URL(text),
  'an object with Symbol.toPrimitive': (text) => ({ [Symbol.toPrimitive]: () => text }),
};

interface Scene {
  readonly api: ResourceServer;
  readonly stranger: ResourceServer;
  readonly client: AxiosInstance;
}

async function scene(adapter: string): Promise<Scene> {
  const [api, stranger] = await Promise.all([startApi(open), startApi(open)]);
  const client = axios.create({ adapter });
  attachAuth(client, new Authorizer(async () => 'secret-token'), { allow: api.origin });
  return { api, stranger, client };
}

const sent = async (client: AxiosInstance, config: object): Promise<unknown> =>
  client.request(config as AxiosRequestConfig).catch(() => undefined);
const given = (server: ResourceServer): unknown[] => server.bearers().filter((bearer) => bearer !== undefined);

describe.each(['http', 'fetch'])('on the %s adapter', (adapter) => {
  it.each(Object.entries(kinds))('%s as url is judged each time (C9)', async (_kind, make) => {
    const { api, stranger, client } = await scene(adapter);
    for (const { origin } of [api, stranger, api, stranger]) await sent(client, { url: make(`${origin}/items`) });
    expect([given(api), given(stranger)]).toEqual([['secret-token', 'secret-token'], []]);
  });

  it.each(Object.entries(kinds))('%s as baseURL is judged each time (C9)', async (_kind, make) => {
    const { api, stranger, client } = await scene(adapter);
    for (const { origin } of [api, stranger, api, stranger])
      for (const url of ['/items', '', undefined]) await sent(client, { baseURL: make(`${origin}/v1`), url });
    expect(given(stranger)).toEqual([]);
    expect(api.bearers()).not.toContain(undefined);
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'an object whose %d first answers are allowed takes no token elsewhere (C9)',
    async (n) => {
      const { api, stranger, client } = await scene(adapter);
      const lure = Array.from({ length: n }, () => `${api.origin}/items`);
      for (const key of ['url', 'baseURL']) await sent(client, { [key]: fickle(...lure, `${stranger.origin}/items`) });
      expect(given(stranger)).toEqual([]);
    },
  );

  it('a getter that answers differently each time takes no token elsewhere (C9)', async () => {
    const { api, stranger, client } = await scene(adapter);
    for (const n of [0, 1, 2, 3, 4, 5, 6]) {
      const left = Array.from({ length: n }, () => api.origin);
      const get = (): string => left.pop() ?? stranger.origin;
      client.interceptors.request.clear();
      client.interceptors.request.use((config) => Object.defineProperty(config, 'url', { get, enumerable: true }));
      attachAuth(client, new Authorizer(async () => 'secret-token'), { allow: api.origin });
      await sent(client, {});
    }
    expect(given(stranger)).toEqual([]);
  });
});

it('a line break at the end of a baseURL is not taken for allowAbsoluteUrls: false (C9)', async () => {
  const client = axios.create();
  attachAuth(client, new Authorizer(async () => 'secret-token'), { allow: 'https://api.example' });
  const url = 'https://evil.example/';
  const joined = { baseURL: 'https://api.example', allowAbsoluteUrls: false };
  expect(await bearerOf(client, url, joined)).toBe('Bearer secret-token');
  expect(await bearerOf(client, url, { baseURL: 'https://api.example\n' })).toBeUndefined();
});

it.each([0, null, '', 'false', Number.NaN])(
  'allowAbsoluteUrls: %p is not false, as axios takes it (C9)',
  async (value) => {
    const client = axios.create();
    attachAuth(client, new Authorizer(async () => 'secret-token'), { allow: 'https://api.example' });
    const config = { baseURL: 'https://api.example', allowAbsoluteUrls: value as unknown as boolean };
    expect(await bearerOf(client, 'https://evil.example/', { ...config, allowAbsoluteUrls: false })).toBeDefined();
    expect(await bearerOf(client, 'https://evil.example/', config)).toBeUndefined();
  },
);

it('a string is sent as it was given, and so is the absence of one (C9)', async () => {
  const client = axios.create({ baseURL: 'https://api.example/v1' });
  attachAuth(client, new Authorizer(async () => 'secret-token'));
  const { adapter, sent: copies } = capture();
  await client.get('/items?a=b#c', { adapter, params: { d: 1 } });
  await client.request({ adapter });
  expect(copies[0]).toMatchObject({ baseURL: 'https://api.example/v1', url: '/items?a=b#c', params: { d: 1 } });
  expect(copies[1]).toMatchObject({ baseURL: 'https://api.example/v1' });
  expect(copies[1]?.url).toBeUndefined();
});

it.each([Symbol('x'), { toString: 7 }, Object.create(null), { toString: () => ({}) }, [Symbol('x')], () => 'x'])(
  'what has no text goes out as bare axios sends it: without a token (C9)',
  async (url) => {
    const client = axios.create({ baseURL: 'https://api.example' });
    attachAuth(client, new Authorizer(async () => 'secret-token'), { allow: '*' });
    expect(await bearerOf(client, url as string)).toBeUndefined();
  },
);
