// Where a request goes: URLs are joined to the prefix, whatever slashes they have.
import { Session } from '../../src/index.js';
import { another, environment, failureOf, loopback, world } from '../stage.js';
import { offline } from './stage.js';

const paths = ['/', '/a/b/'];
const urls = ['listInstitutions', '/listInstitutions'];
const table = paths.flatMap((apiPath) => urls.flatMap((url) => ['', '/'].map((end) => ({ apiPath, url, end }))));

it.each(table)('"$url" below "$apiPath" with "$end" at its end (I4)', async ({ apiPath, url, end }) => {
  const { itkdb, user } = await world({ itkdb: { apiPath } });
  const session = new Session({ user, prefixUrl: itkdb.apiUrl.replace(/\/$/, end) });
  const { status } = await session.get(url);
  expect(status).toBe(200);
  expect(itkdb.api.requests.map((request) => request.url)).toEqual([`${apiPath}listInstitutions`]);
  expect(itkdb.api.bearers()).toEqual([user.bearer]);
});

it('an absolute URL below the prefix is taken as it is, with the bearer (I4)', async () => {
  const { session, itkdb, user } = await world();
  await session.get(`${itkdb.apiUrl}listInstitutions?a=1`);
  expect(itkdb.api.requests[0]?.url).toBe('/listInstitutions?a=1');
  expect(itkdb.api.bearers()).toEqual([user.bearer]);
});

it('parameters and a query in the URL are both sent (I4)', async () => {
  const { session, itkdb } = await world();
  await session.get('cache-control/?a=1', { params: { b: [2, 3] } });
  expect(decodeURIComponent(itkdb.api.requests[0]?.url ?? '')).toBe('/cache-control/?a=1&b[]=2&b[]=3');
});

it('a GET with a JSON body arrives with it, its length and its type (I4)', async () => {
  const { session, itkdb } = await world();
  const { data } = await session.get<unknown>('cache-control/', { data: { component: 'c0', texts: ['µ'] } });
  expect(data).toMatchObject({ dtoIn: { component: 'c0', texts: ['µ'] } });
  const body = '{"component":"c0","texts":["µ"]}';
  expect(itkdb.api.requests[0]?.body.toString()).toBe(body);
  expect(itkdb.api.requests[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
  });
});

it.each([
  ['a host that begins like ours', 'http://127.0.0.1.example.invalid/x'],
  ['a user in the URL', 'http://127.0.0.1@example.invalid/x'],
  ['another scheme', 'https://127.0.0.1/x'],
])('%s gets no bearer and costs no login (I4)', async (_what, url) => {
  const { itkdb, user } = await world();
  const { sent, adapter } = offline();
  const session = new Session({ user, prefixUrl: itkdb.apiUrl }, { adapter });
  await session.get(url);
  expect(sent[0]?.headers.get('Authorization')).toBeUndefined();
  expect(itkdb.login.requests).toEqual([]);
});

it.each([
  ['/a/bc/x', false],
  ['/a', false],
  ['/a/b%2f..%2f..%2fx', false],
  ['/a/b/../../x', false],
  ['/a/b/x', true],
  ['/a/b', true],
])('below the prefix /a/b the path %s gets a bearer: %p (I4)', async (path, has) => {
  const { user } = await world();
  const server = await loopback((_request, response) => void response.end('{}'));
  const session = new Session({ user, prefixUrl: `${server.origin}/a/b/` });
  await session.get(server.origin + path);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
    has ? `Bearer ${user.bearer}` : undefined,
  ]);
});

it('without a prefix it is the setting, read when the session is made (I4)', async () => {
  const { itkdb, user } = await world();
  environment({ ITKDB_API_URL: itkdb.apiUrl });
  const session = new Session({ user });
  await session.get('listInstitutions');
  expect(session.prefixUrl).toBe(itkdb.apiUrl);
  expect(itkdb.api.bearers()).toEqual([user.bearer]);
});

it('without a user it is that of the settings (I4)', async () => {
  const { itkdb } = await world({ clock: 'system' });
  const { authUrl, apiUrl } = itkdb;
  environment({ ITKDB_ACCESS_CODE1: 'code-1', ITKDB_ACCESS_CODE2: 'code-2' });
  environment({ ITKDB_AUTH_URL: authUrl, ITKDB_API_URL: apiUrl });
  const session = new Session({ authExpiryThreshold: 60 });
  expect((await session.get('listInstitutions')).status).toBe(200);
  expect(session.user).toMatchObject({ authExpiryThreshold: 60, identity: '12-3456-1' });
});

it.each(['http://itkdb.example.org/', 'itkdb.example.org', 'ftp://127.0.0.1/', 'https://user@itkdb.example.org/'])(
  'the prefix %s is refused when the session is made (I4)',
  async (prefixUrl) => {
    const here = await world();
    const making = Promise.resolve().then(() => new Session({ user: another(here), prefixUrl }));
    expect(await failureOf(making)).toMatchObject({ kind: 'configuration' });
  },
);

it('when the database is away a request fails as network errors do (I4)', async () => {
  const { session, itkdb } = await world();
  await itkdb.api.stop();
  expect(await failureOf(session.get('listInstitutions'))).toMatchObject({ code: 'ECONNREFUSED' });
});
