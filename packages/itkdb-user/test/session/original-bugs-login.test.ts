// What the original gets wrong about logins, each here as a test. The numbers are those of the list of facts about it:
// 1.1 empty codes log in as nobody; URLs must end in "/"; codes are printed with the settings
// 1.2 no limit; an error page is a raw decode error; login settings cannot be given
// 1.3 the key set is at one URL for ever, read once; the issuer is not checked; at_hash raises
// 1.4 no single flight; a login is expired when it is used up
// 1.5 the saved login is a pickle: code runs, secrets unencrypted, any mode, no EOF, the caller's codes are overridden
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { leaks } from '@axios-authorizer/test-kit';
import { createItkdbClient, settings, User } from '../../src/index.js';
import { another, codes, environment, failureOf, minuteMs, modeOf, passing, temporaryFolder, world } from '../stage.js';
import { settled } from './stage.js';
import type { ItkdbUser } from '@axios-authorizer/test-kit';

it('1.1: empty codes are refused at once, and nobody is asked (I5)', async () => {
  const { itkdb } = await world();
  const making = Promise.resolve().then(() => new User({ accessCode1: '', accessCode2: '', prefixUrl: itkdb.authUrl }));
  expect(await failureOf(making)).toMatchObject({ kind: 'configuration' });
  expect(itkdb.login.requests).toEqual([]);
});

it('1.1: the URLs need no slash at their end (I5)', async () => {
  const { itkdb, clock } = await world();
  const [authUrl, apiUrl] = [itkdb.authUrl, itkdb.apiUrl].map((url) => url.replace(/\/$/, ''));
  const client = createItkdbClient({ ...codes, authUrl, apiUrl, clock });
  expect((await client.get('listInstitutions')).status).toBe(200);
});

it('1.1, 1.9: the settings do not print the codes (I5)', () => {
  environment({ ITKDB_ACCESS_CODE1: 'secret-one', ITKDB_AUDREYTWO_API_KEY: 'secret-key' });
  expect(settings.ITKDB_ACCESS_CODE1).toBe('secret-one');
  expect(leaks(settings, ['secret-one', 'secret-key'])).toEqual([]);
});

it('1.1: a leeway from the environment is a number, and nonsense is refused (I5)', async () => {
  environment({ ITKDB_LEEWAY: 'two' });
  expect(await failureOf(world())).toMatchObject({ kind: 'configuration' });
});

it('1.2: a login service that says nothing does not hang a program (I5)', async () => {
  const { session, itkdb } = await world({ clock: 'system', user: { timeoutMs: 100, maxRetries: 0 } });
  itkdb.nextLogin({ hang: true });
  expect(await settled(failureOf(session.get('x')))).toMatchObject({ kind: 'unavailable' });
});

it('1.2: a page of HTML in place of a login is a LoginError with the status (I5)', async () => {
  const { session, itkdb } = await world({ user: { maxRetries: 0 } });
  itkdb.nextLogin({ status: 502, text: '<html>code-1</html>', headers: { 'content-type': 'text/html' } });
  const error = await failureOf(session.get('x'));
  expect(error).toMatchObject({ name: 'LoginError', status: 502, kind: 'unavailable' });
});

it('1.2: an account with a second factor is told what to do (I5)', async () => {
  const users: readonly ItkdbUser[] = [{ ...codes, identity: '1-1-1', name: 'n', needsBrowser: true }];
  const { session } = await world({ itkdb: { users } });
  const error = await failureOf(session.get('x'));
  expect(error).toMatchObject({ code: 'browser_login_required', kind: 'credentials' });
  expect(error.message).toMatch(/second factor in a browser/);
});

it('1.2: what the caller says of the transport holds for the login, too (I5)', async () => {
  const { itkdb, session } = await world({ user: { transport: { headers: { 'x-proxy-ticket': '1' } } } });
  await session.get('listInstitutions');
  expect(itkdb.login.requests.map(({ headers }) => headers['x-proxy-ticket'])).toEqual(['1', '1']);
});

it('1.3: the key set lies beside the login, and a rotation in the middle fails nothing (I5)', async () => {
  const here = await world();
  await here.session.get('listInstitutions');
  here.itkdb.rotateKeys();
  here.clock.set(here.clock.now() + 10 * minuteMs);
  here.itkdb.revokeAll();
  expect((await here.session.get('listInstitutions')).status).toBe(200);
  expect([here.itkdb.logins, here.itkdb.keyReads]).toEqual([2, 2]);
});

function loginWith(idToken: string): { readonly json: object } {
  return { json: { access_token: 'x', id_token: idToken, expires_in: 1800, token_type: 'Bearer' } };
}

it('1.3: an id token of another issuer is refused (I5)', async () => {
  const { itkdb, user } = await world();
  itkdb.nextLogin(loginWith(itkdb.tokenWith({ iss: 'https://evil.example.org' })));
  expect(await failureOf(user.authenticate())).toMatchObject({ code: 'id_token_refused' });
});

it('1.3: an at_hash in the id token is no obstacle (I5)', async () => {
  const { itkdb, session } = await world();
  itkdb.nextLogin(loginWith(itkdb.tokenWith({ at_hash: 'x' })));
  expect((await session.get('listInstitutions')).status).toBe(200);
});

it('1.4: fifty requests at once log in once (I5)', async () => {
  const { itkdb, session } = await world();
  await Promise.all(Array.from({ length: 50 }, () => session.get('listInstitutions')));
  expect(itkdb.logins).toBe(1);
});

it('1.5: a pickle where the login should be is not executed, and is no login (I5)', async () => {
  const folder = await temporaryFolder();
  const saveAuth = join(folder, '.auth');
  const proof = join(folder, 'it-ran');
  await writeFile(saveAuth, `cos\nsystem\n(S'touch ${proof}'\ntR.`, { mode: 0o600 });
  const { session, itkdb } = await world({ user: { saveAuth } });
  await session.get('listInstitutions');
  expect(itkdb.logins).toBe(1);
  expect(await failureOf(readFile(proof))).toMatchObject({ code: 'ENOENT' });
  expect(JSON.parse(await readFile(saveAuth, 'utf8'))).toBeInstanceOf(Object);
});

it('1.5: the file is its owner’s only, and does not hold the codes (I5)', async () => {
  const saveAuth = join(await temporaryFolder(), '.auth');
  const { user } = await world({ user: { saveAuth } });
  await user.authenticate();
  const written = await readFile(saveAuth, 'utf8');
  expect(await modeOf(saveAuth)).toBe('600');
  expect(Object.values(codes).filter((code) => written.includes(code))).toEqual([]);
});

it('1.5: new codes win over a saved login (I5)', async () => {
  const saveAuth = join(await temporaryFolder(), '.auth');
  const two = { accessCode1: 'two-1', accessCode2: 'two-2' };
  const users = [
    { ...codes, identity: '1-1-1', name: 'One' },
    { ...two, identity: '2-2-2', name: 'Two' },
  ];
  const here = await world({ itkdb: { users }, user: { saveAuth } });
  await here.user.authenticate();
  const other = another(here, two);
  await other.authenticate();
  expect([other.identity, other.accessCode1]).toEqual(['2-2-2', 'two-1']);
});

it.each(['', '{', '{"accessToken":', 'null'])('1.5: a saved login that was cut off (%j) is none (I5)', async (text) => {
  const saveAuth = join(await temporaryFolder(), '.auth');
  await writeFile(saveAuth, text, { mode: 0o600 });
  const { user, itkdb } = await world({ user: { saveAuth } });
  await user.authenticate();
  expect(itkdb.logins).toBe(1);
});

it('1.6: a login that fails prints neither codes nor what was sent (I5)', async () => {
  const { user } = await world({ user: { accessCode1: 'wrong-secret' } });
  const error = await failureOf(user.authenticate());
  expect(leaks(error, ['wrong-secret', codes.accessCode2])).toEqual([]);
  expect(inspect(user)).not.toContain('wrong-secret');
});

it('1.11: a threshold of minutes can be asked for, for long uploads (I5)', async () => {
  const { user, itkdb, clock } = await world({ user: { authExpiryThreshold: 300 } });
  await user.authenticate();
  clock.set(clock.now() + 1_501_000);
  await user.authenticate();
  expect(itkdb.logins).toBe(2);
});

it('1.11: a login can be handed to another program, without the codes (I5)', async () => {
  const here = await world();
  await here.user.authenticate();
  const { token } = here.user.authorizer;
  const child = another(here, { accessCode1: '', accessCode2: '', ...(token && { initialToken: token }) });
  expect([child.bearer, child.identity]).toEqual([here.user.bearer, here.user.identity]);
  await child.authenticate();
  expect(here.itkdb.logins).toBe(1);
});

it('1.12: a login whose idle connection was closed under our feet is made again (I5)', async () => {
  const { itkdb, user, clock } = await world();
  itkdb.nextLogin({ reset: true });
  await passing(clock, user.authenticate());
  expect([user.isAuthenticated(), itkdb.login.requests.length]).toEqual([true, 3]);
});
