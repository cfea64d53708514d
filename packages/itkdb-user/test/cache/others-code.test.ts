// Whatever the code of one caller does (a transform, an adapter, a body, a limit of its own), nobody else waits for it.
import { setImmediate as turn } from 'node:timers/promises';
import { gate, until } from '@axios-authorizer/test-kit';
import axios from 'axios';
import { buildStorage } from 'axios-cache-interceptor';
import type { AxiosAdapter, AxiosRequestConfig } from 'axios';
import { failureOf, world } from '../stage.js';
import { endOf, settled } from '../session/stage.js';
import { ask, caching, isCached, ownStorage } from './stage.js';

const url = 'cache-control/max-age=60';
const oops = new Error('oops');

function throwing(): never {
  throw oops;
}

/** How a request ends, which may fail with anything. */
function endName(request: Promise<unknown>): Promise<string> {
  return settled(request).then(
    () => 'answered',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

type Fault = readonly [what: string, config: AxiosRequestConfig];

const faults: readonly Fault[] = [
  ['a transformResponse that throws', { transformResponse: throwing }],
  ['a transformRequest that throws', { transformRequest: throwing }],
  ['a body that cannot be JSON', { data: { id: 1n } }],
  ['an adapter that throws', { adapter: throwing }],
  ['an adapter that rejects with an error', { adapter: () => Promise.reject(oops) }],
  // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- as some do
  ['an adapter that rejects with nothing', { adapter: () => Promise.reject(undefined) }],
  ['an adapter that answers nothing', { adapter: (() => Promise.resolve(undefined)) as unknown as AxiosAdapter }],
];

it.each(faults)('%s ends its own request alone: twins and later ones are answered (I7)', async (_what, config) => {
  const { session, user } = await caching('memory');
  await user.authenticate();
  const own = { ...config, ...(config.data === undefined && { data: { a: 1 } }) };
  const broken = [0, 1].map(() => endName(session.get(url, own)));
  const twins = [1, 2].map(() => endOf(session.get(url, { data: { a: 1 } })));
  expect(await Promise.all(twins)).toEqual([200, 200]);
  expect(await Promise.all(broken)).not.toContain('It hangs');
  expect(await endOf(session.get(url, { data: { a: 1 } }))).toBe(200);
  expect(await endName(session.get(url, own))).not.toBe('It hangs');
});

it('the transforms of a caller are its own: each twin sees the answer as it came (I7)', async () => {
  const { session, itkdb } = await caching('memory');
  const transforms = [(data: string): number => data.length, (data: string): string => data.slice(0, 1), undefined];
  const answers = await Promise.all(
    transforms.map((transformResponse) => session.get<unknown>(url, transformResponse && { transformResponse })),
  );
  expect(answers.map(({ data }) => typeof data)).toEqual(['number', 'string', 'object']);
  expect(itkdb.api.requests).toHaveLength(1);
});

it('what two transforms send for one body are two questions (I7)', async () => {
  const { session, itkdb } = await caching('memory');
  const ofComponent = (component: string): AxiosRequestConfig => ({
    data: { any: 'thing' },
    headers: { 'content-type': 'application/json' },
    transformRequest: () => JSON.stringify({ component }),
  });
  await ask(session, url, ofComponent('a'));
  expect((await ask(session, url, ofComponent('b'))).data['dtoIn']).toEqual({ component: 'b' });
  expect(itkdb.api.requests).toHaveLength(2);
});

it('a cancel token that ends the first leaves its twins with an answer (I7)', async () => {
  const { session, itkdb, user } = await caching('memory');
  await user.authenticate();
  const held = gate();
  itkdb.nextApi({ after: held.opened });
  const { token, cancel } = axios.CancelToken.source();
  const first = endOf(session.get(url, { cancelToken: token }));
  await until(() => itkdb.api.requests.length === 1, 'the first request');
  const twins = [1, 2].map(() => endOf(session.get(url)));
  cancel();
  expect([await first, ...(await Promise.all(twins))]).toEqual(['CanceledError', 200, 200]);
  held.open();
});

it('an entry that was being asked about outlives an abort: the twin is answered (I7)', async () => {
  const { session, itkdb } = await caching('memory');
  const data = { component: 'c1' };
  const { data: kept } = await ask(session, 'getComponent', { data });
  const held = gate();
  itkdb.nextApi({ after: held.opened });
  const abort = new AbortController();
  const first = endOf(session.get('getComponent', { data, signal: abort.signal }));
  await until(() => itkdb.api.requests.length === 2, 'the question about the entry');
  const twin = ask(session, 'getComponent', { data });
  abort.abort();
  expect(await first).toBe('CanceledError');
  expect(await settled(twin)).toMatchObject({ status: 200, data: kept });
  held.open();
});

it('a timeout ends a twin, and names its own number; the first goes on (I7)', async () => {
  const { session, itkdb } = await caching('memory');
  const held = gate();
  itkdb.nextApi({ after: held.opened });
  const first = endOf(session.get(url));
  await until(() => itkdb.api.requests.length === 1, 'the first request');
  const error = await failureOf(settled(session.get(url, { timeout: 40 })));
  expect(error).toMatchObject({
    code: 'ETIMEDOUT',
    message: expect.stringMatching(/timeout of 40ms exceeded/) as string,
  });
  held.open();
  expect(await first).toBe(200);
});

it('a timeout ends a login that is waited for, and names its own number (I7)', async () => {
  const { session, itkdb, user } = await caching('memory');
  const held = gate();
  itkdb.nextLogin({ after: held.opened });
  const error = await failureOf(settled(session.get(url, { timeout: 40 })));
  expect(error).toMatchObject({
    code: 'ETIMEDOUT',
    message: expect.stringMatching(/timeout of 40ms exceeded/) as string,
  });
  held.open();
  await user.authenticate();
  expect(await endOf(session.get(url))).toBe(200);
});

it('the timeout of the first is not that of its twins (I7)', async () => {
  const { session, itkdb, user } = await caching('memory');
  await user.authenticate();
  const held = gate();
  itkdb.nextApi({ after: held.opened });
  const first = failureOf(session.get(url, { timeout: 40 }));
  await until(() => itkdb.api.requests.length === 1, 'the first request');
  const twin = endOf(session.get(url));
  expect((await first).message).toBe('timeout of 40ms exceeded');
  expect(await settled(twin)).toBe(200);
  held.open();
});

it('a storage that fails costs nobody an answer, and the observer is told (I7)', async () => {
  const broken = buildStorage({ find: throwing, set: throwing, remove: throwing });
  const { session, events } = await world({ session: { cache: broken } });
  expect(await Promise.all([1, 2, 3].map(() => endOf(session.get(url))))).toEqual([200, 200, 200]);
  expect(events).toContainEqual(expect.objectContaining({ type: 'notice', message: 'The cache failed: oops' }));
});

it.each<[what: string, held: unknown]>([
  ['a text', 'junk'],
  ['an entry without an answer', { state: 'stale', createdAt: 1 }],
  ['an answer without headers', { state: 'cached', ttl: 1e9, createdAt: Date.now(), data: { data: 5, headers: null } }],
  ['an entry of no state', { data: { data: 5, headers: {} } }],
])('a storage that holds %s costs nobody an answer, and the observer is told (I7)', async (_what, held) => {
  const storage = { ...buildStorage({ find: () => undefined, set: () => undefined, remove: () => undefined }) };
  Object.assign(storage, { get: () => held });
  const { session, events } = await world({ session: { cache: storage } });
  expect(await Promise.all([1, 2].map(() => endOf(session.get(url))))).toEqual([200, 200]);
  const message = 'The cache failed: what it holds is no entry of a cache';
  expect(events).toContainEqual(expect.objectContaining({ type: 'notice', message }));
});

it('a storage that hangs is waited for no longer than the caller waits (I7)', async () => {
  const hanging = (): Promise<never> => new Promise(() => undefined);
  const { session } = await world({
    session: { cache: buildStorage({ find: hanging, set: hanging, remove: hanging }) },
  });
  expect(await failureOf(settled(session.get(url, { timeout: 40 })))).toMatchObject({ code: 'ETIMEDOUT' });
});

it('a failure that is shared is an error of its own for each, with its own config (I7)', async () => {
  const { session, itkdb, user } = await caching('memory');
  await user.authenticate();
  const held = gate();
  itkdb.nextApi({ status: 503, json: {}, after: held.opened });
  const first = failureOf(session.get(url, { headers: { 'x-mine': '1' } }));
  await until(() => itkdb.api.requests.length === 1, 'the first request');
  const twin = failureOf(session.get(url, { headers: { 'x-mine': '2' } }));
  await turn();
  held.open();
  const errors = await Promise.all([first, twin]);
  expect(errors[0]).not.toBe(errors[1]);
  expect(errors.map(({ name, response }) => [name, String(response.config.headers['x-mine'])])).toEqual([
    ['ServerError', '1'],
    ['ServerError', '2'],
  ]);
  expect(itkdb.api.requests).toHaveLength(1);
});

it('no config is left with what the cache needed: one that was used can be used again (I7)', async () => {
  const { session } = await caching('memory');
  const { config } = await session.get('getComponent', { data: { component: 'c1' } });
  const again = await session.request(config);
  expect([again.cached, again.status, again.config.headers.has('If-None-Match')]).toEqual([true, 200, false]);
  expect(Object.keys(again.config)).not.toContain('id');
});

it('with the interceptors in the order in which they were added the cache lies where it did (I7)', async () => {
  const { session, itkdb } = await caching('memory', {
    config: { transitional: { legacyInterceptorReqResOrdering: false } },
  });
  const answers = await Promise.all([ask(session, url), ask(session, url)]);
  expect(answers.map(({ data }) => data['made'])).toEqual([1, 1]);
  itkdb.revokeAll();
  expect([await isCached(session, url), await isCached(session, `${url},private`)]).toEqual([true, false]);
  expect(itkdb.logins).toBe(2);
});

it('kept bytes are a Buffer, as they were when they came (I7)', async () => {
  const { session } = await caching('memory', { session: { expiresAfter: { hours: 1 } } });
  const texts: string[] = [];
  for (let time = 1; time <= 2; time += 1) {
    const { data } = await ask<Buffer>(session, 'getImage', { responseType: 'arraybuffer' });
    texts.push(data.toString('base64'));
  }
  expect(texts[0]).toBe(texts[1]);
});

it('an answer that is asked about by several sessions on one storage is whole for each (I7)', async () => {
  const cache = ownStorage();
  const here = await world({ session: { cache } });
  const data = { component: 'c1' };
  const { data: kept } = await ask(here.session, 'getComponent', { data });
  const sessions = [here.session, here.session, here.session];
  const answers = await Promise.all(sessions.map((session) => ask(session, 'getComponent', { data })));
  expect(answers.map((answer) => [answer.status, answer.data])).toEqual(sessions.map(() => [200, kept]));
});
