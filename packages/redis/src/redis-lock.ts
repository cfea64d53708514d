// One at a time, over any number of machines. The lock is a lease with a random owner: only its owner renews it and gives it
// back, and when a holder dies it ends by itself. A holder that slept through its lease may overlap with the next one: that
// is what the generation of the saved token is for, not the lock.
import { randomBytes } from 'node:crypto';
import { AuthenticationError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import type { Clock } from '@axios-authorizer/core';
import { unusableAnswer } from './commands.js';
import type { Commands } from './commands.js';
import { failingElsewhere, OthersTries } from './others-tries.js';
import { ACQUIRE, RELEASE } from './scripts.js';
import { FAILED } from './wake-up.js';
import type { WakeUp } from './wake-up.js';

const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 500;
/** Of many who wait, all together look as often as this: those who are not woken need not look themselves. */
const LOOK_OF_CROWD_MS = 1;
/** As many as a fleet gives back a lease in that time. */
const MOST_NEWS = 64;
/** Renewed three times within its life: two renewals may get lost. */
const RENEWALS_PER_LEASE = 3;

export interface RedisLockOptions {
  readonly clock: Clock;
  readonly key: string;
  readonly channel: string;
  readonly leaseMs: number;
  readonly waitMs: number;
}

export class RedisLock {
  readonly #commands: Commands;
  readonly #wakeUp: WakeUp;
  readonly #options: RedisLockOptions;
  #last: Promise<unknown> = Promise.resolve();
  /** Of this process, those whose work has not begun. */
  readonly #waiting = new Set<AbortController>();
  readonly #tries: OthersTries;

  constructor(commands: Commands, wakeUp: WakeUp, options: RedisLockOptions) {
    this.#commands = commands;
    this.#wakeUp = wakeUp;
    this.#options = options;
    this.#tries = new OthersTries(options.clock);
  }

  /**
   * Those of one process take turns among themselves: one of them asks Redis.
   * @param left aborts when it need not be asked for any more
   */
  async exclusive<R>(work: () => Promise<R>, left?: AbortSignal): Promise<R> {
    const waiting = new AbortController();
    const leave = (): void => waiting.abort(left?.reason);
    left?.addEventListener('abort', leave, { once: true });
    if (left?.aborted) leave();
    this.#waiting.add(waiting);
    const turn = this.#last
      .then(() => this.#held(work, waiting))
      .finally(() => {
        this.#waiting.delete(waiting);
        left?.removeEventListener('abort', leave);
      });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #held<R>(work: () => Promise<R>, waiting: AbortController): Promise<R> {
    const owner = randomBytes(16).toString('base64url');
    waiting.signal.throwIfAborted();
    await this.#acquire(owner, waiting.signal);
    this.#waiting.delete(waiting);
    const done = new AbortController();
    void this.#renew(owner, done.signal);
    let outcome = '';
    try {
      return await work();
    } catch (error) {
      if (recordOf(error)['transient'] === true) outcome = FAILED;
      throw error;
    } finally {
      done.abort();
      await this.#release(owner, outcome).catch(() => undefined); // it ends by itself
      if (outcome === FAILED) this.#failed();
    }
  }

  /** The work of a holder has failed, and may succeed a little later; in an outage nobody waits for a turn of their own. */
  #failed(): void {
    if (this.#waiting.size === 0 || !this.#tries.failed()) return;
    for (const waiting of this.#waiting) waiting.abort(failingElsewhere());
  }

  async #acquire(owner: string, left: AbortSignal): Promise<void> {
    let known = this.#wakeUp.news;
    let heldMs = await this.#ask(owner);
    if (heldMs === 0) return;
    const gone = new Promise<void>((resolve) => left.addEventListener('abort', () => resolve(), { once: true }));
    this.#wakeUp.enter(() => this.#failed());
    try {
      const looks = new Looks(this.#options.waitMs);
      while (heldMs > 0) {
        if (looks.isOver) throw busy();
        await Promise.race([this.#pause(looks, heldMs, known), gone]);
        left.throwIfAborted();
        known = this.#wakeUp.news;
        heldMs = await this.#ask(owner);
      }
    } finally {
      this.#wakeUp.leave();
    }
  }

  /** Until there is news, or it is time to look again. */
  async #pause(looks: Looks, heldMs: number, known: number): Promise<void> {
    const { clock } = this.#options;
    const begunAt = clock.now();
    const ms = looks.pauseMs(heldMs, this.#wakeUp.crowd);
    const isWoken = looks.hearsNews && (await this.#wakeUp.wait(clock, ms, known));
    if (!looks.hearsNews) await clock.sleep(ms);
    looks.paused(isWoken ? Math.min(Math.max(clock.now() - begunAt, 0), ms) : ms, isWoken);
  }

  /** 0 when the lock is ours, else for how long it is another's; a lock that comes too late is given back. */
  async #ask(owner: string): Promise<number> {
    const { key, leaseMs } = this.#options;
    const late = (): void => void this.#release(owner).catch(() => undefined);
    const heldMs = Number((await this.#commands.run(ACQUIRE, { key, args: [owner, `${leaseMs}`], late })) ?? NaN);
    if (Number.isNaN(heldMs)) throw unusableAnswer();
    return heldMs;
  }

  /** Ends with the work, or when another has the lock; an outage of Redis does not end it. */
  async #renew(owner: string, signal: AbortSignal): Promise<void> {
    const { clock, leaseMs } = this.#options;
    const pause = (): Promise<boolean> =>
      clock.sleep(leaseMs / RENEWALS_PER_LEASE, signal).then(
        () => true,
        () => false,
      );
    let heldMs = 0;
    while (heldMs === 0 && (await pause())) {
      heldMs = await this.#ask(owner).catch(() => 0);
      // A renewal that was on its way when the work ended may have taken the lock anew.
      if (signal.aborted) await this.#release(owner).catch(() => undefined);
    }
  }

  async #release(owner: string, outcome = ''): Promise<void> {
    const { key, channel } = this.#options;
    await this.#commands.run(RELEASE, { key, args: [owner, channel, outcome] });
  }
}

/**
 * When to look again while another has the lock: soon at first, then less often, and at once when there is news; but anybody may
 * publish on a channel, so that of much news between two looks the rest is not heard.
 */
class Looks {
  #leftMs: number;
  #nextMs = FIRST_LOOK_MS;
  #news = 0;

  constructor(waitMs: number) {
    this.#leftMs = waitMs;
  }

  get isOver(): boolean {
    return this.#leftMs <= 0;
  }

  get hearsNews(): boolean {
    return this.#news < MOST_NEWS;
  }

  /** For how long to pause when the lock is another's for `heldMs`, and so many wait for it. */
  pauseMs(heldMs: number, crowd: number): number {
    const nextMs = Math.max(this.#nextMs, crowd * LOOK_OF_CROWD_MS || 0);
    return Math.min(heldMs, jittered(nextMs), this.#leftMs);
  }

  /** @param ms counted as it was meant: clocks are set, and machines sleep */
  paused(ms: number, isWoken: boolean): void {
    this.#leftMs -= ms;
    this.#news = isWoken ? this.#news + 1 : 0;
    this.#nextMs = Math.min(this.#nextMs * 2, LONGEST_LOOK_MS);
  }
}

/** Between half and all of it, so that those who wait do not look at the same moment. */
function jittered(ms: number): number {
  return ms * (0.5 + Math.random() / 2);
}

function busy(): AuthenticationError {
  return new AuthenticationError('Another process has held the lease for longer than waitMs', {
    code: 'lease_unavailable',
    kind: 'unavailable',
    transient: true,
  });
}
