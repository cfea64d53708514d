// Keeps one token good: knows its age, begins a replacement when it is time, lets any number of callers share it, and
// rests after failures. It is the engine inside an Authorizer; the authorised transport speaks to it directly.
import type { ResolvedOptions } from './options.js';
import type { AuthChallenge } from '../token/challenge.js';
import { abortable, keepingAlive } from '../internal/clock.js';
import { forCaller } from '../token/errors/errors.js';
import { reasonFor } from './held-token.js';
import { coolingDown, loggedOut } from '../token/errors/lifecycle-errors.js';
import { Rests } from './backoff/rests.js';
import { asAuthenticationError } from './backoff/retry-policy.js';
import type { Session } from './session.js';
import { SingleFlight } from './single-flight.js';
import type { Flight, FlightTask } from './single-flight.js';
import { StoreLook } from './store/store-look.js';
import { TokenKeeper } from './token-keeper.js';
import type { Token } from '../token/token.js';
import type { AnySource } from '../token/source.js';
import { apiRoute, UNNAMED } from './backoff/useless-refreshes.js';
import type { ApiRoute, Resting } from './backoff/useless-refreshes.js';

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

export class Lifecycle<T extends Token> {
  readonly #options: ResolvedOptions<T>;
  readonly #rests = new Rests();
  readonly #keeper: TokenKeeper<T>;
  readonly #flights: SingleFlight<T>;
  readonly #look: StoreLook;
  #isClosed = false;
  /** A token that is known only so that nobody brings it back: not the store, and no late answer. */
  #forgotten: T | undefined;

  constructor(source: AnySource<T>, options: ResolvedOptions<T>) {
    this.#options = options;
    this.#keeper = new TokenKeeper(source, options, this.#rests);
    this.#look = new StoreLook(options.clock, () => this.#keeper.adopt());
    this.#flights = new SingleFlight((task) => this.#replace(task), options);
  }

  get token(): T | undefined {
    const token = this.#keeper.held?.token;
    return token === this.#forgotten ? undefined : token;
  }

  /** Whether the held token may be sent now. */
  get authenticated(): boolean {
    return this.#keeper.authenticated;
  }

  /** The session of the current token; undefined while nobody is signed in. */
  get session(): Session | undefined {
    return this.#keeper.session;
  }

  /** The session of a token that was given out here (C17). */
  sessionOf(token: Token): Session | undefined {
    return this.#keeper.sessionOf(token);
  }

  /** A token that needs no waiting, or undefined; begins a background replacement of a stale one (C1). */
  ready(): T | undefined {
    const { held } = this.#keeper;
    if (held === undefined || held.refused) return undefined;
    const now = this.#now();
    const age = this.#keeper.ageAt(now);
    if (age === 'fresh') return held.token;
    if (age === 'ended') return undefined;
    const replacing = this.#flights.current !== undefined;
    const isResting = this.#rests.afterFailure(now) !== undefined || this.#keeper.store.isWithoutLease;
    if (age === 'expired') return replacing || isResting ? held.token : undefined;
    if (!replacing && !isResting && !this.#isClosed) this.#flights.start({ reason: 'stale' });
    return held.token;
  }

  /** The token that answers `demand`. @throws an error of the caller's own, whose cause is shared */
  async get(demand: TokenDemand<T> = {}): Promise<T> {
    const { force, rejected, signal } = demand;
    const session = demand.session ?? (rejected && this.sessionOf(rejected)) ?? this.session;
    if (signal?.aborted) throw signal.reason;
    this.#assertCurrent(session);
    const superseded = rejected !== undefined && !this.#keeper.isCurrent(rejected);
    const isForced = force === true && rejected === undefined;
    if (!isForced && (superseded || rejected === undefined)) {
      const token = this.ready();
      if (token) return token;
    }
    if (isForced) return this.#forced(demand);
    const token = await this.#shared(demand);
    this.#assertCurrent(session);
    return token;
  }

  /** What all share who ask now; while resting, what another process has saved meanwhile (C5). */
  async #shared(demand: TokenDemand<T>): Promise<T> {
    const isNobody = demand.rejected === undefined && this.#look.isNobody;
    const isResting = isNobody || this.#rests.afterFailure(this.#now()) !== undefined;
    if (this.#keeper.store.exists && isResting && this.#flights.current === undefined) {
      await keepingAlive(abortable(this.#look.shared(), demand.signal));
      const token = this.ready();
      if (token) return token;
      this.#look.assertSomebody();
    }
    return this.#waitFor(this.#joined(demand), demand);
  }

  async #replace(task: FlightTask): Promise<T> {
    this.#look.forget();
    try {
      return await this.#keeper.replace(task);
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
    return this.#resting(token, route) === undefined;
  }

  /** What `url` answered shows that it took `token` (C7). On the path of every request: nothing is made of it in vain. */
  accepted(token: T, url: URL, method: string | undefined): void {
    const { rejections } = this.#rests;
    if (rejections.listens) rejections.accepted(token.accessToken, apiRoute(url, method), this.#now());
  }

  /** `route` rejected `token`, sent for the first time (C7). */
  rejected({ accessToken }: T, route: ApiRoute): void {
    this.#rests.rejections.rejectedAtFirst(accessToken, route, this.#now());
  }

  /** `route` answered the retry with `token` (C7). */
  retried({ accessToken }: T, route: ApiRoute, isRejected: boolean): void {
    if (isRejected) this.#rests.rejections.rejected(accessToken, route, this.#now());
    else this.#rests.rejections.judged(accessToken, route);
  }

  /** A token was refused, and nobody waits for a better one (C13: such a replacement does not hold the process). */
  refuse(refusal: Pick<TokenDemand<T>, 'rejected' | 'challenge' | 'route'>): void {
    try {
      this.#joined(refusal, false);
    } catch {
      // while resting the next request finds out by itself
    }
  }

  /** `token` is not used any more, although no server refused it; nothing is fetched in its place until somebody asks. */
  forget(token: T): void {
    if (!this.#keeper.isCurrent(token)) return;
    this.#keeper.markRefused();
    this.#forgotten = this.#keeper.held?.token;
  }

  /**
   * Forgets the token and clears the store; what is being fetched is discarded, what is asked for meanwhile waits.
   * @param tell gets the tokens that were held and stored, to be revoked
   * @throws what the store throws when it cannot be cleared
   */
  leave(tell: (tokens: readonly T[]) => void): Promise<void> {
    this.#look.forget();
    return this.#keeper.leave(() => this.#flights.discard(), tell);
  }

  /**
   * Takes a token that the program brings.
   * @throws ConfigurationError for a token that cannot be sent, AuthenticationError `expired_token` or `logged_out`
   */
  async set(token: T, sameSession: boolean): Promise<void> {
    this.#look.forget();
    await this.#keeper.set(token, { sameSession, discard: () => this.#flights.discard() });
  }

  /** No further background work begins; a refresh under way is finished and saved, since its answer cannot be had twice. */
  close(): void {
    this.#isClosed = true;
  }

  /** One refresh for all who ask; a rejection marks the held token first (C2, C3). @throws while cooling down */
  #joined({ rejected, challenge, route, maxRetries }: TokenDemand<T>, isRetried = route !== undefined): Flight<T> {
    const isRejected = rejected !== undefined && this.#keeper.isCurrent(rejected);
    if (isRejected) this.#markRejected(rejected, route);
    if (this.#flights.current === undefined) this.#rests.assertOver(this.#now());
    const flight =
      this.#flights.current ?? this.#flights.start({ reason: reasonFor(this.#keeper.held), challenge, maxRetries });
    if (isRejected) this.#noteRefreshed(flight, route ?? UNNAMED, isRetried);
    return flight;
  }

  /** @throws while rejections by `route` cool down: its token stays in use, others may accept it (C7) */
  #markRejected(rejected: T, route: ApiRoute | undefined): void {
    if (route === undefined) this.rejected(rejected, UNNAMED);
    const resting = this.#resting(rejected, route ?? UNNAMED);
    if (resting) throw coolingDown(resting.failure, resting.leftMs);
    this.#keeper.markRefused();
  }

  /** What costs no refresh of its own is always free. */
  #resting(token: T, route: ApiRoute): Resting | undefined {
    if (!this.#keeper.isCurrent(token) || this.#flights.current !== undefined) return undefined;
    return this.#rests.rejections.resting(token.accessToken, route, this.#now());
  }

  #noteRefreshed({ id, promise }: Flight<T>, route: ApiRoute, isRetried: boolean): void {
    const note = ({ accessToken: token }: T): void =>
      this.#rests.rejections.refreshed({ id, token, isRetried }, route, this.#now());
    promise.then(note, () => undefined);
  }

  /** A person's wish: passes every cool-down (C5). It may be a sign-in, of another person too. */
  #forced(demand: TokenDemand<T>): Promise<T> {
    return this.#waitFor(this.#flights.startAfter({ reason: 'forced', maxRetries: demand.maxRetries }), demand);
  }

  async #waitFor({ id, promise }: Flight<T>, { force, rejected, signal }: TokenDemand<T>): Promise<T> {
    const { clock, observer } = this.#options;
    const at = clock.now();
    try {
      return await keepingAlive(abortable(promise, signal));
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const outlives = !force && !rejected && this.authenticated; // the failure of its replacement (C1)
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
