// What paginate sends: the caller's request, page after page, with nothing lost of it.
import { paginate } from '../../src/index.js';
import { all } from '../session/stage.js';
import { failureOf, world } from '../stage.js';
import type { PaginateOptions } from '../../src/index.js';
import type { Itkdb } from '@axios-authorizer/test-kit';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';

async function count(
  session: AxiosInstance,
  request: AxiosRequestConfig,
  options: PaginateOptions = {},
): Promise<number> {
  return (await all(paginate(session, request, options))).length;
}

function bodies({ api }: Pick<Itkdb, 'api'>): readonly unknown[] {
  return api.requests.map(({ body }): unknown => (body.length === 0 ? undefined : JSON.parse(body.toString())));
}

const url = 'listComponents';

it('the members of the body are on every page, beside pageInfo (I5)', async () => {
  const { session, itkdb } = await world();
  const data = Object.freeze({ project: 'P', filterMap: { type: ['MODULE'] } });
  await count(session, { url, data }, { pageSize: 40 });
  expect(bodies(itkdb)).toEqual([0, 1].map((pageIndex) => ({ ...data, pageInfo: { pageIndex, pageSize: 40 } })));
});

it('parameters, headers and the method of the caller are on every page (I5)', async () => {
  const { session, itkdb } = await world();
  await count(session, { url, params: { a: 1 }, headers: { 'x-mine': '1' }, method: 'GET' }, { pageSize: 40 });
  expect(itkdb.api.requests.map((request) => [request.method, request.url, request.headers['x-mine']])).toEqual(
    [0, 1].map(() => ['GET', '/listComponents?a=1', '1']),
  );
});

it('the config of the caller is not changed (I5)', async () => {
  const { session } = await world();
  const request = Object.freeze({ url, data: Object.freeze({ project: 'P' }) });
  expect(await count(session, request, { pageSize: 40 })).toBe(70);
  expect(request).toEqual({ url, data: { project: 'P' } });
});

it('the first page of a listing without a page size is asked for as the caller says (I5)', async () => {
  const { session, itkdb } = await world();
  await count(session, { url, data: { project: 'P' } });
  expect(bodies(itkdb)).toEqual([{ project: 'P' }]);
});

it('a page size in the body holds for every page, and every item comes once (I5)', async () => {
  const { session, itkdb } = await world();
  const request = { url, data: { pageInfo: { pageSize: 30 } } };
  const items = await all(paginate<{ readonly code: string }>(session, request));
  const found = items.map(({ code }) => code);
  expect(new Set(found).size).toBe(70);
  expect(found).toHaveLength(70);
  expect(itkdb.api.requests).toHaveLength(3);
});

it('a body that is JSON already is kept, too (I5)', async () => {
  const { session, itkdb } = await world();
  await count(session, { url, data: '{"project":"P"}' }, { pageSize: 40 });
  expect(bodies(itkdb)).toEqual([0, 1].map((pageIndex) => ({ project: 'P', pageInfo: { pageIndex, pageSize: 40 } })));
});

it.each<PaginateOptions>([
  { pageSize: 0 },
  { pageSize: -1 },
  { pageSize: 1.5 },
  { pageSize: NaN },
  { limit: 0 },
  { limit: -1 },
  { limit: 2.5 },
])('%j is refused before anything is sent (I5)', async (options) => {
  const { session, itkdb } = await world();
  const error = await failureOf(count(session, { url }, options));
  expect(error).toMatchObject({ kind: 'configuration' });
  expect(error.message).toMatch(/whole number above 0/);
  expect(itkdb.login.requests).toEqual([]);
});

it('a progress that throws ends the listing with that error (I5)', async () => {
  const { session } = await world();
  const onProgress = (): void => {
    throw new Error('no more');
  };
  expect(await failureOf(count(session, { url }, { onProgress }))).toMatchObject({ message: 'no more' });
});

it('with a cache, pages that are fresh are not asked for again (I3, I5)', async () => {
  const { session, itkdb } = await world({ session: { cache: 'memory', expiresAfter: { hours: 1 } } });
  for (let time = 1; time <= 2; time += 1)
    expect(await count(session, { url, data: { project: 'P' } }, { pageSize: 30 })).toBe(70);
  expect(itkdb.api.requests).toHaveLength(3);
});

it('two listings at once do not disturb each other (I5)', async () => {
  const { session } = await world();
  const sizes = [7, 30, 70, 100];
  expect(await Promise.all(sizes.map((pageSize) => count(session, { url }, { pageSize })))).toEqual([70, 70, 70, 70]);
});
