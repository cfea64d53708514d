// An adapter may reject with an error, or answer with a response, that cannot be written to: is it handed over as it was, clean?
import axios, { AxiosError } from 'axios';
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { leaks } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { rejection } from './world.js';

const accessToken = 'access-3f9a1c.77e0.b2d4';
const baseURL = 'https://api.example';

function get(adapter: AxiosAdapter): Promise<AxiosResponse> {
  const client = axios.create({ baseURL, adapter });
  let made = 0;
  attachAuth(client, new Authorizer(async () => `${accessToken}-${(made += 1)}`));
  return client.get('/items', { headers: { 'X-Own': 'mine' } });
}

type Config = InternalAxiosRequestConfig;

function responseOf(config: Config, status: number): AxiosResponse {
  return { data: 'body', status, statusText: '', headers: {}, config, request: { sent: config.headers.toJSON() } };
}

function errorOf(config: Config, status: number): AxiosError {
  return new AxiosError('Refused', 'ERR_BAD_REQUEST', config, { sent: config.headers }, responseOf(config, status));
}

const refusing = (): never => {
  throw new TypeError('not today');
};
const kinds: Readonly<Record<string, <O extends object>(made: O) => O>> = {
  frozen: (made) => Object.freeze(made),
  sealed: (made) => Object.seal(made),
  'not extensible': (made) => Object.preventExtensions(made),
  'a Proxy that refuses to be changed': (made) => new Proxy(made, { set: () => false, defineProperty: () => false }),
  'a Proxy that only pretends to change': (made) => new Proxy(made, { set: () => true, defineProperty: refusing }),
  'a Proxy that throws when changed': (made) => new Proxy(made, { set: refusing, defineProperty: refusing }),
  'with members that cannot be redefined': (made) => {
    for (const name of Object.keys(made)) Object.defineProperty(made, name, { configurable: false, writable: false });
    return made;
  },
  'with a config that has no setter': (made) => {
    const { config } = made as { config?: Config };
    return Object.defineProperty(made, 'config', { get: () => config, enumerable: true, configurable: false });
  },
};

describe.each(Object.entries(kinds))('what an adapter gives is %s', (_kind, make) => {
  it.each([500, 401, 403])(
    'its error of a %d arrives as the same kind of error, and shows no token (C8, C11)',
    async (status) => {
      const error = await rejection(get(async (config) => Promise.reject(make(errorOf(config, status)))));
      expect(error).toMatchObject({
        name: 'AxiosError',
        message: expect.stringMatching(/^Refused(?:\. A fresh token|$)/) as unknown,
        code: 'ERR_BAD_REQUEST',
        response: { status },
      });
      expect(axios.isAxiosError(error)).toBe(true);
      expect(error).toBeInstanceOf(Error);
      expect(error.stack).toContain('Refused');
      expect(error.config?.headers.get('X-Own')).toBe('mine');
      expect(leaks(error, [accessToken])).toEqual([]);
    },
  );

  it('the response on its error too (C11)', async () => {
    const adapter: AxiosAdapter = async (config) => {
      const error = errorOf(config, 500);
      error.response = make(responseOf(config, 500));
      return Promise.reject(error);
    };
    const error = await rejection(get(adapter));
    expect(error.response).toMatchObject({ status: 500, data: 'body' });
    expect(error.response?.config.headers.get('X-Own')).toBe('mine');
    expect(leaks(error, [accessToken])).toEqual([]);
  });

  it('a response arrives whole, and shows no token (C8, C11)', async () => {
    const response = await get(async (config) => make(responseOf(config, 200)));
    expect(response).toMatchObject({ status: 200, data: 'body' });
    expect(response.config.headers.get('X-Own')).toBe('mine');
    expect(leaks(response, [accessToken])).toEqual([]);
  });

  it('an error that only leads to it arrives clean as well (C11)', async () => {
    const adapter: AxiosAdapter = async (config) =>
      Promise.reject(new Error('outer', { cause: make(errorOf(config, 500)) }));
    const error = await rejection(get(adapter));
    expect(error.message).toBe('outer');
    expect(error.cause).toMatchObject({ message: 'Refused', response: { status: 500 } });
    expect(leaks(error, [accessToken])).toEqual([]);
  });
});

it('an error without a prototype, with a config, arrives as it is (C11)', async () => {
  const error = await rejection(
    get(async (config) =>
      Promise.reject(Object.freeze(Object.assign(Object.create(null), { config, message: 'bare' }))),
    ),
  );
  expect(error.message).toBe('bare');
  expect(leaks(error, [accessToken])).toEqual([]);
});

it.each([undefined, null, 'text', 7, Symbol('s')])('a rejection with %p stays it (C8)', async (value) => {
  expect(await rejection(get(async () => Promise.reject(value)))).toBe(value);
});

it('a frozen error of a spent body says so on a copy (C8)', async () => {
  const client = axios.create({ baseURL });
  attachAuth(client, new Authorizer(async () => 'token'));
  const body = new ReadableStream();
  const adapter: AxiosAdapter = async (config) => Promise.reject(Object.freeze(errorOf(config, 401)));
  const error = await rejection(client.post('/items', body, { adapter }));
  expect(error).toMatchObject({
    message: expect.stringMatching(/^Refused\. Not sent again/) as string,
    cause: { code: 'body_spent' },
  });
});

it('a frozen error of a hook fails the request as it is (C5)', async () => {
  const client = axios.create({ baseURL });
  attachAuth(client, new Authorizer(async () => Promise.reject(Object.freeze(new Error('hook')))));
  expect(await rejection(client.get('/items'))).toMatchObject({ code: 'source_failed' });
});
