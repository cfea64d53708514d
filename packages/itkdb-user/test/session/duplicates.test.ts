// `allowDuplicate: false`: which test runs are uploaded, and which are known to be there already.
import { exceptions } from '../../src/index.js';
import { anotherSession, failureOf, world } from '../stage.js';
import type { Answer } from '@axios-authorizer/test-kit';
import { settled } from './stage.js';
import type { World } from '../stage.js';

const stored = {
  id: '64ef67f09d1c7e0042bfcb0b',
  passed: true,
  problems: false,
  runNumber: '1',
  properties: [
    { code: 'ANALYSIS_VERSION', value: '1' },
    { code: 'OPERATOR', value: null },
  ],
  defects: [{ code: 'd1', name: 'SCRATCH', description: 'short' }],
  comments: [{ code: 'c1', comment: 'by hand', user: {} }],
  results: [
    { code: 'THICKNESS', dataType: 'float', value: [572, 553.5] },
    { code: 'ANGLE', dataType: 'float', value: null },
    { code: 'PICTURE', dataType: 'image', value: '0123abcd' },
  ],
};
const testRun = {
  component: '72b884aab5b0bdf0d39f33f544be485d',
  stage: 'MODULE/ASSEMBLY',
  testType: 'QUAD_MODULE_METROLOGY',
  runNumber: '2',
  passed: true,
  properties: { ANALYSIS_VERSION: '1' },
  defects: [{ name: 'SCRATCH', description: 'short' }],
  comments: ['by hand'],
  results: { THICKNESS: [572, 553.5], ANGLE: null, PICTURE: 'another.png' },
};
const url = 'uploadTestRunResults';
const once = { allowDuplicate: false } as const;

/** A database that has these test runs of the component, stage and type. */
async function having(...runs: readonly object[]): Promise<World> {
  const pageInfo = { pageIndex: 0, pageSize: 1000, total: runs.length };
  const commands: Record<string, Answer> = {
    listTestRunsByComponent: { json: { itemList: runs, pageInfo } },
    getTestRunBulk: { json: { itemList: runs } },
    uploadTestRunResults: { json: { testRun: { id: 'new' } } },
  };
  return world({ itkdb: { commands } });
}

function uploads({ itkdb }: World): number {
  return itkdb.api.count(url);
}

it('a test run that the database has is a DuplicateTestRuns that names it, and is not uploaded (I4)', async () => {
  const here = await having(stored);
  const error = await failureOf(here.session.post(url, testRun, once));
  expect(error).toBeInstanceOf(exceptions.DuplicateTestRuns);
  expect(error).toBeInstanceOf(exceptions.DuplicateObjectsInDB);
  expect(error).toBeInstanceOf(exceptions.ITkDBException);
  expect(error).toMatchObject({ message: `Duplicate test runs: ${stored.id}`, testRuns: [stored.id] });
  expect(uploads(here)).toBe(0);
});

it('what was uploaded is not uploaded again, by the next program neither (I4)', async () => {
  const here = await world();
  await here.session.post(url, testRun, once);
  const later = anotherSession(here);
  expect(await failureOf(later.post(url, testRun, once))).toMatchObject({ testRuns: ['r0'] });
  await later.post(url, { ...testRun, passed: false }, once);
  await later.post(url, { ...testRun, stage: 'MODULE/RECEPTION' }, once);
  expect(uploads(here)).toBe(3);
});

it('the database is asked as by the original: for component, stage, type and state, then for all at once (I4)', async () => {
  const here = await having(stored, { ...stored, id: 'other' });
  await failureOf(here.session.post(url, testRun, once));
  const { component: code, stage, testType } = testRun;
  const asked = here.itkdb.api.requests.map(({ method, url: path, body }) => [method, path, body.toString()]);
  const filterMap = { code, stage: [stage], testType: [testType], state: ['ready'] };
  expect(asked).toEqual([
    ['GET', '/listTestRunsByComponent', JSON.stringify({ filterMap })],
    ['GET', '/getTestRunBulk', JSON.stringify({ testRun: [stored.id, 'other'] })],
  ]);
  const { stage: _stage, ...anywhere } = testRun;
  await failureOf(here.session.post(url, { ...anywhere, component: '20UPGFC0083098' }, once));
  expect(here.itkdb.api.requests[2]?.body.toString()).toBe(
    JSON.stringify({ filterMap: { serialNumber: '20UPGFC0083098', testType: [testType], state: ['ready'] } }),
  );
});

it.each<[what: string, change: object]>([
  ['outcome', { passed: false }],
  ['problems', { problems: true }],
  ['property', { properties: { ANALYSIS_VERSION: '2' } }],
  ['set of properties', { properties: {} }],
  ['further property', { properties: { ANALYSIS_VERSION: '1', OPERATOR: 'me' } }],
  ['defects', { defects: [] }],
  ['comments', { comments: ['by hand', 'twice'] }],
  ['results', { results: { THICKNESS: [572] } }],
  ['set of results', { results: { THICKNESS: [572, 553.5], NEW: 2 } }],
  ['number of members', { results: undefined }],
])('a test run of another %s is uploaded (I4)', async (_what, change) => {
  const here = await having(stored);
  const { data } = await here.session.post<unknown>(url, { ...testRun, ...change }, once);
  expect(data).toMatchObject({ testRun: { id: 'new' } });
  expect(uploads(here)).toBe(1);
});

it.each<[what: string, change: object]>([
  ['a property is given as a number', { properties: { ANALYSIS_VERSION: 1 } }],
  ['what is null is left out', { results: { THICKNESS: [572, 553.5] } }],
  ['another image is given', { results: { ...testRun.results, PICTURE: 'a.png' } }],
  ['it has another number and date', { runNumber: '77', date: '2026-01-01' }],
])('a test run is the same when %s (I4)', async (_what, change) => {
  const here = await having(stored);
  await expect(here.session.post(url, { ...testRun, ...change }, once)).rejects.toThrow('Duplicate test runs');
  expect(uploads(here)).toBe(0);
});

it('of several only those that are the same are named, and JSON text is looked at as well (I4)', async () => {
  const here = await having({ ...stored, id: 'failed', passed: false }, { ...stored, id: 'same' });
  const headers = { 'Content-Type': 'application/json' };
  const error = await failureOf(here.session.post(url, JSON.stringify(testRun), { ...once, headers }));
  expect(error).toMatchObject({ testRuns: ['same'] });
});

it('without the option nothing is asked, and a database that has none of that kind is asked once (I4)', async () => {
  const here = await having();
  await here.session.post(url, testRun);
  await here.session.post(url, testRun, { allowDuplicate: true });
  expect(here.itkdb.api.requests.map(({ url: path }) => path)).toEqual([`/${url}`, `/${url}`]);
  await here.session.post(url, testRun, once);
  expect(here.itkdb.api.count('listTestRunsByComponent')).toBe(1);
  expect([here.itkdb.api.count('getTestRunBulk'), uploads(here)]).toEqual([0, 3]);
});

it.each<[what: string, send: (here: World) => Promise<unknown>, message: RegExp]>([
  ['another command', ({ session }) => session.post('createThing', testRun, once), /uploadTestRunResults alone/],
  [
    'another server',
    ({ session }) => session.post('https://example.org/uploadTestRunResults', testRun, once),
    /uploadTestRunResults alone/,
  ],
  ['another method', ({ session }) => session.get(url, { data: testRun, ...once }), /uploadTestRunResults alone/],
  ['no data', ({ session }) => session.post(url, undefined, once), /needs the component/],
  ['a form', ({ session }) => session.post(url, new URLSearchParams({ component: 'c' }), once), /needs the component/],
  ['no type', ({ session }) => session.post(url, { component: 'c' }, once), /needs the testType/],
])('the option on %s is an InvalidInvocation, and nothing is sent (I4)', async (_what, send, message) => {
  const here = await having(stored);
  const error = await failureOf(send(here));
  expect(error).toBeInstanceOf(exceptions.InvalidInvocation);
  expect(error.message).toMatch(message);
  expect([here.itkdb.api.requests, here.itkdb.login.requests]).toEqual([[], []]);
});

it('a cache does not answer the look for duplicates (I3, I4)', async () => {
  const here = await having(stored);
  const session = anotherSession(here, { expiresAfter: { hours: 1 } });
  const { api } = here.itkdb;
  await failureOf(session.post(url, testRun, once));
  await failureOf(session.post(url, testRun, once));
  expect([api.count('listTestRunsByComponent'), api.count('getTestRunBulk')]).toEqual([2, 2]);
});

it('the look is sent as whom the upload is sent (I4)', async () => {
  const here = await having();
  const bearer = 'of-somebody-else';
  await failureOf(here.session.post(url, testRun, { ...once, headers: { Authorization: `Bearer ${bearer}` } }));
  expect(here.itkdb.api.bearers().length).toBeGreaterThan(0);
  expect(new Set(here.itkdb.api.bearers())).toEqual(new Set([bearer]));
});

it('a limit of the caller holds for the look, and for the upload after it (I4, I7)', async () => {
  const here = await having(stored);
  for (const limit of [{ timeout: 100 }, { signal: AbortSignal.timeout(100) }]) {
    here.itkdb.nextApi({ hang: true });
    const error = await settled(failureOf(here.session.post(url, testRun, { ...once, ...limit })));
    expect(error.code).toBe('timeout' in limit ? 'ETIMEDOUT' : 'ERR_CANCELED');
  }
  expect(uploads(here)).toBe(0);
});

it('what would be sent is compared: a date is its text, and no number is null (I4)', async () => {
  const here = await world();
  const odd = { ...testRun, results: { AT: new Date(0), RATIO: NaN } };
  await here.session.post(url, odd, once);
  expect(await failureOf(here.session.post(url, odd, once))).toMatchObject({ testRuns: ['r0'] });
});

it('what goes wrong with the look keeps the test run from being uploaded (I4, I6)', async () => {
  const here = await having(stored);
  here.itkdb.nextApi({ json: { pageInfo: {} } });
  expect(await failureOf(here.session.post(url, testRun, once))).toBeInstanceOf(exceptions.BadJSON);
  here.itkdb.nextApi(undefined, { json: { something: [] } });
  expect(await failureOf(here.session.post(url, testRun, once))).toBeInstanceOf(exceptions.BadJSON);
  here.itkdb.nextApi({ status: 403 });
  expect(await failureOf(here.session.post(url, testRun, once))).toBeInstanceOf(exceptions.Forbidden);
  expect(uploads(here)).toBe(0);
});
