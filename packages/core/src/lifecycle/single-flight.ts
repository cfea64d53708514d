// One replacement at a time, shared by all who wait for it; at most one more queued behind it (C2), each with a limit (C4).
import type { AuthChallenge } from '../token/challenge.js';
import type { Clock } from '../internal/clock.js';
import { loggedOut, timedOut } from '../token/errors/lifecycle-errors.js';
import type { ReplacementReason } from '../token/observer.js';

export interface FlightPlan {
  readonly reason: ReplacementReason;
  readonly challenge?: AuthChallenge | undefined;
  readonly maxRetries?: number | undefined;
}

export interface FlightTask extends FlightPlan {
  readonly id: number;
  /** Aborts after the limit, or when the flight is discarded. */
  readonly signal: AbortSignal;
}

export interface Flight<R> {
  readonly id: number;
  readonly promise: Promise<R>;
}

export class SingleFlight<R> {
  #current: (Flight<R> & { readonly controller: AbortController }) | undefined;
  #queued: Flight<R> | undefined;
  #ids = 0;
  #discards = 0;
  readonly #work: (task: FlightTask) => Promise<R>;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor(work: (task: FlightTask) => Promise<R>, limit: { readonly clock: Clock; readonly timeoutMs: number }) {
    this.#work = work;
    this.#clock = limit.clock;
    this.#timeoutMs = limit.timeoutMs;
  }

  get current(): Flight<R> | undefined {
    return this.#current;
  }

  start(plan: FlightPlan): Flight<R> {
    const controller = new AbortController();
    const id = ++this.#ids;
    const promise = Promise.resolve().then(() => this.#fly({ ...plan, id, signal: controller.signal }, controller));
    promise.catch(ignore);
    this.#current = { id, promise, controller };
    return this.#current;
  }

  /** A flight that begins after this call: now, or when the one in the air has landed. */
  startAfter(plan: FlightPlan): Flight<R> {
    if (this.#current === undefined) return this.start(plan);
    this.#queued ??= this.#queueBehind(this.#current.promise, plan);
    return this.#queued;
  }

  /** Aborts what is in the air or queued, and waits until it is gone. */
  async discard(): Promise<void> {
    this.#discards++;
    this.#queued = undefined;
    const flight = this.#current;
    this.#current = undefined; // who asks from now on has nothing to do with it
    flight?.controller.abort(loggedOut());
    await flight?.promise.catch(ignore);
  }

  #queueBehind(ahead: Promise<R>, plan: FlightPlan): Flight<R> {
    const discards = this.#discards;
    const promise = ahead.then(ignore, ignore).then(() => {
      if (discards !== this.#discards) throw loggedOut();
      this.#queued = undefined;
      return (this.#current ?? this.start(plan)).promise;
    });
    promise.catch(ignore);
    return { id: this.#ids + 1, promise };
  }

  async #fly(task: FlightTask, controller: AbortController): Promise<R> {
    const landed = new AbortController();
    try {
      const late = this.#clock.sleep(this.#timeoutMs, landed.signal);
      late.then(() => controller.abort(timedOut(this.#timeoutMs)), ignore);
      return await this.#work(task);
    } finally {
      landed.abort();
      if (this.#current?.controller === controller) this.#current = undefined;
    }
  }
}

function ignore(): void {
  // a failure is told to those who wait for it
}
