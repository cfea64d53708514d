// Who holds the lease, for how long, and who is woken when it is given back?
import { setImmediate as turn } from 'node:timers/promises';
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { AuthenticationError } from '@axios-authorizer/core';
import type { Redis } from 'ioredis';
import { systemClock } from '@axios-authorizer/core/extend';
import { failureOf, kinds, stage, withRedis } from '../stage.js';
import type { Clock } from '@axios-authorizer/core';
import type { RedisTokenStoreOptions } from '../../src/index.js';

withRedis('the lease', () => {
  const { store, ask, key, client } = stage();

  describe.each(kinds)('by %s', (kind) => {
    it('twenty over two stores work one at a time (C6)', async () => {
      const [one, other] = [await store(kind), await store(kind)];
      const count = { now: 0, most: 0, done: 0 };
      const work = async (): Promise<void> => {
        count.now += 1;
        count.most = Math.max(count.most, count.now);
        await turn();
        count.now -= 1;
        count.done += 1;
      };
      await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).exclusive(work)));
      expect([count.most, count.done]).toEqual([1, 20]);
      expect(await ask('EXISTS', `${key()}:lock`)).toBe(0);
    });

    it('whoever waits is woken by the news, not only by looking again (C6)', async () => {
      const clock = new ManualClock(); // is paused: nobody looks again by himself
      const [holder, waiter] = [await store(kind), await store(kind, { clock })];
      const { opened, open } = gate();
      const begun = gate();
      const held = holder.exclusive(() => (begun.open(), opened));
      await begun.opened;
      const woken = waiter.exclusive(() => Promise.resolve('woken'));
      await heard(() => ask('PUBSUB', 'NUMSUB', `${key()}:free`));
      open();
      await held;
      expect(await woken).toBe('woken');
      await heard(async () => [0, Number((await listeners()) === 0)]);
    });
  });

  describe('where the work of holders fails', () => {
    const away = new AuthenticationError('away', { code: 'network', kind: 'unavailable', transient: true });
    const refused = new AuthenticationError('refused', { code: 'token_endpoint', kind: 'credentials' });
    const failing = { code: 'failing_elsewhere', kind: 'unavailable', transient: true };

    it.each(kinds)('who waits is told, and after two seconds of that waits no longer, by %s (C5, C6)', async (kind) => {
      const clock = new ManualClock();
      await ask('SET', `${key()}:lock`, 'another', 'PX', '60000');
      const waiter = await store(kind, byHand(clock));
      const waiting = ['first', 'next'].map((name) => failureOf(waiter.exclusive(() => Promise.resolve(name))));
      await heard(() => ask('PUBSUB', 'NUMSUB', `${key()}:free`));
      let ended = 0;
      for (const one of waiting) void one.then(() => (ended += 1));
      for (const apartMs of [0, 1_999, 1]) {
        expect(ended).toBe(0);
        clock.set(clock.now() + apartMs);
        const asked = await calls('evalsha');
        await ask('PUBLISH', `${key()}:free`, '1 failed');
        if (apartMs !== 1) await heard(async () => [0, (await calls('evalsha')) - asked]); // it was heard, and asked again
      }
      expect(await Promise.all(waiting)).toMatchObject([failing, failing]);
    });

    it.each([
      ['passes', away, 2_000, failing],
      ['passes, for less', away, 1_999, 'mine'],
      ['passes, now and then', away, 5_000, 'mine'],
      ['is for good', refused, 2_000, 'mine'],
    ])('those of its own process hear of it: what %s (C5, C6)', async (_what, error, apartMs, end) => {
      const clock = new ManualClock();
      const one = await store('ioredis', { clock });
      const fails = async (): Promise<never> => {
        clock.set(clock.now() + apartMs);
        throw error;
      };
      const failed = [failureOf(one.exclusive(fails)), failureOf(one.exclusive(fails))];
      const last = one.exclusive(() => Promise.resolve('mine')).catch((cause: unknown) => cause);
      expect(await Promise.all(failed)).toEqual([error, error]);
      expect({ ended: await last }).toMatchObject({ ended: end });
    });

    it('a failure that passes is told with the lease that is given back, no other (C6)', async () => {
      const listener = (await client('ioredis')) as Redis;
      const messages: string[] = [];
      listener.on('message', (_channel, message) => void messages.push(message));
      await listener.subscribe(`${key()}:free`);
      const one = await store('ioredis');
      for (const work of [() => Promise.reject(away), () => Promise.reject(refused), () => Promise.resolve()])
        await one.exclusive<unknown>(work).catch(() => undefined);
      await until(() => messages.length === 3);
      expect(messages).toEqual(['1 failed', '1', '1']);
    });
  });

  /** How often Redis has run a command since its counters were set back. */
  const calls = async (command: string): Promise<number> => {
    const stats = String(await ask('INFO', 'commandstats'));
    return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  };

  const listeners = async (): Promise<number> =>
    Number(((await ask('PUBSUB', 'NUMSUB', `${key()}:free`)) as readonly unknown[])[1]);

  it('where no second connection can be had, looking again is enough (C6)', async () => {
    const { call } = { call: (name: string, ...args: string[]) => ask(name, ...args) };
    const { redisTokenStore } = await import('../../src/index.js');
    const alone = redisTokenStore({ call }, { key: 'alone' });
    await ask('SET', 'axios-authorizer:{alone}:lock', 'another', 'PX', '120');
    expect(await alone.exclusive?.(() => Promise.resolve('mine'))).toBe('mine');
  });

  it('a dead holder is waited for no longer than its lease (C6)', async () => {
    await ask('SET', `${key()}:lock`, 'dead', 'PX', '150');
    expect(await (await store('ioredis')).exclusive(() => Promise.resolve('mine'))).toBe('mine');
  });

  it('a lease that another holds for longer than waitMs is unavailable (C6)', async () => {
    await ask('SET', `${key()}:lock`, 'another', 'PX', '60000');
    const waiting = (await store('ioredis', { waitMs: 60 })).exclusive(() => Promise.resolve());
    expect(await failureOf(waiting)).toMatchObject({ code: 'lease_unavailable', kind: 'unavailable' });
  });

  it('a living holder is waited for: neither minutes of its work nor a clock that is set end the wait (C6)', async () => {
    const clock = new ManualClock();
    await ask('SET', `${key()}:lock`, 'another', 'PX', '60000000');
    const waiting = (await store('ioredis', byHand(clock))).exclusive(() => Promise.resolve('mine'));
    for (const stepMs of [3_600_000, -7_200_000, ...Array.from({ length: 120 }, () => 500)])
      expect(await paused(clock, waiting, stepMs)).toBe(true);
    await ask('DEL', `${key()}:lock`);
    while (await paused(clock, waiting, 500));
    expect(await waiting).toBe('mine');
  });

  it('a lock without an end is nobody’s living lease: it gets one lease, is looked at now and then, and taken over (C6)', async () => {
    await ask('SET', `${key()}:lock`, 'by hand');
    const one = await store('ioredis', { leaseMs: 300 });
    await ask('CONFIG', 'RESETSTAT');
    expect(await one.exclusive(() => Promise.resolve('mine'))).toBe('mine');
    expect(await calls('evalsha')).toBeLessThan(15);
  });

  it('a lock without an end keeps its lease for who may work under it, and is not lengthened by looking (C6)', async () => {
    const clock = new ManualClock();
    await ask('SET', `${key()}:lock`, 'by hand');
    const one = await store('ioredis', { ...byHand(clock), leaseMs: 60_000 });
    const waiting = one.exclusive(() => Promise.resolve('mine'));
    await paused(clock, waiting, 500);
    expect(Number(await ask('PTTL', `${key()}:lock`))).toBeGreaterThan(30_000);
    await ask('PEXPIRE', `${key()}:lock`, '20000');
    for (let looks = 0; looks < 3; looks += 1) await paused(clock, waiting, 500);
    expect(Number(await ask('PTTL', `${key()}:lock`))).toBeLessThanOrEqual(20_000);
    await ask('DEL', `${key()}:lock`);
    while (await paused(clock, waiting, 500));
    expect(await waiting).toBe('mine');
  });

  it.each(kinds)('noise on the channel of the lease is no reason to ask without end, by %s (C6)', async (kind) => {
    const clock = new ManualClock();
    const waiter = await store(kind, byHand(clock));
    await ask('SET', `${key()}:lock`, 'another', 'PX', '60000');
    const waiting = waiter.exclusive(() => Promise.resolve('mine'));
    await heard(() => ask('PUBSUB', 'NUMSUB', `${key()}:free`));
    await ask('CONFIG', 'RESETSTAT');
    for (let noise = 0; noise < 2_000; noise += 1) await ask('PUBLISH', `${key()}:free`, 'noise');
    expect(await calls('evalsha')).toBeLessThan(100);
    await ask('DEL', `${key()}:lock`);
    while (await paused(clock, waiting, 500));
    expect(await waiting).toBe('mine');
  });

  it.each(['QUEUED', {}])('an answer that is none (%j) is no lease and no empty store (C6)', async (answer) => {
    const { redisTokenStore } = await import('../../src/index.js');
    const odd = redisTokenStore({ call: () => Promise.resolve(answer) }, { key: 'odd' });
    const unavailable = { code: 'redis_unavailable', kind: 'unavailable' };
    expect(await failureOf(odd.exclusive?.(() => Promise.resolve('mine')) ?? Promise.resolve())).toMatchObject(
      unavailable,
    );
    expect(await failureOf(odd.load())).toMatchObject(unavailable);
  });

  it('of many who wait a few are woken each time: forty ask some hundred times in all, not a thousand (C6)', async () => {
    const forty = await Promise.all(Array.from({ length: 40 }, () => store('ioredis')));
    const { opened, open } = gate();
    await ask('CONFIG', 'RESETSTAT');
    const begun = gate();
    const first = forty[0]?.exclusive(() => (begun.open(), opened));
    await begun.opened;
    const others = forty.slice(1).map((one) => one.exclusive(() => Promise.resolve('done')));
    await heard(async () => [0, Number((await listeners()) === 39)]);
    open();
    await first;
    expect(await Promise.all(others)).toEqual(Array.from({ length: 39 }, () => 'done'));
    expect(await calls('evalsha')).toBeLessThan(600);
  });

  it('who is told that nobody waits for the lease any more asks no longer, and lets the next of its process ask (C6)', async () => {
    await ask('SET', `${key()}:lock`, 'another', 'PX', '60000');
    const waiter = await store('ioredis', { clock: new ManualClock() });
    const leaving = new AbortController();
    const left = failureOf(waiter.exclusive(() => Promise.resolve('mine'), { signal: leaving.signal }));
    await heard(() => ask('PUBSUB', 'NUMSUB', `${key()}:free`));
    const next = waiter.exclusive(() => Promise.resolve('next'));
    leaving.abort(new Error('left'));
    expect(await left).toEqual(new Error('left'));
    await heard(() => ask('PUBSUB', 'NUMSUB', `${key()}:free`));
    await ask('DEL', `${key()}:lock`);
    await ask('PUBLISH', `${key()}:free`, '');
    expect(await next).toBe('next');
  });

  it('work that lasts longer than the lease keeps it: it is renewed (C6)', async () => {
    const clock = new ManualClock();
    const one = await store('ioredis', { clock, leaseMs: 3_000 });
    await one.exclusive(async () => {
      await ask('PEXPIRE', `${key()}:lock`, '500');
      await clock.advance(1_000);
      const leftMs = async (): Promise<number> => Number(await ask('PTTL', `${key()}:lock`));
      await heard(async () => [0, Number((await leftMs()) > 1_000)]);
      expect(await leftMs()).toBeGreaterThan(1_000);
    });
  });

  it('what a holder gives back or renews is its own lock, never that of the next one (C6)', async () => {
    const clock = new ManualClock();
    const one = await store('ioredis', { clock, leaseMs: 3_000 });
    await one.exclusive(async () => {
      await ask('SET', `${key()}:lock`, 'the next one', 'PX', '60000');
      await clock.advance(1_000);
      await until(() => clock.sleepers === 0, 'the end of renewing');
    });
    expect(await ask('GET', `${key()}:lock`)).toBe('the next one');
    expect(Number(await ask('PTTL', `${key()}:lock`))).toBeGreaterThan(3_000);
  });

  it('work that fails gives the lease back, and its own error (C6)', async () => {
    const one = await store('node-redis');
    const failure = new Error('work');
    expect(await failureOf(one.exclusive(() => Promise.reject(failure)))).toBe(failure);
    expect(await one.exclusive(() => Promise.resolve('next'))).toBe('next');
  });
});

/** Ends the next pause of who waits; false when the wait is over. */
async function paused(clock: ManualClock, waiting: Promise<unknown>, stepMs: number): Promise<boolean> {
  const isPaused = await Promise.race([clock.sleeping(1).then(() => true), waiting.then(() => false)]);
  clock.set(clock.now() + stepMs);
  return isPaused;
}

/** Pauses are ended by hand; how long Redis takes to answer is real. */
function byHand(clock: ManualClock): Pick<RedisTokenStoreOptions, 'clock' | 'timeoutMs'> {
  const timeoutMs = 9_999;
  const sleep: Clock['sleep'] = (ms, signal) => (ms === timeoutMs ? systemClock : clock).sleep(ms, signal);
  return { timeoutMs, clock: { now: () => clock.now(), sleep } };
}

/** Asks until the second number of the answer is no longer 0. */
async function heard(question: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 5_000; tries += 1) {
    const answer = (await question()) as readonly unknown[];
    if (Number(answer[1]) > 0) return;
  }
  throw new Error('It stayed 0');
}
