// Keeps one token good: knows its age, begins a refresh when it is time, lets any number of callers share it, and
// cools down after failures. It is the core of an Authorizer; the authorised transport speaks to it directly.
import type { ResolvedOptions } from './options.js';
import { abortable, keepingAlive } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { forCaller } from '../token/errors/errors.js';
import { coolingDown, isLeaseUnavailable, loggedOut, storeSilent } from '../token/errors/lifecycle-errors.js';
import { Backoff } from './backoff/backoff.js';
import { asAuthenticationError } from './source-failure.js';
import { Acquisition } from './acquisition.js';
import { Rejections } from './rejections.js';
import { SessionChanges } from './session-changes.js';
import type { Session } from './session.js';
import { SingleFlight } from './single-flight.js';
import type { InFlight, RefreshRequest, TokenDemand } from './single-flight.js';
import { adopt } from './store/adopt.js';
import { isSignedOut } from './store/store-access.js';
import type { StoreLook } from './store/store-look.js';
import { StepUps } from './step-ups.js';
import { TokenManager } from './token-manager.js';
import type { Observer } from '../token/observer.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';

export class Lifecycle<T extends Token> {
  readonly #clock: Clock;
  readonly #observer: Observer | undefined;
  readonly #backoff = new Backoff();
  readonly #tokens: TokenManager<T>;
  readonly #refreshes: SingleFlight<T>;
  /** How the program signs in and out. */
  readonly changes: SessionChanges<T>;
  /** What APIs say of the token. */
  readonly rejections: Rejections<T>;
  /** What APIs want besides. */
  readonly stepUps: StepUps<T>;
  #isClosed = false;

  constructor(source: AnySource<T>, options: ResolvedOptions<T>) {
    this.#clock = options.clock;
    this.#observer = options.observer;
    this.#tokens = new TokenManager(source, options, { adopt, sessionOver: () => this.#sessionOver() });
    this.#refreshes = new SingleFlight((request) => this.#refresh(request), options);
    this.changes = new SessionChanges(this.#tokens, this.#refreshes);
    this.stepUps = new StepUps(this.#tokens, this.changes, this.#refreshes);
    this.rejections = new Rejections(this.#tokens, this.#backoff.rejections, this.#refreshes);
  }

  #sessionOver(): void {
    this.#backoff.end();
    this.stepUps.discard();
  }

  get token(): T | undefined {
    return this.#tokens.token;
  }

  /** Whether the current token may be sent now. */
  get authenticated(): boolean {
    return this.#tokens.authenticated;
  }

  /** The session of the current token; undefined while nobody is signed in. */
  get session(): Session | undefined {
    return this.#tokens.session;
  }

  /** The session that a request begins in: none where it is over for good (C18). */
  get openSession(): Session | undefined {
    return this.#tokens.openSession;
  }

  /**
   * Whether somebody is signed in, as is known here, in the store, or where the source has it from; no sign-in begins (C18).
   * @throws AuthenticationError where a store cannot say: who does not know of anybody does not know of nobody
   */
  async signedIn(signal: AbortSignal | undefined): Promise<boolean> {
    return (await this.#signedInHere(signal)) || (await this.#tokens.source.signedIn?.(signal)) === true;
  }

  async #signedInHere(signal: AbortSignal | undefined): Promise<boolean> {
    const { look } = this.#tokens;
    if (this.#tokens.isSignedIn || look === undefined) return this.#tokens.isSignedIn;
    try {
      const { isSomebody, failure } = await keepingAlive(abortable(look.shared(), signal));
      if (failure !== undefined && !isSomebody && !this.#tokens.isSignedIn) throw storeSilent(failure);
      return isSomebody || this.#tokens.isSignedIn;
    } catch (error) {
      if (isSignedOut(error)) return this.#tokens.isSignedIn;
      throw error;
    }
  }

  /** The session of a token that was given out here (C17). */
  sessionOf(token: Token): Session | undefined {
    return this.#tokens.sessionOf(token);
  }

  /** A token that needs no waiting, or undefined; begins a background refresh of a stale one (C1). */
  ready(): T | undefined {
    return this.#tokens.look?.isDue === true ? undefined : this.#held();
  }

  /** The same for those who have waited for the store. */
  #held(): T | undefined {
    const { current } = this.#tokens;
    if (current === undefined || current.rejected) return undefined;
    const now = this.#clock.now();
    const age = this.#tokens.ageOf(current, now);
    if (age === 'fresh' || (age === 'stale' && this.#tokens.isByPerson)) return current.token;
    if (age === 'expired') return undefined;
    const isRefreshing = this.#refreshes.current !== undefined;
    const isCoolingDown =
      this.#backoff.failures.active(now) !== undefined || this.#tokens.store?.isWithoutLease === true;
    if (age === 'expiring') return isRefreshing || isCoolingDown ? current.token : undefined;
    if (!isRefreshing && !isCoolingDown && !this.#isClosed) this.#refreshes.start({ reason: 'stale' });
    return current.token;
  }

  /** The token that answers `demand`. @throws an error of the caller's own, whose cause is shared */
  async get(demand: TokenDemand<T> = {}): Promise<T> {
    const { force, rejected, signal } = demand;
    const session = demand.session ?? (rejected && this.sessionOf(rejected)) ?? this.#tokens.session;
    if (signal?.aborted) throw signal.reason;
    this.#assertCurrent(session);
    if (this.#tokens.look?.isDue) await this.#upToDate(this.#tokens.look, demand, session);
    if (force === true && rejected === undefined) {
      // a person's wish: passes every cool-down (C5), and may be a sign-in, of another person too
      const plan = { reason: 'forced', maxRetries: demand.maxRetries } as const;
      const refresh = this.#refreshes.startAfter(plan, this.#tokens.source.interactive);
      return this.#waitFor(refresh, demand);
    }
    const mayBeReady = rejected === undefined || !this.#tokens.isCurrent(rejected);
    const token = (mayBeReady ? this.#held() : undefined) ?? (await this.#shared(demand));
    this.#assertCurrent(session);
    return token;
  }

  /** After the look into the store that is due; who began in a session that it has ended goes no further. */
  async #upToDate(look: StoreLook, { signal }: TokenDemand<T>, session: Session | undefined): Promise<void> {
    await keepingAlive(abortable(look.due(), signal));
    this.#assertCurrent(session);
  }

  /**
   * What all share who ask now; while cooling down, what another process has saved meanwhile (C5). A good token spares a sign-in
   * without the lease; where it expires before its callers hear of that, they ask again (C6).
   */
  async #shared(demand: TokenDemand<T>, wasGood = this.#tokens.authenticated): Promise<T> {
    try {
      const look = this.#refreshes.current === undefined ? this.#tokens.look : undefined;
      const isNobody = demand.rejected === undefined && look?.isNobody === true;
      if (look && (isNobody || this.#backoff.failures.active(this.#clock.now()))) {
        await keepingAlive(abortable(look.shared(), demand.signal));
        const token = this.#held();
        if (token) return token;
        look.assertSomebody();
      }
      return await this.#waitFor(this.#joined(demand), demand);
    } catch (error) {
      if (!wasGood || this.#tokens.authenticated || !isLeaseUnavailable(error)) throw error;
      return this.#shared(demand, false);
    }
  }

  /** One refresh, after the sign-ins and sign-outs that the program has begun. @throws AuthenticationError */
  async #refresh(request: RefreshRequest): Promise<T> {
    const { over } = this.changes;
    const { look } = this.#tokens;
    look?.forget();
    try {
      if (over) await abortable(over, request.signal);
      const { current } = this.#tokens;
      if (over && current && this.#tokens.authenticated && request.reason !== 'forced') return current.token;
      const token = await new Acquisition(request, this.#tokens).run();
      this.#backoff.failures.end();
      return token;
    } catch (error) {
      const failure = asAuthenticationError(error);
      this.#backoff.failed(failure, this.#clock.now());
      look?.failed(failure);
      throw failure;
    }
  }

  /** @throws AuthenticationError `logged_out` when the session in which a request began is over (C17) */
  #assertCurrent(session: Session | undefined): void {
    if (session === undefined || this.#tokens.isUndecided) return;
    if (session !== this.#tokens.session) throw loggedOut();
  }

  /** A token was rejected, and nobody waits for a better one (C13: such a refresh does not hold the process). */
  refreshLater(rejection: Pick<TokenDemand<T>, 'rejected' | 'challenge' | 'route'>): void {
    try {
      this.#joined(rejection, false);
    } catch {
      // while cooling down the next request finds out by itself
    }
  }

  /** `token` is used no more, although no server rejected it; nothing is fetched in its place until somebody asks. */
  forget(token: T): void {
    if (this.#tokens.isCurrent(token)) this.#tokens.withdraw();
  }

  /** No further background work begins; a refresh under way is finished and saved, since its answer cannot be had twice. */
  close(isClosed = true): void {
    this.#isClosed = isClosed;
    this.#tokens.store?.news.close(isClosed);
  }

  /** Of many that share a store, none listens to it: a connection each would be too much (C20). */
  hearNothing(): void {
    this.#tokens.store?.news.refuse();
  }

  /** Whether a token is being acquired, taken or forgotten, or somebody waits for one. */
  get isBusy(): boolean {
    const isChanging = this.changes.over !== undefined || this.stepUps.isBusy;
    return this.#refreshes.isBusy || this.#tokens.look?.isBusy === true || isChanging;
  }

  /** One refresh for all who ask; a rejection marks the current token first (C2, C3). @throws while cooling down */
  #joined({ rejected, challenge, route, maxRetries }: TokenDemand<T>, isRetried = route !== undefined): InFlight<T> {
    const isRejected = rejected !== undefined && this.#tokens.isCurrent(rejected);
    if (isRejected) this.rejections.mark(rejected, route);
    const coolDown = this.#refreshes.current ? undefined : this.#backoff.failures.active(this.#clock.now());
    if (coolDown) this.#tokens.failed(coolDown.failure);
    if (coolDown) throw coolingDown(coolDown.failure, coolDown.leftMs);
    const { reason } = this.#tokens;
    const refresh = this.#refreshes.current ?? this.#refreshes.start({ reason, challenge, maxRetries });
    if (isRejected) this.rejections.refreshed(refresh, route, isRetried);
    return refresh;
  }

  async #waitFor({ id, promise }: InFlight<T>, { force, rejected, signal }: TokenDemand<T>): Promise<T> {
    const at = this.#clock.now();
    try {
      return await keepingAlive(abortable(promise, signal));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const outlives = !force && !rejected && this.#tokens.authenticated; // the failure of its refresh (C1)
      if (outlives && this.token) return this.token;
      throw forCaller(error);
    } finally {
      this.#observer?.({ type: 'waited', id, at, durationMs: this.#clock.now() - at });
    }
  }
}
