// Keeps one token good: knows its age, begins a refresh when it is time, lets any number of callers share it, and
// cools down after failures. It is the core of an Authorizer; the authorised transport speaks to it directly.
import type { ResolvedOptions } from './options.js';
import { abortable, keepingAlive } from '../internal/clock.js';
import { forCaller } from '../token/errors/errors.js';
import { reasonFor } from './current-token.js';
import { coolingDown, loggedOut } from '../token/errors/lifecycle-errors.js';
import { Backoff } from './backoff/backoff.js';
import { asAuthenticationError } from './backoff/retry-policy.js';
import type { Session } from './session.js';
import { SingleFlight } from './single-flight.js';
import type { InFlight, RefreshTask } from './single-flight.js';
import { StoreLook } from './store/store-look.js';
import { TokenManager } from './token-manager.js';
import { isLeaseUnavailable } from './store/store-errors.js';
import type { TokenDemand } from './token-demand.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';
import { apiRoute, UNNAMED } from './backoff/useless-refreshes.js';
import type { ApiRoute, ActiveCoolDown } from './backoff/useless-refreshes.js';

export class Lifecycle<T extends Token> {
  readonly #options: ResolvedOptions<T>;
  readonly #backoff = new Backoff();
  readonly #tokens: TokenManager<T>;
  readonly #refreshes: SingleFlight<T>;
  readonly #look: StoreLook;
  #isClosed = false;
  /** A token that is known only so that nobody brings it back: not the store, and no late answer. */
  #forgotten: T | undefined;

  constructor(source: AnySource<T>, options: ResolvedOptions<T>) {
    this.#options = options;
    this.#tokens = new TokenManager(source, options, this.#backoff);
    this.#look = new StoreLook(options.clock, () => this.#tokens.adopt());
    this.#refreshes = new SingleFlight((task) => this.#refresh(task), options);
  }

  get token(): T | undefined {
    const token = this.#tokens.current?.token;
    return token === this.#forgotten ? undefined : token;
  }

  get authenticated(): boolean {
    return this.#tokens.authenticated;
  }

  /** The session of the current token; undefined while nobody is signed in. */
  get session(): Session | undefined {
    return this.#tokens.session;
  }

  /** The session of a token that was given out here (C17). */
  sessionOf(token: Token): Session | undefined {
    return this.#tokens.sessionOf(token);
  }

  /** A token that needs no waiting, or undefined; begins a background refresh of a stale one (C1). */
  ready(): T | undefined {
    const { current } = this.#tokens;
    if (current === undefined || current.rejected) return undefined;
    const now = this.#now();
    const age = this.#tokens.ageAt(now);
    if (age === 'fresh') return current.token;
    if (age === 'expired') return undefined;
    const isRefreshing = this.#refreshes.current !== undefined;
    const isCoolingDown = this.#backoff.afterFailure(now) !== undefined || this.#tokens.store.isWithoutLease;
    if (age === 'expiring') return isRefreshing || isCoolingDown ? current.token : undefined;
    if (!isRefreshing && !isCoolingDown && !this.#isClosed) this.#refreshes.start({ reason: 'stale' });
    return current.token;
  }

  /** The token that answers `demand`. @throws an error of the caller's own, whose cause is shared */
  async get(demand: TokenDemand<T> = {}): Promise<T> {
    const { force, rejected, signal } = demand;
    const session = demand.session ?? (rejected && this.sessionOf(rejected)) ?? this.session;
    if (signal?.aborted) throw signal.reason;
    this.#assertCurrent(session);
    const superseded = rejected !== undefined && !this.#tokens.isCurrent(rejected);
    const isForced = force === true && rejected === undefined;
    if (!isForced && (superseded || rejected === undefined)) {
      const token = this.ready();
      if (token) return token;
    }
    if (isForced) return this.#forced(demand);
    const token = await this.#sharedOrAgain(demand);
    this.#assertCurrent(session);
    return token;
  }

  /** A good token spares a sign-in without the lease; where it expires before its callers hear of that, they ask again (C6). */
  async #sharedOrAgain(demand: TokenDemand<T>): Promise<T> {
    const wasGood = this.authenticated;
    try {
      return await this.#shared(demand);
    } catch (error) {
      if (!wasGood || this.authenticated || !isLeaseUnavailable(error)) throw error;
      return this.#shared(demand);
    }
  }

  /** What all share who ask now; while cooling down, what another process has saved meanwhile (C5). */
  async #shared(demand: TokenDemand<T>): Promise<T> {
    const isNobody = demand.rejected === undefined && this.#look.isNobody;
    const isCoolingDown = isNobody || this.#backoff.afterFailure(this.#now()) !== undefined;
    if (this.#tokens.store.exists && isCoolingDown && this.#refreshes.current === undefined) {
      await keepingAlive(abortable(this.#look.shared(), demand.signal));
      const token = this.ready();
      if (token) return token;
      this.#look.assertSomebody();
    }
    return this.#waitFor(this.#joined(demand), demand);
  }

  async #refresh(task: RefreshTask): Promise<T> {
    this.#look.forget();
    try {
      return await this.#tokens.refresh(task);
    } catch (error) {
      const failure = asAuthenticationError(error);
      this.#look.failed(failure);
      throw failure;
    }
  }

  /** @throws AuthenticationError `logged_out` when the session in which a request began is over (C17) */
  #assertCurrent(session: Session | undefined): void {
    if (session !== undefined && session !== this.session) throw loggedOut();
  }

  /** Whether a rejection of `token` by `route` may cost a refresh now (C7). */
  mayRenew(token: T, route: ApiRoute): boolean {
    return this.#coolDownFor(token, route) === undefined;
  }

  /** What `url` answered shows that it took `token` (C7). On the path of every request: nothing is made of it in vain. */
  accepted(token: T, url: URL, method: string | undefined): void {
    const { rejections } = this.#backoff;
    if (rejections.listens) rejections.accepted(token.accessToken, apiRoute(url, method), this.#now());
  }

  /** `route` rejected `token`, sent for the first time (C7). */
  rejected({ accessToken }: T, route: ApiRoute): void {
    this.#backoff.rejections.rejectedAtFirst(accessToken, route, this.#now());
  }

  /** `route` answered the retry with `token` (C7). */
  retried({ accessToken }: T, route: ApiRoute, isRejected: boolean): void {
    if (isRejected) this.#backoff.rejections.rejected(accessToken, route, this.#now());
    else this.#backoff.rejections.judged(accessToken, route);
  }

  /** A token was rejected, and nobody waits for a better one (C13: such a refresh does not hold the process). */
  refreshLater(rejection: Pick<TokenDemand<T>, 'rejected' | 'challenge' | 'route'>): void {
    try {
      this.#joined(rejection, false);
    } catch {
      // while cooling down the next request finds out by itself
    }
  }

  /** `token` is not used any more, although no server rejected it; nothing is fetched in its place until somebody asks. */
  forget(token: T): void {
    if (!this.#tokens.isCurrent(token)) return;
    this.#tokens.markRejected();
    this.#forgotten = this.#tokens.current?.token;
  }

  /**
   * Forgets the token and clears the store; what is being fetched is discarded, what is asked for meanwhile waits.
   * @param tell gets the tokens that were held and stored, to be revoked
   * @throws what the store throws when it cannot be cleared
   */
  leave(tell: (tokens: readonly T[]) => void): Promise<void> {
    this.#look.forget();
    return this.#tokens.leave(() => this.#refreshes.discard(), tell);
  }

  /** Takes a token that the program brings. @throws ConfigurationError, AuthenticationError `expired_token` or `logged_out` */
  async set(token: T, sameSession: boolean): Promise<void> {
    this.#look.forget();
    await this.#tokens.set(token, { sameSession, discard: () => this.#refreshes.discard() });
  }

  /** No further background work begins; a refresh under way is finished and saved, since its answer cannot be had twice. */
  close(isClosed = true): void {
    this.#isClosed = isClosed;
  }

  /** Whether a token is being acquired, taken or forgotten, or somebody waits for one. */
  get isBusy(): boolean {
    return this.#refreshes.isBusy || this.#look.isBusy || this.#tokens.turns.over !== undefined;
  }

  /** One refresh for all who ask; a rejection marks the current token first (C2, C3). @throws while cooling down */
  #joined({ rejected, challenge, route, maxRetries }: TokenDemand<T>, isRetried = route !== undefined): InFlight<T> {
    const isRejected = rejected !== undefined && this.#tokens.isCurrent(rejected);
    if (isRejected) this.#markRejected(rejected, route);
    if (this.#refreshes.current === undefined) this.#backoff.assertOver(this.#now());
    const refresh =
      this.#refreshes.current ??
      this.#refreshes.start({ reason: reasonFor(this.#tokens.current), challenge, maxRetries });
    if (isRejected) this.#noteRefreshed(refresh, route ?? UNNAMED, isRetried);
    return refresh;
  }

  /** @throws while rejections by `route` cool down: its token stays in use, others may accept it (C7) */
  #markRejected(rejected: T, route: ApiRoute | undefined): void {
    if (route === undefined) this.rejected(rejected, UNNAMED);
    const coolDown = this.#coolDownFor(rejected, route ?? UNNAMED);
    if (coolDown) throw coolingDown(coolDown.failure, coolDown.leftMs);
    this.#tokens.markRejected();
  }

  /** What costs no refresh of its own is always free. */
  #coolDownFor(token: T, route: ApiRoute): ActiveCoolDown | undefined {
    if (!this.#tokens.isCurrent(token) || this.#refreshes.current !== undefined) return undefined;
    return this.#backoff.rejections.active(token.accessToken, route, this.#now());
  }

  #noteRefreshed({ id, promise }: InFlight<T>, route: ApiRoute, isRetried: boolean): void {
    const note = ({ accessToken: token }: T): void =>
      this.#backoff.rejections.refreshed({ id, token, isRetried }, route, this.#now());
    promise.then(note, () => undefined);
  }

  /** A person's wish: passes every cool-down (C5). It may be a sign-in, of another person too. */
  #forced(demand: TokenDemand<T>): Promise<T> {
    return this.#waitFor(this.#refreshes.startAfter({ reason: 'forced', maxRetries: demand.maxRetries }), demand);
  }

  async #waitFor({ id, promise }: InFlight<T>, { force, rejected, signal }: TokenDemand<T>): Promise<T> {
    const { clock, observer } = this.#options;
    const at = clock.now();
    try {
      return await keepingAlive(abortable(promise, signal));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const outlives = !force && !rejected && this.authenticated; // the failure of its refresh (C1)
      if (outlives && this.token) return this.token;
      throw forCaller(error);
    } finally {
      observer?.({ type: 'waited', id, at, durationMs: clock.now() - at });
    }
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
