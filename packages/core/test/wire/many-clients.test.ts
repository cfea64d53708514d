// Clients come and go by the thousand: does what one of them costs depend on the others, and does anything stay of those that went?
import axios from 'axios';
import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';
import { until } from '@axios-authorizer/test-kit';
import { attachAuth, authInterceptors, transientRetry } from '../../src/index.js';
import { always, bearerOf } from './capture.js';
import { upTo } from './world.js';

function gc(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

it.each([
  ['hosts', (n: number) => `https://tenant-${n}.example/api`],
  ['paths', (n: number) => `https://api.example/tenant-${n}/v1`],
])('headers(url) reads a URL as often beside thousands of tenants by %s as beside one (C13)', async (_by, of) => {
  const reads = jest.spyOn(URL.prototype, 'origin', 'get');
  const readsOf = async (tenants: number): Promise<number> => {
    const authorizer = always('secret-token');
    const clients = upTo(tenants).map(() => axios.create());
    clients.forEach((client, n) => attachAuth(client, authorizer, { allow: of(n) }));
    reads.mockClear();
    expect(await authorizer.headers(`${of(tenants - 1)}/x`)).toEqual({ Authorization: 'Bearer secret-token' });
    expect(await authorizer.headers(`${of(tenants)}/x`)).toEqual({});
    expect(clients).toHaveLength(tenants);
    return reads.mock.calls.length;
  };
  const alone = await readsOf(1);
  expect(await readsOf(3_000)).toBe(alone);
  reads.mockRestore();
});

it('a client that nobody has any more takes its allow list along, and no other (C13)', async () => {
  const authorizer = always('secret-token');
  const kept = axios.create({ baseURL: 'https://kept.example' });
  attachAuth(kept, authorizer);
  for (const n of upTo(500)) attachAuth(axios.create({ baseURL: `https://tenant-${n}.example` }), authorizer);
  const left = async (): Promise<number> => {
    const answers = await Promise.all(upTo(500).map((n) => authorizer.headers(`https://tenant-${n}.example/x`)));
    return answers.filter((headers) => 'Authorization' in headers).length;
  };
  let count = await left();
  expect(count).toBe(500);
  await until(() => {
    gc();
    void left().then((now) => (count = now));
    return count < 10;
  }, 'the clients to be collected');
  expect(await authorizer.headers('https://kept.example/x')).toEqual({ Authorization: 'Bearer secret-token' });
  expect(await bearerOf(kept, '/x')).toBe('Bearer secret-token');
});

it('a detach that is called again does nothing to a newer attachment (C13)', async () => {
  const client = axios.create({ baseURL: 'https://api.example' });
  const authorizer = always('secret-token');
  const first = attachAuth(client, authorizer);
  first();
  const second = attachAuth(client, authorizer);
  first();
  expect(attachAuth(client, authorizer)).toBe(second);
  second();
  expect(await bearerOf(client, '/x')).toBeUndefined();
  await expect(authorizer.headers('https://api.example/x')).rejects.toThrow(/attach/);
});

it('nor does one whose interceptors were cleared away (C13)', async () => {
  const client = axios.create({ baseURL: 'https://api.example' });
  const authorizer = always('secret-token');
  const first = attachAuth(client, authorizer);
  client.interceptors.request.clear();
  const second = attachAuth(client, authorizer);
  first();
  expect(await bearerOf(client, '/x')).toBe('Bearer secret-token');
  expect(attachAuth(client, authorizer)).toBe(second);
  second();
  expect(await bearerOf(client, '/x')).toBeUndefined();
  await expect(authorizer.headers('https://api.example/x')).rejects.toThrow(/attach/);
});

it('an attachment that fails leaves nothing behind (C13)', async () => {
  const authorizer = always('secret-token');
  const plain = new axios.Axios({ baseURL: 'https://api.example' });
  expect(() => attachAuth(plain, authorizer, { retry: transientRetry({ retries: 1 }) })).toThrow(/callable/);
  await expect(authorizer.headers('https://api.example/x')).rejects.toThrow(/attach/);
});

it('two lists that only look alike are two (C13)', () => {
  const client = axios.create();
  const authorizer = always('secret-token');
  attachAuth(client, authorizer, { allow: ['https://a.example', 'https://b.example'] });
  const alike = 'https://a.example,https://b.example';
  expect(() => attachAuth(client, authorizer, { allow: alike })).toThrow(/another `allow`/);
});

it.each([
  ['a URL object', new URL('https://api.example/x'), true],
  ['one of a WebSocket', new URL('wss://api.example/x'), true],
  ['a text of a WebSocket in capitals, with blanks around', ' WSS://api.example/x ', true],
  ['a URL object of a stranger', new URL('wss://evil.example/x'), false],
  ['a plain WebSocket', 'ws://api.example/x', false],
])('headers(url) takes %s (C9)', async (_what, url, expected) => {
  const authorizer = always('secret-token');
  attachAuth(axios.create(), authorizer, { allow: 'https://api.example' });
  const before = String(url);
  expect('Authorization' in (await authorizer.headers(url))).toBe(expected);
  expect(String(url)).toBe(before);
});

it('authInterceptors hold on to nothing of the authorizer (C13)', async () => {
  const authorizer = always('secret-token');
  authInterceptors(authorizer, { allow: 'https://api.example' });
  await expect(authorizer.headers('https://api.example/x')).rejects.toThrow(/attach/);
});
