// What is held, and how it changes: a replacement takes its place, a refusal marks it, a logout forgets it. When that is
// due, and who waits for it, is the lifecycle's.
import type { Acquired } from './acquisition.js';
import type { ResolvedOptions } from './authorizer-options.js';
import { abortable } from './clock.js';
import { HeldToken } from './held-token.js';
import { acquireObserved } from './observed-acquisition.js';
import type { Rests } from './rests.js';
import { asAuthenticationError } from './retry-policy.js';
import type { FlightTask } from './single-flight.js';
import { StoreAccess } from './store-access.js';
import { deadlinesOf } from './token-age.js';
import type { Token } from './token.js';
import type { AnySource } from './token-source.js';

export class TokenKeeper<T extends Token> {
  readonly #source: AnySource<T>;
  readonly #options: ResolvedOptions<T>;
  readonly #rests: Rests;
  #held: HeldToken<T> | undefined;
  /** What renews the session while no token is held: the token made of `initialToken: { refreshToken }`. */
  #seed: T | undefined;
  #tookMs = 0;
  /** A logout under way. */
  #leaving: Promise<void> | undefined;

  constructor(source: AnySource<T>, options: ResolvedOptions<T>, rests: Rests) {
    this.#source = source;
    this.#options = options;
    this.#rests = rests;
    const { initialToken: initial } = options;
    if (initial && 'accessToken' in initial) {
      const from = initial.issuedAt?.getTime() ?? options.clock.now();
      this.#hold({ token: initial, deadlines: deadlinesOf(initial, options, from, 0) });
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- never handed out, only to the source's refresh
    else if (initial) this.#seed = { accessToken: '', ...initial } as T;
  }

  get held(): HeldToken<T> | undefined {
    return this.#held;
  }

  /** Whether the held token may be sent now. */
  get authenticated(): boolean {
    return this.#held?.usableAt(this.#options.clock.now()) ?? false;
  }

  /** Whether `token` is the one that is held, by its value (C3). */
  isCurrent(token: T): boolean {
    return this.#held?.token.accessToken === token.accessToken;
  }

  markRefused(): void {
    this.#held = this.#held?.asRefused();
  }

  /** @throws AuthenticationError, after which automatic calls rest (C5) */
  async replace(task: FlightTask): Promise<T> {
    try {
      if (this.#leaving) await abortable(this.#leaving, task.signal);
      const acquired = await acquireObserved({
        ...task,
        source: this.#source,
        options: this.#options,
        held: this.#held?.token ?? this.#seed,
        usable: this.authenticated && task.reason !== 'forced',
        tookMs: this.#tookMs,
        onDropped: (token) => this.#dropRefreshToken(token),
      });
      if (!acquired.adopted) this.#tookMs = acquired.tookMs;
      this.#hold(acquired, task.reason === 'refused');
      this.#rests.acquired();
      return acquired.token;
    } catch (error) {
      const failure = asAuthenticationError(error);
      this.#rests.failed(failure, this.#options.clock.now());
      throw failure;
    }
  }

  /**
   * Forgets the token and clears the store; a replacement that is asked for meanwhile waits.
   * @param discard ends a replacement under way
   * @param tell gets the tokens that were held and stored
   * @throws what the store throws when it cannot be cleared
   */
  leave(discard: () => Promise<void>, tell: (tokens: readonly T[]) => void): Promise<void> {
    const left = this.#leave(discard, tell);
    this.#leaving = left.catch(() => undefined);
    return left;
  }

  async #leave(discard: () => Promise<void>, tell: (tokens: readonly T[]) => void): Promise<void> {
    const held = this.#held?.token ?? this.#seed;
    const store = new StoreAccess(this.#options);
    this.#held = this.#seed = undefined;
    this.#rests.end();
    await discard();
    this.#held = undefined;
    const stored = await store.load().catch(() => undefined); // a wrong key is no reason to keep the token
    const tokens = [held, stored?.accessToken === held?.accessToken ? undefined : stored];
    tell(tokens.filter((token) => token !== undefined));
    await store.clear();
  }

  #hold(acquired: Omit<Acquired<T>, 'adopted'>, afterRefusal = false): void {
    this.#held = new HeldToken(this.#source, acquired, { afterRefusal });
    this.#seed = undefined;
  }

  #dropRefreshToken(token: T): void {
    this.#seed = undefined;
    if (this.isCurrent(token)) this.#held = this.#held?.without(token);
  }
}
