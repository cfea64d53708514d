// What makes two questions one: URL, parameters, body, and who asks.
import { Session, UserBearer } from '../../src/index.js';
import { another, anotherSession, world } from '../stage.js';
import { ask, caching, contentsOf, filesIn, inFolder, isCached, kinds, ownStorage } from './stage.js';
import type { AxiosRequestConfig } from 'axios';
import type { ItkdbUser } from '@axios-authorizer/test-kit';

const url = 'cache-control/max-age=60';
const users: readonly ItkdbUser[] = [
  { accessCode1: 'code-1', accessCode2: 'code-2', identity: '12-3456-1', name: 'One' },
  { accessCode1: 'two-1', accessCode2: 'two-2', identity: '22-2222-2', name: 'Two' },
];
const two = { accessCode1: 'two-1', accessCode2: 'two-2' };

type Pair = readonly [what: string, one: AxiosRequestConfig, other: AxiosRequestConfig];

const params = { a: [1, 2] };
const byFunction = (text: string): AxiosRequestConfig => ({ params, paramsSerializer: { serialize: () => text } });
const bodyOf = (data: string): AxiosRequestConfig => ({ data, headers: { 'Content-Type': 'application/json' } });

const apart: readonly Pair[] = [
  ['another body', { data: { component: 'a' } }, { data: { component: 'b' } }],
  ['a body and none', { data: { component: 'a' } }, {}],
  ['a list in another order', { data: { list: [1, 2] } }, { data: { list: [2, 1] } }],
  ['a nested member', { data: { a: { b: 1 } } }, { data: { a: { b: 2 } } }],
  ['a number and a text', { data: { a: 1 } }, { data: { a: '1' } }],
  ['other parameters', { params: { a: 1 } }, { params: { a: 2 } }],
  ['other URLSearchParams', { params: new URLSearchParams('a=1') }, { params: new URLSearchParams('a=2') }],
  ['dates', { params: { since: new Date(0) } }, { params: { since: new Date(1) } }],
  ['no parameter and one that is no number', { params: { a: null } }, { params: { a: NaN } }],
  ['parameters that are no numbers', { params: { a: NaN } }, { params: { a: Infinity } }],
  [
    'other ways to write parameters',
    { params, paramsSerializer: { indexes: null } },
    { params, paramsSerializer: { indexes: true } },
  ],
  ['parameters that a function writes', byFunction('one'), byFunction('other')],
  ['a list of parameters in another order', { params: { a: [1, 2] } }, { params: { a: [2, 1] } }],
  ['numbers that JavaScript cannot tell apart', bodyOf('{"id":9007199254740993}'), bodyOf('{"id":9007199254740992}')],
  ['text and bytes', {}, { responseType: 'arraybuffer' }],
];

it.each(apart)('%s: two entries (I3)', async (_what, one, other) => {
  const { session, itkdb } = await caching('memory');
  expect([await isCached(session, url, one), await isCached(session, url, other)]).toEqual([false, false]);
  expect([await isCached(session, url, one), await isCached(session, url, other)]).toEqual([true, true]);
  expect(itkdb.api.requests).toHaveLength(2);
});

const same: readonly Pair[] = [
  ['members in another order', { data: { a: 1, b: { c: 2, d: 3 } } }, { data: { b: { d: 3, c: 2 }, a: 1 } }],
  ['members of objects in a list', { data: { l: [{ a: 1, b: 2 }] } }, { data: { l: [{ b: 2, a: 1 }] } }],
  ['parameters in another order', { params: { a: 1, b: 2 } }, { params: { b: 2, a: 1 } }],
  ['members without a value', { data: { a: 1, b: undefined } }, { data: { a: 1 } }],
];

it.each(same)('%s: one entry (I3)', async (_what, one, other) => {
  const { session, itkdb } = await caching('memory');
  await ask(session, url, one);
  expect(await isCached(session, url, other)).toBe(true);
  expect(itkdb.api.requests).toHaveLength(1);
});

it('parameters are one question with the same that are written into the URL (I3)', async () => {
  const { session } = await caching('memory');
  await ask(session, url, { params: { a: 1, b: 'x y' } });
  expect(await isCached(session, `${url}?b=x+y&a=1`)).toBe(true);
});

it('a large number that JSON cannot hold is a parameter like any other (I3)', async () => {
  const { session } = await caching('memory');
  const { data } = await ask(session, url, { params: { id: 12345678901234567890n } });
  expect(data).toMatchObject({ dtoIn: { id: '12345678901234567890' } });
});

describe.each(kinds)('a cache that two users share: %s', (kind) => {
  it('neither sees what the other was answered (I3)', async () => {
    if (kind === 'folder') await inFolder();
    const cache = { memory: 'memory' as const, folder: true, storage: ownStorage() }[kind];
    const here = await world({ itkdb: { users }, session: { cache, expiresAfter: { hours: 1 } } });
    const other = anotherSession(here, { user: another(here, two), cache, expiresAfter: { hours: 1 } });
    for (let time = 1; time <= 2; time += 1) {
      expect((await ask(here.session, url)).data['askedBy']).toBe('12-3456-1');
      expect((await ask(other, url)).data['askedBy']).toBe('22-2222-2');
    }
    expect(here.itkdb.api.requests).toHaveLength(2);
  });
});

it('one user in two sessions on one folder has one entry, from one program to the next (I3)', async () => {
  const folder = await inFolder();
  const here = await world({ session: { cache: true } });
  await ask(here.session, url);
  const later = anotherSession(here, { user: another(here), cache: true });
  expect(await isCached(later, url)).toBe(true);
  expect(await filesIn(folder)).toHaveLength(1);
});

it('another audience is another user (I3)', async () => {
  await inFolder();
  const here = await world({ session: { cache: true } });
  await ask(here.session, url);
  const { itkdb, clock } = here;
  const idToken = itkdb.tokenWith({ aud: 'https://other.example.org' });
  const login = { accessToken: 'x', idToken, identity: '12-3456-1', name: 'n', audience: 'https://other.example.org' };
  const initialToken = { ...login, expiresAt: new Date(clock.now() + 1_800_000) };
  const other = another(here, { audience: 'https://other.example.org', initialToken });
  itkdb.nextApi({ json: { askedBy: 'the other audience' } });
  expect((await ask(anotherSession(here, { user: other, cache: true }), url)).data['askedBy']).toBe(
    'the other audience',
  );
});

it('another static bearer is another user, and neither is in the folder (I3)', async () => {
  const folder = await inFolder();
  const { itkdb } = await world();
  const bearers = ['1-1-1', '2-2-2'].map((uuidentity) => itkdb.tokenWith({ uuidentity }));
  const sessions = bearers.map(
    (bearer) => new Session({ user: new UserBearer(bearer), prefixUrl: itkdb.apiUrl, cache: true }),
  );
  for (let time = 1; time <= 2; time += 1) {
    const answers = await Promise.all(sessions.map((session) => ask(session, url)));
    expect(answers.map(({ data }) => data['askedBy'])).toEqual(['1-1-1', '2-2-2']);
  }
  expect(itkdb.api.requests).toHaveLength(2);
  const written = await contentsOf(folder);
  expect(bearers.filter((bearer) => written.includes(bearer))).toEqual([]);
});

it('the user is logged in before the key is made: the first answer is kept under the right name (I3)', async () => {
  const { session, itkdb, user } = await caching('memory');
  expect(user.isAuthenticated()).toBe(false);
  const answers = await Promise.all([1, 2, 3].map(() => ask(session, url)));
  expect(answers.map(({ cached }) => cached)).toEqual([false, true, true]);
  expect(await isCached(session, url)).toBe(true);
  expect([itkdb.logins, itkdb.api.requests.length]).toEqual([1, 1]);
});

it("an answer to a caller's own Authorization is not kept for the user (I3)", async () => {
  const { session, itkdb } = await caching('memory');
  const own = itkdb.tokenWith({ uuidentity: '99-1-1' });
  const asOther = await ask(session, url, { headers: { Authorization: `Bearer ${own}` } });
  expect(asOther.data['askedBy']).toBe('99-1-1');
  expect((await ask(session, url)).data['askedBy']).toBe('12-3456-1');
  expect((await ask(session, url, { headers: { Authorization: `Bearer ${own}` } })).data['askedBy']).toBe('99-1-1');
});

it('an answer to the authorizer of another user is not kept for the user (I3)', async () => {
  const here = await caching('memory', { itkdb: { users } });
  const { authorizer } = another(here, two);
  expect((await ask(here.session, url, { authorizer })).data['askedBy']).toBe('22-2222-2');
  expect((await ask(here.session, url)).data['askedBy']).toBe('12-3456-1');
  expect((await ask(here.session, url, { authorizer })).data['askedBy']).toBe('22-2222-2');
});

it('with `authorizer: false` nothing is taken from the cache, and nobody logs in (I3)', async () => {
  const { session, itkdb } = await caching('memory');
  const refused = (): Promise<unknown> => session.get(url, { authorizer: false, validateStatus: () => true });
  expect(await refused()).toMatchObject({ status: 401 });
  expect(itkdb.login.requests).toEqual([]);
  await ask(session, url);
  expect(await refused()).toMatchObject({ status: 401 });
});
