// Whom does the database let in, and with which of its several words does it refuse the others?

import { ManualClock, startItkdb } from '@axios-authorizer/test-kit';
import { codes, command, fault, grant, idTokenOf } from './itkdb-client.js';
import type { Itkdb, ItkdbOptions } from '@axios-authorizer/test-kit';

const clock = new ManualClock();
const start = clock.now();
const ended = '401 uu-oidc/invalidToken: Token is not valid.';
const unreadable = '500 uu-app-server/internalServerError: Signature verification raised';
const nobody = '401 uu-appg01/authentication/invalidCredentials: Invalid credentials.';
let itkdb: Itkdb;

async function restart(options: ItkdbOptions): Promise<void> {
  await itkdb.stop();
  itkdb = await startItkdb({ clock, ...options });
}

async function refusalOf(token: string): Promise<string> {
  return fault(await command(itkdb, 'listComponents', { token }));
}

beforeEach(async () => {
  clock.set(start);
  itkdb = await startItkdb({ clock });
});
afterEach(() => itkdb.stop());

test('the raw id token is the bearer, the access token is garbage (I1)', async () => {
  const { json } = await grant(itkdb);
  const [idToken, accessToken] = [String(json?.['id_token']), String(json?.['access_token'])];
  expect((await command(itkdb, 'listComponents', { token: idToken })).status).toBe(200);
  expect(await refusalOf(accessToken)).toBe(unreadable);
  expect([itkdb.valid(idToken), itkdb.valid(accessToken)]).toEqual([true, false]);
  expect(itkdb.api.bearers()).toEqual([idToken, accessToken]);
});

test('no bearer, and credentials of another scheme, are nobody’s', async () => {
  expect(fault(await command(itkdb, 'listComponents'))).toBe(nobody);
  const headers = { authorization: 'Basic Y29kZS0xOmNvZGUtMg==' };
  expect(fault(await command(itkdb, 'listComponents', { headers }))).toBe(nobody);
  expect(itkdb.api.bearers()).toEqual([undefined, undefined]);
});

test('garbage and whatever the service has not signed is a 500 about signatures (I4)', async () => {
  const good = await idTokenOf(itkdb);
  const [header, , signature] = good.split('.');
  const claims = Buffer.from('{"uuidentity":"0"}').toString('base64url');
  const made = [
    'garbage',
    `${header}.${claims}.${signature}`,
    itkdb.tokenWith({}, { signedBy: 'stranger' }),
    itkdb.tokenWith({}, { kid: 'other' }),
    itkdb.tokenWith({}, { kid: null }),
    itkdb.tokenWith({}, { alg: 'HS256' }),
    itkdb.tokenWith({}, { alg: 'none' }),
    itkdb.tokenWith({}, { alg: 'RS512' }),
  ];
  expect(await Promise.all(made.map(refusalOf))).toEqual(made.map(() => unreadable));
});

test('a token with good claims is good, one of another issuer, audience or without an end is not', async () => {
  const good = itkdb.tokenWith({ name: 'Else', at_hash: 'x' });
  expect((await command(itkdb, 'listComponents', { token: good })).status).toBe(200);
  const others = [{ iss: 'https://other' }, { aud: 'https://other' }, { exp: undefined }];
  const refusals = others.map((claims) => refusalOf(itkdb.tokenWith(claims)));
  expect(await Promise.all(refusals)).toEqual([ended, ended, ended]);
});

test('a token ends to the millisecond by the clock', async () => {
  const token = await idTokenOf(itkdb);
  clock.set(start + 1_799_999);
  expect((await command(itkdb, 'listComponents', { token })).status).toBe(200);
  clock.set(start + 1_800_000);
  expect(await refusalOf(token)).toBe(ended);
  expect(itkdb.valid(token)).toBe(false);
});

test('the key of that refusal may end in a blank', async () => {
  await restart({ trailingBlank: true });
  const token = await idTokenOf(itkdb);
  itkdb.revokeAll();
  expect(await refusalOf(token)).toBe('401 uu-oidc/invalidToken : Token is not valid.');
});

test('revoking ends the bearers so far, and none that come later', async () => {
  const before = [await idTokenOf(itkdb), itkdb.tokenWith({})];
  itkdb.revokeAll();
  const after = await idTokenOf(itkdb);
  expect([...before, after].map((token) => itkdb.valid(token))).toEqual([false, false, true]);
  expect(await refusalOf(before[0] ?? '')).toBe(ended);
  expect((await command(itkdb, 'listComponents', { token: after })).status).toBe(200);
});

test('a command may be forbidden to everybody or to some, which is a 403 and says nothing about the token', async () => {
  const other = { accessCode1: 'a', accessCode2: 'b', identity: '2', name: 'Two', forbidden: ['listComponents'] };
  await restart({ users: [{ ...codes, identity: '1', name: 'One' }, other] });
  const [one, two] = [await idTokenOf(itkdb), await idTokenOf(itkdb, other)];
  const refused = '403 uu-app-workspace/authorization/userIsNotAuthorized: User is not authorized for this command.';
  expect(await refusalOf(two)).toBe(refused);
  expect(fault(await command(itkdb, 'forbidden', { token: one }))).toBe(refused);
  expect((await command(itkdb, 'listComponents', { token: one })).status).toBe(200);
  expect((await command(itkdb, 'listInstitutions', { token: two })).status).toBe(200);
  expect(itkdb.valid(two)).toBe(true);
});
