// A login that one program saved is the next one's, and can be a child's who has no codes.
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { leaks } from '@axios-authorizer/test-kit';
import { another, failureOf, lifeMs, modeOf } from '../stage.js';
import { codes, contentOf, others, savedWorld, savingWorld, storeTales, withoutCodes } from './stage.js';

it('after a login the file is there, 0600 in a folder of 0700, and nothing else beside it (I2)', async () => {
  const { path } = await savedWorld();
  expect([await modeOf(path), await modeOf(dirname(path))]).toEqual(['600', '700']);
  expect(await readdir(dirname(path))).toEqual(['auth.json']);
});

it('the file is JSON with the login, the service and the audience (I2)', async () => {
  const here = await savedWorld();
  const { token } = await contentOf(here);
  expect(token).toMatchObject({
    idToken: here.user.bearer,
    identity: '12-3456-1',
    audience: 'https://itkpd.unicornuniversity.net',
    authUrl: here.itkdb.authUrl,
    expiresAt: new Date(here.clock.now() + lifeMs).toISOString(),
  });
});

it('the file holds no access code in any encoding (I2)', async () => {
  const { path } = await savedWorld();
  const text = await readFile(path, 'utf8');
  expect(leaks(text, Object.values(codes))).toEqual([]);
  expect(leaks(Buffer.from(text), Object.values(codes))).toEqual([]);
  expect(leaks(JSON.stringify([codes]), Object.values(codes))).not.toEqual([]);
});

it('the same codes give another owner each time, so that files cannot be compared (I2)', async () => {
  const one = await contentOf(await savedWorld());
  const other = await contentOf(await savedWorld());
  expect(one.token['owner']).toMatch(/^[0-9a-f]{32}:[0-9a-f]{64}$/);
  expect(one.token['owner']).not.toBe(other.token['owner']);
});

it('nothing is written before a login (I2)', async () => {
  const { path } = await savingWorld();
  await expect(modeOf(path)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('the next user of the file does not log in, and is the same person (I2)', async () => {
  const here = await savedWorld();
  const next = another(here);
  expect(await next.authenticate()).toBe(true);
  expect([next.bearer, next.name, next.identity]).toEqual([here.user.bearer, 'Test User', '12-3456-1']);
  expect([next.expiresIn, next.isExpired(), next.idToken['uuidentity']]).toEqual([1_800, false, '12-3456-1']);
  expect([here.itkdb.logins, here.itkdb.keyReads]).toEqual([1, 1]);
});

it('a user without codes uses it within its life (I2)', async () => {
  const here = await savedWorld();
  const child = withoutCodes(here);
  here.clock.set(here.clock.now() + lifeMs - 16_000);
  expect(await child.authenticate()).toBe(true);
  expect([child.bearer, child.isExpired(), here.itkdb.logins]).toEqual([here.user.bearer, false, 1]);
});

it('a user without codes is told to log in when the saved login has ended, and asks nobody (I2)', async () => {
  const here = await savedWorld();
  const child = withoutCodes(here);
  here.clock.set(here.clock.now() + lifeMs - 15_999);
  const sent = here.itkdb.login.requests.length;
  const error = await failureOf(child.authenticate());
  expect(error).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(error.message).toContain('log in again');
  expect(here.itkdb.login.requests).toHaveLength(sent);
});

it('a user without codes whose login ends in use gets the same (I2)', async () => {
  const here = await savedWorld();
  const child = withoutCodes(here);
  await child.authenticate();
  here.clock.set(here.clock.now() + lifeMs);
  expect(await failureOf(child.authenticate())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
});

it('a user without codes, and without a file, is told to log in (I2)', async () => {
  const here = await savingWorld();
  expect(await failureOf(withoutCodes(here).authenticate())).toMatchObject({ code: 'not_authenticated' });
  expect(here.itkdb.login.requests).toEqual([]);
});

it('a child goes on with what its parent has saved anew meanwhile (I2)', async () => {
  const here = await savedWorld();
  const child = withoutCodes(here);
  await child.authenticate();
  here.clock.set(here.clock.now() + lifeMs);
  await here.user.authenticate();
  expect(await child.authenticate()).toBe(true);
  expect(child.bearer).toBe(here.user.bearer);
  expect(here.itkdb.logins).toBe(2);
});

it('a child’s use leaves the file as it was (I2)', async () => {
  const here = await savedWorld();
  const before = await readFile(here.path, 'utf8');
  await withoutCodes(here).authenticate();
  expect(await readFile(here.path, 'utf8')).toBe(before);
});

it('two users on one file who ask at the same time log in once (I2)', async () => {
  const here = await savingWorld({ clock: 'system' });
  const users = [here.user, another(here), another(here), another(here)];
  await Promise.all(users.map((user) => user.authenticate()));
  expect(new Set(users.map(({ bearer }) => bearer)).size).toBe(1);
  expect(here.itkdb.logins).toBe(1);
});

it('an ended login in the file is replaced by a new one (I2)', async () => {
  const here = await savedWorld();
  here.clock.set(here.clock.now() + lifeMs);
  const next = another(here);
  await next.authenticate();
  expect(here.itkdb.logins).toBe(2);
  expect((await contentOf(here)).token['idToken']).toBe(next.bearer);
  expect(storeTales(here)).toEqual([]);
});

it('a saved login that the database refuses is replaced, in the file as well (I2)', async () => {
  const here = await savedWorld();
  here.itkdb.revokeAll();
  const { data } = await here.session.get<{ readonly pageInfo: object }>('listInstitutions');
  expect(data.pageInfo).toBeDefined();
  expect((await contentOf(here)).token['idToken']).toBe(here.user.bearer);
  expect(here.itkdb.logins).toBe(2);
});

it('a logout leaves nothing of the login in the file (I2)', async () => {
  const here = await savedWorld();
  await here.user.authorizer.logout();
  expect(await readFile(here.path, 'utf8')).not.toMatch(/[tT]oken|identity|owner|authUrl/);
  expect(await failureOf(withoutCodes(here).authenticate())).toMatchObject({ code: 'not_authenticated' });
});

it('no printed form of a user that saves, or of what it tells, shows a code or a token (I2, C11)', async () => {
  const here = await savedWorld();
  const next = another(here, others);
  await next.authenticate();
  const secrets = [...Object.values(codes), ...Object.values(others), here.user.bearer, next.bearer];
  expect(leaks([here.user, next, here.events], secrets)).toEqual([]);
  expect(here.events.length).toBeGreaterThan(3);
});
