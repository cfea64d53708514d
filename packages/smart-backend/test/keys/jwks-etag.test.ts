// Need an authorization server fetch a key set again that it knows?
import { jwksHandler, publicJwks, SmartBackendKeys } from '../../src/index.js';
import { ecKey, jwkOf, rsaKey } from './material.js';
import { served } from './served.js';

const old = new SmartBackendKeys({ privateJwk: jwkOf(rsaKey()), kid: 'old' });
const fresh = new SmartBackendKeys({ privateJwk: jwkOf(ecKey()), kid: 'fresh' });

it('the ETag is that of the set: the same for the same keys, another after a change (S4)', async () => {
  const etags = [old, old, [old, fresh], fresh].map(async (keys) =>
    (await fetch(await served(jwksHandler(keys)))).headers.get('etag'),
  );
  const [one, again, both, other] = await Promise.all(etags);
  expect(one).toMatch(/^"[\w-]+"$/);
  expect(again).toBe(one);
  expect(new Set([one, both, other]).size).toBe(3);
});

// RFC 9110 section 13.1.2: a list or `*`, compared weakly, since proxies that compress make ETags weak.
it.each([
  ['the ETag', (etag: string) => etag],
  ['the ETag made weak', (etag: string) => `W/${etag}`],
  ['a list with it', (etag: string) => `"other", ${etag}`],
  ['*', () => '*'],
])('If-None-Match with %s is answered 304, without a body and to be kept on (S4)', async (_what, valueFor) => {
  const url = await served(jwksHandler(old));
  const etag = String((await fetch(url)).headers.get('etag'));
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(url, { method, headers: { 'If-None-Match': valueFor(etag) } });
    expect([response.status, await response.text()]).toEqual([304, '']);
    expect([response.headers.get('etag'), response.headers.get('cache-control')]).toEqual([
      etag,
      'public, max-age=300',
    ]);
  }
});

it('If-None-Match with another ETag gets the set (S4)', async () => {
  const response = await fetch(await served(jwksHandler(old)), { headers: { 'If-None-Match': '"other"' } });
  expect([response.status, await response.json()]).toEqual([200, await publicJwks(old)]);
});
