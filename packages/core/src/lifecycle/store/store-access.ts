// Calls to a token store: each has a limit, each failure is observed, and only two are fatal: a wrong configuration, and the
// mark of a sign-out, which ends the session of all who share the store (C6, C17).
import type { ResolvedOptions } from '../options.js';
import { abortable, within } from '../../internal/clock.js';
import { isAuthenticationError } from '../../token/errors/errors.js';
import { Lease } from './lease.js';
import type { LeaseOptions } from './lease.js';
import { StoreNews } from './store-news.js';
import {
  isFailingElsewhere,
  leaseUnavailable,
  storeFailure,
  storeTooSlow,
  unreadableStore,
} from '../../token/errors/lifecycle-errors.js';
import type { StoreAction } from '../../token/errors/lifecycle-errors.js';
import { storedToken } from '../../token/reading.js';
import type { Token } from '../../token/token.js';
import type { StoreChanged, TokenStore } from '../../token/store.js';

/** A store that tells of its own being read is not read without end. */
const MOST_NEWS = 3;

/** What became of a save: kept, or lost, or passed over for the token that stood there already. */
interface Saved<T extends Token> {
  readonly kept: boolean;
  readonly standing?: T | undefined;
}

export class StoreAccess<T extends Token> {
  readonly #store: TokenStore<T>;
  readonly #options: ResolvedOptions<T>;
  /** When a load that is still unanswered ran out of time: such a store is not waited for again, but for saving. */
  #silentSince: number | undefined;
  /** Why, and since when, there is no lease to be had. */
  #noLease: { readonly cause: unknown; readonly since: number } | undefined;
  #saving: Promise<unknown> = Promise.resolve();
  readonly #pauses = new Set<AbortController>(); // of those who wait for the lease, ended by news
  /** What others do there is heard from the first call on. */
  readonly news: StoreNews;

  /** @param changed called when another has saved or cleared, where the store can tell */
  constructor(store: TokenStore<T>, options: ResolvedOptions<T>, changed: StoreChanged) {
    this.#store = store;
    this.#options = options;
    this.news = new StoreNews(store, options, (...news) => {
      for (const pause of this.#pauses) pause.abort();
      changed(...news);
    });
  }

  /** Whether it takes turns: then reading it first may spare one. */
  get hasLease(): boolean {
    return this.#store.exclusive !== undefined;
  }

  /** Whether the lease was not to be had a moment ago, so that it is not asked for again. */
  get isWithoutLease(): boolean {
    return this.#noLease !== undefined && this.#isRecent(this.#noLease.since);
  }

  /**
   * The stored token; a failed load counts as missing.
   * @param failed told why it failed
   * @throws ConfigurationError, or `logged_out`, as the store threw it
   */
  async load(failed?: (error: unknown) => void): Promise<T | undefined> {
    if (!this.#isSilent) return this.#tolerated('load', () => this.#loaded(), failed);
    failed?.(storeTooSlow('load'));
    return undefined;
  }

  /** The stored token; what is none counts as missing. @throws what the store throws, also when it does not answer in time */
  async loadOrThrow(): Promise<T | undefined> {
    try {
      return await this.#call('load', () => this.#loaded());
    } catch (error) {
      if (isAuthenticationError(error) && error.code === 'store_unreadable') return undefined;
      throw error;
    }
  }

  /**
   * A failed save is only observed.
   * @param replaces the token that is expected to stand there
   * @param newSession whether it begins a new session, whatever stands there
   * @throws `logged_out` where a sign-out came before it
   */
  async save(token: T, replaces: T | undefined, newSession = false): Promise<Saved<T>> {
    const saving = this.#call('save', () => this.#store.save(token, replaces, { newSession }));
    this.#saving = saving.catch(() => undefined);
    try {
      const answered = await saving;
      const standing = answered ? storedToken(answered) : undefined;
      return { kept: true, ...(standing?.accessToken !== token.accessToken && { standing }) };
    } catch (error) {
      if (isSignedOut(error) || (newSession && isFatal(error))) throw error;
      return { kept: false };
    }
  }

  /** Settles when no save is under way that could undo what comes next. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  /** @throws what the store threw: a token that stays behind after a logout is worth knowing */
  async clear(): Promise<void> {
    await this.#call('clear', () => this.#store.clear());
  }

  /**
   * `work` under the store's lease. While another holder works it is waited for, as long as the store answers; `otherwise`
   * when the store fails or is silent, so that there is no lease to be had (C6).
   */
  async underLease<R>({ signal, work, peek, otherwise }: LeaseOptions<R>): Promise<R> {
    if (!this.hasLease) return work();
    if (this.#isSilent) return otherwise(storeTooSlow('load'));
    if (this.isWithoutLease) return otherwise(this.#noLease?.cause);
    const lease = new Lease(work);
    const left = new AbortController();
    const current = callNow(async () => this.#store.exclusive?.(() => lease.begin(), { signal: left.signal }));
    current.catch(() => undefined);
    const outcome = await this.#outcome({ begun: Promise.race([lease.begun, current]), signal, peek });
    if (!lease.giveUp()) return this.#released(lease.result, current);
    left.abort(leaseUnavailable('nobody waits for it any more'));
    signal.throwIfAborted();
    if ('found' in outcome && outcome.found !== undefined) return outcome.found;
    const cause = 'error' in outcome ? outcome.error : undefined;
    if (isFatal(cause) || isFailingElsewhere(cause)) throw cause;
    this.#noLease = { cause, since: this.#options.clock.now() };
    return otherwise(cause);
  }

  /** What ended the waiting for a lease: it was given, something was found without it, or it is not to be had. */
  async #outcome<R>(wait: LeaseWait<R>): Promise<{ readonly found: R | undefined } | { readonly error: unknown }> {
    const { clock } = this.#options;
    const at = clock.now();
    try {
      const found = await abortable(this.#waited(wait), wait.signal);
      this.#tell('lease', at);
      return { found };
    } catch (error) {
      this.#tell('lease', at, { error });
      return { error };
    }
  }

  /** Looks into the store now and then, and on its first news: whether it still answers, and what the holder has saved. */
  async #waited<R>({ begun, signal, peek }: LeaseWait<R>): Promise<R | undefined> {
    const { clock, storeTimeoutMs } = this.#options;
    const over = begun.then(() => 'over' as const);
    for (let looks = 0; ; looks += 1) {
      const pause = new AbortController();
      if (looks < MOST_NEWS) this.#pauses.add(pause);
      const slept = clock.sleep(storeTimeoutMs, pause.signal).catch(() => undefined);
      const waited = await abortable(Promise.race([over, slept]), signal).finally(() => {
        this.#pauses.delete(pause);
        pause.abort();
      });
      const found = waited === 'over' ? waited : await Promise.race([over, peek()]);
      if (found === 'over') return undefined;
      if (found !== undefined) return found;
    }
  }

  /** The result, after the lease was given back, which a dead store cannot hold up for long. */
  async #released<R>(result: Promise<R>, current: Promise<unknown>): Promise<R> {
    await result.catch(() => undefined);
    await this.#tolerated('lease', () => current.catch(() => undefined));
    return result;
  }

  async #loaded(): Promise<T | undefined> {
    this.#silentSince = this.#options.clock.now() + this.#options.storeTimeoutMs;
    try {
      const found = (await this.#store.load()) ?? undefined;
      const stored = found && storedToken(found);
      if (found !== undefined && stored === undefined) throw unreadableStore();
      return stored;
    } finally {
      this.#silentSince = undefined;
    }
  }

  get #isSilent(): boolean {
    const { clock } = this.#options;
    return this.#silentSince !== undefined && clock.now() >= this.#silentSince && this.#isRecent(this.#silentSince);
  }

  #isRecent(since: number): boolean {
    const { clock, storeTimeoutMs } = this.#options;
    return Math.abs(clock.now() - since) < storeTimeoutMs;
  }

  async #tolerated<R>(
    action: StoreAction,
    call: () => Promise<R>,
    failed?: (error: unknown) => void,
  ): Promise<R | undefined> {
    try {
      return await this.#call(action, call);
    } catch (error) {
      if (isFatal(error)) throw error;
      failed?.(error);
      return undefined;
    }
  }

  async #call<R>(action: StoreAction, call: () => Promise<R>): Promise<R> {
    const { storeTimeoutMs, clock } = this.#options;
    const at = clock.now();
    this.news.begin();
    const answer = callNow(call);
    try {
      const result = await within(clock, storeTimeoutMs, answer, () => storeTooSlow(action));
      this.#tell(action, at);
      return result;
    } catch (error) {
      this.#tell(action, at, { error });
      throw error;
    }
  }

  #tell(action: StoreAction, at: number, failed?: { readonly error: unknown }): void {
    const { clock, observer } = this.#options;
    const failure = failed && { failure: storeFailure(failed.error) };
    observer?.({ type: 'store', action, at, durationMs: clock.now() - at, ...failure });
  }
}

type LeaseWait<R> = Pick<LeaseOptions<R>, 'signal' | 'peek'> & { readonly begun: Promise<unknown> };

/** What `call` promises; what it throws at once is a rejection as well. */
async function callNow<R>(call: () => Promise<R>): Promise<R> {
  return call();
}

function isFatal(error: unknown): boolean {
  return isAuthenticationError(error) && (error.kind === 'configuration' || error.code === 'logged_out');
}

/** Whether `error` tells of a sign-out by anybody who shares the store. */
export function isSignedOut(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'logged_out';
}
