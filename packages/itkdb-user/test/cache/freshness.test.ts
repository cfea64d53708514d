// How long an answer is good for: what its headers say, or what the caller says instead.
import { failureOf, world } from '../stage.js';
import { age, ask, caching, filesIn, inFolder, isCached, kinds } from './stage.js';
import type { WorldOptions } from '../stage.js';

const fresh = 'cache-control/max-age=60';

describe.each(kinds)('a cache: %s', (kind) => {
  it('what is fresh is not asked for again, and says that it was cached (I3)', async () => {
    const { session, itkdb } = await caching(kind);
    const answers = [await ask(session, fresh), await ask(session, fresh)];
    expect(answers.map(({ cached, status }) => [cached, status])).toEqual([
      [false, 200],
      [true, 200],
    ]);
    expect(answers[1]?.data).toEqual(answers[0]?.data);
    expect(itkdb.api.count('cache-control')).toBe(1);
  });

  it('without headers nothing is fresh, and without an ETag nothing is kept (I3)', async () => {
    const { session, itkdb } = await caching(kind);
    expect([await isCached(session, 'listInstitutions'), await isCached(session, 'listInstitutions')]).toEqual([
      false,
      false,
    ]);
    expect(itkdb.api.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined]);
  });

  it('an ETag is asked about, and 304 gives the stored answer with status 200 (I3)', async () => {
    const { session, itkdb } = await caching(kind);
    const data = { component: 'c2' };
    const first = await ask(session, 'getComponent', { data });
    const second = await ask(session, 'getComponent', { data });
    expect(second).toMatchObject({ status: 200, cached: true, data: first.data });
    const { etag } = first.headers;
    expect(itkdb.api.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, etag]);
  });

  it('what has changed at the server is fetched (I3)', async () => {
    const { session, itkdb } = await caching(kind);
    const data = { component: 'c2' };
    const first = await ask(session, 'getComponent', { data });
    itkdb.touch('c2');
    const second = await ask(session, 'getComponent', { data });
    expect([second.status, second.cached]).toEqual([200, false]);
    expect(second.data['version']).not.toEqual(first.data['version']);
    expect((await ask(session, 'getComponent', { data })).data).toEqual(second.data);
  });

  it('private is kept, since the key holds the user (I3)', async () => {
    const { session } = await caching(kind);
    const url = 'cache-control/private,max-age=60';
    expect([await isCached(session, url), await isCached(session, url)]).toEqual([false, true]);
  });

  it.each(['no-store', 'no-store,max-age=60', 'private,no-store', 'max-age=60,%20No-Store'])(
    '%s is never kept, with `expiresAfter` neither (I3)',
    async (directives) => {
      const { session, itkdb } = await caching(kind, { session: { expiresAfter: { hours: 1 } } });
      const answers = [
        await ask(session, `cache-control/${directives}`),
        await ask(session, `cache-control/${directives}`),
      ];
      expect(answers.map(({ cached, data }) => [cached, data['made']])).toEqual([
        [false, 1],
        [false, 2],
      ]);
      expect(itkdb.api.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined]);
    },
  );

  it.each(['', 'max-age=0', 'no-cache', 'private', 'private,max-age=1', 'must-revalidate'])(
    'expiresAfter overrides "%s" (I3)',
    async (directives) => {
      const { session, itkdb } = await caching(kind, { session: { expiresAfter: { hours: 1 } } });
      const url = `cache-control/${directives}`;
      expect([await isCached(session, url), await isCached(session, url)]).toEqual([false, true]);
      expect(itkdb.api.requests).toHaveLength(1);
    },
  );
});

const hour: WorldOptions = { session: { cache: true, expiresAfter: { hours: 1 } } };

it.each([
  [59, undefined],
  [61, 304],
])(
  '%i s after it was fetched, what is good for a minute is asked about with the answer %p (I3)',
  async (seconds, status) => {
    const folder = await inFolder();
    const { session, itkdb } = await world({ session: { cache: true } });
    const first = await ask(session, fresh);
    await age(folder, seconds);
    const second = await ask(session, fresh);
    expect([second.cached, second.data]).toEqual([true, first.data]);
    const asked = itkdb.api.requests.map(({ headers }) => headers['if-none-match']);
    expect(asked).toEqual(status === 304 ? [undefined, first.headers['etag']] : [undefined]);
  },
);

it.each([
  [3_599, 1],
  [3_601, 2],
])('%i s later an answer kept for an hour has cost %i requests (I3)', async (seconds, requests) => {
  const folder = await inFolder();
  const { session, itkdb } = await world(hour);
  await ask(session, 'listInstitutions');
  await age(folder, seconds);
  await ask(session, 'listInstitutions');
  expect(itkdb.api.requests).toHaveLength(requests);
});

it('after expiresAfter an ETag is asked about, and 304 makes it fresh again (I3)', async () => {
  const folder = await inFolder();
  const { session, itkdb } = await world(hour);
  await ask(session, fresh);
  await age(folder, 3_601);
  const { data, cached } = await ask(session, fresh);
  expect([data['made'], cached, await isCached(session, fresh)]).toEqual([1, true, true]);
  expect(itkdb.api.requests).toHaveLength(2);
});

it('expiresAfter overrides what a cache on the way has counted as its age, and Expires (I3)', async () => {
  const json = { uuAppErrorMap: {} };
  const headers = { age: '7200', expires: 'Thu, 01 Jan 1970 00:00:00 GMT', 'cache-control': 'max-age=10' };
  const commands = { aged: { json, headers } };
  const { session } = await caching('memory', { itkdb: { commands }, session: { expiresAfter: { hours: 1 } } });
  expect([await isCached(session, 'aged'), await isCached(session, 'aged')]).toEqual([false, true]);
});

it.each([
  [{ weeks: 1 }, 604_800],
  [{ days: 1, hours: 2 }, 93_600],
  [{ minutes: 1.5 }, 90],
  [{ seconds: 10, minutes: 1 }, 70],
])('%j is %i s (I3)', async (expiresAfter, seconds) => {
  const folder = await inFolder();
  const { session, itkdb } = await world({ session: { cache: true, expiresAfter } });
  await ask(session, 'listInstitutions');
  await age(folder, seconds - 5);
  expect(await isCached(session, 'listInstitutions')).toBe(true);
  await age(folder, 10);
  expect(await isCached(session, 'listInstitutions')).toBe(false);
  expect(itkdb.api.requests).toHaveLength(2);
});

it.each([{ fortnights: 1 }, { hours: -1 }, { hours: NaN }, { hours: Infinity }])(
  'expiresAfter %j is refused when the session is made (I3)',
  async (duration) => {
    const failed = await failureOf(world({ session: { cache: 'memory', expiresAfter: duration } }));
    expect(failed).toMatchObject({ name: 'ConfigurationError' });
  },
);

it('expiresAfter leaves the headers of a POST alone (I3)', async () => {
  const folder = await inFolder();
  const { session } = await world(hour);
  const { headers } = await session.post('createThing', {});
  expect(headers['cache-control']).toBeUndefined();
  expect(await filesIn(folder)).toEqual([]);
});
