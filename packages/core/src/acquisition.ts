// One replacement of a token, from the store's lease to the saved answer: load, adopt or refresh or authorize, check,
// save, tell. Tries are repeated here; who waits for the outcome, and how often this may begin, is the lifecycle's.
import type { AcquisitionTask } from './acquisition-task.js';
import { within } from './clock.js';
import { membersOf } from './members.js';
import { asAuthenticationError, RetryPolicy } from './retry-policy.js';
import { secretsOfClient, secretsOfToken, withoutSecrets } from './sent-secrets.js';
import { SourceAccess } from './source-access.js';
import { StoreAccess } from './store-access.js';
import { leaseUnavailable } from './store-errors.js';
import { ageAt, deadlinesOf } from './token-age.js';
import type { TokenDeadlines } from './token-age.js';
import { assertUnexpired, usableToken } from './token-answer.js';
import type { Token } from './token.js';

export interface Acquired<T> {
  readonly token: T;
  readonly deadlines: TokenDeadlines;
  /** Whether another process had stored it already. */
  readonly adopted: boolean;
}

export class Acquisition<T extends Token> {
  readonly #task: AcquisitionTask<T>;
  readonly #store: StoreAccess<T>;
  readonly #source: SourceAccess<T>;
  readonly #retries: RetryPolicy;
  #held: T | undefined;
  #begunAt = 0;

  constructor(task: AcquisitionTask<T>) {
    this.#task = task;
    this.#held = task.held;
    this.#store = new StoreAccess(task.options);
    this.#source = new SourceAccess({ ...task, onDropped: (token) => this.#onDropped(token) }, this.#store);
    this.#retries = new RetryPolicy(task.maxRetries ?? task.options.maxRetries);
  }

  async run(): Promise<Acquired<T>> {
    const { clock, timeoutMs } = this.#task.options;
    this.#begunAt = clock.now();
    const endsAt = this.#begunAt + timeoutMs;
    for (;;) {
      try {
        return await this.#tryOnce();
      } catch (error) {
        const failure = asAuthenticationError(error, this.#secrets(this.#held));
        const delayMs = this.#retries.delayAfter(failure, this.#source.refreshing);
        if (this.#task.signal.aborted || delayMs === undefined || clock.now() + delayMs >= endsAt) throw failure;
        await clock.sleep(delayMs, this.#task.signal);
      }
    }
  }

  /** What was in play. */
  #secrets(token: T | undefined): readonly string[] {
    const { held, options } = this.#task;
    return [token, held].flatMap(secretsOfToken).concat(secretsOfClient(options.clientInfo));
  }

  #onDropped(token: T): void {
    this.#held = token;
    this.#task.onDropped(token);
  }

  /** What another process has saved is adopted without the lease: in a fleet all but one have nothing else to do. */
  async #tryOnce(): Promise<Acquired<T>> {
    const { reason, signal } = this.#task;
    const adopted = reason !== 'forced' && this.#adoptable(await this.#store.peek());
    if (adopted) return adopted;
    signal.throwIfAborted();
    return this.#store.underLease(
      signal,
      () => this.#replace(true),
      (cause) => this.#withoutLease(cause),
    );
  }

  async #replace(leased: boolean): Promise<Acquired<T>> {
    const found = await this.#store.load();
    const adopted = this.#adoptable(found);
    if (adopted) return adopted;
    const base = this.#notOlder(found) ?? this.#held;
    this.#held = base;
    const acquired = this.#checked(await this.#source.obtain(base, leased));
    this.#task.signal.throwIfAborted();
    const standing = await this.#store.save(acquired.token, base);
    this.#task.signal.throwIfAborted();
    await this.#tell(standing ?? acquired.token);
    return standing === undefined ? acquired : this.#withDeadlines(standing, true);
  }

  /** A rotating refresh token must not be replayed by two: without the lease it is not refreshed. */
  async #withoutLease(cause: unknown): Promise<Acquired<T>> {
    if (this.#task.usable && this.#held?.refreshToken !== undefined) throw leaseUnavailable(cause);
    try {
      return await this.#replace(false);
    } catch (error) {
      const over = asAuthenticationError(error).kind === 'session' && this.#held?.refreshToken !== undefined;
      throw over ? leaseUnavailable(cause) : error;
    }
  }

  /** What is held after a save that failed is newer than what is stored, and wins. */
  #notOlder(stored: T | undefined): T | undefined {
    const [storedAt, heldAt] = [stored?.issuedAt, this.#held?.issuedAt].map((at) => at?.getTime());
    return storedAt !== undefined && heldAt !== undefined && storedAt < heldAt ? undefined : stored;
  }

  #adoptable(found: T | undefined): Acquired<T> | undefined {
    const { reason, options } = this.#task;
    const stored = this.#notOlder(found);
    if (reason === 'forced' || !stored?.accessToken || stored.accessToken === this.#held?.accessToken) return undefined;
    const adopted = this.#withDeadlines(stored, true);
    const age = ageAt(adopted.deadlines, options.clock.now());
    if (this.#task.source.expired?.(stored, new Date(options.clock.now()))) return undefined;
    return age === 'fresh' || (age === 'stale' && this.#held === undefined) ? adopted : undefined;
  }

  /** @throws AuthenticationError `expired_token`, ConfigurationError for a token that cannot be sent */
  #checked(answer: T | string): Acquired<T> {
    const { source, options } = this.#task;
    const acquired = this.#withDeadlines(usableToken(source, answer, this.#source.sentAt), false);
    assertUnexpired(source, acquired, options.clock.now());
    return acquired;
  }

  #withDeadlines(token: T, adopted: boolean): Acquired<T> {
    const { options } = this.#task;
    const now = options.clock.now();
    const from = adopted ? (token.issuedAt?.getTime() ?? now) : this.#source.sentAt;
    const tookMs = adopted ? this.#task.tookMs : now - this.#begunAt;
    return { token, adopted, deadlines: deadlinesOf(token, options, from, tookMs) };
  }

  async #tell(token: T): Promise<void> {
    const { options } = this.#task;
    const { clock, timeoutMs, observer } = options;
    if (options.onToken === undefined) return;
    try {
      const told = async (): Promise<void> => options.onToken?.(token);
      await within(clock, timeoutMs, told(), () => new Error('onToken took longer than timeoutMs'));
    } catch (error) {
      const words = withoutSecrets(String(membersOf(error)['message'] ?? error), this.#secrets(token));
      const message = `onToken failed, the token is used all the same: ${words}`;
      observer?.({ type: 'notice', at: clock.now(), message });
    }
  }
}
