// One refresh at a time, shared by all who wait for it; at most one more queued behind it (C2), each with a limit (C4).
import type { ApiRoute } from './backoff/useless-refreshes.js';
import type { Session } from './session.js';
import type { AuthChallenge } from '../token/challenge.js';
import type { Clock } from '../internal/clock.js';
import { loggedOut, timedOut } from '../token/errors/lifecycle-errors.js';
import type { RefreshReason } from '../token/observer.js';
import type { Interactive } from '../token/source.js';
import type { Token } from '../token/token.js';

/** What a caller asks for when it needs a token. */
export interface TokenDemand<T extends Token> {
  readonly force?: boolean | undefined;
  readonly rejected?: T | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly challenge?: AuthChallenge | undefined;
  /** What rejected `rejected`. */
  readonly route?: ApiRoute | undefined;
  /** The session that it must be answered in, if not the current one (C17). */
  readonly session?: Session | undefined;
  readonly maxRetries?: number | undefined;
}

/** Why and how a token is refreshed: made where a refresh begins, and given to all who work on it. */
export interface RefreshRequest {
  readonly id: number;
  readonly reason: RefreshReason;
  /** Aborts after the limit, or when it is discarded. */
  readonly signal: AbortSignal;
  /** How long it may take, in ms. */
  readonly limitMs: () => number;
  /** Gives it more time, since a person takes part in it (C25). */
  readonly extend: (ms: number) => void;
  /** Of the 401 that led to it. */
  readonly challenge?: AuthChallenge | undefined;
  /** Default: the authorizer's. */
  readonly maxRetries?: number | undefined;
}

type Plan = Pick<RefreshRequest, 'reason' | 'challenge' | 'maxRetries'>;

export interface InFlight<R> {
  readonly id: number;
  readonly reason: RefreshReason;
  readonly promise: Promise<R>;
}

export class SingleFlight<R> {
  #current: (InFlight<R> & { readonly controller: AbortController }) | undefined;
  #queued: InFlight<R> | undefined;
  #ids = 0;
  #discards = 0;
  readonly #work: (request: RefreshRequest) => Promise<R>;
  readonly #clock: Clock;
  readonly #timeoutMs: number;

  constructor(
    work: (request: RefreshRequest) => Promise<R>,
    limit: { readonly clock: Clock; readonly timeoutMs: number },
  ) {
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

  start(plan: Plan): InFlight<R> {
    const controller = new AbortController();
    const id = ++this.#ids;
    const promise = Promise.resolve().then(() => this.#run({ ...plan, id }, controller));
    promise.catch(ignore);
    this.#current = { id, reason: plan.reason, promise, controller };
    return this.#current;
  }

  /**
   * A refresh that begins after this call: now, or when the one under way has ended. Where a person takes part, the one under way
   * will do, if it may come to a sign-in: nobody is asked for a second one (C25).
   */
  startAfter(plan: Plan, interactive?: Interactive): InFlight<R> {
    if (this.#current === undefined) return this.start(plan);
    const maySignIn = this.#current.reason === 'forced' || interactive?.startOnRequest === true;
    if (interactive && maySignIn) return this.#current;
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

  #queueBehind(ahead: Promise<R>, plan: Plan): InFlight<R> {
    const discards = this.#discards;
    const promise = ahead.then(ignore, ignore).then(() => {
      if (discards !== this.#discards) throw loggedOut();
      this.#queued = undefined;
      return (this.#current ?? this.start(plan)).promise;
    });
    promise.catch(ignore);
    return { id: this.#ids + 1, reason: plan.reason, promise };
  }

  async #run(plan: Plan & Pick<RefreshRequest, 'id'>, controller: AbortController): Promise<R> {
    const done = new AbortController();
    let limitMs = this.#timeoutMs;
    const extend = (ms: number): void => void (limitMs += ms);
    const request = { ...plan, signal: controller.signal, limitMs: () => limitMs, extend };
    // it is slept, not read off the clock, which may jump while a person is waited for
    const over = (sleptMs: number): Promise<void> => {
      const untilMs = limitMs;
      return this.#clock
        .sleep(untilMs - sleptMs, done.signal)
        .then(() => (limitMs > untilMs ? over(untilMs) : controller.abort(timedOut(limitMs))));
    };
    try {
      over(0).catch(ignore);
      return await this.#work(request);
    } finally {
      done.abort();
      if (this.#current?.controller === controller) this.#current = undefined;
    }
  }
}

function ignore(): void {
  // a failure is told to those who wait for it
}
