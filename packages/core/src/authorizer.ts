// The one class that holds a token. It hands the token to whoever may have it and prints it to nobody.
import { Lifecycle } from './lifecycle/lifecycle.js';
import { resolveOptions } from './lifecycle/options.js';
import type { AuthorizerOptions } from './lifecycle/options.js';
import { keepingAlive } from './internal/clock.js';
import { asSent, credentialsMaker, headersWithProof } from './authorizer/credentials.js';
import { INTERNALS } from './authorizer/internals.js';
import type { Internals } from './authorizer/internals.js';
import { ConfigurationError } from './token/errors/errors.js';
import { hide, isObject, recordOf, ownOptions } from './internal/records.js';
import { checkOptions, isSignal } from './token/options-check.js';
import { describeUrl, parseTarget } from './request/allow-list.js';
import { SharedAllowLists } from './request/shared-allow-lists.js';
import type { Token } from './token/token.js';
import { assertMembers, SIGN_IN, sourceOf } from './token/source.js';
import type { GetToken, SignIn, TokenSource } from './token/source.js';

declare global {
  interface SymbolConstructor {
    /** Of ECMAScript's explicit resource management; declared for those whose `lib` has it not yet. */
    readonly dispose: unique symbol;
  }
}

/**
 * Holds one token and keeps it good: gets it, refreshes it before it expires, and gives it to everyone who asks.
 *
 * @throws {@link ConfigurationError} for options that cannot work
 *
 * @example
 * ```ts
 * const authorizer = new Authorizer(source, { timeoutMs: 10_000 });
 * const { accessToken } = await authorizer.getToken(); // one refresh for all who ask at once
 * ```
 */
export class Authorizer<T extends Token = Token> {
  static {
    const get = function (this: Authorizer): unknown {
      return this.#internals;
    };
    Object.defineProperty(this.prototype, INTERNALS, { get });
    const signIn = function (this: Authorizer): SignIn {
      return this.#internals.lifecycle;
    };
    Object.defineProperty(this.prototype, SIGN_IN, { get: signIn });
    const { dispose }: { readonly dispose?: symbol } = Symbol; // older browsers have none
    if (dispose) hide(this.prototype, dispose, closed);
  }
  /** The same as `close`, for `using`. */
  declare readonly [Symbol.dispose]: () => void;
  readonly #internals: Internals<T>;
  readonly #clientId: string | undefined;

  /**
   * @param source where tokens come from: a `TokenSource`, or a function that returns a token
   * @param given the options; read once, only own properties count
   * @throws ConfigurationError when an option cannot work
   */
  constructor(source: TokenSource<T> | GetToken<T>, given?: AuthorizerOptions<T>) {
    const anySource = sourceOf(source);
    if (typeof anySource?.authorize !== 'function')
      throw new ConfigurationError(
        'Authorizer needs a token source: an object with `authorize`, or a function that returns a token',
      );
    assertMembers(anySource, 'the token source');
    const options = resolveOptions(given, 'Authorizer');
    const { allow, allowInsecure, clientInfo, clock, observer, initialToken } = options;
    if (initialToken) anySource.proof?.assertOwn({ accessToken: '', ...initialToken });
    const allowLists = new SharedAllowLists();
    if (allow !== undefined) allowLists.add({ allow, allowInsecure });
    this.#clientId = clientInfo?.clientId;
    const lifecycle = new Lifecycle(anySource, options);
    const credentials = credentialsMaker(anySource, options);
    this.#internals = { lifecycle, clock, observer, allowLists, clients: new WeakMap(), ...credentials };
  }

  /**
   * A token that is good now; fetched, refreshed or awaited when it has to be. Any number of callers share one refresh.
   * @param options `force`: a new one whatever is held; `rejected`: a new one only if this is still the current one;
   *   `signal`: ends this caller's wait, never the refresh
   * @throws AuthenticationError (of this caller's own, its cause is shared), CanceledError when the signal aborts
   */
  async getToken(options: { force?: boolean; rejected?: T; signal?: AbortSignal } = {}): Promise<T> {
    const asked = ownOptions(options);
    assertCall(options, asked.signal);
    try {
      return await this.#internals.lifecycle.get(asked);
    } catch (error) {
      throw asked.signal?.aborted && error === asked.signal.reason ? asCanceled(error) : error;
    }
  }

  /**
   * Authorization, and X-Api-Key when `clientInfo` has one.
   * @throws ConfigurationError when the token cannot be sent in a header, or its headers depend on the request, as a proof does and
   *   a hook `headers` with two parameters: `headers(url)` knows that
   */
  headersFor(token: T): Record<string, string> {
    if (!isObject(token)) throw new ConfigurationError('headersFor needs a token, as getToken() returns it');
    return { ...this.#internals.credentialsOf(token).headers };
  }

  /**
   * The headers for a request that axios does not make (fetch, WebSocket, EventSource): empty unless `url` is on the
   * allow list of an attachment whose client is still in use, or in `allow` of the options; `wss:` is judged as `https:`. A proof
   * (core/dpop) is good for one request: ask again for the next one.
   * @param request `method`: what the request will be sent with. Default: 'GET'
   * @throws AuthenticationError when no token can be had, ConfigurationError when no allow list is known at all
   */
  async headers(url: string | URL, request?: { readonly method?: string }): Promise<Record<string, string>> {
    const { method = 'GET' } = checkOptions(request, 'headers', { method: 'string' });
    const { allowLists, observer, clock } = this.#internals;
    if (allowLists.isEmpty)
      throw new ConfigurationError(
        'It is not said where the token may go: attach the authorizer to a client first, or give it `allow`',
      );
    const target = parseTarget(url);
    if (target && allowLists.allow(target)) {
      const token = await this.getToken();
      return headersWithProof(this.#internals, token, { method: asSent(method), url: target });
    }
    const reason = target && allowLists.except(target) ? 'excepted' : 'not_allowed';
    observer?.({ type: 'skipped', at: clock.now(), url: describeUrl(target), reason });
    return {};
  }

  /**
   * Takes a token that the program brings: from a login form, a response header, a page that a server rendered. It is checked,
   * saved, reported and held. It begins a new session: requests of the one before are not sent again with it, and whoever
   * waits for a token of that one gets `logged_out` (C17).
   * @param options `sameSession`: it continues the session that stands, as a token does that an API hands out with its answers
   * @throws ConfigurationError for a token that cannot be sent; AuthenticationError `expired_token` for one that has expired
   *   and brings no refresh token; with `sameSession` `logged_out` when another has signed out of that session
   * @example
   * ```ts
   * await authorizer.setToken({ accessToken, refreshToken, expiresAt: new Date(Date.now() + expiresIn * 1000) });
   * ```
   */
  async setToken(token: T, options?: { readonly sameSession?: boolean }): Promise<void> {
    const { sameSession = false } = checkOptions(options, 'setToken', { sameSession: 'any' });
    return keepingAlive(this.#internals.lifecycle.changes.set(token, sameSession));
  }

  /** What is held now, whatever its age; never fetches. */
  get token(): T | undefined {
    return this.#internals.lifecycle.token;
  }

  /**
   * The access token that is held now, whatever its age; undefined when there is none. `getToken()` makes sure of a
   * good one.
   */
  get accessToken(): string | undefined {
    return this.token?.accessToken;
  }

  /** Whether the held token has neither ended nor been rejected. */
  get authenticated(): boolean {
    return this.#internals.lifecycle.authenticated;
  }

  /** The option `clientId`, or that of `clientInfo`; undefined when neither was given. */
  get clientId(): string | undefined {
    return this.#clientId;
  }

  /**
   * Forgets the token, clears the store, then revokes (RFC 7009) if the source can; a refresh in flight is discarded,
   * and those who wait for it get `logged_out`.
   * @throws what the store throws when it cannot be cleared; a failed revocation is only reported to the observer
   */
  logout(): Promise<void> {
    return keepingAlive(this.#internals.lifecycle.changes.signOut());
  }

  /**
   * Ends background work: a stale token is no longer refreshed ahead of time, only when somebody asks for it. A refresh under
   * way is finished and saved. `using` calls it at the end of its block.
   */
  close(): void {
    this.#internals.lifecycle.close();
  }
}

function assertCall(options: unknown, signal: unknown): void {
  if (!isObject(options)) throw new ConfigurationError('getToken takes one object: { force?, rejected?, signal? }');
  if (signal !== undefined && !isSignal(signal))
    throw new ConfigurationError('`signal` of getToken must be an AbortSignal');
}

/** What axios throws for a caller that leaves, as `axios.isCancel` knows it; made here, so that a program without axios loads none. */
function asCanceled(reason: unknown): unknown {
  if ('isAxiosError' in recordOf(reason)) return reason;
  const error = Object.assign(new Error('canceled'), { name: 'CanceledError', code: 'ERR_CANCELED' });
  for (const name of ['__CANCEL__', 'isAxiosError']) hide(error, name, true);
  return error;
}

function closed(this: Authorizer): void {
  this.close();
}
