// Does the injected clock keep time the way the real one does, only on demand?

import { ManualClock } from '@axios-authorizer/test-kit';

describe('a manual clock', () => {
  test('starts at 2026-01-01 unless told otherwise, and is paused', () => {
    expect(new ManualClock().now()).toBe(Date.UTC(2026, 0, 1));
    expect(new ManualClock(5).now()).toBe(5);
  });

  test('wakes a sleeper at its instant and not a millisecond before', async () => {
    const clock = new ManualClock(0);
    const woken = jest.fn();
    void clock.sleep(100).then(woken);
    await clock.advance(99);
    expect(woken).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(woken).toHaveBeenCalledTimes(1);
    expect(clock.now()).toBe(100);
  });

  test('wakes sleepers in order, each at its own time', async () => {
    const clock = new ManualClock(0);
    const seen: string[] = [];
    for (const [name, ms] of Object.entries({ c: 30, a: 10, b: 20, a2: 10 })) {
      void clock.sleep(ms).then(() => seen.push(`${name}@${clock.now()}`));
    }
    await clock.advance(1000);
    expect(seen).toEqual(['a@10', 'a2@10', 'b@20', 'c@30']);
    expect(clock.now()).toBe(1000);
  });

  test('wakes those who lie down again while it moves', async () => {
    const clock = new ManualClock(0);
    const seen: number[] = [];
    const doubling = async (): Promise<void> => {
      for (let ms = 100; ms <= 400; ms *= 2) {
        await clock.sleep(ms);
        seen.push(clock.now());
      }
    };
    const done = doubling();
    await clock.advance(700);
    await done;
    expect(seen).toEqual([100, 300, 700]);
  });

  test('jumps and wakes all who are due', async () => {
    const clock = new ManualClock(0);
    const times: number[] = [];
    const sleeps = [10, 20].map((ms) => clock.sleep(ms).then(() => times.push(clock.now())));
    clock.set(50);
    await Promise.all(sleeps);
    expect(times).toEqual([50, 50]);
  });

  test.each([0, -1])('does not sleep for %d ms', async (ms) => {
    const clock = new ManualClock();
    await clock.sleep(ms);
    expect(clock.sleepers).toBe(0);
  });

  test('rejects with the reason of the signal and forgets the sleeper', async () => {
    const clock = new ManualClock();
    const controller = new AbortController();
    const sleep = clock.sleep(10, controller.signal);
    controller.abort('enough');
    await expect(sleep).rejects.toBe('enough');
    expect(clock.sleepers).toBe(0);
    await expect(clock.sleep(10, controller.signal)).rejects.toBe('enough');
  });

  test('says when enough sleepers are pending', async () => {
    const clock = new ManualClock();
    const enough = jest.fn();
    const both = clock.sleeping(2).then(enough);
    const first = clock.sleep(10);
    await clock.sleeping(1);
    expect(enough).not.toHaveBeenCalled();
    const second = clock.sleep(20);
    await both;
    expect(clock.sleepers).toBe(2);
    await clock.advance(20);
    await Promise.all([first, second]);
  });
});
