// A listing is whole, or it throws: no answer that is none ends it early, and no cache keeps one.
import { itkdbStrangeAnswers } from '@axios-authorizer/test-kit';
import axios from 'axios';
import { exceptions, paginate } from '../../src/index.js';
import { all } from '../session/stage.js';
import { failureOf, world } from '../stage.js';
import type { AxiosInstance } from 'axios';
import type { Answer } from '@axios-authorizer/test-kit';
import type { PaginateOptions } from '../../src/index.js';

const url = 'listComponents';

function codesOf(session: AxiosInstance, data: object = {}, options: PaginateOptions = {}): Promise<readonly string[]> {
  const listing = paginate<{ readonly code: string }>(session, { url, data }, options);
  return all(listing).then((items) => items.map(({ code }) => code));
}

const pageOf = (count: number, pageInfo: object): Answer => ({
  json: { pageItemList: Array.from({ length: count }, (_, index) => ({ code: `x${index}` })), pageInfo },
});

it('a page size of nothing is none: one page has all, or it is a BadJSON (I6)', async () => {
  const { session, itkdb } = await world({ itkdb: { pageSize: 20 } });
  itkdb.nextApi({ json: { pageItemList: [{ code: 'c0' }], pageInfo: { pageIndex: 0, pageSize: 0, total: 1 } } });
  expect(await codesOf(session)).toEqual(['c0']);
  itkdb.nextApi({ json: { pageItemList: [{ code: 'c0' }], pageInfo: { pageIndex: 0, pageSize: 0, total: 2 } } });
  expect(await failureOf(codesOf(session))).toBeInstanceOf(exceptions.BadJSON);
});

const broken: readonly (readonly [what: string, answer: Answer, message: RegExp])[] = [
  ['a page of HTML', itkdbStrangeAnswers.page, /is no JSON, or not the whole of it \(text\/html\)/],
  ['half of its JSON', itkdbStrangeAnswers.half, /not the whole of it \(application\/json\)/],
  ['nothing', itkdbStrangeAnswers.empty, /is empty/],
  ['nothing, and says so', { headers: { 'content-length': '0' }, text: '' }, /is empty/],
  ['no list', itkdbStrangeAnswers.noList, /holds no list/],
  ['a list that is none', { json: { pageItemList: 'a', pageInfo: { pageSize: 1, total: 3 } } }, /holds no list/],
  ['an empty page before the total', pageOf(0, { pageIndex: 2, pageSize: 10, total: 70 }), /0 items where 10 are due/],
  ['a short page before the total', pageOf(4, { pageIndex: 2, pageSize: 10, total: 70 }), /4 items where 10 are due/],
  ['another page', pageOf(10, { pageIndex: 0, pageSize: 10, total: 70 }), /is page 0, and page 2 was asked for/],
  ['a list of nothing', { json: [] }, /holds no list/],
];

it.each(broken)('a third page that is %s is a BadJSON, and not the end (I6)', async (_what, answer, message) => {
  const { session, itkdb } = await world();
  itkdb.nextApi(undefined, undefined, answer);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { code } of paginate<{ readonly code: string }>(session, { url }, { pageSize: 10 }))
      seen.push(code);
  })();
  const error = await failureOf(reading);
  expect(error).toBeInstanceOf(exceptions.BadJSON);
  expect(error).toMatchObject({ status: 200, message: expect.stringMatching(message) as string });
  expect([seen.length, itkdb.api.requests.length]).toEqual([20, 3]);
});

it.each(broken)('no cache keeps %s: the next listing is whole (I6)', async (_what, answer) => {
  const { session, itkdb } = await world({ session: { cache: 'memory', expiresAfter: { hours: 1 } } });
  itkdb.nextApi(undefined, undefined, answer);
  await failureOf(codesOf(session, {}, { pageSize: 10 }));
  expect(await codesOf(session, {}, { pageSize: 10 })).toHaveLength(70);
});

it('with a client that is no session a listing is whole or throws as well (I6)', async () => {
  const { itkdb, user } = await world();
  await user.authenticate();
  const headers = { Authorization: `Bearer ${user.bearer}` };
  const client = axios.create({ baseURL: itkdb.apiUrl, adapter: 'http', headers });
  itkdb.nextApi(undefined, itkdbStrangeAnswers.page);
  expect(await failureOf(codesOf(client, {}, { pageSize: 40 }))).toBeInstanceOf(exceptions.BadJSON);
  expect(await codesOf(client, {}, { pageSize: 40 })).toHaveLength(70);
});

it('one page that says more than it holds, and no size, is a BadJSON (I6)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi(pageOf(1, { pageIndex: 0, total: 9 }));
  expect(await failureOf(codesOf(session))).toMatchObject({ name: 'BadJSON' });
});

it.each([7, 10, 70, 100])('without totals a listing of 70 in pages of %i goes on to its end (I6)', async (pageSize) => {
  const { session } = await world({ itkdb: { totals: false } });
  const codes = await codesOf(session, {}, { pageSize });
  expect([codes.length, new Set(codes).size]).toEqual([70, 70]);
});

it.each([1, 3, 6])(
  'a listing that starts at page %i goes on from there, and repeats nothing (I6)',
  async (pageIndex) => {
    const { session, itkdb } = await world();
    const codes = await codesOf(session, { pageInfo: { pageIndex, pageSize: 10 } });
    expect(codes).toEqual(Array.from({ length: 70 - pageIndex * 10 }, (_, index) => `c${pageIndex * 10 + index}`));
    expect(itkdb.api.requests).toHaveLength(7 - pageIndex);
  },
);

it('the second page asks for the size that the first one had, as the original does (I6)', async () => {
  const { session, itkdb } = await world({ itkdb: { pageSize: 40 } });
  await codesOf(session, { project: 'P' });
  expect(itkdb.api.requests.map(({ body }): unknown => JSON.parse(body.toString()))).toEqual([
    { project: 'P' },
    { project: 'P', pageInfo: { pageIndex: 1, pageSize: 40 } },
  ]);
});

it('the total is known before the first item, for one request (I6)', async () => {
  const { session, itkdb } = await world();
  const listing = paginate(session, { url }, { pageSize: 10 });
  expect([listing.pageInfo, itkdb.api.requests.length]).toEqual([undefined, 0]);
  expect([await listing.total(), await listing.total(), itkdb.api.requests.length]).toEqual([70, 70, 1]);
  expect(listing.pageInfo).toEqual({ pageIndex: 0, pageSize: 10, total: 70 });
  expect(await all(listing)).toHaveLength(70);
  expect([listing.pageInfo?.pageIndex, itkdb.api.requests.length]).toEqual([6, 7]);
});

it('a listing that says no total has none (I6)', async () => {
  const { session } = await world({ itkdb: { totals: false } });
  expect(await paginate(session, { url }).total()).toBeUndefined();
});

it.each(['a text', [1], new URLSearchParams('a=1'), Buffer.from('{}'), 5])(
  'a body that has no place for a page is refused before anything is sent: %p (I6)',
  async (data) => {
    const { session, itkdb } = await world();
    expect(() => paginate(session, { url, data })).toThrow(/must be an object/);
    expect(itkdb.login.requests).toEqual([]);
  },
);

it.each([{ pageIndex: -1 }, { pageIndex: 1.5 }, { pageIndex: '1' }, { pageSize: 0 }])(
  'a start that is no page is refused before anything is sent: %j (I6)',
  async (pageInfo) => {
    const { session } = await world();
    expect(() => paginate(session, { url, data: { pageInfo } })).toThrow(/whole number/);
  },
);

it.each([
  ['half of its JSON', itkdbStrangeAnswers.half],
  ['no body, though it is called JSON', itkdbStrangeAnswers.empty],
])('any command that answers with %s is a BadJSON, and no cache keeps it (I6)', async (_what, answer) => {
  const { session, itkdb } = await world({ session: { expiresAfter: { hours: 1 } } });
  itkdb.nextApi(answer);
  expect(await failureOf(session.get('getComponent', { data: { component: 'c1' } }))).toMatchObject({
    name: 'BadJSON',
    status: 200,
  });
  const { data } = await session.get<unknown>('getComponent', { data: { component: 'c1' } });
  expect(data).toMatchObject({ code: 'c1' });
});

it('a page of HTML is a BadJSON for who says that JSON is due (I6)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi(itkdbStrangeAnswers.page);
  expect(await failureOf(session.get('getComponent', { responseType: 'json' }))).toMatchObject({ name: 'BadJSON' });
});

it.each(['getComponentAttachment', 'uu-app-binarystore/getBinaryData'])(
  'a broken file that %s hands over is a file all the same (I6)',
  async (command) => {
    const { session, itkdb } = await world();
    itkdb.nextApi(itkdbStrangeAnswers.half);
    expect((await session.get(command)).data).toBe(itkdbStrangeAnswers.half.text);
  },
);
