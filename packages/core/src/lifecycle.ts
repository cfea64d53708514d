// Keeps one token good: knows its age, begins a replacement when it is time, lets any number of callers share it, and
// rests after failures. It is the engine inside an Authorizer; the authorised transport speaks to it directly.
import type { ResolvedOptions } from './authorizer-options.js';
import type { AuthChallenge } from './challenge.js';
import { abortable, keepingAlive } from './clock.js';
import { forCaller } from './errors.js';
import { canceled } from './lifecycle-errors.js';
import type { ReplacementReason } from './observer.js';
import { Rests } from './rests.js';
import { asAuthenticationError } from './retry-policy.js';
import { SingleFlight } from './single-flight.js';
import type { Flight } from './single-flight.js';
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
  readonly maxRetries?: number | undefined;
}

export class Lifecycle<T extends Token> {
  readonly #options: ResolvedOptions<T>;
  readonly #rests = new Rests();
  readonly #keeper: TokenKeeper<T>;
  readonly #flights: SingleFlight<T>;
  /** A token that is known only so that nobody brings it back: not the store, and no late answer. */
  #forgotten: T | undefined;

  constructor(source: AnySource<T>, options: ResolvedOptions<T>) {
    this.#options = options;
    this.#keeper = new TokenKeeper(source, options, this.#rests);
    this.#flights = new SingleFlight((task) => this.#keeper.replace(task), options);
  }

  get token(): T | undefined {
    const token = this.#keeper.held?.token;
    return token === this.#forgotten ? undefined : token;
  }

  /** Whether the held token may be sent now. */
  get authenticated(): boolean {
    return this.#keeper.authenticated;
  }

  /** A token that needs no waiting, or undefined; begins a background replacement of a stale one (C1). */
  ready(): T | undefined {
    const { held } = this.#keeper;
    if (held === undefined || held.refused) return undefined;
    const now = this.#now();
    const age = held.ageAt(now);
    if (age === 'fresh') return held.token;
    if (age === 'ended') return undefined;
    const failure = this.#rests.afterFailure(now);
    const replacing = this.#flights.current !== undefined;
    if (age === 'expired') return replacing || failure?.kind === 'unavailable' ? held.token : undefined;
    if (!replacing && !failure) this.#flights.start({ reason: 'stale' });
    return held.token;
  }

  /** The token that answers `demand`. @throws an error of the caller's own, whose cause is shared */
  async get(demand: TokenDemand<T> = {}): Promise<T> {
    const { force, rejected, signal } = demand;
    if (signal?.aborted) throw canceled(signal);
    const superseded = rejected !== undefined && !this.#keeper.isCurrent(rejected);
    if (superseded || (!force && rejected === undefined))
      return this.ready() ?? this.#waitFor(this.#joined(demand), demand);
    return this.#waitFor(rejected === undefined ? this.#forced(demand) : this.#joined(demand), demand);
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
    return this.#keeper.leave(() => this.#flights.discard(), tell);
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
      const kept = force || rejected ? undefined : this.#keptThrough(error);
      if (kept) return kept;
      throw forCaller(error);
    } finally {
      observer?.({ type: 'waited', id, at, durationMs: clock.now() - at });
    }
  }

  /** The held token, when it outlives a transient failure of its replacement (C1). */
  #keptThrough(error: unknown): T | undefined {
    const passing = asAuthenticationError(error).kind === 'unavailable';
    return passing && this.authenticated ? this.token : undefined;
  }

  #now(): number {
    return this.#options.clock.now();
  }
}
