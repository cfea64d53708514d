// Do the commands of the database answer in the shapes that were recorded, GETs with bodies included?

import { ManualClock, startItkdb } from '@axios-authorizer/test-kit';
import { command, fault, idTokenOf } from './itkdb-client.js';
import type { Itkdb, ItkdbOptions } from '@axios-authorizer/test-kit';
import type { Json, Telling, Told } from './itkdb-client.js';

const clock = new ManualClock();
let itkdb: Itkdb;
let token: string;

async function begin(options: ItkdbOptions = {}): Promise<void> {
  itkdb = await startItkdb({ clock, ...options });
  token = await idTokenOf(itkdb);
}

async function restart(options: ItkdbOptions): Promise<void> {
  await itkdb.stop();
  await begin(options);
}

function run(path: string, telling: Telling = {}): Promise<Told> {
  return command(itkdb, path, { token, ...telling });
}

function codesIn(list: unknown): unknown[] {
  return (list as Json[]).map(({ code }) => code);
}

beforeEach(() => begin());
afterEach(() => itkdb.stop());

test('a listing without pageInfo is one page of up to a thousand, and filters are ignored', async () => {
  const { status, headers, json } = await run('listComponents', { body: { project: 'P' } });
  expect(status).toBe(200);
  expect(Object.keys(json ?? {})).toEqual(['pageItemList', 'pageInfo', 'uuAppErrorMap']);
  expect(json).toMatchObject({ pageInfo: { pageIndex: 0, pageSize: 1000, total: 70 }, uuAppErrorMap: {} });
  expect(json?.['pageItemList']).toHaveLength(70);
  expect([headers.etag, headers['cache-control']]).toEqual([undefined, undefined]);
});

test.each([
  [0, 32, ['c0', 32]],
  [2, 32, ['c64', 6]],
  [3, 32, [undefined, 0]],
  [69, 1, ['c69', 1]],
])('page %d of size %d begins with and holds %j', async (pageIndex, pageSize, expected) => {
  const { json } = await run('listComponents', { body: { project: 'P', pageInfo: { pageIndex, pageSize } } });
  const found = codesIn(json?.['pageItemList']);
  expect([found[0], found.length]).toEqual(expected);
  expect(json?.['pageInfo']).toEqual({ pageIndex, pageSize, total: 70 });
});

test('institutions come as itemList, without a body as well', async () => {
  await restart({ institutions: 5, pageSize: 2 });
  const { json } = await run('listInstitutions');
  expect(codesIn(json?.['itemList'])).toEqual(['I0', 'I1']);
  expect(json?.['pageInfo']).toEqual({ pageIndex: 0, pageSize: 2, total: 5 });
  const last = await run('listInstitutions', { body: { pageInfo: { pageIndex: 2 } } });
  expect(codesIn(last.json?.['itemList'])).toEqual(['I4']);
});

test.each([{ pageIndex: -1 }, { pageSize: 0 }, { pageIndex: 0.5 }, { pageSize: '32' }, 'all', [1]])(
  'pageInfo %j is refused',
  async (pageInfo) => {
    const refused = await run('listComponents', { body: { pageInfo } });
    expect(fault(refused)).toBe('400 cern-itkpd-main/listComponents/invalidDtoIn: DtoIn is not valid.');
    expect(JSON.stringify(refused.json)).toContain('"invalidValueKeyMap":{"$.pageInfo"');
  },
);

test('things are created by POST only, and kept as they came', async () => {
  const { json } = await run('createThing', { method: 'POST', body: { a: 1 } });
  expect(json).toEqual({ thing: 't1', dtoIn: { a: 1 }, uuAppErrorMap: {} });
  const headers = { 'content-type': 'multipart/form-data; boundary=x' };
  expect((await run('createThing', { method: 'POST', body: '--x--', headers })).json?.['thing']).toBe('t2');
  expect((await run('createThing', { method: 'POST' })).json).toMatchObject({ thing: 't3', dtoIn: {} });
  expect((await run('createThing')).status).toBe(404);
  expect(itkdb.things).toEqual([{ a: 1 }, undefined, undefined]);
  expect(itkdb.api.count('createThing')).toBe(4);
});

test.each(['{', '[]', '"text"', 'null'])('a body %j is no input', async (body) => {
  expect(fault(await run('listComponents', { body }))).toContain('400 cern-itkpd-main/listComponents/invalidDtoIn');
});

test('a body of another type is unsupported', async () => {
  const headers = { 'content-type': 'text/plain' };
  expect((await run('listComponents', { body: '{}', headers })).status).toBe(415);
});

test('warnings, or a mere text, come with the successes of one command until they are taken back', async () => {
  const warning = { 'cern-itkpd-main/getComponent/unsupportedKeys': { type: 'warning', message: 'Unsupported keys.' } };
  const errorMap = async (): Promise<unknown> => (await run('getComponent?component=c0')).json?.['uuAppErrorMap'];
  itkdb.setWarning('getComponent', warning);
  expect(await errorMap()).toEqual(warning);
  itkdb.setWarning('getComponent', '#<UuApp::Oidc::Session:0x000>');
  expect(await errorMap()).toBe('#<UuApp::Oidc::Session:0x000>');
  expect((await run('listInstitutions')).json?.['uuAppErrorMap']).toEqual({});
  itkdb.setWarning('getComponent', undefined);
  expect(await errorMap()).toEqual({});
});

test('a test adds commands of its own, which are behind the checks; others do not exist', async () => {
  await restart({ commands: { a: { json: { b: 1 } }, page: { text: '<html>' }, c: { status: 409, json: {} } } });
  expect((await run('a', { method: 'PUT' })).json).toEqual({ b: 1, uuAppErrorMap: {} });
  expect((await run('page')).bytes.toString()).toBe('<html>');
  expect((await run('c')).json).toEqual({});
  expect((await command(itkdb, 'a')).status).toBe(401);
  expect(fault(await run('missing'))).toBe('404 cern-itkpd-main/missing/useCaseDoesNotExist: Use case does not exist.');
  expect((await run('toString')).status).toBe(404);
});

test('the database may lie below a path, and nothing lies beside it', async () => {
  await restart({ apiPath: '/ucl-itkpd-maing01/0/' });
  expect(itkdb.apiUrl).toBe(`${itkdb.api.origin}/ucl-itkpd-maing01/0/`);
  expect((await run('listInstitutions')).status).toBe(200);
  expect((await run('../1/listInstitutions')).status).toBe(404);
  expect(itkdb.api.count('listInstitutions')).toBe(1);
});

test('what the kit itself cannot bear is a plain 500, which no client takes for the database’s', async () => {
  const told = await run('status/%');
  expect([told.status, told.json, told.headers['content-type']]).toEqual([500, undefined, 'text/plain']);
});
