// The one place that holds the token, and the session that it belongs to: a refresh takes its place, a rejection marks it,
// a logout or another's sign-in ends its session. When that is due, and who waits for it, is the lifecycle's.
import { standing } from './acquisition-task.js';
import type { Acquired } from './acquisition-task.js';
import type { ResolvedOptions } from './options.js';
import { abortable } from '../internal/clock.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { distinctTokens, saveGiven } from './given-token.js';
import type { SetTokenOptions } from './given-token.js';
import { ageOf } from './current-token.js';
import type { CurrentToken } from './current-token.js';
import { isTimeout, loggedOut } from '../token/errors/lifecycle-errors.js';
import { LostSaves } from './store/lost-saves.js';
import { acquireObserved } from './observed-acquisition.js';
import type { Backoff } from './backoff/backoff.js';
import { asAuthenticationError } from './backoff/retry-policy.js';
import { Sessions } from './session.js';
import type { Session } from './session.js';
import type { RefreshTask } from './single-flight.js';
import { isSignedOut, StoreAccess } from './store/store-access.js';
import type { Age } from '../token/validity.js';
import { assertUsableLater, usableToken } from '../token/answer.js';
import { reportToken } from './token-report.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';
import { Turns } from './turns.js';

export class TokenManager<T extends Token> {
  readonly store: StoreAccess<T>;
  readonly #source: AnySource<T>;
  readonly #options: ResolvedOptions<T>;
  readonly #backoff: Backoff;
  #current: CurrentToken<T> | undefined;
  readonly #sessions: Sessions<T>;
  /** A new token that is not saved yet. */
  #arrived: T | undefined;
  /** What renews the session while no token is held: the token made of `initialToken: { refreshToken }`. */
  #seed: T | undefined;
  readonly #lostSaves = new LostSaves();
  /** Why the last refresh token was refused for good. */
  #refusal: AuthenticationError | undefined;
  #tookMs = 0;
  /** Whether a sign-out came last, so that the next sign-in begins a session that is marked as new. */
  #signedOut = false;
  /** Logouts and `setToken`s under way, and how many there have been. */
  readonly turns: Turns = new Turns();
  #changes = 0;

  constructor(source: AnySource<T>, options: ResolvedOptions<T>, backoff: Backoff) {
    this.#source = source;
    this.#options = options;
    this.#backoff = backoff;
    this.#sessions = new Sessions(source);
    this.store = new StoreAccess(options);
    const { initialToken: initial } = options;
    if (initial && 'accessToken' in initial)
      this.#take({ ...this.#standing(initial), adopted: false, kept: false, beginsSession: false });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- never handed out, only to the source's refresh
    else if (initial) this.#seed = { accessToken: '', ...initial } as T;
  }

  get current(): CurrentToken<T> | undefined {
    return this.#current;
  }

  /** How old the current token is. */
  ageAt(now: number): Age {
    return this.#current ? ageOf(this.#source, this.#current, now) : 'expired';
  }

  get session(): Session | undefined {
    return this.#sessions.current;
  }

  sessionOf(token: Token): Session | undefined {
    return this.#sessions.of(token);
  }

  /** Whether the current token may be sent now. */
  get authenticated(): boolean {
    const current = this.#current;
    return current !== undefined && !current.rejected && this.#options.clock.now() < current.deadlines.expiresAt;
  }

  /** Whether `token` is the one that is held, by its value (C3). */
  isCurrent(token: T): boolean {
    return this.#current?.token.accessToken === token.accessToken;
  }

  markRejected(): void {
    this.#current &&= { ...this.#current, rejected: true };
  }

  /** @throws AuthenticationError, after which automatic calls cool down (C5) */
  async refresh(task: RefreshTask): Promise<T> {
    if (this.turns.over) {
      await abortable(this.turns.over, task.signal);
      if (this.#current && this.authenticated && task.reason !== 'forced') return this.#current.token;
    }
    const session = this.session;
    try {
      const { tookMs, adopted, token } = await acquireObserved(this.#acquisition(task));
      if (!adopted) this.#tookMs = tookMs;
      this.#backoff.acquired();
      return token;
    } catch (error) {
      const failure = asAuthenticationError(error);
      if (isSignedOut(failure)) this.#end(session);
      this.#backoff.failed(failure, this.#options.clock.now());
      throw failure;
    } finally {
      this.#arrived = undefined;
    }
  }

  /** Takes a fresh token that another process or tab has saved; a sign-out there ends the session. @throws `logged_out` then */
  async adopt(): Promise<void> {
    const [session, changes] = [this.session, this.#changes];
    try {
      const found = await this.store.load();
      if (!found?.accessToken || this.#lostSaves.isOutdated(found) || this.isCurrent(found)) return;
      const brought = { ...this.#standing(found), adopted: true, kept: true, beginsSession: false };
      const age = ageOf(this.#source, brought, this.#options.clock.now());
      if (age === 'fresh' && changes === this.#changes) this.#take(brought);
    } catch (error) {
      if (!isSignedOut(error) || session === undefined || this.#lostSaves.isUnsaved) return;
      this.#end(session);
      throw error;
    }
  }

  /**
   * Forgets the token and clears the store; a refresh that is asked for meanwhile waits.
   * @param discard ends a refresh under way
   * @param tell gets the tokens that were held and stored
   * @throws what the store throws when it cannot be cleared
   */
  leave(discard: () => Promise<void>, tell: (tokens: readonly T[]) => void): Promise<void> {
    const tokens = this.#forget();
    this.#signedOut = true;
    const discarded = discard();
    return this.turns.add(async () => {
      await discarded;
      await this.store.saved();
      const stored = await this.store.load().catch(() => undefined); // a wrong key is no reason to keep the token
      const left = distinctTokens([...tokens, stored]);
      this.#lostSaves.signedOut(left);
      tell(left);
      await this.store.clear();
    });
  }

  /**
   * Takes a token that the program brings: checks, saves, reports and holds it. Unless it is of the same session, that of the
   * token before it ends at once.
   * @throws ConfigurationError for a token that cannot be sent, AuthenticationError `expired_token` for one that has expired
   *   and cannot be refreshed, `logged_out` when another has signed out of the same session
   */
  set(given: T, { sameSession, discard }: SetTokenOptions): Promise<void> {
    const { clock } = this.#options;
    const token = usableToken(this.#source, given, clock.now());
    assertUsableLater(token, clock.now());
    const beginsSession = !sameSession;
    if (sameSession) this.#assertGoesOn(token);
    else this.#forget();
    this.#arrived = token;
    const discarded = beginsSession ? discard() : undefined;
    const change = (this.#changes += 1);
    return this.turns.add(async () => {
      await discarded;
      await this.store.saved();
      const replaces = this.#current?.token;
      const saved = await saveGiven(token, { source: this.#source, store: this.store, replaces, beginsSession });
      if (change !== this.#changes) return;
      this.#arrived = undefined;
      this.#take({ ...saved, ...this.#standing(saved.token) });
      await reportToken(this.#options, saved.token, this.#options.timeoutMs);
    });
  }

  /** @throws AuthenticationError `logged_out` when `token` comes too late: its session is over, or another person's stands */
  #assertGoesOn(token: T): void {
    const before = this.#current?.token;
    if (this.#signedOut || (before && !this.#sessions.goesOn(before, token))) throw loggedOut();
  }

  #acquisition(task: RefreshTask): Parameters<typeof acquireObserved<T>>[0] {
    const { signal, reason } = task;
    return {
      ...task,
      source: this.#source,
      options: this.#options,
      store: this.store,
      current: this.#current?.token ?? this.#seed,
      isUsable: () => this.authenticated && reason !== 'forced',
      inSession: this.session !== undefined,
      afterSignOut: this.#signedOut,
      refusal: this.#refusal,
      tookMs: this.#tookMs,
      isUnsaved: this.#lostSaves.isUnsaved,
      isOutdated: (token) => this.#lostSaves.isOutdated(token),
      onDropped: (token, refusal) => this.#dropRefreshToken(token, refusal),
      onArrived: ({ token }) => (this.#arrived = token),
      onSettled: (acquired) => {
        if (!signal.aborted || isTimeout(signal)) this.#take(acquired);
      },
    };
  }

  /** Holds a token, in the session of the one before it or in one of its own (C17). */
  #take(acquired: Acquired<T>): void {
    const { token, beginsSession } = acquired;
    this.#sessions.take(token, beginsSession ? undefined : this.#current?.token);
    this.#lostSaves.note(acquired);
    this.#current = acquired;
    this.#seed = this.#refusal = undefined;
    this.#signedOut = false;
  }

  #standing(token: T): Pick<Acquired<T>, 'token' | 'deadlines'> {
    return standing(token, this.#options, this.#tookMs);
  }

  /** Ends the session at once. @returns the tokens that it had */
  #forget(): readonly (T | undefined)[] {
    const tokens = [this.#current?.token ?? this.#seed, this.#arrived];
    this.#current = this.#seed = this.#arrived = this.#refusal = undefined;
    this.#sessions.end();
    this.#lostSaves.signedOut();
    this.#changes += 1;
    this.#backoff.end();
    return tokens;
  }

  /** Another has signed out of `session`: the token is forgotten here as well. */
  #end(session: Session | undefined): void {
    if (session === undefined || session !== this.session) return;
    this.#current = undefined;
    this.#sessions.end();
    this.#signedOut = true;
  }

  #dropRefreshToken(token: T, refusal: AuthenticationError): void {
    this.#seed = undefined;
    this.#refusal = refusal;
    if (!this.isCurrent(token)) return;
    this.#sessions.take(token, this.#current?.token);
    this.#current &&= { ...this.#current, token };
  }
}
