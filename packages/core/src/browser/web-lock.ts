// One at a time, over the tabs and workers of one origin. The browser gives the lock of a closed tab to the next by itself, but
// not that of a frozen one. So a holder shows that it works, and from one that has been silent for long the lock is stolen. It
// does not know that when it wakes up: what it saves then is decided by the generation, not by the lock.
import type { BrowserPlatform } from './platform.js';
import type { TabNews } from './tab-news.js';

const BEAT_MS = 2_000;
/** Silence is counted in pauses, which a machine that sleeps does not have: four without a beat are 10 s. */
const PAUSE_MS = 2_500;
const SILENT_PAUSES = 4;

export interface WebLockOptions {
  readonly name: string;
  readonly platform: Pick<BrowserPlatform, 'locks' | 'clock'>;
  readonly news: TabNews;
}

type Begin = () => Promise<unknown>;

/** `work` while the lock is held. @throws what `work` throws; the browser's errors when there is no lock to be had */
export async function underWebLock<R>(options: WebLockOptions, work: () => Promise<R>): Promise<R> {
  const { name, platform } = options;
  const waiting = new AbortController();
  let result: Promise<R> | undefined;
  const begin: Begin = () => {
    result ??= beating(options, work); // it may be given in the queue while it is being stolen
    waiting.abort();
    return result.catch(() => undefined);
  };
  void stealWhenSilent(options, begin, waiting.signal).catch(() => undefined); // then there is the queue
  try {
    await platform.locks.request(name, { signal: waiting.signal }, begin);
  } catch (error) {
    if (result === undefined) throw error; // else it was stolen, by us or from us
  } finally {
    waiting.abort();
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the request was granted: it has begun
  return result as Promise<R>;
}

async function beating<R>({ platform, news }: WebLockOptions, work: () => Promise<R>): Promise<R> {
  const done = new AbortController();
  const beat = async (): Promise<never> => {
    for (;;) {
      news.tell('beat');
      await platform.clock.sleep(BEAT_MS, done.signal);
    }
  };
  beat().catch(() => undefined);
  try {
    return await work();
  } finally {
    done.abort();
  }
}

/** Takes the lock from a holder that shows no sign of life; looks for one until `signal` aborts. */
async function stealWhenSilent(options: WebLockOptions, begin: Begin, signal: AbortSignal): Promise<void> {
  const { name, platform, news } = options;
  const heard = { beats: 0 };
  const close = news.listen('beat', () => (heard.beats += 1));
  try {
    while (!signal.aborted) {
      const holder = await holderOf(platform.locks, name);
      heard.beats = 0;
      for (let pause = 0; pause < SILENT_PAUSES && heard.beats === 0; pause += 1)
        await platform.clock.sleep(PAUSE_MS, signal);
      if (holder !== undefined && heard.beats === 0) await stealFrom(holder, options, begin);
    }
  } finally {
    close();
  }
}

/**
 * The turn to replace a holder is a lock of its own, named after it and kept while its successor works: of several that wait,
 * one steals, and the others find another holder than the one that was silent.
 */
async function stealFrom(holder: string, { name, platform }: WebLockOptions, begin: Begin): Promise<void> {
  const { locks } = platform;
  await locks.request(`${name} after ${holder}`, { ifAvailable: true }, async (turn) => {
    if (turn === null || (await holderOf(locks, name)) !== holder) return;
    await locks.request(name, { steal: true }, begin);
  });
}

async function holderOf(locks: LockManager, name: string): Promise<string | undefined> {
  const { held } = await locks.query();
  return held?.find((lock) => lock.name === name)?.clientId;
}
