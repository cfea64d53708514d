// Several identical requests at once are one on the wire; whatever becomes of that one, none of them hangs.
import { setImmediate as turn } from 'node:timers/promises';
import { gate, until } from '@axios-authorizer/test-kit';
import { world } from '../stage.js';
import { ask, caching, isCached, kinds, ownStorage } from './stage.js';
import { endOf, settled } from '../session/stage.js';
import type { Session } from '../../src/index.js';
import type { AxiosResponse } from 'axios';
import type { Made } from '../session/stage.js';

const url = 'cache-control/max-age=60';

function three(session: Session, path = url): Promise<AxiosResponse<Made>>[] {
  return [1, 2, 3].map(() => session.get<Made>(path));
}

describe.each(kinds)('three identical GETs, cache: %s', (kind) => {
  it('that meet one 401 get three answers for one renewal (I3)', async () => {
    const { session, itkdb, user } = await caching(kind);
    await user.authenticate();
    itkdb.revokeAll();
    const answers = await settled(Promise.all(three(session)));
    expect(answers.map(({ status, data }) => [status, data.made])).toEqual(Array.from({ length: 3 }, () => [200, 1]));
    expect([itkdb.logins, itkdb.api.requests.length]).toEqual([2, 2]);
  });

  it.each(['no-store', 'no-cache', ''])('answered with "%s" are each answered (I3)', async (directives) => {
    const { session } = await caching(kind);
    const answers = await settled(Promise.all(three(session, `cache-control/${directives}`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each([400, 403, 404, 500, 503])(
    'answered with %i each fail, and later requests go through (I3)',
    async (status) => {
      const { session, itkdb } = await caching(kind);
      itkdb.nextApi({ status, json: {} });
      const ends = await Promise.all(three(session).map(endOf));
      expect(ends).not.toContain('It hangs');
      expect(ends.some((end) => end !== 200)).toBe(true);
      expect(await settled(ask(session, url))).toMatchObject({ status: 200 });
    },
  );

  it('whose connection is lost fail, and the next one goes through (I3)', async () => {
    const { session, itkdb, user } = await caching(kind);
    await user.authenticate();
    itkdb.nextApi({ reset: true });
    const ends = await Promise.all(three(session).map(endOf));
    expect(ends).not.toContain('It hangs');
    expect(ends.some((end) => end !== 200)).toBe(true);
    expect((await settled(ask(session, url))).status).toBe(200);
  });

  it('that meet a refused login fail, and later ones do not hang (I3)', async () => {
    const { session, itkdb } = await caching(kind);
    itkdb.nextLogin({ status: 401, json: {} });
    expect(await Promise.all(three(session).map(endOf))).toEqual(Array.from({ length: 3 }, () => 'LoginError'));
    expect(await endOf(session.get(url))).toBe('LoginError'); // within the cool-down
    await session.authorizer.getToken({ force: true });
    expect((await settled(ask(session, url))).status).toBe(200);
  });

  it('whose renewal is refused fail, and later ones do not hang (I3)', async () => {
    const { session, itkdb, user } = await caching(kind);
    await user.authenticate();
    itkdb.revokeAll();
    itkdb.nextLogin({ status: 401, json: {} });
    const ends = await Promise.all(three(session).map(endOf));
    expect(ends).toContain('LoginError');
    expect(ends.filter((end) => end !== 'LoginError' && end !== 'AuthenticationError')).toEqual([]); // of one that came in the cool-down
    await session.authorizer.getToken({ force: true });
    expect((await settled(ask(session, url))).status).toBe(200);
  });
});

it('the first being aborted leaves its twins with an answer (I3)', async () => {
  const { session, itkdb, user } = await caching('memory');
  await user.authenticate();
  const held = gate();
  itkdb.nextApi({ after: held.opened });
  const abort = new AbortController();
  const first = endOf(session.get(url, { signal: abort.signal }));
  await until(() => itkdb.api.requests.length === 1, 'the first request');
  const twins = [endOf(session.get(url)), endOf(session.get(url))];
  abort.abort();
  expect(await first).toBe('CanceledError');
  expect(await Promise.all(twins)).toEqual([200, 200]);
  held.open();
  expect(await isCached(session, url)).toBe(true);
});

it('the first being aborted while the login is renewed leaves its twins with an answer (I3)', async () => {
  const { session, itkdb, user } = await caching('memory');
  await user.authenticate();
  itkdb.revokeAll();
  const held = gate();
  itkdb.nextLogin({ after: held.opened });
  const abort = new AbortController();
  const first = endOf(session.get(url, { signal: abort.signal }));
  await until(() => itkdb.login.requests.length > 2, 'the renewal');
  const twin = endOf(session.get(url));
  abort.abort();
  expect(await first).toBe('CanceledError');
  held.open();
  expect(await twin).toBe(200);
});

it('a twin that is aborted while it waits leaves at once, and the first has its answer (I3)', async () => {
  const { session, itkdb } = await caching('memory');
  const held = gate();
  itkdb.nextApi({ after: held.opened });
  const first = endOf(session.get(url));
  await until(() => itkdb.api.requests.length === 1, 'the first request');
  const abort = new AbortController();
  const twin = endOf(session.get(url, { signal: abort.signal }));
  await turn(); // and it waits
  abort.abort();
  const left = await Promise.race([twin, first]);
  held.open();
  expect([left, await first]).toEqual(['CanceledError', 200]);
});

it('a request that comes while a failed one is being forgotten leaves nobody waiting (I3)', async () => {
  const removing = gate();
  const cache = ownStorage({ removed: removing.opened });
  const { session, itkdb, user } = await world({ session: { cache } });
  await user.authenticate();
  const held = gate();
  itkdb.nextApi({ status: 503, after: held.opened });
  const ends = [endOf(session.get(url))];
  await until(() => itkdb.api.requests.length === 1, 'the first request');
  ends.push(endOf(session.get(url)));
  await turn(); // and it waits
  held.open();
  await until(() => cache.entries.size === 0, 'the first to be forgotten');
  ends.push(endOf(session.get(url)));
  await until(() => itkdb.api.requests.length === 2, 'the third to be sent');
  removing.open();
  expect(await Promise.all(ends)).toEqual(['ServerError', expect.not.stringMatching('It hangs'), 200]);
});

it('a request that is aborted while the first login hangs leaves at once (I3)', async () => {
  const { session, itkdb, user } = await caching('memory');
  const held = gate();
  itkdb.nextLogin({ after: held.opened });
  const abort = new AbortController();
  const waiting = endOf(session.get(url, { signal: abort.signal }));
  await until(() => itkdb.login.requests.length === 1, 'the login');
  abort.abort();
  const left = await waiting;
  held.open();
  await user.authenticate();
  expect(left).toBe('CanceledError');
});
