// Keeps one token good: knows its age, begins a replacement when it is time, lets any number of callers share it, and
// rests after failures. It is the engine inside an Authorizer; the authorised transport speaks to it directly.
import { CanceledError } from 'axios';
import { Acquisition } from './acquisition.js';
import type { Acquired } from './acquisition.js';
import type { ResolvedOptions } from './authorizer-options.js';
import type { AuthChallenge } from './challenge.js';
import { abortable, keepingAlive } from './clock.js';
import { CoolDown, REFUSALS } from './cool-down.js';
import { AuthenticationError, forCaller, isAuthenticationError } from './errors.js';
import type { ReplacementReason } from './observer.js';
import { asAuthenticationError } from './retry-policy.js';
import { StoreAccess } from './store-access.js';
import { ageAt, deadlinesOf } from './token-age.js';
import type { Age } from './token-age.js';
import type { Token } from './token.js';
import type { AnySource, TokenRequest } from './token-source.js';

export interface TokenDemand<T extends Token> {
  readonly force?: boolean | undefined;
  readonly rejected?: T | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly challenge?: AuthChallenge | undefined;
  readonly maxRetries?: number | undefined;
}

/** A replacement under way. */
interface Flight<T> {
  readonly id: number;
  readonly promise: Promise<T>;
  readonly controller: AbortController;
}

/** What is held of a token. */
interface Holding<T> extends Acquired<T> {
  /** A server refused it, so it is not handed out any more. */
  readonly refused: boolean;
  /** It was fetched because its predecessor was refused. */
  readonly afterRefusal: boolean;
}

export class Lifecycle<T extends Token> {
  readonly #source: AnySource<T>;
  readonly #options: ResolvedOptions<T>;
  #holding: Holding<T> | undefined;
  /** What renews the session when no token is held: the token of `initialToken: { refreshToken }`. */
  #seed: T | undefined;
  #flight: Flight<T> | undefined;
  #queued: Promise<T> | undefined;
  #ids = 0;
  #tookMs = 0;
  readonly #failures = new CoolDown<AuthenticationError>();
  readonly #refusals = new CoolDown<AuthenticationError>(REFUSALS);

  constructor(source: AnySource<T>, options: ResolvedOptions<T>) {
    this.#source = source;
    this.#options = options;
    this.#begin(options.initialToken);
  }

  #begin(initial: T | { readonly refreshToken: string } | undefined): void {
    if (initial === undefined) return;
    if (!('accessToken' in initial)) this.#seed = { accessToken: '', ...initial } as T;
    else this.#hold({ token: initial, adopted: true, deadlines: this.#deadlinesOf(initial) }, false);
  }

  get token(): T | undefined {
    return this.#holding?.token;
  }

  /** Whether the held token may be sent now. */
  get authenticated(): boolean {
    return this.#usable(this.#now());
  }

  /** A token that needs no waiting, or undefined; begins a background replacement of a stale one (C1). */
  ready(): T | undefined {
    const holding = this.#holding;
    if (holding === undefined || holding.refused) return undefined;
    const now = this.#now();
    const age = this.#age(holding, now);
    if (age === 'fresh') return holding.token;
    if (age === 'stale') {
      if (this.#flight === undefined && !this.#failures.resting(now)) this.#start('stale');
      return holding.token;
    }
    const awaited = this.#flight !== undefined || this.#failures.resting(now)?.failure.kind === 'unavailable';
    return awaited && age === 'expired' ? holding.token : undefined;
  }

  /** The token that answers `demand`. @throws an error of the caller's own, whose cause is shared */
  async get(demand: TokenDemand<T> = {}): Promise<T> {
    if (demand.signal?.aborted) throw canceled(demand.signal);
    const { force, rejected } = demand;
    const superseded = rejected !== undefined && !this.isCurrent(rejected);
    if (!force || superseded) {
      const token = rejected === undefined || superseded ? this.ready() : undefined;
      if (token) return token;
    }
    const bare = force === true && rejected === undefined;
    return this.#waitFor(bare ? this.#forced(demand) : this.#joined(demand), demand);
  }

  /** Whether a refusal of `token` may cost a replacement now (C7). */
  mayRenew(token: T): boolean {
    return !this.isCurrent(token) || this.#flight !== undefined || !this.#refusals.resting(this.#now());
  }

  isCurrent(token: T): boolean {
    return this.#holding?.token.accessToken === token.accessToken;
  }

  /** The server took `token`: refusals are over (C7). */
  accepted(): void {
    if (this.#refusals.active) this.#refusals.end();
  }

  /** `token` was refused although it was fetched because of a refusal: forced replacements rest (C7). */
  refusedAgain(token: T): void {
    if (!this.isCurrent(token) || this.#holding?.afterRefusal !== true) return;
    if (!this.#refusals.resting(this.#now())) this.#refusals.start(refusedAgain(), this.#now());
  }

  async logout(): Promise<void> {
    const token = this.#holding?.token ?? this.#seed;
    this.#holding = this.#seed = undefined;
    this.#failures.end();
    this.#refusals.end();
    const flight = this.#flight;
    flight?.controller.abort(loggedOut());
    await flight?.promise.catch(() => undefined);
    this.#holding = undefined;
    await new StoreAccess(this.#options).clear();
    if (token) await this.#revoke(token);
  }

  /** One replacement for all who ask; a refusal marks the held token first (C2, C3). */
  #joined({ rejected, challenge, maxRetries }: TokenDemand<T>): Flight<T> {
    const refused = rejected !== undefined && this.isCurrent(rejected);
    if (this.#flight === undefined) this.#assertRested(refused);
    if (refused && this.#holding) this.#holding = { ...this.#holding, refused: true };
    return this.#flight ?? this.#start(this.#reason(refused), challenge, maxRetries);
  }

  /** A replacement begun after the call: now, or behind the one in flight (C2). */
  #forced({ maxRetries }: TokenDemand<T>): Pick<Flight<T>, 'id' | 'promise'> {
    const { promise: ahead } = this.#flight ?? {};
    if (ahead === undefined) return this.#start('forced', undefined, maxRetries);
    this.#queued ??= ahead.then(ignore, ignore).then(() => {
      this.#queued = undefined;
      return (this.#flight ?? this.#start('forced', undefined, maxRetries)).promise;
    });
    this.#queued.catch(ignore);
    return { id: this.#ids + 1, promise: this.#queued };
  }

  #reason(refused: boolean): ReplacementReason {
    if (refused || this.#holding?.refused) return 'refused';
    return this.#holding === undefined ? 'missing' : 'expired';
  }

  #start(reason: ReplacementReason, challenge?: AuthChallenge, maxRetries = this.#options.maxRetries): Flight<T> {
    const controller = new AbortController();
    const id = ++this.#ids;
    const promise = Promise.resolve().then(() => this.#replace({ id, reason, challenge, maxRetries, controller }));
    promise.catch(ignore);
    this.#flight = { id, promise, controller };
    return this.#flight;
  }

  async #replace(task: {
    readonly id: number;
    readonly reason: ReplacementReason;
    readonly challenge: AuthChallenge | undefined;
    readonly maxRetries: number;
    readonly controller: AbortController;
  }): Promise<T> {
    const { id, reason, controller } = task;
    const { clock, timeoutMs, observer } = this.#options;
    const at = clock.now();
    observer?.({ type: 'acquiring', id, at, reason });
    const over = new AbortController();
    clock.sleep(timeoutMs, over.signal).then(() => controller.abort(timedOut(timeoutMs)), ignore);
    try {
      const acquired = await this.#acquisition(task).run();
      controller.signal.throwIfAborted();
      this.#tookMs = acquired.adopted ? this.#tookMs : clock.now() - at;
      this.#hold(acquired, reason === 'refused');
      this.#failures.end();
      observer?.({ type: 'acquired', id, at, reason, durationMs: clock.now() - at, ...outcomeOf(acquired) });
      return acquired.token;
    } catch (error) {
      const failure = asAuthenticationError(error);
      this.#rest(failure);
      const { code, kind } = failure;
      observer?.({ type: 'failed', id, at, reason, durationMs: clock.now() - at, code, kind });
      throw failure;
    } finally {
      over.abort();
      this.#flight = undefined;
    }
  }

  #acquisition(task: {
    readonly reason: ReplacementReason;
    readonly challenge: AuthChallenge | undefined;
    readonly maxRetries: number;
    readonly controller: AbortController;
  }): Acquisition<T> {
    return new Acquisition<T>({
      ...task,
      source: this.#source,
      options: this.#options,
      signal: task.controller.signal,
      held: this.#holding?.token ?? this.#seed,
      usable: this.#usable(this.#now()) && task.reason !== 'forced',
      tookMs: this.#tookMs,
      onDropped: (token) => this.#dropRefreshToken(token),
    });
  }

  async #waitFor(flight: Pick<Flight<T>, 'id' | 'promise'>, { force, rejected, signal }: TokenDemand<T>): Promise<T> {
    const { clock, observer } = this.#options;
    const at = clock.now();
    try {
      return await keepingAlive(abortable(flight.promise, signal));
    } catch (error) {
      if (signal?.aborted) throw canceled(signal);
      const kept = force || rejected ? undefined : this.#keptThrough(error);
      if (kept) return kept;
      throw forCaller(error);
    } finally {
      observer?.({ type: 'waited', id: flight.id, at, durationMs: clock.now() - at });
    }
  }

  /** The held token, when it outlives a transient failure of its replacement (C1). */
  #keptThrough(error: unknown): T | undefined {
    const transient = isAuthenticationError(error) && error.kind === 'unavailable';
    return transient && this.#usable(this.#now()) ? this.#holding?.token : undefined;
  }

  #usable(now: number): boolean {
    const holding = this.#holding;
    return holding !== undefined && !holding.refused && now < holding.deadlines.endsAt;
  }

  #age(holding: Holding<T>, now: number): Age {
    const age = ageAt(holding.deadlines, now);
    if (this.#source.expired === undefined || age === 'ended') return age;
    if (!this.#source.expired(holding.token, new Date(now))) return age === 'expired' ? 'stale' : age;
    return holding.deadlines.endsAt === Infinity ? 'ended' : 'expired';
  }

  #hold(acquired: Acquired<T>, afterRefusal: boolean): void {
    this.#holding = { ...acquired, refused: false, afterRefusal };
    this.#seed = undefined;
  }

  #dropRefreshToken(token: T): void {
    this.#seed = undefined;
    if (this.#holding && this.isCurrent(token)) this.#holding = { ...this.#holding, token };
  }

  #deadlinesOf(token: T): Acquired<T>['deadlines'] {
    return deadlinesOf(token, this.#options, token.issuedAt?.getTime() ?? this.#now(), 0);
  }

  /** @throws the failure that is being rested from, for automatic calls (C5, C7) */
  #assertRested(refused: boolean): void {
    const resting = this.#failures.resting(this.#now()) ?? (refused ? this.#refusals.resting(this.#now()) : undefined);
    if (resting) throw coolingDown(resting.failure, resting.leftMs);
  }

  #rest(failure: AuthenticationError): void {
    if (failure.code === 'timeout' || failure.code === 'logged_out') return; // C4: the next call starts afresh
    this.#failures.start(failure, this.#now());
  }

  async #revoke(token: T): Promise<void> {
    const { clock, timeoutMs, observer } = this.#options;
    const limit = new AbortController();
    const over = new AbortController();
    clock.sleep(timeoutMs, over.signal).then(() => limit.abort(timedOut(timeoutMs)), ignore);
    const request: TokenRequest = { signal: limit.signal, reason: 'forced' };
    try {
      await abortable(Promise.resolve(this.#source.revoke?.(token, request)), limit.signal);
    } catch (error) {
      const message = `The token was forgotten here, but not revoked: ${asAuthenticationError(error).message}`;
      observer?.({ type: 'notice', at: clock.now(), message });
    } finally {
      over.abort();
    }
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function outcomeOf({ token, adopted }: Acquired<Token>): {
  readonly adopted: boolean;
  readonly expiresAt?: Date;
  readonly scope?: string;
} {
  const { expiresAt, scope } = token;
  return { adopted, ...(expiresAt && { expiresAt }), ...(scope !== undefined && { scope }) };
}

function coolingDown(failure: AuthenticationError, leftMs: number): AuthenticationError {
  const seconds = Math.ceil(leftMs / 1000);
  return new AuthenticationError(
    `Resting ${seconds} s more after: ${failure.message}. getToken({ force: true }) tries at once`,
    {
      code: failure.code === 'refused_again' ? 'refused_again' : 'cooling_down',
      kind: failure.kind,
      transient: failure.transient,
      retryAfterMs: leftMs,
      cause: failure,
    },
  );
}

function refusedAgain(): AuthenticationError {
  return new AuthenticationError('A token that was fetched because of a refusal was refused as well', {
    code: 'refused_again',
    kind: 'unavailable',
  });
}

function timedOut(timeoutMs: number): AuthenticationError {
  return new AuthenticationError(
    `No token within ${timeoutMs} ms. If the source itself calls through an attached client, give that request authorizer: false`,
    { code: 'timeout', kind: 'unavailable', transient: true },
  );
}

function loggedOut(): AuthenticationError {
  return new AuthenticationError('Logged out while a token was being fetched', { code: 'logged_out', kind: 'session' });
}

/** Axios's own words for a caller that leaves. */
function canceled(signal: AbortSignal): unknown {
  const { reason } = signal as { readonly reason: unknown };
  const isAxios = typeof reason === 'object' && reason !== null && 'isAxiosError' in reason;
  return isAxios ? reason : new CanceledError();
}

function ignore(): void {
  // the failure is told to those who wait for it
}
