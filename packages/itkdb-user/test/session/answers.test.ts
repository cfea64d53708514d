// What comes back unharmed, and what a caller's own tools do on a session: binary answers, streams, limits, axios-retry.
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { gate, itkdbImage, itkdbText, until } from '@axios-authorizer/test-kit';
import axiosRetry from 'axios-retry';
import { failureOf, world } from '../stage.js';
import { settled } from './stage.js';

it('a binary answer comes byte for byte, as bytes and as a stream (I4)', async () => {
  const { session } = await world();
  const bytes = await session.get<Buffer>('getImage', { responseType: 'arraybuffer' });
  expect(Buffer.compare(bytes.data, itkdbImage)).toBe(0);
  const streamed = await session.get<Readable>('getImage', { responseType: 'stream' });
  expect(Buffer.compare(await buffer(streamed.data), itkdbImage)).toBe(0);
});

it('text stays text (I4)', async () => {
  const { session } = await world();
  expect((await session.get('getText')).data).toBe(itkdbText);
});

it('a megabyte of bytes comes whole, after a 401 as well (I4)', async () => {
  const { session, itkdb, user } = await world();
  await user.authenticate();
  itkdb.revokeAll();
  itkdb.nextApi(undefined, { trickle: 1_000_000 });
  const { data } = await session.get<Buffer>('getImage', { responseType: 'arraybuffer' });
  const hash = (of: Buffer): string => createHash('sha256').update(of).digest('hex');
  expect(hash(data)).toBe(hash(Buffer.alloc(1_000_000, 'x')));
});

it('an answer without a body is an empty one (I4)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi({ status: 200, headers: { 'content-length': '0' } });
  expect((await session.get('x')).data).toBe('');
});

it('a multipart POST arrives, after a 401 as well (I4)', async () => {
  const { session, itkdb, user } = await world();
  await user.authenticate();
  itkdb.revokeAll();
  await session.postForm('createThing', { title: 'a title', file: Buffer.from('123') });
  expect(itkdb.api.requests).toHaveLength(2);
  const [first, second] = itkdb.api.requests.map(({ body }) => body.toString());
  expect(second).toContain('a title');
  expect(second?.length).toBe(first?.length);
  expect(itkdb.things).toHaveLength(1);
});

it('a request that is aborted ends at once, while the database says nothing and while the login does (I4)', async () => {
  const { session, itkdb } = await world();
  const held = gate();
  itkdb.nextLogin({ after: held.opened });
  const abort = new AbortController();
  const waiting = failureOf(session.get('listInstitutions', { signal: abort.signal }));
  await until(() => itkdb.login.requests.length > 0, 'the login');
  abort.abort();
  expect(await settled(waiting)).toMatchObject({ code: 'ERR_CANCELED' });
  held.open();
  itkdb.nextApi({ hang: true });
  const silent = new AbortController();
  const pending = failureOf(session.get('listInstitutions', { signal: silent.signal }));
  await until(() => itkdb.api.requests.length > 0, 'the request');
  silent.abort();
  expect(await settled(pending)).toMatchObject({ code: 'ERR_CANCELED' });
});

it('a limit of the caller bounds a database that says nothing (I4)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi({ hang: true });
  expect(await settled(failureOf(session.get('x', { timeout: 50 })))).toMatchObject({ code: 'ECONNABORTED' });
});

it.each([false, 'memory'] as const)(
  'axios-retry on a session repeats what may be repeated, cache: %p (I4)',
  async (cache) => {
    const { session, itkdb } = await world({ session: { cache } });
    axiosRetry(session, { retries: 3, retryDelay: () => 0 });
    itkdb.nextApi({ status: 503 }, { reset: true }, { status: 502, text: '<html>' });
    const { data } = await session.get<unknown>('getComponent', { data: { component: 'c1' } });
    expect(data).toMatchObject({ code: 'c1' });
    expect(itkdb.api.requests.map(({ url }) => url)).toEqual(Array.from({ length: 4 }, () => '/getComponent'));
    expect(itkdb.logins).toBe(1);
  },
);

it('axios-retry repeats no POST, and gives the exception in the end (I4)', async () => {
  const { session, itkdb } = await world();
  axiosRetry(session, { retries: 2, retryDelay: () => 0 });
  itkdb.nextApi({ status: 503 });
  expect(await failureOf(session.post('createThing', {}))).toMatchObject({ name: 'ServerError', status: 503 });
  expect(itkdb.api.requests).toHaveLength(1);
  itkdb.nextApi(...Array.from({ length: 3 }, () => ({ status: 503 })));
  expect(await failureOf(session.get('listInstitutions'))).toMatchObject({ name: 'ServerError', status: 503 });
  expect(itkdb.api.requests).toHaveLength(4);
});

it('axios-retry does not multiply logins that are refused (I4)', async () => {
  const { session, itkdb } = await world({ user: { accessCode1: 'wrong' } });
  axiosRetry(session, { retries: 3, retryDelay: () => 0, retryCondition: () => true });
  expect(await failureOf(session.get('listInstitutions'))).toMatchObject({ code: 'wrong_access_codes' });
  expect(itkdb.login.requests).toHaveLength(1);
});
