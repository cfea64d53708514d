// Calls to a token store: each has a limit, each failure is observed, none but a wrong configuration is fatal.
import type { ResolvedOptions } from './authorizer-options.js';
import { abortable, within } from './clock.js';
import { AuthenticationError, isAuthenticationError } from './errors.js';
import { membersOf, textOf } from './members.js';
import type { Token } from './token.js';
import type { TokenStore } from './token-store.js';

type Action = 'load' | 'save' | 'clear' | 'lease';

export class StoreAccess<T extends Token> {
  readonly #options: ResolvedOptions<T>;

  constructor(options: ResolvedOptions<T>) {
    this.#options = options;
  }

  /** The stored token; a failed load counts as missing. @throws ConfigurationError as the store threw it, such as a wrong key */
  async load(): Promise<T | undefined> {
    return (await this.#tolerated('load', (store) => store.load())) ?? undefined;
  }

  /** The newer token that stood there already, else undefined. */
  async save(token: T, replaces: T | undefined): Promise<T | undefined> {
    const standing = await this.#tolerated('save', (store) => store.save(token, replaces));
    return standing && standing.accessToken !== token.accessToken ? standing : undefined;
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
    const lease = new Lease(work);
    const held = store.exclusive(() => lease.begin());
    held.catch(() => undefined);
    try {
      await abortable(
        this.#call('lease', () => Promise.race([lease.begun, held])),
        signal,
      );
    } catch (error) {
      if (lease.giveUp()) {
        if (signal.aborted || isConfiguration(error)) throw error;
        return otherwise(error);
      }
    }
    return this.#released(lease.result, held);
  }

  /** The result, after the lease was given back, which a dead store cannot hold up for long. */
  async #released<R>(result: Promise<R>, held: Promise<unknown>): Promise<R> {
    await result.catch(() => undefined);
    await this.#tolerated('lease', () => held.catch(() => undefined));
    return result;
  }

  async #tolerated<R>(action: Action, call: (store: TokenStore<T>) => Promise<R>): Promise<R | undefined> {
    try {
      return await this.#call(action, call);
    } catch (error) {
      if (isConfiguration(error)) throw error;
      return undefined;
    }
  }

  async #call<R>(action: Action, call: (store: TokenStore<T>) => Promise<R>): Promise<R | undefined> {
    const { store, storeTimeoutMs, clock, observer } = this.#options;
    if (store === undefined) return undefined;
    const at = clock.now();
    const tell = (failure?: string): void =>
      observer?.({ type: 'store', action, at, durationMs: clock.now() - at, ...(failure && { failure }) });
    try {
      const called = async (): Promise<R> => call(store);
      const result = await within(clock, storeTimeoutMs, called(), () => tooSlow(action));
      tell();
      return result;
    } catch (error) {
      tell(textOf(membersOf(error)['message']) ?? 'unknown');
      throw error;
    }
  }
}

/** Work that begins under a lease, unless it was given up before. */
class Lease<R> {
  readonly begun: Promise<void>;
  readonly result: Promise<R>;
  #begin: () => void = () => undefined;
  #state: 'waiting' | 'begun' | 'given up' = 'waiting';

  constructor(work: () => Promise<R>) {
    this.begun = new Promise((resolve) => (this.#begin = resolve));
    this.result = this.begun.then(work);
    this.result.catch(() => undefined);
  }

  async begin(): Promise<R> {
    if (this.#state === 'given up') throw tooSlow('lease');
    this.#state = 'begun';
    this.#begin();
    return this.result;
  }

  /** Whether the work has not begun, and now never will. */
  giveUp(): boolean {
    if (this.#state === 'waiting') this.#state = 'given up';
    return this.#state === 'given up';
  }
}

function tooSlow(action: Action): AuthenticationError {
  return new AuthenticationError(`The token store took longer than storeTimeoutMs (${action})`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
  });
}

function isConfiguration(error: unknown): boolean {
  return isAuthenticationError(error) && error.kind === 'configuration';
}
