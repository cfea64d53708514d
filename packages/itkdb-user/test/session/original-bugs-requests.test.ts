// What the original gets wrong about requests, each here as a test. The numbers are those of the list of facts about it:
// 1.4 the prefix is compared as text; 401 is final
// 1.6 "/x" drops the path of the prefix; Redirect, SpecialError and a static bearer crash; errors print the request
// 1.7 the key of the cache does not hold the user
// 1.8 `limit` stays on the client; the map may be a text; an answer of no length
// 1.10 the trace is shown
// 1.11 no limits; retry adapters are passed over; production by default; a user's TLS settings are overridden
// 1.12 an idle connection ends after 5 s
import https from 'node:https';
import { itkdbTrace, leaks } from '@axios-authorizer/test-kit';
import { buildMemoryStorage } from 'axios-cache-interceptor';
import axiosRetry from 'axios-retry';
import { exceptions, paginate, Session, settings, UserBearer } from '../../src/index.js';
import { another, anotherSession, failureOf, notices, world } from '../stage.js';
import { all, offline } from './stage.js';
import type { Made } from './stage.js';

it('1.4: a host that begins like the prefix is another host (I5)', async () => {
  const { user, itkdb } = await world();
  const { sent, adapter } = offline();
  const session = new Session({ user, prefixUrl: itkdb.apiUrl.replace(/\/$/, '') }, { adapter });
  await session.get(`${itkdb.api.origin}.evil.example.org/x`).catch(() => undefined);
  await session.get(`${itkdb.api.origin}@evil.example.org/x`).catch(() => undefined);
  expect(sent.map(({ headers }) => headers.get('Authorization'))).not.toContain(`Bearer ${user.bearer}`);
  expect(itkdb.login.requests).toEqual([]);
});

it('1.4: a bearer that is refused before its end is renewed (I5)', async () => {
  const { session, itkdb } = await world();
  await session.get('listInstitutions');
  itkdb.revokeAll();
  expect((await session.get('listInstitutions')).status).toBe(200);
});

it('1.6: "/x" keeps the path of the prefix (I5)', async () => {
  const { session, itkdb } = await world({ itkdb: { apiPath: '/a/b/' } });
  await session.get('/listInstitutions');
  expect(itkdb.api.requests[0]?.url).toBe('/a/b/listInstitutions');
});

it('1.6: SUCCESS_STATUSES is declared and not consulted: 204 is a success (I5)', async () => {
  const { session } = await world();
  expect((await session.get('status/204')).status).toBe(204);
});

it('1.6: 304 passes, too, for a caller who asked with an ETag (I5)', async () => {
  const { session } = await world();
  const { headers } = await session.get('getText');
  const again = await session.get('getText', { headers: { 'If-None-Match': String(headers['etag']) } });
  expect(again.status).toBe(304);
});

it.each([
  ['Redirect', 302, exceptions.Redirect],
  ['SpecialError', 415, exceptions.SpecialError],
] as const)('1.6: %s can be made, with the answer of %i (I5)', async (_name, status, Exception) => {
  const { session } = await world();
  const error = await failureOf(session.get(`status/${status}`, { maxRedirects: 0 }));
  expect(error).toBeInstanceOf(Exception);
  expect(error.response.status).toBe(status);
});

it('1.6: 415 is what a form gets, and it says so (I5)', async () => {
  const { session } = await world();
  const error = await failureOf(session.get('getComponent', { data: new URLSearchParams('component=c0') }));
  expect(error).toMatchObject({ name: 'SpecialError', status: 415 });
});

it('1.6: 400 for a static bearer is BadRequest (I5)', async () => {
  const { itkdb } = await world();
  const session = new Session({ user: new UserBearer(itkdb.tokenWith({})), prefixUrl: itkdb.apiUrl });
  expect(await failureOf(session.get('getComponent', { data: {} }))).toMatchObject({ name: 'BadRequest' });
});

it('1.6: an error prints neither the Authorization header nor the body (I5)', async () => {
  const { session, user } = await world();
  const error = await failureOf(
    session.post('forbidden', { my: 'secret-body' }, { headers: { 'x-key': 'secret-key' } }),
  );
  expect(leaks(error, [user.bearer, 'secret-body', 'secret-key'])).toEqual([]);
});

it('1.6: a static bearer is not printed (I5)', async () => {
  const { itkdb } = await world();
  const bearer = itkdb.tokenWith({});
  const user = new UserBearer(bearer);
  expect(leaks(user, [bearer])).toEqual([]);
  expect(leaks(new Session({ user, prefixUrl: itkdb.apiUrl }), [bearer])).toEqual([]);
});

it('1.7: two users of one cache have answers of their own (I5)', async () => {
  const two = { accessCode1: 'two-1', accessCode2: 'two-2' };
  const one = { accessCode1: 'code-1', accessCode2: 'code-2' };
  const users = [
    { ...one, identity: '1-1-1', name: 'One' },
    { ...two, identity: '2-2-2', name: 'Two' },
  ];

  const cache = buildMemoryStorage();
  const here = await world({ itkdb: { users }, session: { cache } });
  const other = anotherSession(here, { user: another(here, two), cache });
  const answers = [
    await here.session.get<Made>('cache-control/max-age=60'),
    await other.get<Made>('cache-control/max-age=60'),
  ];
  expect(answers.map(({ data }) => data.askedBy)).toEqual(['1-1-1', '2-2-2']);
});

it('1.8: two listings at once have each their own limit (I5)', async () => {
  const { session } = await world();
  const count = async (limit: number): Promise<number> =>
    (await all(paginate(session, { url: 'listComponents' }, { limit, pageSize: 10 }))).length;
  expect(await Promise.all([count(5), count(25), count(12)])).toEqual([5, 25, 12]);
});

it('1.8: a map that is a text is a warning like any other (I5)', async () => {
  const here = await world();
  here.itkdb.setWarning('listInstitutions', 'Something is strange.');
  await here.session.get('listInstitutions');
  expect(notices(here)).toEqual(['Something is strange.']);
});

it('1.8: an answer of no length is an answer (I5)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi({ status: 200, headers: { 'content-length': '0' } });
  expect((await session.get('x')).status).toBe(200);
});

it("1.10: the server's trace is not shown (I5)", async () => {
  const { session } = await world();
  const error = await failureOf(session.get('status/400'));
  expect(JSON.stringify(error.response.data)).toContain(itkdbTrace);
  expect(leaks(error, [itkdbTrace])).toEqual([]);
});

it('1.11: a request has a limit without being told, and a program may set its own (I5)', async () => {
  const { session } = await world();
  expect(session.defaults.timeout).toBe(60_000);
  expect((await world({ config: { timeout: 5 } })).session.defaults.timeout).toBe(5);
});

it('1.11: a retry that the caller puts on is not passed over (I5)', async () => {
  const { session, itkdb } = await world();
  axiosRetry(session, { retries: 1, retryDelay: () => 0 });
  itkdb.nextApi({ status: 503 });
  expect((await session.get('listInstitutions')).status).toBe(200);
});

it('1.11: the defaults are production, where nothing is written by accident (I5)', async () => {
  const { user } = await world();
  const { sent, adapter } = offline();
  const session = new Session({ user }, { adapter });
  expect(session.prefixUrl).toBe(settings.ITKDB_API_URL);
  expect(await failureOf(session.post('createThing', {}))).toMatchObject({ kind: 'configuration' });
  expect(sent).toEqual([]);
});

it("1.11: the caller's agent, and so its CA, is what a request goes out with (I5)", async () => {
  const { user, itkdb } = await world();
  const { sent, adapter } = offline();
  const httpsAgent = new https.Agent({ rejectUnauthorized: true });
  await new Session({ user, prefixUrl: itkdb.apiUrl }, { adapter, httpsAgent }).get('x');
  expect(sent[0]?.httpsAgent).toBe(httpsAgent);
});

it('1.12: a GET over a connection that the server has closed is repeated when it is asked for (I5)', async () => {
  const { session, itkdb } = await world();
  axiosRetry(session, { retries: 1, retryDelay: () => 0 });
  itkdb.nextApi({ reset: true });
  expect((await session.get('listInstitutions')).status).toBe(200);
  expect(itkdb.api.requests).toHaveLength(2);
});
