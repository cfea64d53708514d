// A machine's clock is ten minutes off: every assertion is expired, or lives too long. Is that fixed, once, by the server's
// time?
import { ManualClock } from '@axios-authorizer/test-kit';
import { authorize, esKey, failureOf, jtisOf, keyPair, minuteMs, notices, registration, world } from '../stage.js';
import type { SmartServerOptions } from '@axios-authorizer/test-kit';
import type { World } from '../stage.js';

interface Apart extends World {
  readonly serverClock: ManualClock;
}

/** A machine whose clock differs from the server's by `aheadMs`. */
async function apart(aheadMs: number, server: SmartServerOptions = {}): Promise<Apart> {
  const serverClock = new ManualClock();
  const clock = new ManualClock(serverClock.now() + aheadMs);
  return { ...(await world({ clock, server: { ...server, clock: serverClock } })), serverClock };
}

const sides = [
  ['slow', -10 * minuteMs],
  ['fast', 10 * minuteMs],
] as const;

describe.each(sides)('on a machine that is ten minutes %s', (_, aheadMs) => {
  it('the second assertion, with a jti of its own, is dated by the server and taken (S2b)', async () => {
    const { server, auth, serverClock } = await apart(aheadMs);
    await expect(authorize(auth)).resolves.toMatchObject({ tokenType: 'Bearer' });
    expect(server.calls).toBe(2);
    expect(new Set(jtisOf(server)).size).toBe(2);
    expect(server.assertions[1]?.claims['exp']).toBe((serverClock.now() + 240_000) / 1000);
  });

  it('from then on one request is enough (S2b)', async () => {
    const { server, auth, clock, serverClock } = await apart(aheadMs);
    await authorize(auth);
    for (let count = 0; count < 3; count += 1) {
      await Promise.all([clock.advance(minuteMs), serverClock.advance(minuteMs)]);
      await authorize(auth);
    }
    expect(server.calls).toBe(5);
  });

  it('the token ends by the clock of the machine (S2b)', async () => {
    const { auth, clock } = await apart(aheadMs);
    expect((await authorize(auth)).expiresAt?.getTime()).toBe(clock.now() + 300_000);
  });

  it('the observer is told by how much (S2b)', async () => {
    const stage = await apart(aheadMs);
    await authorize(stage.auth);
    expect(notices(stage)).toEqual([expect.stringContaining(`by ${-aheadMs / 1000} s`)]);
  });

  it('requests go through without anybody noticing (S2b)', async () => {
    const { server, client } = await apart(aheadMs);
    expect((await client.get('/Patient/1')).status).toBe(200);
    expect([server.served, server.refused]).toEqual([1, 0]);
  });

  it('many tokens at once are all fixed (S2b)', async () => {
    const { auth } = await apart(aheadMs);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => auth.getToken()));
    expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'));
  });

  it('and what was learnt by many at once is right for the next (S2b)', async () => {
    const { server, auth, serverClock } = await apart(aheadMs);
    await Promise.allSettled(Array.from({ length: 5 }, () => auth.getToken()));
    await authorize(auth);
    expect(server.assertions.at(-1)?.claims['exp']).toBe((serverClock.now() + 240_000) / 1000);
  });

  it('an answer without Date fixes nothing: thrown after one request (S2b)', async () => {
    const { server, auth } = await apart(aheadMs, { sendDate: false });
    expect(await failureOf(authorize(auth))).toMatchObject({ code: 'assertion_time', status: 401 });
    expect(server.calls).toBe(1);
  });

  it('a wrong key is not helped: thrown after two, as what it is (S2b)', async () => {
    const { server, auth } = await apart(aheadMs, { clients: [registration(keyPair('ES384', esKey.kid))] });
    expect(await failureOf(authorize(auth))).toMatchObject({ code: 'signature_refused', status: 401 });
    expect(server.calls).toBe(2);
  });
});

it('a wrong key under a right clock is thrown after one request (S2b)', async () => {
  const { server, auth } = await apart(0, { clients: [registration(keyPair('ES384', esKey.kid))] });
  expect(await failureOf(authorize(auth))).toMatchObject({ code: 'signature_refused', kind: 'credentials' });
  expect(server.calls).toBe(1);
});

it('a server whose clock jumps is followed, each time for one more request (S2b)', async () => {
  const { server, auth, serverClock } = await apart(-10 * minuteMs);
  await authorize(auth);
  serverClock.set(serverClock.now() + 120 * minuteMs);
  await authorize(auth);
  expect(server.calls).toBe(4);
  await authorize(auth);
  expect(server.calls).toBe(5);
  serverClock.set(serverClock.now() - 120 * minuteMs);
  await authorize(auth);
  expect(server.calls).toBe(7);
});

it('a machine whose clock is set right is followed as well (S2b)', async () => {
  const { server, auth, clock, serverClock } = await apart(-10 * minuteMs);
  await authorize(auth);
  clock.set(serverClock.now());
  await authorize(auth);
  expect(server.calls).toBe(4);
  expect(server.assertions.at(-1)?.claims['exp']).toBe((serverClock.now() + 240_000) / 1000);
});

it('a server whose Date lies and which always refuses costs two requests per acquisition (S2b)', async () => {
  const { server, auth, serverClock } = await apart(0);
  const lie = (): string => new Date(serverClock.now() + server.calls * 60 * minuteMs).toUTCString();
  server.alwaysToken(() => ({ status: 401, headers: { date: lie() }, json: { error: 'invalid_client' } }));
  expect(await failureOf(auth.getToken())).toMatchObject({ code: 'client_refused', kind: 'credentials' });
  expect(server.calls).toBe(2);
  await failureOf(auth.getToken());
  expect(server.calls).toBe(4);
});
