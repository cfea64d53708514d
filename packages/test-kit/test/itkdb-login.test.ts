// Does grantToken answer as the ITk's login service was seen to, in its refusals above all?

import { itkdbTrace, ManualClock, startItkdb } from '@axios-authorizer/test-kit';
import { codes, fault, grant, idTokenOf, part, scope, tell } from './itkdb-client.js';
import type { Itkdb, ItkdbOptions } from '@axios-authorizer/test-kit';

const clock = new ManualClock();
const start = clock.now();
const someText = expect.any(String) as unknown;
let itkdb: Itkdb;

async function restart(options: ItkdbOptions): Promise<void> {
  await itkdb.stop();
  itkdb = await startItkdb({ clock, ...options });
}

beforeEach(async () => {
  clock.set(start);
  itkdb = await startItkdb({ clock });
});
afterEach(() => itkdb.stop());

test('the urls have the real paths, end in a slash, and lie on two origins', () => {
  expect(itkdb.authUrl).toBe(`${itkdb.login.origin}/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/`);
  expect(itkdb.issuer).toBe(itkdb.authUrl.slice(0, -1));
  expect(itkdb.apiUrl).toBe(`${itkdb.api.origin}/`);
  expect(itkdb.api.origin).not.toBe(itkdb.login.origin);
});

test('good codes get an opaque access token and an id token with the recorded claims (I1)', async () => {
  const { status, headers, json } = await grant(itkdb);
  const token = String(json?.['id_token']);
  expect(status).toBe(200);
  expect(json).toEqual({
    access_token: expect.stringMatching(/^[0-9a-f]{48}$/) as unknown,
    id_token: someText,
    expires_in: 1800,
    token_type: 'Bearer',
  });
  expect(headers['cache-control']).toBe('no-store');
  expect(part(token, 0)).toEqual({ alg: 'RS256', kid: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown, typ: 'JWT' });
  expect(Object.entries(part(token, 1))).toEqual([
    ['name', 'Test User'],
    ['uuidentity', '12-3456-1'],
    ['loa', 'basic'],
    ['typ', 'ID'],
    ['iss', itkdb.issuer],
    ['sub', '12-3456-1'],
    ['aud', 'https://itkpd.unicornuniversity.net'],
    ['iat', start / 1000],
    ['exp', start / 1000 + 1800],
    ['jti', expect.stringMatching(/^[0-9a-f]{16}$/)],
  ]);
  expect([itkdb.logins, itkdb.refusedLogins]).toEqual([1, 0]);
});

test('each login is another token, for the user whose codes they are', async () => {
  const other = { accessCode1: 'a', accessCode2: 'b', identity: '23-2145-1', name: 'Other' };
  await restart({ users: [{ ...codes, identity: '1', name: 'One' }, other], audience: 'https://x', tokenSeconds: 17 });
  const tokens = [await idTokenOf(itkdb), await idTokenOf(itkdb), await idTokenOf(itkdb, other)];
  const claims = tokens.map((token) => part(token, 1));
  expect(new Set(claims.map(({ jti }) => jti)).size).toBe(3);
  expect(claims.map(({ uuidentity }) => uuidentity)).toEqual(['1', '1', '23-2145-1']);
  expect(claims[2]).toMatchObject({ name: 'Other', aud: 'https://x', exp: start / 1000 + 17 });
});

test.each([
  [{ accessCode1: 'foo', accessCode2: 'bar' }, '401 uu-oidc-main/notAuthenticated: Identity is not authenticated.'],
  [{ accessCode2: 'bar' }, '401 uu-oidc-main/notAuthenticated: Identity is not authenticated.'],
  [{ accessCode1: '', accessCode2: '' }, '500 uu-app-server/internalServerError: Unexpected error'],
  [{ accessCode1: '' }, '500 uu-app-server/internalServerError: Unexpected error'],
  [{ grant_type: 'client_credentials' }, '400 uu-oidc-main/grantToken/invalidDtoIn: DtoIn is not valid.'],
  [{ scope: 'https://itkpd' }, '400 uu-oidc-main/grantToken/invalidDtoIn: DtoIn is not valid.'],
  [{ accessCode1: 1 }, '400 uu-oidc-main/grantToken/invalidDtoIn: DtoIn is not valid.'],
])('a login with %j is refused: %s', async (members, expected) => {
  expect(fault(await grant(itkdb, members))).toBe(expected);
  expect([itkdb.logins, itkdb.refusedLogins]).toEqual([0, 1]);
});

test('wrong codes have a second name, seen as well', async () => {
  await restart({ wrongCodesKey: 'uu-oidc-main/grantToken/identityNotAuthenticated' });
  expect(fault(await grant(itkdb, { accessCode1: 'foo' }))).toMatch(/^401 uu-oidc-main\/grantToken\/identityNot/);
});

test('an account that needs a browser gets a 500 whose key ends in a blank', async () => {
  await restart({ users: [{ ...codes, identity: '1', name: 'One', needsBrowser: true }] });
  expect(fault(await grant(itkdb))).toBe('500 uu-oidc-main/grantToken/unsupportedCredentials : acr');
  expect(fault(await grant(itkdb, { accessCode2: 'wrong' }))).toContain('401');
  expect([itkdb.logins, itkdb.refusedLogins]).toEqual([0, 2]);
});

test('what is missing is named, and a form is no login', async () => {
  const url = `${itkdb.authUrl}grantToken`;
  const body = new URLSearchParams({ grant_type: 'password', ...codes, scope }).toString();
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const missing = await tell(url, { method: 'POST', body: { grant_type: 'password', accessCode1: 'code-1', scope } });
  expect(missing.json).toMatchObject({
    uuAppErrorMap: {
      'uu-oidc-main/grantToken/invalidDtoIn': {
        paramMap: { missingKeyMap: { '$.accessCode2': { 'isRequired.e001': someText } } },
      },
    },
  });
  expect((await tell(url, { method: 'POST', headers: form, body })).status).toBe(400);
  expect((await tell(url, { method: 'POST', body: '{' })).status).toBe(400);
  expect((await tell(url, { method: 'POST' })).status).toBe(400);
  expect(itkdb.refusedLogins).toBe(4);
});

test('an error comes in the recorded envelope, dated by the clock, with a trace that is nobody else’s business', async () => {
  const { json, headers } = await grant(itkdb, { accessCode1: 'foo' });
  expect(json).toEqual({
    uuAppErrorMap: {
      'uu-oidc-main/notAuthenticated': {
        id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
        timestamp: new Date(start).toISOString(),
        type: 'error',
        message: 'Identity is not authenticated.',
        paramMap: {},
        trace: itkdbTrace,
      },
    },
  });
  expect(headers['content-type']).toBe('application/json');
});

test('other methods and paths are no use cases', async () => {
  for (const path of ['grantToken', 'other', '../grantToken']) {
    expect((await tell(`${itkdb.authUrl}${path}`)).status).toBe(404);
  }
  expect((await tell(`${itkdb.authUrl}listKeys`, { method: 'POST', body: {} })).status).toBe(404);
  expect([itkdb.logins, itkdb.refusedLogins, itkdb.keyReads]).toEqual([0, 0, 0]);
});
