// A login that one program saved is the next one's, and can be a child's who has no codes.
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { leaks } from '@axios-authorizer/test-kit';
import { another, failureOf, lifeMs, modeOf } from '../stage.js';
import { codes, contentOf, others, savedWorld, savingWorld, storeTales, withoutCodes } from './stage.js';

it('after a login the file is JSON with the login, the service and the audience, 0600 in a folder of 0700 (I2)', async () => {
  const here = await savedWorld();
  const { path, user, itkdb, clock } = here;
  expect([await modeOf(path), await modeOf(dirname(path))]).toEqual(['600', '700']);
  expect(await readdir(dirname(path))).toEqual(['auth.json']);
  const { token } = await contentOf(here);
  expect(token).toMatchObject({
    idToken: user.bearer,
    identity: '12-3456-1',
    audience: 'https://itkpd.unicornuniversity.net',
    authUrl: itkdb.authUrl,
    expiresAt: new Date(clock.now() + lifeMs).toISOString(),
  });
});

it('the file holds no access code in any encoding, and the same codes give another owner each time (I2)', async () => {
  const one = await savedWorld();
  const text = await readFile(one.path, 'utf8');
  expect(leaks(text, Object.values(codes))).toEqual([]);
  expect(leaks(Buffer.from(text), Object.values(codes))).toEqual([]);
  expect(leaks(JSON.stringify([codes]), Object.values(codes))).not.toEqual([]);
  const [{ token }, other] = [await contentOf(one), await contentOf(await savedWorld())];
  expect(token['owner']).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(token['owner']).not.toBe(other.token['owner']);
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

it('a user without codes uses it within its life, and leaves the file as it was (I2)', async () => {
  const here = await savedWorld();
  const before = await readFile(here.path, 'utf8');
  const child = withoutCodes(here);
  here.clock.set(here.clock.now() + lifeMs - 16_000);
  expect(await child.authenticate()).toBe(true);
  expect([child.bearer, child.isExpired(), here.itkdb.logins]).toEqual([here.user.bearer, false, 1]);
  expect(await readFile(here.path, 'utf8')).toBe(before);
});

it('a user without codes is told to log in when the saved login has ended, also in use, and asks nobody (I2)', async () => {
  const here = await savedWorld();
  const [inUse, child] = [withoutCodes(here), withoutCodes(here)];
  await inUse.authenticate();
  const savedAt = here.clock.now();
  const sent = here.itkdb.login.requests.length;
  here.clock.set(savedAt + lifeMs - 15_999);
  const error = await failureOf(child.authenticate());
  expect(error).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(error.message).toContain('log in again');
  here.clock.set(savedAt + lifeMs);
  expect(await failureOf(inUse.authenticate())).toMatchObject({ code: 'not_authenticated', kind: 'session' });
  expect(here.itkdb.login.requests).toHaveLength(sent);
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
