// One refresh of a token, from the store's lease to the saved answer: load, adopt or refresh or authorize, check, save,
// report. Tries are repeated here; who waits for the outcome, and how often this may begin, is the lifecycle's.
import { abortable } from '../internal/clock.js';
import { RetryPolicy } from './backoff/retry-policy.js';
import { newToken, shown } from './new-token.js';
import { report } from './report.js';
import type { Session } from './session.js';
import type { RefreshRequest } from './single-flight.js';
import { BY_PERSON, SourceAccess } from './source-access.js';
import { asAuthenticationError, isExpiredBy } from './source-failure.js';
import { isSignedOut } from './store/store-access.js';
import type { StoreAccess } from './store/store-access.js';
import type { Acquired } from './acquired.js';
import type { TokenManager } from './token-manager.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { isTimeout, leaseUnavailable, loggedOut, timedOut } from '../token/errors/lifecycle-errors.js';
import type { Token } from '../token/token.js';
import { ageAt } from '../token/validity.js';

/** A token, or what stands for one that only a person brings. */
type Obtained<T extends Token> = Acquired<T> | typeof BY_PERSON;

const LEASE = 'the lease of the token store';

export class Acquisition<T extends Token> {
  readonly #request: RefreshRequest;
  readonly #tokens: TokenManager<T>;
  readonly #source: SourceAccess<T>;
  /** In which it began, and what it was to refresh then. */
  readonly #session: Session | undefined;
  readonly #begunWith: T | undefined;
  readonly #begunAt: number;
  #current: T | undefined;
  #afterSignOut: boolean;
  #isByPerson = false; // whether a person takes part in it, or did
  #arrived: T | undefined;
  /** What the store is expected to hold, so that a newer token of another is noticed when ours is saved. */
  #stands: T | undefined;
  /** What has not answered yet, for the error that says so. */
  #step = '';

  constructor(request: RefreshRequest, tokens: TokenManager<T>) {
    this.#request = request;
    this.#tokens = tokens;
    this.#session = tokens.session;
    this.#begunAt = tokens.options.clock.now();
    this.#begunWith = this.#current = tokens.renewable;
    this.#afterSignOut = tokens.signedOut;
    this.#source = new SourceAccess(request, tokens, (left) => {
      this.#current = left;
      if (left.accessToken) this.#stands = left;
    });
  }

  /** The token, which is held from now on. @throws AuthenticationError, whatever was thrown below */
  async run(): Promise<T> {
    const { id, reason, signal } = this.#request;
    const { clock, observer } = this.#tokens.options;
    const begun = { id, at: this.#begunAt, reason };
    observer?.({ type: 'acquiring', ...begun });
    try {
      const { token, adopted } = await this.#acquire();
      if (!isTimeout(signal)) signal.throwIfAborted();
      const durationMs = clock.now() - this.#begunAt;
      if (!adopted && !this.#isByPerson) this.#tokens.tookMs = durationMs;
      observer?.({ type: 'acquired', ...begun, durationMs, adopted, ...shown(token) });
      return token;
    } catch (error) {
      const failure = asAuthenticationError(error);
      const { code, kind } = failure;
      observer?.({ type: 'failed', ...begun, durationMs: clock.now() - this.#begunAt, code, kind });
      this.#ended(failure);
      throw failure;
    } finally {
      if (this.#tokens.arrived === this.#arrived) this.#tokens.arrived = undefined; // else it is what the program has brought
    }
  }

  /** Whether the session has ended with it: by a sign-out elsewhere, or since only a person can go on; not by one's own (C18). */
  #ended(failure: AuthenticationError): void {
    const { signal } = this.#request;
    const isCurrent = this.#session === this.#tokens.session && (!signal.aborted || isTimeout(signal));
    if (isSignedOut(failure)) this.#tokens.end(this.#session, failure);
    else if (isCurrent) this.#tokens.failed(failure, this.#current !== undefined);
  }

  async #acquire(): Promise<Acquired<T>> {
    const { signal, maxRetries, limitMs } = this.#request;
    const { clock, maxRetries: byDefault } = this.#tokens.options;
    let retries: RetryPolicy | undefined;
    for (;;) {
      try {
        const acquired = await this.#tryOnce();
        if (acquired === BY_PERSON) return await this.#signIn();
        if (acquired.adopted) this.#settle(acquired);
        return acquired;
      } catch (error) {
        const failure = asAuthenticationError(error);
        if (signal.aborted) throw this.#late(failure);
        if (this.#isByPerson) throw failure; // nobody is asked twice
        retries ??= new RetryPolicy(maxRetries ?? byDefault);
        const delayMs = retries.delayAfter(failure, this.#source.refreshing);
        if (delayMs === undefined || clock.now() + delayMs >= this.#begunAt + limitMs()) throw failure;
        await clock.sleep(delayMs, signal);
      }
    }
  }

  /** The limit's error, saying what had not answered: of an endpoint the source itself can tell (C4). */
  #late(failure: AuthenticationError): unknown {
    const { signal } = this.#request;
    if (!isTimeout(signal)) return signal.reason;
    if (failure.code === 'timeout' && failure !== signal.reason) return failure;
    return timedOut(this.#request.limitMs(), this.#step || this.#source.asked);
  }

  /** What another process has saved is adopted without the lease: in a fleet all but one have nothing else to do. */
  async #tryOnce(): Promise<Obtained<T>> {
    const { reason, signal } = this.#request;
    const { store } = this.#tokens;
    signal.throwIfAborted();
    if (store === undefined) return this.#obtain(true);
    const peek = reason !== 'forced' && store.hasLease;
    const adopted = peek && this.#adoptable(await this.#load(() => store.load()));
    if (adopted) return adopted;
    this.#step = LEASE;
    return store.underLease<Obtained<T>>({
      signal,
      work: () => this.#obtain(true),
      peek: async () => {
        const found = await this.#load(() => store.loadOrThrow());
        this.#step = LEASE;
        return this.#adoptable(found);
      },
      otherwise: (cause) => this.#withoutLease(cause),
    });
  }

  async #obtain(leased: boolean): Promise<Obtained<T>> {
    const { store } = this.#tokens;
    const found = store && (await this.#load(() => store.load()));
    const adopted = found && this.#adoptable(found);
    if (adopted) return adopted;
    const base = found === undefined || this.#tokens.isOutdated(found) ? this.#current : found;
    this.#current = base;
    this.#stands = found ?? base;
    this.#step = '';
    const answer = await this.#source.obtain(base, leased);
    return answer === BY_PERSON ? answer : this.#accept(answer, base);
  }

  /** The person is waited for without the lease. What they bring begins a session, whatever the store holds (C25). */
  async #signIn(): Promise<Acquired<T>> {
    const { interactive } = this.#tokens.source;
    this.#isByPerson = this.#afterSignOut = true;
    this.#step = '';
    const answer = await this.#source.signIn(interactive?.timeoutMs ?? 0);
    return this.#accept(answer, undefined);
  }

  async #accept(answer: T | string, base: T | undefined): Promise<Acquired<T>> {
    const { signal } = this.#request;
    if (!isTimeout(signal)) signal.throwIfAborted();
    const acquired = this.#checked(answer, base);
    this.#tokens.arrived = this.#arrived = acquired.token; // a limit that runs out from now on ends only the waiting (C6)
    return this.#keep(acquired);
  }

  /** What the store holds. A sign-out by another ends the session, if there is one; else a new one begins. */
  async #load(load: () => Promise<T | undefined>): Promise<T | undefined> {
    this.#step = 'the token store (load)';
    try {
      return await abortable(load(), this.#request.signal);
    } catch (error) {
      const inSession = this.#session !== undefined;
      if (!isSignedOut(error) || (inSession && !this.#tokens.isUnsaved)) throw error;
      this.#afterSignOut = !inSession;
      return undefined;
    }
  }

  /** A rotating refresh token must not be replayed by two: without the lease it is not used (C6). */
  async #withoutLease(cause: unknown): Promise<Obtained<T>> {
    const isRotating = this.#current?.refreshToken !== undefined && this.#tokens.source.refresh !== undefined;
    const isUsable = this.#request.reason !== 'forced' && this.#tokens.authenticated; // still, after the wait for the store
    if (isRotating && isUsable) throw leaseUnavailable(cause);
    try {
      return await this.#obtain(false);
    } catch (error) {
      const failure = asAuthenticationError(error);
      throw isRotating && failure.kind === 'session' && !isSignedOut(failure) ? leaseUnavailable(cause) : failure;
    }
  }

  #adoptable(found: T | undefined): Acquired<T> | undefined {
    const { options, source } = this.#tokens;
    if (this.#request.reason === 'forced' || !found?.accessToken || found.accessToken === this.#current?.accessToken)
      return undefined;
    if (this.#tokens.isOutdated(found) || isExpiredBy(source, found, options.clock.now())) return undefined;
    const stored = this.#tokens.stored(found);
    const age = ageAt(stored.deadlines, options.clock.now());
    return age === 'fresh' || (age === 'stale' && this.#current === undefined) ? stored : undefined;
  }

  /** @throws AuthenticationError `expired_token`, ConfigurationError for a token that cannot be sent */
  #checked(answer: T | string, madeFrom: T | undefined): Acquired<T> {
    const tookMs = this.#isByPerson ? this.#tokens.tookMs : this.#tokens.options.clock.now() - this.#begunAt;
    const beginsSession = this.#afterSignOut;
    const sessionMark = beginsSession ? undefined : (madeFrom ?? this.#begunWith)?.sessionMark;
    const { sentAt } = this.#source;
    return newToken(this.#tokens, answer, { sentAt, tookMs, madeFrom, beginsSession, sessionMark });
  }

  /** Saves and reports, within the limit: when that runs out, only the waiting ends (C6). */
  async #keep(acquired: Acquired<T>): Promise<Acquired<T>> {
    const { signal } = this.#request;
    const { options, store } = this.#tokens;
    let settled = acquired;
    try {
      if (store) settled = await abortable(this.#saved(acquired, store), signal);
      signal.throwIfAborted();
      this.#settle(settled);
      this.#step = '`onToken`';
      const leftMs = this.#begunAt + this.#request.limitMs() - options.clock.now();
      if (options.onToken) await abortable(report(settled.token, options, leftMs), signal);
    } catch (error) {
      if (!isTimeout(signal)) throw error;
      this.#settle(settled);
    }
    return settled;
  }

  /** From now on it may be handed out. */
  #settle(acquired: Acquired<T>): void {
    const { signal } = this.#request;
    const { session } = this.#tokens;
    const isOver = this.#session !== undefined && this.#session !== session; // as the store told meanwhile
    if (isOver && !acquired.adopted && !this.#isByPerson) throw loggedOut();
    if (!signal.aborted || isTimeout(signal)) this.#tokens.take(acquired);
  }

  /** What stands in the store already, newer than ours, wins. @throws `logged_out` where a sign-out came before */
  async #saved(acquired: Acquired<T>, store: StoreAccess<T>): Promise<Acquired<T>> {
    const newSession = acquired.beginsSession || this.#tokens.isUnsaved;
    const { kept, standing } = await store.save(acquired.token, this.#stands, newSession);
    const newer = standing && !this.#tokens.isOutdated(standing) && this.#tokens.stored(standing);
    const isGood = newer && this.#tokens.options.clock.now() < newer.deadlines.expiresAt;
    return isGood ? newer : { ...acquired, kept };
  }
}
