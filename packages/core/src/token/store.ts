// Keeps one token between runs, processes and machines. Core has the store in memory; files and Redis live elsewhere.
import { CauselessError } from './errors/errors.js';
import type { AuthenticationError } from './errors/errors.js';
import type { Token } from './token.js';

/**
 * Keeps one token, or the mark that a sign-out left in its place, for all who share it. What two machines call "now" is never
 * compared: tokens are compared by value, `accessToken` and `refreshToken` together. Members of a token that the store does
 * not know come back as they were saved.
 */
export interface TokenStore<T extends Token = Token> {
  /** Whether it keeps nothing beyond this process, as a store in memory; so may be the key of its tokens (core/dpop). Default: false. */
  readonly endsWithProcess?: boolean | undefined;
  /**
   * The token that stands; undefined when nothing is kept, also after an eviction, a flush or the removal of a file, which end
   * no session.
   * @throws AuthenticationError `logged_out`, of kind `session`, while the mark of a sign-out stands
   */
  load(): Promise<T | undefined>;
  /**
   * Keeps `token` in one step, and resolves with nothing; or keeps what stands, and resolves with that. In this order:
   *
   * 1. With `newSession` it replaces whatever stands, the mark of a sign-out included.
   * 2. While a mark stands it rejects, and nothing is kept.
   * 3. When another token stands than `replaces`, the one that stands wins and is returned: somebody was faster. Stores that
   *    are shared by processes make an exception for what this very store object loaded or saved last, which its user knows.
   * 4. Else `token` is kept; an empty store keeps whatever is saved.
   *
   * Without `replaces` a store in memory replaces any token; one that is shared by processes what this store object loaded or
   * saved last, while what another has saved since then wins (before its first `load` or `save` a file's object replaces any
   * token, Redis' none). A save that outlived its caller's patience, or its caller's lease, lands by the same rules.
   * @param replaces the token that `token` was made from, as it was loaded
   * @param options.newSession whether somebody has signed in; default false
   * @throws AuthenticationError `logged_out`, of kind `session`, while the mark of a sign-out stands, and when this store
   *   object was cleared after the save began
   */
  save(token: T, replaces?: T, options?: { readonly newSession?: boolean }): Promise<T | void>;
  /**
   * Forgets the token and leaves the mark of a sign-out in its place, in one step; also where nothing was kept. The mark stands
   * until a save with `newSession`; each store says for how long at most.
   */
  clear(): Promise<void>;
  /**
   * Runs `work` under a lease that other processes or machines respect, and gives what it gives; inside it, `load` and `save` do
   * not lock again. While another holder lives and works it waits; a holder that died is replaced. Leases may overlap when a
   * holder was paused: `save` decides, not the lease.
   * @param options.signal aborts when nobody waits for the lease any more, so that a store need not go on asking for it; `work`
   *   that has begun goes on. Default: never
   * @throws what `work` throws; else only when the store fails or does not answer, when its own limit ran out, or, before `work`
   *   has begun, the reason of `signal`, and AuthenticationError `failing_elsewhere` where the store knows that the work of others
   *   fails again and again: in an outage a fleet would wait for minutes, one after the other
   */
  exclusive?<R>(work: () => Promise<R>, options?: { readonly signal?: AbortSignal }): Promise<R>;
  /**
   * Calls `changed` when another process, tab or authorizer has saved or cleared; it says nothing of what. It is a hint and may be
   * late, missing, or of one's own doing: an authorizer looks into the store then, and into each store when it needs a token.
   * Listening holds no process, and begins and ends at once.
   *
   * A store that has slept, so that what it told may be long out of date, says `changed({ outdated: true })`, as a page's store does
   * when the browser shows the page again: then each request waits until the store was looked into, for `storeTimeoutMs` at most.
   * @param changed must be called at any time but within `subscribe` itself; it does not throw
   * @returns ends it; called again it does nothing
   * @throws when this store cannot tell; the authorizer reports that to its observer and does without
   * @example
   * ```ts
   * const store = fileTokenStore('/var/lib/reports/token.json');
   * const unsubscribe = store.subscribe?.(() => location.reload()); // another process has signed in, refreshed or signed out
   * unsubscribe?.();
   * ```
   */
  subscribe?(changed: StoreChanged): () => void;
}

/**
 * What a store calls when it has changed. `outdated`: what it told before may be long out of date, so requests wait until it was
 * looked into; default false.
 */
export type StoreChanged = (news?: { readonly outdated?: boolean }) => void;

/**
 * A store in memory, for several authorizers of one process that share a token. The mark of a sign-out stands until a new session.
 *
 * @example
 * ```ts
 * const shared = memoryTokenStore(); // several authorizers of one process
 * const authorizer = new Authorizer(source, { store: shared });
 * ```
 */
export function memoryTokenStore<T extends Token = Token>(): TokenStore<T> {
  let kept: T | undefined;
  let isSignedOut = false;
  let last: Promise<unknown> = Promise.resolve();
  const subscribers = new Subscribers();
  return {
    endsWithProcess: true,
    load: async () => {
      if (isSignedOut) throw signedOut();
      return kept;
    },
    save: async (token, replaces, { newSession = false } = {}) => {
      if (isSignedOut && !newSession) throw signedOut();
      if (!newSession && kept && replaces && !isSameToken(kept, replaces)) return kept;
      [kept, isSignedOut] = [token, false];
      subscribers.tell();
      return undefined;
    },
    clear: async () => {
      [kept, isSignedOut] = [undefined, true];
      subscribers.tell();
    },
    exclusive: (work) => {
      const turn = last.then(work);
      last = turn.catch(() => undefined);
      return turn;
    },
    subscribe: (changed) => subscribers.add(changed),
  };
}

/** Those who want to know when a store has changed. */
export class Subscribers {
  readonly #all = new Set<{ readonly changed: StoreChanged }>();

  get size(): number {
    return this.#all.size;
  }

  /** @returns ends it */
  add(changed: StoreChanged): () => void {
    const subscriber = { changed };
    this.#all.add(subscriber);
    return () => void this.#all.delete(subscriber);
  }

  tell(): void {
    for (const { changed } of this.#all) {
      try {
        changed();
      } catch {
        // a subscriber's fault is neither the store's nor the writer's
      }
    }
  }
}

/** What a store answers while the mark of a sign-out stands. */
export function signedOut(): AuthenticationError {
  return new CauselessError('Somebody who shares this token store has signed out; sign in again', {
    code: 'logged_out',
    kind: 'session',
  });
}

/** Whether two tokens are one, by value. */
export function isSameToken(one: Token, other: Token): boolean {
  return one.accessToken === other.accessToken && one.refreshToken === other.refreshToken;
}
