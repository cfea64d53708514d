// What an API and a pool see of a busy client when its token ends, or is refused before its end.
import { gate, until } from '@axios-authorizer/test-kit';
import { failureOf, front } from '../stage.js';
import type { Front } from '../stage.js';
import { askedSince, later, lifeMs, refresh, rotating, signedIn, signIn } from './stage.js';
import type { SignedIn } from './stage.js';

const pools = [
  ['that lasts', {}],
  ['that is rotated', rotating],
] as const;

/** A client that has had an answer by now, with the password or without. */
async function busy(pool: object = {}, options: object = {}): Promise<SignedIn & Front> {
  const scene = await signedIn({ pool });
  const given = { ...scene.options, initialToken: scene.first, ...options };
  const both = await front({ ...scene, options: given });
  await both.client.get('/first');
  return { ...scene, ...both };
}

async function statuses({ client }: Front, count: number): Promise<ReadonlySet<number>> {
  const all = Array.from({ length: count }, (_, id) => client.get(`/things/${id}`));
  return new Set((await Promise.all(all)).map(({ status }) => status));
}

describe.each(pools)('a refresh token %s', (_kind, pool) => {
  it('a thousand requests at the end of the token cost one refresh, and none is refused (G3)', async () => {
    const scene = await busy(pool);
    later(scene, lifeMs);
    expect(await statuses(scene, 1_000)).toEqual(new Set([200]));
    expect(askedSince(scene)).toEqual([refresh]);
    expect([scene.api.served, scene.api.refused]).toEqual([1_001, 0]);
  });

  it('a hundred requests that are refused at once cost one refresh, and each is sent once more (G3)', async () => {
    const scene = await busy(pool);
    scene.pool.revokeAccessTokens();
    expect(await statuses(scene, 100)).toEqual(new Set([200]));
    expect(askedSince(scene)).toEqual([refresh]);
    expect([scene.api.served, scene.api.refused]).toEqual([101, 100]);
  });

  it('when the refresh token is revoked as well, one sign-in repairs a hundred (G3)', async () => {
    const scene = await busy(pool);
    scene.pool.revokeAll();
    expect(await statuses(scene, 100)).toEqual(new Set([200]));
    expect(askedSince(scene)).toEqual([refresh, ...signIn]);
    expect([scene.api.served, scene.api.refused]).toEqual([101, 100]);
  });
});

it('a refusal that comes late is for an older token, and costs nothing (G3)', async () => {
  const scene = await busy();
  const late = gate();
  const { api, pool } = scene;
  pool.revokeAccessTokens();
  api.next({ status: 401, after: late.opened });
  const slow = scene.client.get('/slow');
  await until(() => api.requests.length === 2, 'the slow request');
  await scene.client.get('/quick');
  late.open();
  expect((await slow).status).toBe(200);
  expect(askedSince(scene)).toEqual([refresh]);
});

it('an API that refuses everybody for ever: one refresh, one resend, and the 401 is handed on (G3)', async () => {
  const scene = await busy();
  const { api, client } = scene;
  api.accepts = () => false;
  const failure = await failureOf(client.get('/things'));
  expect(failure).toMatchObject({ response: { status: 401 } });
  expect([askedSince(scene), api.refused]).toEqual([[refresh], 2]);
});

it('while that API is left alone, a hundred more refusals cost no further refresh (G3)', async () => {
  const scene = await busy();
  const { api, client } = scene;
  api.accepts = () => false;
  await failureOf(client.get('/things'));
  await Promise.all(Array.from({ length: 100 }, () => failureOf(client.get('/things'))));
  expect(askedSince(scene)).toEqual([refresh]);
  expect(api.refused).toBe(102);
});

it('403 says nothing about the token: no refresh (G3)', async () => {
  const scene = await busy();
  scene.api.next({ status: 403 });
  expect(await failureOf(scene.client.get('/things'))).toMatchObject({ response: { status: 403 } });
  expect(askedSince(scene)).toEqual([]);
});

it('without a password, the end of the session reaches each caller as such, and the API nothing (G3)', async () => {
  const scene = await busy({}, { password: undefined });
  const { pool, api, client } = scene;
  pool.revokeAll();
  later(scene, lifeMs);
  const failures = await Promise.all(Array.from({ length: 20 }, () => failureOf(client.get('/things'))));
  expect(new Set(failures.map(({ code, kind }) => `${code} ${kind}`))).toEqual(new Set(['session_over session']));
  expect(new Set(failures).size).toBe(20);
  expect([askedSince(scene), api.requests.length]).toEqual([[refresh], 1]);
});

it('a live token means that no request waits while it is renewed (G3)', async () => {
  const scene = await busy({}, { refreshAheadMs: 100_000, leewayMs: 1_000 });
  const { pool, client, first } = scene;
  const answer = gate();
  later(scene, lifeMs - 50_000);
  pool.next(refresh, { after: answer.opened });
  expect((await client.get('/things')).status).toBe(200);
  expect(client.authorizer.token).toBe(first);
  answer.open();
  await client.authorizer.getToken({ rejected: first });
  expect(askedSince(scene)).toEqual([refresh]);
});
