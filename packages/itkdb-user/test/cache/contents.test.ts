// What is kept, and what is not: only the 200 of a GET, binary answers byte for byte, and nothing that is secret.
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { itkdbImage, itkdbText } from '@axios-authorizer/test-kit';
import { codes, failureOf, loopback, world } from '../stage.js';
import { ask, caching, contentsOf, filesIn, inFolder, isCached, kinds } from './stage.js';

const url = 'cache-control/max-age=60';
const hour = { expiresAfter: { hours: 1 } };

describe.each(kinds)('a cache: %s', (kind) => {
  it.each([201, 202, 203, 206])('%i is not kept (I3)', async (status) => {
    const { session, itkdb } = await caching(kind, { session: hour });
    await ask(session, `status/${status}`);
    expect(await isCached(session, `status/${status}`)).toBe(false);
    expect(itkdb.api.requests).toHaveLength(2);
  });

  it('nor is one that comes where an entry is asked about (I3)', async () => {
    const { session, itkdb } = await caching(kind);
    const data = { component: 'c1' };
    const { data: kept } = await ask(session, 'getComponent', { data });
    itkdb.nextApi({ status: 203, json: { version: 'transformed' }, headers: { 'cache-control': 'max-age=60' } });
    expect((await ask(session, 'getComponent', { data })).status).toBe(203);
    const third = await ask(session, 'getComponent', { data });
    expect([third.status, third.data]).toEqual([200, kept]);
  });

  it.each([400, 404, 500])('%i is not kept, and the next request goes through (I3)', async (status) => {
    const { session, itkdb } = await caching(kind, { session: hour });
    itkdb.nextApi({ status, json: {} });
    await failureOf(session.get(url));
    expect(await ask(session, url)).toMatchObject({ status: 200, cached: false });
  });

  it('an error where an entry is asked about is an error, and not the old answer (I3)', async () => {
    const { session, itkdb } = await caching(kind);
    const data = { component: 'c1' };
    await ask(session, 'getComponent', { data });
    itkdb.nextApi({ status: 500, json: {} });
    expect(await failureOf(session.get('getComponent', { data }))).toMatchObject({ name: 'ServerError' });
    expect((await ask(session, 'getComponent', { data })).data['code']).toBe('c1');
  });

  it('binary answers come out as they went in (I3)', async () => {
    const { session, itkdb } = await caching(kind, { session: hour });
    const answers = [1, 2].map(() => () => ask<Buffer>(session, 'getImage', { responseType: 'arraybuffer' }));
    for (const answer of answers) expect(Buffer.compare((await answer()).data, itkdbImage)).toBe(0);
    expect(itkdb.api.requests).toHaveLength(1);
  });

  it('text comes out as it went in (I3)', async () => {
    const { session } = await caching(kind, { session: hour });
    const texts = [await ask(session, 'getText'), await ask(session, 'getText')];
    expect(texts.map(({ data, cached }) => [data, cached])).toEqual([
      [itkdbText, false],
      [itkdbText, true],
    ]);
  });

  it('streams are not kept, and each is whole (I3)', async () => {
    const { session, itkdb } = await caching(kind, { session: hour });
    for (let time = 1; time <= 2; time += 1) {
      const { data, cached } = await ask<Readable>(session, 'getImage', { responseType: 'stream' });
      expect([cached === true, Buffer.compare(await buffer(data), itkdbImage)]).toEqual([false, 0]);
    }
    expect(itkdb.api.requests).toHaveLength(2);
  });

  it('a POST is not kept, nor is what another host says (I3)', async () => {
    const { session, itkdb } = await caching(kind, { session: hour });
    await session.post('createThing', { a: 1 });
    await session.post('createThing', { a: 1 });
    expect(itkdb.things).toHaveLength(2);
    const stranger = await loopback((_request, response) => {
      response.setHeader('cache-control', 'max-age=60');
      response.end('{}');
    });
    for (let time = 1; time <= 2; time += 1) expect(await isCached(session, `${stranger.origin}/x`)).toBe(false);
    expect(stranger.requests).toHaveLength(2);
  });

  it('a request may pass the cache by (I3)', async () => {
    const { session, itkdb } = await caching(kind, { session: hour });
    await ask(session, url);
    const answer = await session.request({ url, cache: false });
    expect(answer.data).toMatchObject({ made: 2 });
    expect(itkdb.api.requests).toHaveLength(2);
  });
});

it.each(['memory', 'folder'] as const)(
  'what one caller does to an answer is not seen by the next: %s (I3)',
  async (kind) => {
    const { session } = await caching(kind, { session: hour });
    const first = await ask<{ readonly itemList: unknown[] }>(session, 'listInstitutions');
    first.data.itemList.length = 0;
    const second = await ask<{ readonly itemList: unknown[] }>(session, 'listInstitutions');
    second.data.itemList.pop();
    const third = await ask<{ readonly itemList: unknown[] }>(session, 'listInstitutions');
    expect([second.cached, third.cached, third.data.itemList.length]).toEqual([true, true, 3]);
  },
);

it('without a cache every request goes out (I3)', async () => {
  const folder = await inFolder();
  const { session, itkdb } = await world({ session: { cache: false, ...hour } });
  expect([await isCached(session, url), await isCached(session, url)]).toEqual([false, false]);
  expect(itkdb.api.requests).toHaveLength(2);
  expect(await filesIn(folder)).toEqual([]);
});

it('the folder holds answers, and neither cookies, codes nor tokens (I3)', async () => {
  const folder = await inFolder();
  const { session, user } = await world({ session: { cache: true, ...hour } });
  await ask(session, url, { data: { a: 1 } });
  await ask(session, 'listComponents');
  const written = await contentsOf(folder);
  expect(written).toContain('askedBy');
  const secrets = [user.bearer, user.accessToken ?? '', codes.accessCode1, codes.accessCode2, 'uu.app', 'cookie'];
  expect(secrets.filter((secret) => secret === '' || written.toLowerCase().includes(secret.toLowerCase()))).toEqual([]);
});

it('nor the Authorization of a caller, whatever an answer varies by (I3)', async () => {
  const folder = await inFolder();
  const headers = { vary: 'Authorization, Cookie' };
  const commands = { varied: { json: { a: 1 }, headers } };
  const { session, itkdb } = await world({ itkdb: { commands }, session: { cache: true, ...hour } });
  const own = itkdb.tokenWith({});
  await ask(session, 'varied', { headers: { Authorization: `Bearer ${own}`, Cookie: 'my-secret-cookie' } });
  await ask(session, 'varied', { headers: { Cookie: 'my-secret-cookie' } });
  const written = await contentsOf(folder);
  expect([own, 'my-secret-cookie'].filter((secret) => written.includes(secret))).toEqual([]);
});
