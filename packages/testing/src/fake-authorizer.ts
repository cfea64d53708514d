// An authorizer for tests of programs that use one: the real class over a source in memory. What happens to a token in
// service (it expires, an API rejects it, somebody signs out, no new one can be had) happens when the test says so.
import { AuthenticationError, Authorizer, ConfigurationError, memoryTokenStore } from '@axios-authorizer/core';
import type { AuthErrorKind, AuthorizerOptions, Token, TokenStore } from '@axios-authorizer/core';
import { AUTHORIZER_OPTIONS, checkOptions, pickOptions, systemClock } from '@axios-authorizer/core/extend';
import { FakeSource } from './fake-source.js';
import { ForwardClock } from './forward-clock.js';

/** The options of {@link fakeAuthorizer}: those of an `Authorizer` but `initialToken`, and three of its own. */
export interface FakeAuthorizerOptions extends Omit<AuthorizerOptions, 'initialToken'> {
  /**
   * The token that is held from the start: an access token, or a whole token. Default: a made-up one with a refresh token.
   * Those after it have access tokens of their own, and its other members.
   */
  readonly token?: string | Token | undefined;
  /** How long each token is good, in seconds. Default: 3600. */
  readonly lifetimeS?: number | undefined;
  /**
   * Fails from the start, without a token: a kind makes an `AuthenticationError` of that kind (`configuration`: a
   * `ConfigurationError`), an error is thrown as it is and read as that of any source. Default: never.
   */
  readonly failWith?: AuthErrorKind | Error | undefined;
}

const { initialToken: _held, ...PASSED_ON } = AUTHORIZER_OPTIONS;
const KINDS: readonly unknown[] = ['credentials', 'session', 'unavailable', 'configuration'];
/** No cool-down is longer. */
const LONGEST_COOL_DOWN_MS = 3_600_000;
/** After it a rejection is not held against the refresh before it. */
const REJECTIONS_FORGOTTEN_MS = 120_000;

/**
 * An `Authorizer` that needs no server: it holds a token from the start, and makes up the next ones. `attachAuth` takes it as
 * it takes any other.
 * @param options those of an `Authorizer`, and `token`, `lifetimeS`, `failWith`
 * @throws ConfigurationError for an unknown option, or a value that cannot be
 * @example
 * ```ts
 * const authorizer = fakeAuthorizer({ token: 'my-token' });
 * attachAuth(client, authorizer, { allow: 'https://api.example.org' });
 * authorizer.expire(); // the next request waits for a refresh
 * ```
 */
export function fakeAuthorizer(options?: FakeAuthorizerOptions): FakeAuthorizer {
  const given = checkOptions<FakeAuthorizerOptions>(options, 'fakeAuthorizer', {
    ...PASSED_ON,
    token: 'any',
    lifetimeS: 'any',
    failWith: 'any',
  });
  const { token, lifetimeS = 3600, failWith, clock = systemClock, store = memoryTokenStore() } = given;
  if (typeof lifetimeS !== 'number' || !(lifetimeS > 0))
    throw new ConfigurationError('`lifetimeS` of fakeAuthorizer must be a number of seconds above 0');
  const forward = new ForwardClock(clock);
  const source = new FakeSource({ template: templateOf(token), lifetimeMs: lifetimeS * 1000, clock: forward });
  source.failure = failureFor(failWith);
  const passedOn = { ...pickOptions<AuthorizerOptions>(given, { ...PASSED_ON, initialToken: 'any' }), store };
  return new FakeAuthorizer(passedOn, { source, clock: forward, store });
}

/**
 * What `fakeAuthorizer` returns: an `Authorizer` with a test's hands on it.
 * @example
 * ```ts
 * const authorizer: FakeAuthorizer = fakeAuthorizer();
 * authorizer.failWith('unavailable'); // no new token from now on
 * authorizer.expire();
 * const kind = await authorizer.getToken().catch((error) => error.kind); // 'unavailable'
 * authorizer.recover();
 * ```
 */
export class FakeAuthorizer extends Authorizer {
  readonly #source: FakeSource;
  readonly #clock: ForwardClock;
  readonly #store: TokenStore;

  /** Use `fakeAuthorizer(options)`. */
  constructor(options: AuthorizerOptions, { source, clock, store }: FakeParts) {
    const initialToken = source.failure === undefined ? source.next() : undefined;
    super(source, { ...options, clock, initialToken });
    this.#source = source;
    this.#clock = clock;
    this.#store = store;
  }

  /** Every access token that was issued, in order; the first is there from the start. */
  get issued(): readonly string[] {
    return this.#source.issued;
  }

  /** Whether an API should let this access token in: `startApi({ accepts: authorizer })` asks it. */
  accepts(accessToken: string): boolean {
    const { expiresAt } =
      this.token?.accessToken === accessToken ? this.token : (this.#source.tokenOf(accessToken) ?? {});
    const isKnown = this.#source.issued.includes(accessToken) || this.accessToken === accessToken;
    const isOver =
      this.#source.isEnded(accessToken) || (expiresAt !== undefined && expiresAt.getTime() <= this.#clock.now());
    return isKnown && !isOver;
  }

  /**
   * The current token expires at once: the authorizer's clock goes on to its end, and the next request waits for a refresh. It
   * goes on for a request under way as well, whose `timeout` is over then: use `reject()` where there is one. A token without an
   * end counts as rejected. Without a token nothing happens.
   */
  expire(): void {
    const { token } = this;
    if (token?.expiresAt === undefined) return this.reject();
    this.#clock.forward(token.expiresAt.getTime() - this.#clock.now());
  }

  /**
   * The current token counts as rejected, as after a 401 of an API: it is not sent any more, and a refresh begins, for which the
   * next request waits. Without a token nothing happens.
   */
  reject(): void {
    const { token } = this;
    if (token === undefined) return;
    this.#source.end(token.accessToken);
    this.#renew(token);
    if (!this.authenticated) return;
    this.#clock.forward(REJECTIONS_FORGOTTEN_MS); // one rejection after another cools down
    this.#renew(token);
  }

  /**
   * The session ends as by a logout in another process or tab: the token is forgotten, and requests fail with `logged_out`
   * (kind `session`) until `signIn` or `setToken`. `logout()` leaves the same behind.
   */
  async signOut(): Promise<void> {
    const { token } = this;
    for (const issued of this.#source.issued) this.#source.end(issued);
    this.#source.isSignedOut = true;
    await this.#store.clear();
    if (token !== undefined) await this.getToken({ rejected: token }).catch(() => undefined);
  }

  /**
   * Somebody signs in: a new session begins, with the next made-up token or with `token`.
   * @throws what `setToken` throws for a token that cannot be sent
   */
  async signIn(token: Token = this.#source.next()): Promise<void> {
    await this.setToken(token);
    this.#source.isSignedOut = false;
  }

  /**
   * Every refresh and sign-in fails from now on; a live token is still used, so call `expire()` as well.
   * @param failure as the option `failWith`
   * @throws ConfigurationError when it is neither a kind nor an error
   */
  failWith(failure: AuthErrorKind | Error): void {
    this.#source.failure = failureFor(failure ?? '');
  }

  /** Refreshes succeed again, and an hour has passed for the authorizer: no cool-down is left of the failures. */
  recover(): void {
    this.#source.failure = undefined;
    this.#clock.forward(LONGEST_COOL_DOWN_MS);
  }

  /** Who asks for a token hears why there is none. */
  #renew(rejected: Token): void {
    this.getToken({ rejected }).catch(() => undefined);
  }
}

interface FakeParts {
  readonly source: FakeSource;
  readonly clock: ForwardClock;
  readonly store: TokenStore;
}

function templateOf(token: string | Token | undefined): Partial<Token> {
  if (typeof token === 'string') return { accessToken: token };
  if (token === undefined || (typeof token === 'object' && typeof token?.accessToken === 'string')) return token ?? {};
  throw new ConfigurationError('`token` of fakeAuthorizer must be an access token, or a token: { accessToken, … }');
}

function failureFor(failWith: AuthErrorKind | Error | '' | undefined): (() => Error) | undefined {
  if (failWith === undefined) return undefined;
  if (typeof failWith === 'object' && failWith !== null) return () => failWith;
  if (failWith === '' || !KINDS.includes(failWith))
    throw new ConfigurationError(`\`failWith\` must be an error, or one of the kinds ${KINDS.join(', ')}`);
  const message = `fakeAuthorizer was told to fail with '${failWith}'`;
  if (failWith === 'configuration') return () => new ConfigurationError(message);
  return () => new AuthenticationError(message, { code: 'source_failed', kind: failWith });
}
