// What does an authorization server get that fetches the key set?
import { ConfigurationError } from '@axios-authorizer/core';
import { jwksHandler, jwksResponse, KeyRing, publicJwks, SmartBackendKeys } from '../../src/index.js';
import { ecKey, jwkOf, rsaKey } from './material.js';
import { served } from './served.js';
import type { PublicJwks, SigningKeys } from '../../src/index.js';

const [rsa, ec] = [rsaKey(), ecKey()];
const old = new SmartBackendKeys({ privateJwk: jwkOf(rsa), kid: 'old' });
const fresh = new SmartBackendKeys({ privateJwk: jwkOf(ec), kid: 'fresh' });
async function kidsAt(url: string): Promise<readonly string[]> {
  return ((await (await fetch(url)).json()) as PublicJwks).keys.map(({ kid }) => kid);
}

it('GET is answered with the key set as JSON, to anybody (S4)', async () => {
  const response = await fetch(await served(jwksHandler([old, fresh])));
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.json()).toEqual(await publicJwks(old, fresh));
});

it('the body holds no private number (S4)', async () => {
  const body = await (await fetch(await served(jwksHandler([old, fresh])))).text();
  const { d, p, q, dp, dq, qi } = jwkOf(rsa);
  for (const number of [d, p, q, dp, dq, qi, jwkOf(ec)['d']]) expect(body).not.toContain(String(number));
  expect(body).not.toMatch(/"(?:d|p|q|dp|dq|qi|oth|k)":|PRIVATE/);
});

it('HEAD has the headers of GET, and no body (S4)', async () => {
  const url = await served(jwksHandler(old));
  const [get, head] = [await fetch(url), await fetch(url, { method: 'HEAD' })];
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  for (const name of ['content-type', 'cache-control', 'etag'])
    expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
});

it('a response of any framework is ended without a body after HEAD (S4)', async () => {
  const ended: unknown[] = [];
  const response = { writeHead: () => undefined, end: (body?: string) => ended.push(body) };
  for (const method of ['HEAD', 'GET']) await jwksHandler(old)({ method, headers: {} }, response);
  expect(ended).toEqual([undefined, JSON.stringify(await publicJwks(old))]);
});

it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('%s is 405 with what is allowed (S4)', async (method) => {
  const response = await fetch(await served(jwksHandler(old)), { method });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  expect(await response.text()).toBe('');
});

it.each([
  [undefined, 300],
  [0, 0],
  [999, 0],
  [1_000, 1],
  [59_999, 59],
  [86_400_000, 86_400],
])('`maxAgeMs: %p` lets servers keep the set for %i s (S4)', async (maxAgeMs, seconds) => {
  const response = await fetch(await served(jwksHandler(old, { maxAgeMs })));
  expect(response.headers.get('cache-control')).toBe(`public, max-age=${seconds}`);
});

it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, '5m' as never])(
  '`maxAgeMs: %p` is a ConfigurationError (S4)',
  (maxAgeMs) => {
    expect(() => jwksHandler(old, { maxAgeMs })).toThrow(ConfigurationError);
  },
);

it('a rotation of the ring shows at once, and makes a known ETag old (S3)', async () => {
  const ring = new KeyRing(old);
  const url = await served(jwksHandler(ring));
  const etag = String((await fetch(url)).headers.get('etag'));
  ring.publish(fresh);
  await expect(kidsAt(url)).resolves.toEqual(['old', 'fresh']);
  expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(200);
  ring.signWith('fresh');
  ring.retire('old');
  await expect(kidsAt(url)).resolves.toEqual(['fresh']);
});

it('a function is asked for the keys of each request (S3)', async () => {
  const answers: (SigningKeys | Promise<SigningKeys>)[] = [old, Promise.resolve([old, fresh]), new KeyRing(fresh)];
  const url = await served(jwksHandler(() => answers.shift() ?? []));
  await expect(kidsAt(url)).resolves.toEqual(['old']);
  await expect(kidsAt(url)).resolves.toEqual(['old', 'fresh']);
  await expect(kidsAt(url)).resolves.toEqual(['fresh']);
});

const twin = new SmartBackendKeys({ privateJwk: jwkOf(ec), kid: 'old' });
it.each<readonly [what: string, keys: () => SigningKeys | Promise<SigningKeys>]>([
  ['a function that throws', () => broken()],
  ['a function that rejects', () => Promise.reject(new Error('no key at /etc/keys'))],
  ['a function without keys', () => []],
  ['two keys under one kid', () => [old, twin]],
  ['a signer that cannot be published', () => ({ alg: 'ES384', kid: 'kms', sign: () => new Uint8Array(96) })],
])('%s is 500 without a detail, and nobody keeps it (S4)', async (_what, keys) => {
  const url = await served(jwksHandler(keys));
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(url, { method });
    expect([response.status, await response.text(), response.headers.get('etag')]).toEqual([500, '', null]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
});

function broken(): never {
  throw new Error('no key at /etc/keys');
}

it('after a failure the next request is served again (S4)', async () => {
  const answers = [broken, () => old];
  const url = await served(jwksHandler(() => (answers.shift() ?? broken)()));
  expect((await fetch(url)).status).toBe(500);
  await expect(kidsAt(url)).resolves.toEqual(['old']);
});

const keySetUrl = 'https://keys.example.com/jwks.json';

it('a web handler answers a Request as the handler of Node’s http does (S8)', async () => {
  const url = await served(jwksHandler([old, fresh], { maxAgeMs: 60_000 }));
  const etag = String((await fetch(url)).headers.get('etag'));
  for (const init of [
    {},
    { method: 'HEAD' },
    { method: 'POST' },
    { headers: { 'If-None-Match': etag } },
    { headers: { 'If-None-Match': `W/${etag}, "other"` } },
    { headers: { 'If-None-Match': '"other"' } },
  ]) {
    const [there, here] = [
      await fetch(url, init),
      await jwksResponse(new Request(keySetUrl, init), [old, fresh], { maxAgeMs: 60_000 }),
    ];
    expect([here.status, await here.text()]).toEqual([there.status, await there.text()]);
    for (const name of ['content-type', 'cache-control', 'etag', 'allow'])
      expect([name, here.headers.get(name)]).toEqual([name, there.headers.get(name)]);
  }
});

it('a web handler shows the rotations of a ring, asks a function each time, and hides why it failed (S8)', async () => {
  const ring = new KeyRing(old);
  const kids = async (keys: SigningKeys | (() => SigningKeys)): Promise<unknown> =>
    ((await (await jwksResponse(new Request(keySetUrl), keys)).json()) as PublicJwks).keys.map(({ kid }) => kid);
  expect(await kids(ring)).toEqual(['old']);
  ring.publish(fresh);
  expect(await kids(ring)).toEqual(['old', 'fresh']);
  expect(await kids(() => fresh)).toEqual(['fresh']);
  const failed = await jwksResponse(new Request(keySetUrl), broken);
  expect([failed.status, await failed.text(), failed.headers.get('cache-control')]).toEqual([500, '', 'no-store']);
  await expect(jwksResponse(new Request(keySetUrl), old, { maxAgeMs: -1 })).rejects.toThrow(ConfigurationError);
});
