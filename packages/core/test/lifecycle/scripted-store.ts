// A store as a user might write it, whose every call can be made to misbehave, and which tells what was done to it.
import type { Token, TokenStore } from '../../src/index.js';

type Call = 'load' | 'save' | 'clear' | 'lease';

export class ScriptedStore implements TokenStore {
  kept: Token | undefined;
  /** Whether somebody works under the lease. */
  leased = false;
  readonly log: string[] = [];
  readonly #faults = new Map<Call, () => Promise<unknown>>();

  constructor(kept?: Token) {
    this.kept = kept;
  }

  /** What `call` does first from now on: fail, hang, wait. */
  on(call: Call, fault: (() => Promise<unknown>) | undefined): void {
    if (fault === undefined) this.#faults.delete(call);
    else this.#faults.set(call, fault);
  }

  async load(): Promise<Token | undefined> {
    this.log.push('load');
    await this.#faults.get('load')?.();
    return this.kept;
  }

  async save(token: Token): Promise<void> {
    this.log.push(`save ${token.accessToken}`);
    await this.#faults.get('save')?.();
    this.kept = token;
  }

  async clear(): Promise<void> {
    this.log.push('clear');
    await this.#faults.get('clear')?.();
    this.kept = undefined;
  }

  async #lease<R>(work: () => Promise<R>): Promise<R> {
    await this.#faults.get('lease')?.();
    this.log.push('lease');
    this.leased = true;
    try {
      return await work();
    } finally {
      this.leased = false;
      this.log.push('release');
    }
  }

  /** The same store with a lease. */
  withLease(): TokenStore {
    return {
      load: () => this.load(),
      save: (token) => this.save(token),
      clear: () => this.clear(),
      exclusive: (work) => this.#lease(work),
    };
  }
}

export function never(): Promise<never> {
  return new Promise(() => undefined);
}
