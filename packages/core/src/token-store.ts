// Keeps one token between runs, processes and machines. Core has the store in memory; files and Redis live elsewhere.
import type { Token } from './token.js';

export interface TokenStore<T extends Token = Token> {
  load(): Promise<T | undefined>;
  /** Keeps `token`; when a newer one stands there already it wins and is returned. `replaces` is the token it was made from. */
  save(token: T, replaces?: T, options?: { readonly newSession?: boolean }): Promise<T | void>;
  clear(): Promise<void>;
  /** Runs `work` under a lease that other processes or machines respect; inside it, `load` and `save` do not lock again. */
  exclusive?<R>(work: () => Promise<R>): Promise<R>;
}

/** A store in memory, for several authorizers of one process that share a token. */
export function memoryTokenStore<T extends Token = Token>(): TokenStore<T> {
  let kept: T | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    load: () => Promise.resolve(kept),
    save: (token) => {
      kept = token;
      return Promise.resolve();
    },
    clear: () => {
      kept = undefined;
      return Promise.resolve();
    },
    exclusive: (work) => {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}
