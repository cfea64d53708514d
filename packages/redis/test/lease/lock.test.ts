// Who holds the lease, for how long, and who is woken when it is given back?
import { setImmediate as turn } from 'node:timers/promises';
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { failureOf, kinds, stage, withRedis } from '../stage.js';

withRedis('the lease', () => {
  const { store, ask, key } = stage();

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
      const clock = new ManualClock(); // stands still: nobody looks again by himself
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
    await ask('SET', `${key()}:lock`, 'another');
    const waiting = (await store('ioredis', { waitMs: 60 })).exclusive(() => Promise.resolve());
    expect(await failureOf(waiting)).toMatchObject({ code: 'lease_unavailable', kind: 'unavailable' });
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

/** Asks until the second number of the answer is no longer 0. */
async function heard(question: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 5_000; tries += 1) {
    const answer = (await question()) as readonly unknown[];
    if (Number(answer[1]) > 0) return;
  }
  throw new Error('It stayed 0');
}
