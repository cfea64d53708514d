// Listings item by item: whatever their pages are like, every item comes once, and no page is asked for in vain.
import { paginate } from '../../src/index.js';
import { all } from '../session/stage.js';
import { failureOf, lifeMs, world } from '../stage.js';
import type { PageProgress, PaginateOptions } from '../../src/index.js';
import type { AxiosInstance, AxiosRequestConfig } from 'axios';

interface Component {
  readonly code: string;
}

async function codesOf(
  session: AxiosInstance,
  options: PaginateOptions = {},
  request: AxiosRequestConfig = {},
): Promise<readonly string[]> {
  const items = await all(paginate<Component>(session, { url: 'listComponents', ...request }, options));
  return items.map(({ code }) => code);
}

function codesTo(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `c${index}`);
}

it.each([
  [0, 10, 1],
  [1, 10, 1],
  [9, 10, 1],
  [10, 10, 1],
  [11, 10, 2],
  [20, 10, 2],
  [70, 32, 3],
  [5, 1, 5],
])('%i components in pages of %i: each once, for %i requests (I5)', async (components, pageSize, requests) => {
  const { session, itkdb } = await world({ itkdb: { components } });
  expect(await codesOf(session, { pageSize })).toEqual(codesTo(components));
  expect(itkdb.api.requests).toHaveLength(requests);
  expect(itkdb.logins).toBe(1);
});

it('without a page size it is that of the database, on every page (I5)', async () => {
  const { session, itkdb } = await world({ itkdb: { pageSize: 30 } });
  expect(await codesOf(session)).toEqual(codesTo(70));
  expect(itkdb.api.requests).toHaveLength(3);
});

it('itemList is a listing like pageItemList, with pages and without (I5)', async () => {
  const { session, itkdb } = await world({ itkdb: { institutions: 5 } });
  const items = await all(paginate(session, { url: 'listInstitutions' }, { pageSize: 2 }));
  expect([items.length, itkdb.api.requests.length]).toEqual([5, 3]);
});

it.each([
  ['no pageInfo', { itemList: [{ code: 'a' }, { code: 'b' }] }, ['a', 'b']],
  ['no total and room for more', { pageItemList: [{ code: 'a' }], pageInfo: { pageIndex: 0, pageSize: 2 } }, ['a']],
  ['no size', { pageItemList: [{ code: 'a' }], pageInfo: { pageIndex: 0, total: 1 } }, ['a']],
  ['nonsense', { pageItemList: [{ code: 'a' }], pageInfo: 'many' }, ['a']],
  ['an empty list', { pageItemList: [], pageInfo: { pageIndex: 0, pageSize: 10, total: 0 } }, []],
])('an answer with %s is one page (I5)', async (_what, json, expected) => {
  const { session, itkdb } = await world();
  itkdb.nextApi({ json });
  expect(await codesOf(session)).toEqual(expected);
  expect(itkdb.api.requests).toHaveLength(1);
});

it('a total that shrinks under way ends the listing earlier (I5)', async () => {
  const { session, itkdb } = await world();
  const page = (pageIndex: number, total: number): { readonly json: object } => ({
    json: { pageItemList: [{ code: `p${pageIndex}` }], pageInfo: { pageIndex, pageSize: 1, total } },
  });
  itkdb.nextApi(page(0, 5), page(1, 2));
  expect(await codesOf(session, { pageSize: 1 })).toEqual(['p0', 'p1']);
  expect(itkdb.api.requests).toHaveLength(2);
});

it.each([
  [1, 1],
  [10, 1],
  [11, 2],
  [70, 7],
  [71, 7],
])('a limit of %i costs %i pages of ten (I5)', async (limit, requests) => {
  const { session, itkdb } = await world();
  expect(await codesOf(session, { limit, pageSize: 10 })).toEqual(codesTo(Math.min(limit, 70)));
  expect(itkdb.api.requests).toHaveLength(requests);
});

it('leaving the loop sends no further request (I5)', async () => {
  const { session, itkdb } = await world();
  const seen: string[] = [];
  for await (const { code } of paginate<Component>(session, { url: 'listComponents' }, { pageSize: 10 })) {
    seen.push(code);
    if (seen.length === 10) break;
  }
  expect([seen.length, itkdb.api.requests.length]).toEqual([10, 1]);
});

it('nothing is sent before the first item is asked for (I5)', async () => {
  const { session, itkdb } = await world();
  const items = paginate(session, { url: 'listComponents' }, { pageSize: 10 });
  expect(itkdb.api.requests).toEqual([]);
  await items.next();
  await items.return();
  expect(itkdb.api.requests).toHaveLength(1);
});

it('progress is told after each page: items, total, page (I5)', async () => {
  const { session } = await world();
  const told: PageProgress[] = [];
  await codesOf(session, { pageSize: 30, onProgress: (progress) => void told.push(progress) });
  expect(told).toEqual([
    { items: 30, total: 70, pageIndex: 0 },
    { items: 60, total: 70, pageIndex: 1 },
    { items: 70, total: 70, pageIndex: 2 },
  ]);
});

it('progress of a listing that says no total has none (I5)', async () => {
  const { session, itkdb } = await world();
  const told: PageProgress[] = [];
  itkdb.nextApi({ json: { itemList: [{}, {}] } });
  await codesOf(session, { onProgress: (progress) => void told.push(progress) });
  expect(told).toEqual([{ items: 2, total: undefined, pageIndex: 0 }]);
});

it('a login that expires between pages is renewed, and no item is lost (I5)', async () => {
  const { session, itkdb, clock } = await world();
  const onProgress = (): void => clock.set(clock.now() + lifeMs);
  expect(await codesOf(session, { pageSize: 10, onProgress })).toEqual(codesTo(70));
  expect([itkdb.logins, itkdb.api.requests.length, new Set(itkdb.api.bearers()).size]).toEqual([7, 7, 7]);
});

it('a login that is revoked between pages is renewed by the 401 (I5)', async () => {
  const { session, itkdb } = await world();
  const onProgress = ({ pageIndex }: PageProgress): void => (pageIndex === 2 ? itkdb.revokeAll() : undefined);
  expect(await codesOf(session, { pageSize: 10, onProgress })).toEqual(codesTo(70));
  expect([itkdb.logins, itkdb.api.requests.length]).toEqual([2, 8]);
});

it('an error on the second page surfaces after the items of the first (I5)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi(undefined, { status: 503, text: '<html>' });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { code } of paginate<Component>(session, { url: 'listComponents' }, { pageSize: 10 }))
      seen.push(code);
  })();
  expect(await failureOf(reading)).toMatchObject({ name: 'ServerError', status: 503 });
  expect(seen).toEqual(codesTo(10));
  expect(itkdb.api.requests).toHaveLength(2);
});

it('an abort between pages ends the listing (I5)', async () => {
  const { session, itkdb } = await world();
  const abort = new AbortController();
  const reading = codesOf(session, { pageSize: 10, onProgress: () => abort.abort() }, { signal: abort.signal });
  expect(await failureOf(reading)).toMatchObject({ code: 'ERR_CANCELED' });
  expect(itkdb.api.requests).toHaveLength(1);
});
