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

/** `work` while the lock is held. @throws what `work` throws; the browser's errors when there is no lock to be had */
export async function underWebLock<R>(options: WebLockOptions, work: () => Promise<R>): Promise<R> {
  const { name, platform } = options;
  const waiting = new AbortController();
  let result: Promise<R> | undefined;
  const begin = (): Promise<unknown> => {
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

/** Takes the lock from a holder that shows no sign of life, again and again until it works or `signal` aborts. */
async function stealWhenSilent(
  options: WebLockOptions,
  begin: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const { platform, news } = options;
  let silentPauses = 0;
  const close = news.listen('beat', () => (silentPauses = -1)); // the pause that has begun does not count
  try {
    while (!signal.aborted) {
      await platform.clock.sleep(PAUSE_MS, signal);
      silentPauses += 1;
      if (silentPauses < SILENT_PAUSES) continue;
      silentPauses = 0;
      await steal(options, begin, signal);
    }
  } finally {
    close();
  }
}

/**
 * The turn to replace a holder is a lock of its own, named after it and kept while its successor works: of several that wait,
 * one steals, and the others find another holder when they look again.
 */
async function steal(
  { name, platform }: WebLockOptions,
  begin: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const { locks } = platform;
  const holder = await holderOf(locks, name);
  if (holder === undefined) return;
  await locks.request(`${name} after ${holder}`, { ifAvailable: true }, async (turn) => {
    const isDue = turn !== null && !signal.aborted && (await holderOf(locks, name)) === holder;
    if (isDue) await locks.request(name, { steal: true }, begin);
  });
}

async function holderOf(locks: LockManager, name: string): Promise<string | undefined> {
  const { held } = await locks.query();
  return held?.find((lock) => lock.name === name)?.clientId;
}
