// What the original's users write, and what they read of its exceptions.
import { join } from 'node:path';
import { UserBearer } from '../../src/index.js';
import { filesIn } from '../cache/stage.js';
import { failureOf, notices, temporaryFolder, world } from '../stage.js';

it('session.request takes a method and a URL, as the original does (I4)', async () => {
  const { session, itkdb } = await world();
  const { status } = await session.request('get', 'getComponent', { data: { component: 'c1' } });
  expect([status, itkdb.api.count('getComponent')]).toEqual([200, 1]);
});

it('a Redirect says where to (I4)', async () => {
  const { session } = await world();
  const params = { to: 'https://example.org/a/b.json?c=1' };
  expect(await failureOf(session.get('status/302', { params, maxRedirects: 0 }))).toMatchObject({ path: '/a/b' });
});

it('a SpecialError gives the reason of the answer (I4)', async () => {
  const { session, itkdb } = await world();
  itkdb.nextApi({ status: 415, json: { reason: 'RATELIMIT', special_errors: [1] } });
  expect(await failureOf(session.get('x'))).toMatchObject({ reason: 'RATELIMIT', specialErrors: [1] });
});

it('a warning names the keys that it is about (I4)', async () => {
  const here = await world();
  const paramMap = { unsupportedKeyList: ['$.foo'] };
  here.itkdb.setWarning('listInstitutions', { 'a/b/unsupportedKeys': { type: 'warning', message: 'No.', paramMap } });
  await here.session.get('listInstitutions');
  expect(notices(here)).toEqual(['a/b/unsupportedKeys: No. ($.foo)']);
});

it('UserBearer says that it takes no options (I4)', () => {
  expect((): unknown => Reflect.construct(UserBearer, [{ bearer: 'x' }])).toThrow(/takes the bearer token itself/);
});

it('a cache lies in the folder that is named, and `expiresAfter` alone turns one on (I7)', async () => {
  const folder = join(await temporaryFolder(), 'here');
  const { session } = await world({ session: { cache: { folder }, expiresAfter: { hours: 1 } } });
  await session.get('listInstitutions');
  expect(await filesIn(folder)).toHaveLength(1);
  const other = await world({ session: { expiresAfter: { hours: 1 } } });
  await other.session.get('listInstitutions');
  expect((await other.session.get('listInstitutions')).cached).toBe(true);
});

it.each([
  { cache: '.webcache' },
  { cache: 5 },
  { cache: {} },
  { cache: { folder: '' } },
  { expiresAfter: { hour: 1 } },
])('a cache that cannot be is a ConfigurationError: %j (I7)', async (session) => {
  expect(await failureOf(world({ session: session as object }))).toMatchObject({ name: 'ConfigurationError' });
});
