// One refresh of a token, from the store's lease to the saved answer: load, adopt or refresh or authorize, check, save,
// report. Tries are repeated here; who waits for the outcome, and how often this may begin, is the lifecycle's.
import { standing } from './acquisition-task.js';
import type { Acquired, AcquisitionTask } from './acquisition-task.js';
import { abortable } from '../internal/clock.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { marked } from './current-token.js';
import { isTimeout, timedOut } from '../token/errors/lifecycle-errors.js';
import { asAuthenticationError, RetryPolicy } from './backoff/retry-policy.js';
import { isAnonymous, randomMark } from './session.js';
import { SourceAccess } from './source-access.js';
import { isSignedOut } from './store/store-access.js';
import { leaseUnavailable } from './store/store-errors.js';
import { ageAt, deadlinesOf } from '../token/validity.js';
import { assertUnexpired, usableToken } from '../token/answer.js';
import { reportToken } from './token-report.js';
import type { Token } from '../token/token.js';

const LEASE = 'the lease of the token store';

export class Acquisition<T extends Token> {
  readonly #task: AcquisitionTask<T>;
  readonly #source: SourceAccess<T>;
  readonly #retries: RetryPolicy;
  #current: T | undefined;
  #afterSignOut: boolean;
  /** What the store is expected to hold, so that a newer token of another is noticed when ours is saved. */
  #stands: T | undefined;
  #begunAt = 0;
  /** What has not answered yet, for the error that says so. */
  #step = '';

  constructor(task: AcquisitionTask<T>) {
    this.#task = task;
    this.#current = task.current;
    this.#afterSignOut = task.afterSignOut;
    this.#source = new SourceAccess({ ...task, onDropped: (...dropped) => this.#onDropped(...dropped) });
    this.#retries = new RetryPolicy(task.maxRetries ?? task.options.maxRetries);
  }

  async run(): Promise<Acquired<T>> {
    const { clock, timeoutMs } = this.#task.options;
    const { signal } = this.#task;
    this.#begunAt = clock.now();
    const expiresAt = this.#begunAt + timeoutMs;
    for (;;) {
      try {
        const acquired = await this.#tryOnce();
        if (acquired.adopted) this.#task.onSettled(acquired);
        return acquired;
      } catch (error) {
        const failure = asAuthenticationError(error);
        if (signal.aborted) throw this.#late(failure);
        const delayMs = this.#retries.delayAfter(failure, this.#source.refreshing);
        if (delayMs === undefined || clock.now() + delayMs >= expiresAt) throw failure;
        await clock.sleep(delayMs, signal);
      }
    }
  }

  /** The limit's error, saying what had not answered: of an endpoint the source itself can tell (C4). */
  #late(failure: AuthenticationError): unknown {
    const { signal, options } = this.#task;
    if (!isTimeout(signal)) return signal.reason;
    if (failure.code === 'timeout' && failure !== signal.reason) return failure;
    return timedOut(options.timeoutMs, this.#step || this.#source.asked);
  }

  #onDropped(token: T, refusal: AuthenticationError): void {
    this.#current = token;
    if (token.accessToken) this.#stands = token;
    this.#task.onDropped(token, refusal);
  }

  /** What another process has saved is adopted without the lease: in a fleet all but one have nothing else to do. */
  async #tryOnce(): Promise<Acquired<T>> {
    const { reason, signal, store } = this.#task;
    const peek = reason !== 'forced' && store.hasLease;
    const adopted = peek && this.#adoptable(await this.#load(() => store.load()));
    if (adopted) return adopted;
    this.#step = LEASE;
    return store.underLease({
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

  async #obtain(leased: boolean): Promise<Acquired<T>> {
    const { signal, store } = this.#task;
    const found = await this.#load(() => store.load());
    const adopted = this.#adoptable(found);
    if (adopted) return adopted;
    const base = found === undefined || this.#task.isOutdated(found) ? this.#current : found;
    this.#current = base;
    this.#stands = found ?? base;
    this.#step = '';
    const answer = await this.#source.obtain(base, leased);
    if (!isTimeout(signal)) signal.throwIfAborted();
    const acquired = this.#checked(answer, base);
    this.#task.onArrived(acquired);
    return this.#keep(acquired);
  }

  /** What the store holds. A sign-out by another ends the session, if there is one; else a new one begins. */
  async #load(load: () => Promise<T | undefined>): Promise<T | undefined> {
    this.#step = 'the token store (load)';
    try {
      return await abortable(load(), this.#task.signal);
    } catch (error) {
      const { inSession, isUnsaved } = this.#task;
      if (!isSignedOut(error) || (inSession && !isUnsaved)) throw error;
      this.#afterSignOut = !inSession;
      return undefined;
    }
  }

  /** A rotating refresh token must not be replayed by two: without the lease it is not used (C6). */
  async #withoutLease(cause: unknown): Promise<Acquired<T>> {
    const isRotating = this.#current?.refreshToken !== undefined && this.#task.source.refresh !== undefined;
    if (isRotating && this.#task.isUsable()) throw leaseUnavailable(cause);
    try {
      return await this.#obtain(false);
    } catch (error) {
      const failure = asAuthenticationError(error);
      throw isRotating && failure.kind === 'session' && !isSignedOut(failure) ? leaseUnavailable(cause) : failure;
    }
  }

  #adoptable(found: T | undefined): Acquired<T> | undefined {
    const { reason, options, source, isOutdated } = this.#task;
    if (reason === 'forced' || !found?.accessToken || found.accessToken === this.#current?.accessToken)
      return undefined;
    if (isOutdated(found) || source.expired?.(found, new Date(options.clock.now()))) return undefined;
    const adopted = this.#adopted(found);
    const age = ageAt(adopted.deadlines, options.clock.now());
    return age === 'fresh' || (age === 'stale' && this.#current === undefined) ? adopted : undefined;
  }

  #adopted(token: T): Acquired<T> {
    const { options, tookMs } = this.#task;
    return { ...standing(token, options, tookMs), adopted: true, kept: true, beginsSession: false };
  }

  /** @throws AuthenticationError `expired_token`, ConfigurationError for a token that cannot be sent */
  #checked(answer: T | string, base: T | undefined): Acquired<T> {
    const { source, options } = this.#task;
    const now = options.clock.now();
    const token = this.#marked(usableToken(source, answer, this.#source.sentAt), base);
    const deadlines = deadlinesOf(token, options, this.#source.sentAt, now - this.#begunAt);
    assertUnexpired(source, { token, deadlines }, now);
    return { token, deadlines, adopted: false, kept: false, madeFrom: base, beginsSession: this.#afterSignOut };
  }

  /** A session that begins is marked, unless the token says whose it is; its successors keep the mark (C17). */
  #marked(token: T, base: T | undefined): T {
    const { source, current } = this.#task;
    const kept = this.#afterSignOut ? undefined : (base ?? current)?.sessionMark;
    const isNew = this.#afterSignOut && isAnonymous(source, token);
    return marked(token, token.sessionMark ?? kept ?? (isNew ? randomMark() : undefined));
  }

  /** Saves and reports, within the limit: when that runs out, only the waiting ends (C6). */
  async #keep(acquired: Acquired<T>): Promise<Acquired<T>> {
    const { options, signal, onSettled } = this.#task;
    let settled = acquired;
    try {
      settled = await abortable(this.#saved(acquired), signal);
      onSettled(settled);
      this.#step = '`onToken`';
      await abortable(
        reportToken(options, settled.token, this.#begunAt + options.timeoutMs - options.clock.now()),
        signal,
      );
    } catch (error) {
      if (!isTimeout(signal)) throw error;
      onSettled(settled);
    }
    return settled;
  }

  /** What stands in the store already, newer than ours, wins. @throws `logged_out` where a sign-out came before */
  async #saved(acquired: Acquired<T>): Promise<Acquired<T>> {
    const newSession = acquired.beginsSession || this.#task.isUnsaved;
    const saving = { replaces: this.#stands, newSession };
    const { kept, standing: newer } = await this.#task.store.save(acquired.token, saving);
    return this.#stillGood(newer) ?? { ...acquired, kept };
  }

  #stillGood(newer: T | undefined): Acquired<T> | undefined {
    const adopted = newer && this.#adopted(newer);
    return adopted && this.#task.options.clock.now() < adopted.deadlines.expiresAt ? adopted : undefined;
  }
}
