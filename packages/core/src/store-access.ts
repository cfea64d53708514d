// Calls to a token store: each has a limit, each failure is observed, none but a wrong configuration is fatal.
import type { ResolvedOptions } from './authorizer-options.js';
import { abortable, within } from './clock.js';
import { isAuthenticationError } from './errors.js';
import { Lease } from './lease.js';
import { membersOf, textOf } from './members.js';
import { tooSlow, unreadable } from './store-errors.js';
import type { StoreAction } from './store-errors.js';
import { storedToken } from './token-reading.js';
import type { Token } from './token.js';
import type { TokenStore } from './token-store.js';

export class StoreAccess<T extends Token> {
  readonly #options: ResolvedOptions<T>;
  /** Whether a load is unanswered: such a store is not waited for again, but for saving. */
  #isSilent = false;

  constructor(options: ResolvedOptions<T>) {
    this.#options = options;
  }

  /** What `load` gives, unless there is no lease to be spared. */
  async peek(): Promise<T | undefined> {
    return this.#options.store?.exclusive && this.load();
  }

  /** The stored token; a failed load counts as missing. @throws ConfigurationError as the store threw it, such as a wrong key */
  async load(): Promise<T | undefined> {
    return this.#isSilent ? undefined : this.#tolerated('load', (store) => this.#loaded(store));
  }

  /** The newer token that stood there already, else undefined. */
  async save(token: T, replaces: T | undefined): Promise<T | undefined> {
    const answered = await this.#tolerated('save', (store) => store.save(token, replaces));
    const standing = answered ? storedToken(answered) : undefined;
    return standing?.accessToken === token.accessToken ? undefined : standing;
  }

  /** Clears as far as it can be done. */
  async forget(): Promise<void> {
    await this.#tolerated('clear', (store) => store.clear());
  }

  /** @throws what the store threw: a token that stays behind after a logout is worth knowing */
  async clear(): Promise<void> {
    await this.#call('clear', (store) => store.clear());
  }

  /** `work` under the store's lease; `otherwise` when the lease cannot be had within `storeTimeoutMs`. */
  async underLease<R>(
    signal: AbortSignal,
    work: () => Promise<R>,
    otherwise: (cause: unknown) => Promise<R>,
  ): Promise<R> {
    const { store } = this.#options;
    if (store?.exclusive === undefined) return work();
    if (this.#isSilent) return otherwise(tooSlow('load'));
    const lease = new Lease(work);
    const held = callNow(async () => store.exclusive?.(() => lease.begin()));
    held.catch(() => undefined);
    const notBegun = await abortable(this.#begun(lease, held), signal).catch((error: unknown) => ({ error }));
    if (!lease.giveUp()) return this.#released(lease.result, held);
    signal.throwIfAborted();
    const cause = notBegun?.error;
    if (isConfiguration(cause)) throw cause;
    return otherwise(cause);
  }

  /** Settles when the work begins, or when it is clear that it will not. */
  async #begun(lease: Lease<unknown>, held: Promise<unknown>): Promise<undefined> {
    await this.#call('lease', () => Promise.race([lease.begun, held]));
  }

  /** The result, after the lease was given back, which a dead store cannot hold up for long. */
  async #released<R>(result: Promise<R>, held: Promise<unknown>): Promise<R> {
    await result.catch(() => undefined);
    await this.#tolerated('lease', () => held.catch(() => undefined));
    return result;
  }

  async #loaded(store: TokenStore<T>): Promise<T | undefined> {
    this.#isSilent = true;
    try {
      const found = (await store.load()) ?? undefined;
      const stored = found && storedToken(found);
      if (found !== undefined && stored === undefined) throw unreadable();
      return stored;
    } finally {
      this.#isSilent = false;
    }
  }

  async #tolerated<R>(action: StoreAction, call: (store: TokenStore<T>) => Promise<R>): Promise<R | undefined> {
    try {
      return await this.#call(action, call);
    } catch (error) {
      if (isConfiguration(error)) throw error;
      return undefined;
    }
  }

  async #call<R>(action: StoreAction, call: (store: TokenStore<T>) => Promise<R>): Promise<R | undefined> {
    const { store, storeTimeoutMs, clock, observer } = this.#options;
    if (store === undefined) return undefined;
    const at = clock.now();
    const tell = (failure?: string): void =>
      observer?.({ type: 'store', action, at, durationMs: clock.now() - at, ...(failure && { failure }) });
    try {
      const result = await within(
        clock,
        storeTimeoutMs,
        callNow(() => call(store)),
        () => tooSlow(action),
      );
      tell();
      return result;
    } catch (error) {
      tell(tellable(error));
      throw error;
    }
  }
}

/** What `call` promises; what it throws at once is a rejection as well. */
async function callNow<R>(call: () => Promise<R>): Promise<R> {
  return call();
}

/** Our own words; of a store's own only the code or name: its message may hold what it could not save. */
function tellable(error: unknown): string {
  if (isAuthenticationError(error)) return error.message;
  const { code, name } = membersOf(error);
  return textOf(code) ?? textOf(name) ?? 'unknown';
}

function isConfiguration(error: unknown): boolean {
  return isAuthenticationError(error) && error.kind === 'configuration';
}
