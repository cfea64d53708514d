// One at a time, over any number of machines. The lock is a lease with a random owner: only its owner renews it and gives it
// back, and when a holder dies it ends by itself. A holder that slept through its lease may overlap with the next one: that
// is what the generation of the saved token is for, not the lock.
import { randomBytes } from 'node:crypto';
import { AuthenticationError } from '@axios-authorizer/core';
import type { Clock } from '@axios-authorizer/core';
import type { Commands } from './commands.js';
import { ACQUIRE, RELEASE } from './scripts.js';
import type { WakeUp } from './wake-up.js';

const FIRST_LOOK_MS = 50;
const LONGEST_LOOK_MS = 500;
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

  constructor(commands: Commands, wakeUp: WakeUp, options: RedisLockOptions) {
    this.#commands = commands;
    this.#wakeUp = wakeUp;
    this.#options = options;
  }

  /** Those of one process take turns among themselves: one of them asks Redis. */
  async exclusive<R>(work: () => Promise<R>): Promise<R> {
    const endsAt = this.#options.clock.now() + this.#options.waitMs;
    const turn = this.#last.then(() => this.#held(work, endsAt));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #held<R>(work: () => Promise<R>, endsAt: number): Promise<R> {
    const owner = randomBytes(16).toString('base64url');
    await this.#acquire(owner, endsAt);
    const done = new AbortController();
    void this.#renew(owner, done.signal);
    try {
      return await work();
    } finally {
      done.abort();
      await this.#release(owner).catch(() => undefined); // it ends by itself
    }
  }

  async #acquire(owner: string, endsAt: number): Promise<void> {
    let known = this.#wakeUp.news;
    let heldMs = await this.#ask(owner);
    if (heldMs === 0) return;
    this.#wakeUp.enter();
    try {
      for (let lookMs = FIRST_LOOK_MS; heldMs > 0; lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS)) {
        const leftMs = endsAt - this.#options.clock.now();
        if (leftMs <= 0) throw busy();
        await this.#wakeUp.wait(this.#options.clock, Math.min(heldMs, jittered(lookMs), leftMs), known);
        known = this.#wakeUp.news;
        heldMs = await this.#ask(owner);
      }
    } finally {
      this.#wakeUp.leave();
    }
  }

  /** 0 when the lock is ours, else for how long it is another's; a lock that comes too late is given back. */
  async #ask(owner: string): Promise<number> {
    const { key, leaseMs } = this.#options;
    const late = (): void => void this.#release(owner).catch(() => undefined);
    return Number(await this.#commands.run(ACQUIRE, { key, args: [owner, `${leaseMs}`], late }));
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

  async #release(owner: string): Promise<void> {
    const { key, channel } = this.#options;
    await this.#commands.run(RELEASE, { key, args: [owner, channel] });
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
