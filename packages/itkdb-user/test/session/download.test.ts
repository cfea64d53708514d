// Files: their bytes, their names, their types, and what happens to one that does not come whole.
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { itkdbImage } from '@axios-authorizer/test-kit';
import { ConfigurationError } from '@axios-authorizer/core';
import { download, exceptions } from '../../src/index.js';
import { anotherSession, failureOf, loopback, world } from '../stage.js';
import { settled } from './stage.js';
import type { World } from '../stage.js';

const url = 'uu-app-binarystore/getBinaryData';
const data = { code: 'bc2eccc5' };

/** A database whose binary store has the image under that Content-Disposition, and hands it over once. */
async function storing(disposition?: string, type = 'image/png'): Promise<World> {
  const named = disposition === undefined ? {} : { 'content-disposition': disposition };
  const answer = { body: Readable.from([itkdbImage]), headers: { 'content-type': type, ...named } };
  return world({ itkdb: { commands: { 'uu-app-binarystore': answer } } });
}

it('a file comes with its bytes, its name and its type (I4)', async () => {
  const { session, itkdb } = await world();
  const { name, type, content } = await download(session, { url, data });
  expect([name, type, Buffer.compare(content, itkdbImage)]).toEqual(['1µm.png', 'image/png', 0]);
  const [asked] = itkdb.api.requests;
  expect([asked?.method, asked?.url, asked?.body.toString()]).toEqual(['GET', `/${url}`, JSON.stringify(data)]);
});

it('a file comes as a stream when that is asked for (I4)', async () => {
  const { session } = await world();
  const { name, type, content } = await download(session, { url: 'getImage', responseType: 'stream' });
  expect([name, type, Buffer.compare(await buffer(content), itkdbImage)]).toEqual([undefined, 'image/png', 0]);
});

it.each<[disposition: string | undefined, name: string | undefined]>([
  [undefined, undefined],
  ['inline', undefined],
  ['attachment; filename=PB6.CR2', 'PB6.CR2'],
  ['attachment; filename="for_gui test3.txt"', 'for_gui test3.txt'],
  ['ATTACHMENT ;FileName = "a;b.txt" ; size=3', 'a;b.txt'],
  ['attachment; filename="say \\"hi\\".txt"', 'say "hi".txt'],
  ['attachment; note="x; filename=evil.txt"; filename=good.txt', 'good.txt'],
  ["attachment; filename=plain.txt; filename*=UTF-8''%c2%b5m%20%e2%82%ac.txt", 'µm €.txt'],
  ["attachment; filename*=iso-8859-1'de'%B5m.txt", 'µm.txt'],
  ["attachment; filename*=UTF-8''%ff%fe; filename=plain.txt", 'plain.txt'],
  ["attachment; filename*=klingon''abc; filename=plain.txt", 'plain.txt'],
  [`attachment; filename="${Buffer.from('µm.txt').toString('latin1')}"`, 'µm.txt'],
  ['attachment; filename="\u00b5m.txt"', 'µm.txt'],
  ['attachment; filename="../../.ssh/authorized_keys"', 'authorized_keys'],
  ["attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd", 'passwd'],
  ['attachment; filename="C:\\Users\\me\\b.txt"', 'b.txt'],
  ["attachment; filename*=UTF-8''a%00b%0d%0a%e2%80%aec.txt", 'abc.txt'],
  ['attachment; filename=".."', undefined],
  ['attachment; filename="/"', undefined],
  ['attachment; filename=""', undefined],
  ['attachment; filename="open', '"open'],
  [`attachment; ${'filename='.repeat(500)}`, `filename=${'filename='.repeat(498)}`],
])('of the header %p the name is %p, never a path (I4)', async (disposition, name) => {
  const { session } = await storing(disposition);
  expect((await download(session, { url, data })).name).toBe(name);
});

it('a type keeps its parameters, and what says none has none (I4)', async () => {
  const { session } = await storing(undefined, 'text/plain; charset=UTF-8');
  expect((await download(session, { url, data })).type).toBe('text/plain; charset=UTF-8');
  const server = await loopback((_request, response) => void response.end('x'));
  const bare = anotherSession(await world(), { prefixUrl: `${server.origin}/` });
  expect((await download(bare, { url })).type).toBeUndefined();
});

it('JSON in a file stays bytes, broken or not, and a file of nothing is empty (I4, I6)', async () => {
  const { session, itkdb } = await world();
  const headers = { 'content-type': 'application/json' };
  itkdb.nextApi({ headers, text: '{"half":' }, { headers, text: '' });
  expect((await download(session, { url, data })).content.toString()).toBe('{"half":');
  expect((await download(session, { url, data })).content).toHaveLength(0);
});

it('a cache keeps the name and the type with the bytes (I3)', async () => {
  const here = await storing('attachment; filename=a.png');
  const session = anotherSession(here, { expiresAfter: { hours: 1 } });
  const [first, second] = [await download(session, { url, data }), await download(session, { url, data })];
  expect(second).toEqual(first);
  expect([second.name, Buffer.isBuffer(second.content), here.itkdb.api.requests.length]).toEqual(['a.png', true, 1]);
});

it.each(['bytes', 'a stream'])('a file that is cut off is an error of the connection: %s (I4)', async (how) => {
  const server = await loopback((_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': '1000' });
    response.write('x'.repeat(500), () => response.destroy());
  });
  const here = await world();
  const session = anotherSession(here, { prefixUrl: `${server.origin}/` });
  const error =
    how === 'bytes'
      ? await failureOf(download(session, { url }))
      : await failureOf(download(session, { url, responseType: 'stream' }).then(({ content }) => buffer(content)));
  expect(error).not.toBeInstanceOf(exceptions.ResponseException);
  expect(error.message).toMatch(/aborted/);
});

it.each(['arraybuffer', 'stream'] as const)(
  'a file that is not to be had is the original’s exception, with what the database says of it: %s (I4)',
  async (responseType) => {
    const { session, itkdb } = await world();
    const refused = { 'cern-itkpd-main/getComponentAttachment/invalidDtoIn': { message: 'No such attachment.' } };
    itkdb.nextApi({ status: 400, json: { uuAppErrorMap: refused } });
    const request = { url: 'getComponentAttachment', data };
    const error = await failureOf(
      responseType === 'stream'
        ? download(session, { ...request, responseType })
        : download(session, { ...request, responseType }),
    );
    expect(error).toBeInstanceOf(exceptions.BadRequest);
    expect(error.code).toBe('cern-itkpd-main/getComponentAttachment/invalidDtoIn');
    expect(error.message).toContain('No such attachment.');
  },
);

it('an error whose text is cut off or without end is the exception all the same (I4)', async () => {
  const server = await loopback((request, response) => {
    response.writeHead(404, { 'content-type': 'application/json' });
    if (request.url === '/cut') response.write('{"uuAppErrorMap":', () => response.destroy());
    else response.end('x'.repeat(5_000_000));
  });
  const session = anotherSession(await world(), { prefixUrl: `${server.origin}/` });
  for (const path of ['cut', 'long']) {
    const error = await failureOf(download(session, { url: path, responseType: 'stream' }));
    expect([path, error.name, error.status, error.code]).toEqual([path, 'NotFound', 404, undefined]);
    expect(String(error.response.data).length).toBeLessThan(1_200_000);
  }
});

it('an error whose text does not come ends when the caller leaves (I4)', async () => {
  const server = await loopback((_request, response) => {
    response.writeHead(404, { 'content-length': '1000' });
    response.write('{');
  });
  const session = anotherSession(await world(), { prefixUrl: `${server.origin}/` });
  const signal = AbortSignal.timeout(100);
  const error = await settled(failureOf(download(session, { url, signal, responseType: 'stream' })));
  expect(error).toMatchObject({ name: 'NotFound', status: 404 });
});

it('a download after a 401 comes whole, with one new login (I4)', async () => {
  const { session, itkdb, user } = await world();
  await user.authenticate();
  itkdb.revokeAll();
  const { content } = await download(session, { url: 'getImage', responseType: 'stream' });
  expect([Buffer.compare(await buffer(content), itkdbImage), itkdb.logins]).toEqual([0, 2]);
});

it('another form of the answer, or no session, is a ConfigurationError (I4)', async () => {
  const { session } = await world();
  const json = { url, responseType: 'json' };
  await expect(Reflect.apply(download, undefined, [session, json])).rejects.toThrow(ConfigurationError);
  await expect(Reflect.apply(download, undefined, [session])).rejects.toThrow(ConfigurationError);
  await expect(Reflect.apply(download, undefined, [url])).rejects.toThrow(ConfigurationError);
});
