// Which answers renew a login, how often, and what is sent again.
import { isRefusedBearer } from '../../src/login/refused-bearer.js';
import { Session, UserBearer } from '../../src/index.js';
import { failureOf, world } from '../stage.js';
import type { World } from '../stage.js';

/** A world whose login the database no longer takes. */
async function revoked(given: Parameters<typeof world>[0] = {}): Promise<World & { readonly old: string }> {
  const here = await world(given);
  await here.user.authenticate();
  here.itkdb.revokeAll();
  return { ...here, old: here.user.bearer };
}

it('401 renews the login once and sends the GET again (I4)', async () => {
  const { session, itkdb, user, old } = await revoked();
  expect((await session.get('listInstitutions')).status).toBe(200);
  expect(itkdb.api.bearers()).toEqual([old, user.bearer]);
  expect(itkdb.logins).toBe(2);
});

it('a key with a blank at its end is as good a 401 (I4)', async () => {
  const { session, itkdb } = await revoked({ itkdb: { trailingBlank: true } });
  expect((await session.get('listInstitutions')).status).toBe(200);
  expect(itkdb.logins).toBe(2);
});

it.each([
  ['JSON', { a: 1, text: 'µ' }],
  ['text', '{"a":  1}'],
  ['bytes', Buffer.from('{"a":1,"b":[2]}')],
])('a POST of %s is sent again byte for byte (I4)', async (_what, body) => {
  const { session, itkdb } = await revoked();
  const headers = { 'content-type': 'application/json' };
  await session.post('createThing', body, { headers });
  const [first, second] = itkdb.api.requests;
  expect(itkdb.api.requests).toHaveLength(2);
  expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
  const apart = ({ headers: { authorization: _bearer, ...others } }: typeof first & object): object => others;
  expect(second && apart(second)).toEqual(first && apart(first));
  expect(itkdb.things).toHaveLength(1);
});

it('a GET with a JSON body is sent again with it (I4)', async () => {
  const { session, itkdb } = await revoked();
  const { data } = await session.get<unknown>('getComponent', { data: { component: 'c3' } });
  expect(data).toMatchObject({ code: 'c3', dtoIn: { component: 'c3' } });
  expect(new Set(itkdb.api.requests.map(({ body }) => body.toString()))).toEqual(new Set(['{"component":"c3"}']));
});

it('500 that says "Signature verification" is a rejected bearer (I4)', async () => {
  const { itkdb, user, session } = await world();
  const { clock } = await world();
  const stranger = itkdb.tokenWith({}, { signedBy: 'stranger' });
  const login = { accessToken: 'x', idToken: stranger, identity: '12-3456-1', name: 'n', audience: 'a' };
  const given = { ...login, expiresAt: new Date(clock.now() + 1_800_000) };
  const other = await world({ user: { initialToken: given, prefixUrl: itkdb.authUrl } });
  const mine = new Session({ user: other.user, prefixUrl: itkdb.apiUrl });
  expect((await mine.get('listInstitutions')).status).toBe(200);
  expect(itkdb.api.bearers()).toEqual([stranger, other.user.bearer]);
  expect(itkdb.logins).toBe(1);
  expect([user.isAuthenticated(), session.user]).toEqual([false, user]);
});

const serverError = (message: string, key = 'uu-app-server/internalServerError'): object => ({
  uuAppErrorMap: { [key]: { type: 'error', message } },
});

it.each([
  ['another message', serverError('Unexpected error')],
  ['another key', serverError('Signature verification raised', 'cern-itkpd-main/x/failed')],
  ['no map', { message: 'Signature verification raised' }],
  ['a map that is text', { uuAppErrorMap: 'Signature verification raised' }],
])('500 with %s renews nothing (I4)', async (_what, json) => {
  const { session, itkdb } = await world();
  itkdb.nextApi({ status: 500, json });
  expect(await failureOf(session.get('x'))).toMatchObject({ name: 'ServerError', status: 500 });
  expect([itkdb.logins, itkdb.api.requests.length]).toEqual([1, 1]);
});

it.each([
  ['arraybuffer', 'getText'],
  ['text', 'getText'],
  ['json', 'listInstitutions'],
] as const)('the 500 is recognised in an answer asked for as %s (I4)', async (responseType, url) => {
  const { session, itkdb } = await world();
  const json = serverError('Signature verification raised');
  itkdb.nextApi({ status: 500, json });
  expect((await session.get(url, { responseType })).status).toBe(200);
  expect(itkdb.logins).toBe(2);
});

it.each([400, 403, 404, 409, 500, 502, 503])('%i never logs in again (I4)', async (status) => {
  const { session, itkdb } = await world();
  await failureOf(session.get(`status/${status}`));
  expect([itkdb.logins, itkdb.api.requests.length]).toEqual([1, 1]);
  expect(isRefusedBearer({ status, data: {} })).toBe(false);
});

it('403 is about rights: the exception has the words of the database, and nothing is renewed (I4)', async () => {
  const { session, itkdb } = await world();
  const error = await failureOf(session.post('forbidden', {}));
  expect(error).toMatchObject({ name: 'Forbidden', status: 403 });
  expect(error.message).toContain('User is not authorized for this command.');
  expect([itkdb.logins, itkdb.api.requests.length]).toEqual([1, 1]);
});

it('401 for ever costs one renewal, and is Forbidden (I4)', async () => {
  const { session, itkdb } = await world();
  const error = await failureOf(session.get('status/401'));
  expect(error).toMatchObject({ name: 'Forbidden', status: 401, code: 'uu-oidc/invalidToken' });
  expect([itkdb.logins, itkdb.api.requests.length]).toEqual([2, 2]);
});

it('fifty refusals at once cost one renewal, and fifty answers come (I4)', async () => {
  const { session, itkdb } = await revoked();
  const answers = await Promise.all(Array.from({ length: 50 }, () => session.get('listInstitutions')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(itkdb.logins).toBe(2);
});

it('a renewal that is refused is a LoginError about the codes (I4)', async () => {
  const { session, itkdb } = await revoked();
  itkdb.nextLogin({ status: 401, json: serverError('no', 'uu-oidc-main/notAuthenticated') });
  expect(await failureOf(session.get('listInstitutions'))).toMatchObject({
    name: 'LoginError',
    code: 'wrong_access_codes',
    kind: 'credentials',
  });
});

it('a session over a static bearer sends it, and 401 is Forbidden without a login (I4)', async () => {
  const { itkdb } = await world();
  const good = itkdb.tokenWith({});
  const session = new Session({ user: new UserBearer(good), prefixUrl: itkdb.apiUrl });
  expect((await session.get('listInstitutions')).status).toBe(200);
  itkdb.revokeAll();
  expect(await failureOf(session.get('listInstitutions'))).toMatchObject({ name: 'Forbidden', status: 401 });
  expect(itkdb.api.bearers()).toEqual([good, good]);
  expect(itkdb.login.requests).toEqual([]);
});
