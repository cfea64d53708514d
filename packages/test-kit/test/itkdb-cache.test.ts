// Does the database say who asked for what, and is everything there that a cache must keep apart, ask about again, or forget?

import { itkdbImage, itkdbText, ManualClock, startItkdb } from '@axios-authorizer/test-kit';
import { codes, command, idTokenOf } from './itkdb-client.js';
import type { Itkdb, ItkdbOptions } from '@axios-authorizer/test-kit';
import type { Telling, Told } from './itkdb-client.js';

const clock = new ManualClock();
const someText = expect.any(String) as unknown;
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

beforeEach(() => begin());
afterEach(() => itkdb.stop());

test('a component is found by code or serial number, and the answer says who asked with what', async () => {
  await restart({ users: [{ ...codes, identity: '7', name: 'Seven' }], components: 2 });
  const body = { component: 'c1', extra: ['x'] };
  const { json } = await run('getComponent', { body });
  expect(json).toMatchObject({ code: 'c1', version: 1, dtoIn: body, askedBy: '7', uuAppErrorMap: {} });
  const serial = await run('getComponent', { body: { component: json?.['serialNumber'] } });
  expect(serial.json?.['code']).toBe('c1');
  expect((await run('getComponent?component=c0')).json).toMatchObject({ code: 'c0', dtoIn: { component: 'c0' } });
});

test.each([
  [{}, 'invalidDtoIn', { missingKeyMap: { '$.component': { 'isRequired.e001': someText } } }],
  [{ component: 1 }, 'invalidDtoIn', { invalidValueKeyMap: { '$.component': { 'shape.e002': someText } } }],
  [{ component: 'c70' }, 'componentDoesNotExist', {}],
  [{ component: 'x1' }, 'componentDoesNotExist', {}],
  [{ component: 'none' }, 'componentDoesNotExist', {}],
  [{ component: 'c01' }, 'componentDoesNotExist', {}],
])('getComponent with %j is a 400 %s', async (body, code, paramMap) => {
  const { status, json } = await run('getComponent', { body });
  expect(status).toBe(400);
  const error = { type: 'error', paramMap };
  expect(json).toMatchObject({ uuAppErrorMap: { [`cern-itkpd-main/getComponent/${code}`]: error } });
});

test('an ETag answers for its own body and version only', async () => {
  const body = { component: 'c3' };
  const first = await run('getComponent', { body });
  const headers = { 'if-none-match': `"x", ${first.headers.etag}` };
  const again = await run('getComponent', { body, headers });
  expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, first.headers.etag]);
  expect((await run('getComponent', { body: { ...body, extra: 1 }, headers })).status).toBe(200);
  itkdb.touch('c3');
  const changed = await run('getComponent', { body, headers });
  expect([changed.status, changed.json?.['version']]).toEqual([200, 2]);
  expect(() => itkdb.touch('c70')).toThrow('no component c70');
});

test('two users never share an ETag', async () => {
  const other = { accessCode1: 'a', accessCode2: 'b', identity: '2', name: 'Two' };
  await restart({ users: [{ ...codes, identity: '1', name: 'One' }, other] });
  const asked = ['getComponent?component=c0', 'cache-control/max-age=9'].map(async (path) => {
    const own = await run(path);
    const theirs = await command(itkdb, path, { token: await idTokenOf(itkdb, other) });
    return own.headers.etag === theirs.headers.etag;
  });
  expect(await Promise.all(asked)).toEqual([false, false]);
});

test('files come as they are, with types and ETags of their own', async () => {
  const image = await run('getImage');
  expect(image.bytes.equals(itkdbImage)).toBe(true);
  expect(image.headers).toMatchObject({ 'content-type': 'image/png', etag: someText });
  const text = await run('getText');
  expect(text.bytes.toString()).toBe(itkdbText);
  expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
  const unchanged = await run('getImage', { headers: { 'if-none-match': String(image.headers.etag) } });
  expect([unchanged.status, unchanged.headers['content-type']]).toEqual([304, 'image/png']);
});

test.each([
  ['cache-control/max-age=60', 'max-age=60'],
  ['cache-control/private,%20max-age=60', 'private, max-age=60'],
  ['cache-control/no-store', 'no-store'],
  ['cache-control', undefined],
])('%s says Cache-Control %s, and counts what it has made', async (path, expected) => {
  const [first, second] = [await run(path), await run(path)];
  expect([first.headers['cache-control'], first.json?.['made'], second.json?.['made']]).toEqual([expected, 1, 2]);
  const known = await run(path, { headers: { 'if-none-match': String(first.headers.etag) } });
  expect([known.status, known.headers['cache-control']]).toEqual([304, expected]);
  expect((await run(path)).json?.['made']).toBe(3);
});
