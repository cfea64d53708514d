// Hundreds of requests to APIs that reject some, slowly or for ever: what do they cost, and whom do they stop?
import axios from 'axios';
import type { AxiosInstance } from 'axios';
import { Readable } from 'node:stream';
import { gate, until } from '@axios-authorizer/test-kit';
import { attachAuth, Authorizer } from '../../src/index.js';
import { rejection, stage, statusOf, tally, upTo } from './world.js';
import type { World } from './world.js';

const { world, server } = stage();
const nobody = (): boolean => false;

/** A world whose API lets nobody see what begins with /closed. */
async function partlyClosed(): Promise<World> {
  const scene = await world({ idp: { expiresIn: null } });
  const { api, idp } = scene;
  api.accepts = (bearer, { url }) => bearer !== undefined && idp.valid(bearer) && !url.startsWith('/closed');
  return scene;
}

/** The statuses of one request after the other. */
async function inTurn(client: AxiosInstance, paths: readonly string[]): Promise<readonly (number | undefined)[]> {
  const statuses: (number | undefined)[] = [];
  for (const path of paths) statuses.push(await statusOf(client.get(path)));
  return statuses;
}

describe.each([
  ['of one route', '/items', '/items'],
  ['of two routes', '/items/1', '/items/2'],
])('two requests %s that are retried with a token which is revoked meanwhile', (_which, one, two) => {
  /** The second rejection of that token comes 2.4 s after the first. */
  async function stragglers(): Promise<World & { readonly second: () => Promise<void> }> {
    const late = gate();
    const hold401 = (index: number): Promise<void> | undefined => (index === 3 ? late.opened : undefined);
    const scene = await world({ api: { hold401 }, idp: { expiresIn: null } });
    const { api, idp, client, clock } = scene;
    await client.get(one);
    idp.revokeAll();
    api.accepts = (bearer = '') => idp.valid(bearer) && bearer !== idp.issued[1];
    const answers = [one, two].map((path) => statusOf(client.get(path)));
    await until(() => api.refused === 4, 'both retries');
    expect(await Promise.race(answers)).toBe(401);
    const second = async (): Promise<void> => {
      await clock.advance(2_400);
      late.open();
      expect(await Promise.all(answers)).toEqual([401, 401]);
    };
    return { ...scene, second };
  }

  it('cool down for 2 s from the first rejection; the second, 2.4 s later, adds nothing (C7)', async () => {
    const { client, idp, api, second } = await stragglers();
    await second();
    expect(await inTurn(client, [one, two])).toEqual([200, 200]);
    expect([idp.calls, api.refused]).toEqual([3, 5]);
  });

  it('do not stop other routes of the API meanwhile (C7)', async () => {
    const { client, idp, second } = await stragglers();
    expect(await inTurn(client, ['/others', one, two])).toEqual([200, 200, 200]);
    await second();
    idp.revokeAll();
    expect(await inTurn(client, [one, two])).toEqual([200, 200]);
    expect(idp.calls).toBe(4);
  });
});

it('one slow request does not cool down a route that accepted the same token 200 times since (C7)', async () => {
  const late = gate();
  const hold401 = (index: number): Promise<void> | undefined => (index === 1 ? late.opened : undefined);
  const { client, api, idp } = await world({ api: { hold401 } });
  await client.get('/items');
  api.accepts = (bearer = '', { url }) => idp.valid(bearer) && !url.includes('slow');
  const slow = statusOf(client.get('/items?slow'));
  await until(() => api.refused === 2, 'the retry');
  expect(
    tally(
      await inTurn(
        client,
        upTo(200).map((page) => `/items?page=${page}`),
      ),
    ),
  ).toEqual({ 200: 200 });
  late.open();
  expect(await slow).toBe(401);
  idp.revokeAll();
  expect(await statusOf(client.get('/items'))).toBe(200);
  expect(idp.calls).toBe(3);
});

it('300 paths that always answer 401, between good ones, cost four refreshes, and the good ones are served (C7)', async () => {
  const { client, idp, api } = await partlyClosed();
  const paths = upTo(300).flatMap((index) => [`/closed/${index}`, `/items/${index}`]);
  expect(tally(await inTurn(client, paths))).toEqual({ 200: 300, 401: 300 });
  expect(idp.calls).toBe(1 + 4);
  expect(api.refused).toBe(300 + 4);
});

it('the same over five minutes cost some 18 refreshes, however fast the good ones accept (C7)', async () => {
  const { client, idp, clock } = await partlyClosed();
  for (const index of upTo(300)) {
    expect(await inTurn(client, [`/closed/${index}`, '/items', '/items'])).toEqual([401, 200, 200]);
    await clock.advance(1_000);
  }
  expect(idp.calls).toBeLessThanOrEqual(1 + 18);
});

it('one broken route does not keep requests of another from being retried, whenever the token is revoked (C7)', async () => {
  const { client, idp, clock } = await partlyClosed();
  for (const second of upTo(300)) {
    if (second % 7 === 6) idp.revokeAll();
    expect(await inTurn(client, ['/closed', '/items'])).toEqual([401, 200]);
    await clock.advance(1_000);
  }
  const revocations = Math.floor(300 / 7);
  expect(idp.calls).toBeLessThanOrEqual(1 + revocations + 10);
});

it.each([
  ['one route', 10, (index: number) => `/items?page=${index}`],
  ['ever new routes', 30, (index: number) => `/items/${index}`],
])('an API that rejects everybody on %s is asked 600 times in ten minutes for %i refreshes (C7)', async (...row) => {
  const [, most, path] = row;
  const { client, idp, clock } = await world({ idp: { expiresIn: null }, api: { accepts: nobody } });
  for (const index of upTo(600)) {
    expect(await statusOf(client.get(path(index)))).toBe(401);
    await clock.advance(1_000);
  }
  expect(idp.calls).toBeLessThanOrEqual(1 + 5 + most);
});

it('an API that is slow to reject the retries gets no more tokens while it thinks (C7)', async () => {
  const end = gate();
  const seen = new Set<string>();
  const slow = await server(async ({ url }, response) => {
    if (seen.has(url)) await end.opened;
    seen.add(url);
    response.writeHead(401).end();
  });
  const { client, idp } = await world({ config: { baseURL: slow.origin } });
  const answers: Promise<unknown>[] = [];
  for (const index of upTo(40)) {
    let isAnswered = false;
    answers.push(statusOf(client.get(`/items/${index}`)).finally(() => (isAnswered = true)));
    const expected = slow.requests.length + 2;
    await until(() => isAnswered || slow.requests.length === expected, 'the retry or the answer');
  }
  end.open();
  expect(tally(await Promise.all(answers))).toEqual({ 401: 40 });
  expect(idp.calls).toBe(1 + 4);
});

it.each([
  ['one route', () => '/upload'],
  ['ever new routes', (index: number) => `/upload/${index}`],
])(
  'an API that rejects everybody: a hundred streams to %s cost a handful of refreshes, though none is retried (C7, C8)',
  async (...row) => {
    const [, path] = row;
    const { client, idp } = await world({ api: { accepts: nobody } });
    for (const index of upTo(100)) {
      const error = await rejection(client.post(path(index), Readable.from(['text']), { maxRedirects: 0 }));
      expect(error.response?.status).toBe(401);
    }
    expect(idp.calls).toBeLessThanOrEqual(1 + 5);
  },
);

it('streams whose token was revoked are not taken for a broken API: each revocation is one refresh (C7, C8)', async () => {
  const { client, idp } = await world();
  const send = (index: number): Promise<number | undefined> =>
    statusOf(client.post('/upload', Readable.from([`text ${index}`]), { maxRedirects: 0 }));
  for (const index of upTo(20)) {
    expect(await send(index)).toBe(200);
    idp.revokeAll();
    expect(await send(index)).toBe(401);
  }
  expect(await send(20)).toBe(200);
  expect(idp.calls).toBe(1 + 20);
});

it('a program that asks by hand in a loop, naming no route, costs a handful of refreshes, and is told how long to wait (C3, C7)', async () => {
  const { auth, idp, clock } = await world({ idp: { expiresIn: null } });
  const failures: unknown[] = [];
  for (const _ of upTo(100)) {
    const rejected = await auth.getToken();
    await auth.getToken({ rejected }).catch((error: unknown) => failures.push(error));
  }
  expect(idp.calls).toBe(1 + 4);
  expect(failures).toHaveLength(96);
  expect(failures.at(-1)).toMatchObject({ code: 'rejected_again', kind: 'unavailable', retryAfterMs: 2_000 });
  await clock.advance(2_000);
  expect(await auth.getToken({ rejected: await auth.getToken() })).toMatchObject({ accessToken: idp.issued[5] });
});

it('tokens that a server ends after some seconds are replaced by hand as often as that happens (C3, C7)', async () => {
  const { auth, idp, clock } = await world({ idp: { expiresIn: null } });
  for (const made of upTo(100)) {
    expect(await auth.getToken({ rejected: await auth.getToken() })).toMatchObject({
      accessToken: idp.issued[made + 1],
    });
    await clock.advance(2_000);
  }
});

it('what is asked by hand neither waits for the cool-down of a route nor begins one (C3, C7)', async () => {
  const { auth, client, idp } = await partlyClosed();
  await inTurn(
    client,
    upTo(10).map((index) => `/closed/${index}`),
  );
  expect(idp.calls).toBe(5);
  await auth.getToken({ rejected: await auth.getToken() });
  expect(idp.calls).toBe(6);
  expect(await inTurn(client, ['/closed/11', '/items'])).toEqual([401, 200]);
  expect(idp.calls).toBe(6);
});

it('several authorizers at one API cool down each by itself (C7)', async () => {
  const { client, source, idp, api, clock } = await world({ idp: { expiresIn: null } });
  const other = axios.create({ baseURL: api.origin });
  attachAuth(other, new Authorizer(source, { clock }));
  await client.get('/items');
  await other.get('/items');
  const [, others] = idp.issued;
  api.accepts = (bearer) => bearer === others;
  for (const _ of upTo(100)) {
    expect(await statusOf(client.get('/items'))).toBe(401);
    expect(await statusOf(other.get('/items'))).toBe(200);
  }
  expect(idp.calls).toBe(2 + 1);
});

it('a clock that steps back does not keep a route cooling down (C7)', async () => {
  const { client, idp, api, clock } = await world({ idp: { expiresIn: null }, api: { accepts: nobody } });
  await rejection(client.get('/items'));
  api.accepts = (bearer = '') => idp.valid(bearer) && bearer !== idp.issued[1];
  clock.set(clock.now() - 3_600_000);
  expect(await statusOf(client.get('/items'))).toBe(200);
});
