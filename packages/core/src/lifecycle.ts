// Keeps one token good: knows its age, begins a replacement when it is time, lets any number of callers share it, and
// rests after failures. It is the engine inside an Authorizer; the authorised transport speaks to it directly.
import type { ResolvedOptions } from './authorizer-options.js';
import type { AuthChallenge } from './challenge.js';
import { abortable, keepingAlive } from './clock.js';
import { forCaller } from './errors.js';
import type { AuthenticationError } from './errors.js';
import { canceled, loggedOut } from './lifecycle-errors.js';
import type { ReplacementReason } from './observer.js';
import { Rests } from './rests.js';
import { asAuthenticationError } from './retry-policy.js';
import type { Session } from './session.js';
import { SingleFlight } from './single-flight.js';
import type { Flight, FlightTask } from './single-flight.js';
import { TokenKeeper } from './token-keeper.js';
import type { Token } from './token.js';
import type { AnySource } from './token-source.js';

export interface TokenDemand<T extends Token> {
  readonly force?: boolean | undefined;
  readonly rejected?: T | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly challenge?: AuthChallenge | undefined;
  /** What refused `rejected`. */
  readonly url?: URL | undefined;
  /** The session that it must be answered in, if not the current one (C17). */
  readonly session?: Session | undefined;
  readonly maxRetries?: number | undefined;
}

/** A store is read so often at the most while there is no token to be had (C5). */
const READ_EVERY_MS = 1_000;

export class Lifecycle<T extends Token> {
  readonly #options: ResolvedOptions<T>;
  readonly #rests = new Rests();
  readonly #keeper: TokenKeeper<T>;
  readonly #flights: SingleFlight<T>;
  /** The last look into the store while resting. */
  #look: { readonly at: number; readonly over: Promise<void> } | undefined;
  /** That nobody is signed in, as the source said it last. */
  #nobody: { readonly at: number; readonly failure: AuthenticationError } | undefined;
  #isClosed = false;

  constructor(source: AnySource<T>, options: ResolvedOptions<T>) {
    this.#options = options;
    this.#keeper = new TokenKeeper(source, options, this.#rests);
    this.#flights = new SingleFlight((task) => this.#replace(task), options);
  }

  get token(): T | undefined {
    return this.#keeper.held?.token;
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
    const age = held.ageAt(now);
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
    const { force, rejected, signal, session = this.session } = demand;
    if (signal?.aborted) throw canceled(signal);
    this.#assertCurrent(session);
    const superseded = rejected !== undefined && !this.#keeper.isCurrent(rejected);
    const isForced = force === true && rejected === undefined;
    if (!isForced && (superseded || rejected === undefined)) {
      const token = this.ready();
      if (token) return token;
    }
    const token = isForced ? await this.#waitFor(this.#forced(demand), demand) : await this.#shared(demand);
    this.#assertCurrent(session);
    return token;
  }

  /** What all share who ask now; while resting, what another process has saved meanwhile (C5). */
  async #shared(demand: TokenDemand<T>): Promise<T> {
    if (this.#flights.current === undefined && this.#restingFor(demand)) {
      await abortable(this.#lookedIntoStore(), demand.signal);
      const token = this.ready();
      if (token) return token;
      this.#assertSomebody();
    }
    return this.#waitFor(this.#joined(demand), demand);
  }

  #restingFor({ rejected }: TokenDemand<T>): boolean {
    const isNobody = rejected === undefined && this.#nobody !== undefined && this.#isRecent(this.#nobody.at);
    return this.#keeper.store.exists && (isNobody || this.#rests.afterFailure(this.#now()) !== undefined);
  }

  /** One look for all, at most once a second, without the lease. */
  #lookedIntoStore(): Promise<void> {
    if (this.#look === undefined || !this.#isRecent(this.#look.at)) {
      const over = this.#keeper.adopt();
      over.catch(() => undefined);
      this.#look = { at: this.#now(), over };
    }
    return this.#look.over;
  }

  /** @throws what the source said a moment ago: that nobody is signed in */
  #assertSomebody(): void {
    if (this.#nobody && this.#isRecent(this.#nobody.at)) throw forCaller(this.#nobody.failure);
  }

  #isRecent(at: number): boolean {
    return Math.abs(this.#now() - at) < READ_EVERY_MS;
  }

  async #replace(task: FlightTask): Promise<T> {
    this.#nobody = undefined;
    try {
      return await this.#keeper.replace(task);
    } catch (error) {
      const failure = asAuthenticationError(error);
      if (failure.code === 'not_authenticated') this.#nobody = { at: this.#now(), failure };
      throw failure;
    }
  }

  /** @throws AuthenticationError `logged_out` when the session in which a request began is over (C17) */
  #assertCurrent(session: Session | undefined): void {
    if (session !== undefined && session !== this.session) throw loggedOut();
  }

  /** Whether a refusal of `token` by `url` may cost a replacement now (C7). */
  mayRenew(token: T, url: URL | undefined): boolean {
    if (!this.#keeper.isCurrent(token) || this.#flights.current !== undefined) return true;
    return this.#rests.afterRefusal(this.#now(), url) === undefined;
  }

  /** The server of `url` took the token: its refusals are over (C7). */
  accepted(url: URL): void {
    this.#rests.accepted(url);
  }

  /** `token` was refused although it was fetched because of a refusal: forced replacements rest (C7). */
  refusedAgain(token: T, url: URL): void {
    if (this.#keeper.isCurrent(token) && this.#keeper.held?.afterRefusal) this.#rests.refusedAgain(this.#now(), url);
  }

  /** A token was refused, and nobody waits for a better one (C13: such a replacement does not hold the process). */
  refuse(refusal: Pick<TokenDemand<T>, 'rejected' | 'challenge' | 'url'>): void {
    try {
      this.#joined(refusal);
    } catch {
      // while resting the next request finds out by itself
    }
  }

  /**
   * Forgets the token and clears the store; what is being fetched is discarded, what is asked for meanwhile waits.
   * @param tell gets the tokens that were held and stored, to be revoked
   * @throws what the store throws when it cannot be cleared
   */
  leave(tell: (tokens: readonly T[]) => void): Promise<void> {
    this.#nobody = this.#look = undefined;
    return this.#keeper.leave(() => this.#flights.discard(), tell);
  }

  /**
   * Takes a token that the program brings.
   * @throws ConfigurationError for a token that cannot be sent, AuthenticationError `expired_token` or `logged_out`
   */
  async set(token: T, sameSession: boolean): Promise<void> {
    this.#nobody = this.#look = undefined;
    await this.#keeper.set(token, { sameSession, discard: () => this.#flights.discard() });
  }

  /** No further background work begins; a refresh under way is finished and saved, since its answer cannot be had twice. */
  close(): void {
    this.#isClosed = true;
  }

  /** One replacement for all who ask; a refusal marks the held token first (C2, C3). @throws while resting */
  #joined({ rejected, challenge, url, maxRetries }: TokenDemand<T>): Flight<T> {
    const refused = rejected !== undefined && this.#keeper.isCurrent(rejected);
    if (refused && this.mayRenew(rejected, url)) this.#keeper.markRefused();
    if (this.#flights.current === undefined) this.#rests.assertOver(this.#now(), refused ? url : undefined);
    return this.#flights.current ?? this.#flights.start({ reason: this.#reason(), challenge, maxRetries });
  }

  /** A person's wish: passes every cool-down (C5). */
  #forced({ maxRetries }: TokenDemand<T>): Flight<T> {
    return this.#flights.startAfter({ reason: 'forced', maxRetries });
  }

  #reason(): ReplacementReason {
    const { held } = this.#keeper;
    if (held === undefined) return 'missing';
    return held.refused ? 'refused' : 'expired';
  }

  async #waitFor({ id, promise }: Flight<T>, { force, rejected, signal }: TokenDemand<T>): Promise<T> {
    const { clock, observer } = this.#options;
    const at = clock.now();
    try {
      return await keepingAlive(abortable(promise, signal));
    } catch (error) {
      if (signal?.aborted) throw canceled(signal);
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
