// The manners of the real services on the wire: every status, redirects, cookies, and connections that end.

import { Agent } from 'node:http';
import { ManualClock, startItkdb, until } from '@axios-authorizer/test-kit';
import { command, fault, grant, idTokenOf, tell } from './itkdb-client.js';
import type { Itkdb, ItkdbOptions } from '@axios-authorizer/test-kit';
import type { Told } from './itkdb-client.js';
import type { Socket } from 'node:net';

const clock = new ManualClock();
let agent: Agent;
let itkdb: Itkdb;
let token: string;

async function begin(options: ItkdbOptions = {}): Promise<void> {
  itkdb = await startItkdb({ clock, ...options });
  token = await idTokenOf(itkdb);
}

function run(path: string): Promise<Told> {
  return command(itkdb, path, { token });
}

beforeEach(async () => {
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await begin();
});
afterEach(async () => {
  agent.destroy();
  await itkdb.stop();
});

test.each([
  [400, 'cern-itkpd-main/status/refused'],
  [401, 'uu-oidc/invalidToken'],
  [403, 'uu-app-workspace/authorization/userIsNotAuthorized'],
  [404, 'cern-itkpd-main/status/refused'],
  [409, 'cern-itkpd-main/status/refused'],
  [413, 'cern-itkpd-main/status/refused'],
  [415, 'cern-itkpd-main/status/refused'],
  [451, 'cern-itkpd-main/status/refused'],
  [500, 'uu-app-server/internalServerError'],
])('status %d is to be had, in an envelope with key %s that does not speak of signatures', async (status, key) => {
  expect(fault(await run(`status/${status}`))).toBe(`${status} ${key}: The answer is ${status}.`);
});

test.each([502, 503, 504])('status %d is a page of the gateway', async (status) => {
  const told = await run(`status/${status}`);
  expect([told.status, told.headers['content-type'], told.json]).toEqual([status, 'text/html', undefined]);
});

test('successes without a body, and with one', async () => {
  expect(await run('status/204')).toMatchObject({ status: 204, json: undefined });
  const unchanged = await run('status/304');
  expect([unchanged.status, unchanged.json, unchanged.headers.location]).toEqual([304, undefined, undefined]);
  expect((await run('status/201')).json).toEqual({ status: 201, uuAppErrorMap: {} });
  expect((await run('status/999')).status).toBe(404);
});

test('a redirect leads to another origin, which sees what came along, or where it is told', async () => {
  const { status, headers } = await run('status/302');
  expect([status, headers.location]).toEqual([302, `${itkdb.login.origin}/elsewhere`]);
  const authorized = { headers: { authorization: 'Bearer x' } };
  expect((await tell(String(headers.location), authorized)).json).toEqual({ elsewhere: true, authorized: true });
  expect((await tell(String(headers.location))).json).toEqual({ elsewhere: true, authorized: false });
  expect((await run('status/307?to=/listComponents')).headers.location).toBe('/listComponents');
});

test('the database sets the gateway’s cookies and records which come back; the login service has none', async () => {
  const { headers } = await run('listInstitutions');
  const sent = headers['set-cookie']?.map((cookie) => cookie.split(';')[0]) ?? [];
  expect(sent).toEqual(['uu.app.bpl=0', 'uu.app.cbu=https://uuapp.plus4u.net/ucl-itkpd-maing01/0']);
  const cookie = sent.join('; ');
  const again = await command(itkdb, 'listInstitutions', { token, headers: { cookie } });
  expect([again.status, again.headers['set-cookie']?.length]).toEqual([200, 2]);
  expect(itkdb.api.cookies()).toEqual([undefined, cookie]);
  expect((await grant(itkdb)).headers['set-cookie']).toBeUndefined();
});

test('both servers tell the time of the clock', async () => {
  const date = new Date(clock.now()).toUTCString();
  const told = [await run('listInstitutions'), await grant(itkdb)];
  expect(told.map(({ headers }) => headers.date)).toEqual([date, date]);
});

test('a connection takes a hundred requests, counted down, and is closed with the next', async () => {
  const seen: unknown[] = [];
  for (let count = 0; count < 102; count += 1) {
    const { headers } = await command(itkdb, 'listInstitutions', { token, agent });
    seen.push(headers['keep-alive'] ?? headers.connection);
  }
  expect(seen.slice(0, 2)).toEqual(['timeout=5, max=100', 'timeout=5, max=99']);
  expect(seen.slice(99)).toEqual(['timeout=5, max=1', 'close', 'timeout=5, max=100']);
});

test('an idle connection is closed when the server is told to, and the next one works', async () => {
  await itkdb.stop();
  await begin({ keepAliveMs: 1 });
  const ends: unknown[] = [];
  agent.on('free', (socket: Socket) => socket.once('close', () => ends.push(socket)));
  expect((await command(itkdb, 'listInstitutions', { token, agent })).status).toBe(200);
  await until(() => ends.length > 0, 'the server to close the idle connection');
  expect((await command(itkdb, 'listInstitutions', { token, agent })).status).toBe(200);
});

test('what the genuine client was seen to send is served: its login byte for byte, its listings, its POST', async () => {
  const accept = { 'user-agent': 'itkdb/0.6.5', 'accept-encoding': 'gzip, deflate', accept: '*/*' };
  const headers = { ...accept, 'content-type': 'application/json' };
  const [scope, page] = ['openid https://itkpd.unicornuniversity.net', '{"pageIndex": 0, "pageSize": 32}'];
  const login = `{"grant_type": "password", "accessCode1": "code-1", "accessCode2": "code-2", "scope": "${scope}"}`;
  const granted = await tell(`${itkdb.authUrl}grantToken`, { method: 'POST', headers, body: login });
  expect(itkdb.login.requests.at(-1)?.headers['content-length']).toBe('131');
  const bearer = { ...headers, authorization: `Bearer ${String(granted.json?.['id_token'])}` };
  expect((await tell(`${itkdb.authUrl}listKeys`, { headers: accept })).status).toBe(200);
  const listing = await tell(`${itkdb.apiUrl}listComponents`, {
    headers: bearer,
    body: `{"project": "P", "pageInfo": ${page}}`,
  });
  expect(listing.json).toMatchObject({ pageInfo: { pageIndex: 0, pageSize: 32, total: 70 }, uuAppErrorMap: {} });
  const post = await tell(`${itkdb.apiUrl}createThing`, { method: 'POST', headers: bearer, body: '{"a": 1}' });
  expect(post.status).toBe(200);
  expect(fault(await tell(`${itkdb.apiUrl}forbidden`, { headers: bearer }))).toContain('userIsNotAuthorized');
  expect([itkdb.logins, itkdb.things]).toEqual([2, [{ a: 1 }]]);
});
