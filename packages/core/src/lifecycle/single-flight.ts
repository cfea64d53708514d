// One refresh at a time, shared by all who wait for it; at most one more queued behind it (C2), each with a limit (C4).
import type { AuthChallenge } from '../token/challenge.js';
import type { Clock } from '../internal/clock.js';
import { loggedOut, timedOut } from '../token/errors/lifecycle-errors.js';
import type { RefreshReason } from '../token/observer.js';

export interface RefreshPlan {
  readonly reason: RefreshReason;
  readonly challenge?: AuthChallenge | undefined;
  readonly maxRetries?: number | undefined;
}

export interface RefreshTask extends RefreshPlan {
  readonly id: number;
  /** Aborts after the limit, or when it is discarded. */
  readonly signal: AbortSignal;
}

export interface InFlight<R> {
  readonly id: number;
  readonly promise: Promise<R>;
}

export class SingleFlight<R> {
  #current: (InFlight<R> & { readonly controller: AbortController }) | undefined;
  #queued: InFlight<R> | undefined;
  #ids = 0;
  #discards = 0;
  readonly #work: (task: RefreshTask) => Promise<R>;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor(work: (task: RefreshTask) => Promise<R>, limit: { readonly clock: Clock; readonly timeoutMs: number }) {
    this.#work = work;
    this.#clock = limit.clock;
    this.#timeoutMs = limit.timeoutMs;
  }

  get current(): InFlight<R> | undefined {
    return this.#current;
  }

  /** Whether anything is under way or queued. */
  get isBusy(): boolean {
    return (this.#current ?? this.#queued) !== undefined;
  }

  start(plan: RefreshPlan): InFlight<R> {
    const controller = new AbortController();
    const id = ++this.#ids;
    const promise = Promise.resolve().then(() => this.#run({ ...plan, id, signal: controller.signal }, controller));
    promise.catch(ignore);
    this.#current = { id, promise, controller };
    return this.#current;
  }

  /** A refresh that begins after this call: now, or when the one under way has ended. */
  startAfter(plan: RefreshPlan): InFlight<R> {
    if (this.#current === undefined) return this.start(plan);
    this.#queued ??= this.#queueBehind(this.#current.promise, plan);
    return this.#queued;
  }

  /** Aborts what is under way or queued, and waits until it is gone. */
  async discard(): Promise<void> {
    this.#discards++;
    this.#queued = undefined;
    const refresh = this.#current;
    this.#current = undefined; // who asks from now on has nothing to do with it
    refresh?.controller.abort(loggedOut());
    await refresh?.promise.catch(ignore);
  }

  #queueBehind(ahead: Promise<R>, plan: RefreshPlan): InFlight<R> {
    const discards = this.#discards;
    const promise = ahead.then(ignore, ignore).then(() => {
      if (discards !== this.#discards) throw loggedOut();
      this.#queued = undefined;
      return (this.#current ?? this.start(plan)).promise;
    });
    promise.catch(ignore);
    return { id: this.#ids + 1, promise };
  }

  async #run(task: RefreshTask, controller: AbortController): Promise<R> {
    const done = new AbortController();
    try {
      const late = this.#clock.sleep(this.#timeoutMs, done.signal);
      late.then(() => controller.abort(timedOut(this.#timeoutMs)), ignore);
      return await this.#work(task);
    } finally {
      done.abort();
      if (this.#current?.controller === controller) this.#current = undefined;
    }
  }
}

function ignore(): void {
  // a failure is told to those who wait for it
}
