// When is a key set read, whose is the reading, and how long is a key believed?
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { JwksCache } from '../../src/extend.js';
import type { JwksCacheOptions } from '../../src/extend.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface Scene {
  readonly clock: ManualClock;
  readonly cache: JwksCache<string>;
  /** The signal of each reading. */
  readonly readings: readonly AbortSignal[];
  /** What the server publishes, and until when it is silent. */
  server: { keys: Record<string, string>; after?: Promise<unknown>; error?: Error };
}

function scene(options: JwksCacheOptions = {}): Scene {
  const clock = new ManualClock();
  const readings: AbortSignal[] = [];
  const read = async (signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    readings.push(signal);
    await here.server.after;
    if (here.server.error) throw here.server.error;
    return new Map(Object.entries(here.server.keys));
  };
  const cache = new JwksCache<string>(read, { clock, ...options });
  const here: Scene = { clock, cache, readings, server: { keys: { a: 'key a', b: 'key b' } } };
  return here;
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('It should have failed, and did not')),
    (error: unknown) => error,
  );
}

describe('a reading is shared, and belongs to nobody', () => {
  it('who joins it gets the key although the one who began it has left (C16)', async () => {
    const { cache, server, readings } = scene();
    const silence = gate();
    server.after = silence.opened;
    const leaving = new AbortController();
    const first = failureOf(cache.find('a', leaving.signal));
    const joined = cache.find('a');
    leaving.abort(new Error('gone'));
    expect(await first).toMatchObject({ message: 'gone' });
    expect(readings[0]?.aborted).toBe(false);
    silence.open();
    await expect(joined).resolves.toBe('key a');
    await expect(cache.find('b')).resolves.toBe('key b');
    expect(readings).toHaveLength(1);
  });

  it('who joins it late, when the one who began it has left already, gets the key as well (C16)', async () => {
    const { cache, server, readings } = scene();
    const silence = gate();
    server.after = silence.opened;
    await failureOf(cache.find('a', AbortSignal.abort(new Error('gone'))));
    const joined = cache.find('a');
    silence.open();
    await expect(joined).resolves.toBe('key a');
    expect(readings.length).toBeLessThanOrEqual(1);
  });

  it('a silent server ends it at its own limit: all who wait hear that, and it is tried again (C16)', async () => {
    const { cache, clock, server, readings } = scene({ timeoutMs: 3_000 });
    server.after = new Promise(() => undefined);
    const waiting = [cache.find('a'), cache.find('b')].map(failureOf);
    await until(() => clock.sleepers === 1);
    await clock.advance(3_000);
    for (const error of await Promise.all(waiting))
      expect(error).toMatchObject({ kind: 'unavailable', transient: true });
    expect(readings.map(({ aborted }) => aborted)).toEqual([true]);
    delete server.after;
    await clock.advance(5_000);
    await expect(cache.find('a')).resolves.toBe('key a');
    expect(clock.sleepers).toBe(0);
  });

  it('by default the limit is 10 s (C16)', async () => {
    const { cache, clock, server, readings } = scene();
    server.after = new Promise(() => undefined);
    const waiting = failureOf(cache.find('a'));
    await until(() => clock.sleepers === 1);
    await clock.advance(9_999);
    expect(readings[0]?.aborted).toBe(false);
    await clock.advance(1);
    expect(await waiting).toMatchObject({ kind: 'unavailable' });
  });
});

it('who comes after the limit of a reading, as after a sleep of the machine, does not wait for it (C16)', async () => {
  const { cache, clock, server, readings } = scene();
  server.after = new Promise(() => undefined);
  const first = failureOf(cache.find('a'));
  await until(() => clock.sleepers === 1);
  delete server.after;
  clock.set(clock.now() + minuteMs);
  await expect(cache.find('a')).resolves.toBe('key a');
  await first.catch(() => undefined);
  expect(readings).toHaveLength(2);
});

describe('a clock that steps back', () => {
  it.each([1_001, 5 * minuteMs, hourMs, 1_000 * hourMs])(
    'by %i ms does not keep an unknown key from being read (C16)',
    async (backMs) => {
      const { cache, clock, server, readings } = scene();
      await cache.find('a');
      clock.set(clock.now() - backMs);
      server.keys = { c: 'key c' };
      await expect(cache.find('c')).resolves.toBe('key c');
      expect(readings).toHaveLength(2);
    },
  );

  it('does not lengthen the life of a key that left the set (C16)', async () => {
    const { cache, clock, server } = scene();
    await cache.find('a');
    server.keys = { b: 'key b' };
    await clock.advance(9 * minuteMs);
    await cache.find('b');
    clock.set(clock.now() - hourMs);
    await cache.find('b');
    await expect(cache.find('a')).resolves.toBeUndefined();
  });

  it('does not lengthen the pause after a failure (C16)', async () => {
    const { cache, clock, server } = scene();
    server.error = new Error('down');
    await failureOf(cache.find('a'));
    clock.set(clock.now() - hourMs);
    delete server.error;
    await expect(cache.find('a')).resolves.toBe('key a');
  });

  it('does not let made-up ids through the limit of one reading an interval (C16)', async () => {
    const { cache, clock, readings } = scene();
    await cache.find('a');
    clock.set(clock.now() - hourMs);
    for (let count = 0; count < 100; count += 1) await cache.find(`stranger-${count}`);
    expect(readings).toHaveLength(2);
  });
});

describe('a key that left the set', () => {
  it.each([
    [10 * minuteMs - 1, 'key a'],
    [10 * minuteMs, undefined],
  ])('is, after %i ms without a question, %s (C16)', async (afterMs, expected) => {
    const { cache, clock, server } = scene();
    await cache.find('a');
    server.keys = { b: 'key b' };
    await clock.advance(afterMs);
    await expect(cache.find('a')).resolves.toBe(expected);
  });

  it('is forgotten after half that time where it is asked for, and nobody waits for it (C16)', async () => {
    const { cache, clock, server, readings } = scene();
    await cache.find('a');
    server.keys = { b: 'key b' };
    const silence = gate();
    server.after = silence.opened;
    await clock.advance(5 * minuteMs);
    await expect(Promise.all(Array.from({ length: 50 }, () => cache.find('a')))).resolves.toContain('key a');
    silence.open();
    await clock.advance(0);
    await expect(cache.find('a')).resolves.toBeUndefined();
    expect(readings).toHaveLength(2);
  });

  it('goes at the age that is configured (C16)', async () => {
    const { cache, clock, server } = scene({ maxAgeMs: 1_000 });
    await cache.find('a');
    server.keys = { b: 'key b' };
    await clock.advance(1_000);
    await expect(cache.find('a')).resolves.toBeUndefined();
  });

  it('a key that stays is read twice in ten minutes at most, however often it is asked for (C16)', async () => {
    const { cache, clock, readings } = scene();
    for (let second = 0; second < 600; second += 1) {
      await expect(cache.find('a')).resolves.toBe('key a');
      await clock.advance(1_000);
    }
    expect(readings).toHaveLength(2);
  });

  it('while the server cannot be asked what was read last goes on, and nobody waits twice (C16)', async () => {
    const { cache, clock, server, readings } = scene();
    await cache.find('a');
    server.error = new Error('down');
    await clock.advance(hourMs);
    await expect(cache.find('a')).resolves.toBe('key a');
    server.after = new Promise(() => undefined);
    await clock.advance(5_000);
    await expect(cache.find('a')).resolves.toBe('key a');
    expect(readings).toHaveLength(3);
    await clock.advance(10_000);
    delete server.after;
    delete server.error;
    server.keys = { b: 'key b' };
    await clock.advance(5_000);
    await cache.find('a');
    await clock.advance(0);
    await expect(cache.find('a')).resolves.toBeUndefined();
  });
});

describe('how long an unknown key cannot be looked for', () => {
  it('is what is left of the interval, and nothing before the first reading or while one is under way (C16)', async () => {
    const { cache, clock, server } = scene();
    expect(cache.waitMs).toBe(0);
    await cache.find('a');
    expect(cache.waitMs).toBe(minuteMs);
    await clock.advance(minuteMs - 1);
    expect(cache.waitMs).toBe(1);
    await clock.advance(1);
    expect(cache.waitMs).toBe(0);
    const silence = gate();
    server.after = silence.opened;
    const asked = cache.find('c');
    expect(cache.waitMs).toBe(0);
    silence.open();
    await asked;
    expect(cache.waitMs).toBe(minuteMs);
  });

  it('stands in the error when the server could not be asked (C16)', async () => {
    const { cache, clock, server } = scene();
    server.error = new Error('down');
    expect(await failureOf(cache.find('a'))).toMatchObject({ kind: 'unavailable', retryAfterMs: 5_000 });
    await clock.advance(4_000);
    expect(await failureOf(cache.find('a'))).toMatchObject({ kind: 'unavailable', retryAfterMs: 1_000 });
  });

  it('is nothing after the clock stepped back by more than a second (C16)', async () => {
    const { cache, clock } = scene();
    await cache.find('a');
    clock.set(clock.now() - hourMs);
    expect(cache.waitMs).toBe(0);
  });
});

describe('a signature that does not fit its key', () => {
  it('has the set read once more, and gets the key that stands there under the same id (C16)', async () => {
    const { cache, clock, server, readings } = scene();
    await cache.find('a');
    server.keys = { a: 'another key a' };
    await clock.advance(minuteMs);
    await expect(cache.findAgain('a')).resolves.toBe('another key a');
    await expect(cache.find('a')).resolves.toBe('another key a');
    expect(readings).toHaveLength(2);
  });

  it('a thousand of them cost one reading an interval (C16)', async () => {
    const { cache, clock, readings } = scene();
    await cache.find('a');
    await expect(cache.findAgain('a')).resolves.toBeUndefined();
    await clock.advance(minuteMs);
    await Promise.all(Array.from({ length: 500 }, () => cache.findAgain('a')));
    for (let count = 0; count < 500; count += 1) await expect(cache.findAgain('a')).resolves.toBeUndefined();
    expect(readings).toHaveLength(2);
  });

  it('when the set cannot be read there is no other key (C16)', async () => {
    const { cache, clock, server } = scene();
    await cache.find('a');
    server.error = new Error('down');
    await clock.advance(minuteMs);
    await expect(cache.findAgain('a')).resolves.toBeUndefined();
    await expect(cache.find('a')).resolves.toBe('key a');
  });

  it('who leaves does not spoil it for others (C16)', async () => {
    const { cache, clock, server } = scene();
    await cache.find('a');
    await clock.advance(minuteMs);
    const silence = gate();
    server.after = silence.opened;
    const leaving = new AbortController();
    const first = failureOf(cache.findAgain('a', leaving.signal));
    const joined = cache.findAgain('a');
    leaving.abort(new Error('gone'));
    expect(await first).toMatchObject({ message: 'gone' });
    silence.open();
    await expect(joined).resolves.toBe('key a');
  });
});
