// The one owner of the token, and of the session that it belongs to: a refresh takes its place, a rejection marks it, a
// sign-in or a sign-out ends its session. When that is due, and who waits for it, is the lifecycle's.
import { recordOf } from '../internal/records.js';
import type { ResolvedOptions } from './options.js';
import { goesOn, hasEnded, randomMark } from './session.js';
import { endsSession, SessionEnd } from './session-end.js';
import type { Session } from './session.js';
import { StoreAccess } from './store/store-access.js';
import { StoreLook } from './store/store-look.js';
import type { Finding } from './store/store-look.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import type { RefreshReason } from '../token/observer.js';
import type { AnySource } from '../token/source.js';
import type { Token } from '../token/token.js';
import { deadlinesOf } from '../token/validity.js';
import type { Age } from '../token/validity.js';
import { ageOf } from './acquired.js';
import type { Acquired, CurrentToken } from './acquired.js';

interface TokenManagerHooks<T extends Token> {
  /** Called when a session ends, by the token of another one too. */
  readonly sessionOver: () => void;
  /** Looks into the store, and takes what is good. */
  readonly adopt: (tokens: TokenManager<T>, store: StoreAccess<T>) => Promise<Finding>;
}

/** Of so many lost saves in a row it is known. */
const MOST_LOST_SAVES = 100;

export class TokenManager<T extends Token> {
  readonly source: AnySource<T>;
  readonly options: ResolvedOptions<T>;
  readonly store: StoreAccess<T> | undefined;
  readonly look: StoreLook | undefined; // whether another has signed in meanwhile
  arrived: T | undefined; // a new token that is not saved yet
  /** Why the last refresh token was refused for good, if nothing was acquired since. */
  refusal: AuthenticationError | undefined;
  tookMs = 0; // how long the last acquisition took
  /** Whether a sign-out came last, so that the next sign-in begins a session that is marked as new. */
  signedOut = false;
  changes = 0; // sign-ins and sign-outs that the program has begun
  changing: Promise<void> | undefined; // until those under way are over; never rejects
  /**
   * Whether the session began with a save that was lost: what the store holds is of another one, until ours is saved. Then it
   * holds what counts no more, as it does after any lost save; known by value, since clocks are never compared (C6).
   */
  isUnsaved = false;
  readonly #end: SessionEnd;
  readonly #sessionOver: () => void;
  #outdated: readonly string[] = [];
  #current: CurrentToken<T> | undefined;
  /** A token that is known only so that nobody brings it back: not the store, and no late answer. */
  #withdrawn: T | undefined;
  #seed: T | undefined; // renews while no token is held: made of `initialToken: { refreshToken }`
  #session: Session | undefined;
  #refused: string | undefined; // the refresh token that was refused for good last
  readonly #sessions = new WeakMap<Token, Session>(); // of the tokens that somebody still has

  constructor(source: AnySource<T>, options: ResolvedOptions<T>, { sessionOver, adopt }: TokenManagerHooks<T>) {
    this.#sessionOver = sessionOver;
    const { initialToken: initial, store } = options;
    this.source = source;
    this.options = options;
    this.#end = new SessionEnd(options);
    const access = store && new StoreAccess(source.proof?.guard(store) ?? store, options, (news) => this.#heard(news));
    this.store = access;
    this.look = access && new StoreLook(options.clock, () => adopt(this, access));
    if (initial && 'accessToken' in initial) this.take({ ...this.stored(initial), adopted: false, kept: false });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- never handed out, only to the source's refresh
    else if (initial) this.#seed = { accessToken: '', ...initial } as T;
    if (this.#current) this.look?.outdate(); // what the store holds comes first
  }

  #heard(news: { readonly outdated?: boolean } | undefined): void {
    if (recordOf(news)['outdated'] === true) this.look?.outdate();
    void this.look?.heard();
  }

  /** What is held, whatever its age. */
  get token(): T | undefined {
    return this.current?.token === this.#withdrawn ? undefined : this.#current?.token;
  }

  get current(): CurrentToken<T> | undefined {
    const token = this.#current?.token; // its session may be over with the one that it stands on (C25)
    if (token && hasEnded(this.source, token)) {
      this.end(this.#session, loggedOut());
      this.left([token]); // nor is it taken from the store again
    }
    return this.#current;
  }

  /** What is refreshed when a token is needed. */
  get renewable(): T | undefined {
    return this.#current?.token ?? this.#seed;
  }

  get session(): Session | undefined {
    return this.isUndecided ? undefined : this.current && this.#session;
  }

  /** Whether the token to begin with is held, and the store, which comes first, has not answered yet (C6). */
  get isUndecided(): boolean {
    const { initialToken: initial } = this.options;
    return this.look?.isDue === true && initial !== undefined && this.#current?.token === initial;
  }

  /** The session that a request begins in: none, once it is over for good. */
  get openSession(): Session | undefined {
    return this.#end.isOver ? undefined : this.session;
  }

  /** Whether somebody is signed in, as far as is known here (C18). */
  get isSignedIn(): boolean {
    const held = this.openSession ?? (this.#end.isOver ? undefined : this.#seed);
    return this.arrived !== undefined || held !== undefined;
  }

  sessionOf(token: Token): Session | undefined {
    return this.#sessions.get(token);
  }

  /** Whether the current token may be sent now. */
  get authenticated(): boolean {
    const { current } = this;
    return current !== undefined && !current.rejected && this.options.clock.now() < current.deadlines.expiresAt;
  }

  /** Whether only a person brings the next token, who is not asked while this one is good (C25). */
  get isByPerson(): boolean {
    return this.source.interactive !== undefined && this.renewable?.refreshToken === undefined;
  }

  /** Whether it can be refreshed without a sign-in, as far as is known. */
  isRenewable({ refreshToken }: T): boolean {
    return refreshToken !== undefined && refreshToken !== this.#refused && this.source.refresh !== undefined;
  }

  /** Whether `token` is the one that is held, by its value (C3). */
  isCurrent(token: T): boolean {
    return this.#current?.token.accessToken === token.accessToken;
  }

  /** Why a refresh is needed. */
  get reason(): RefreshReason {
    if (this.#current === undefined) return 'missing';
    return this.#current.rejected ? 'unauthorized' : 'expiring';
  }

  ageOf(held: CurrentToken<T>, now: number): Age {
    return ageOf(this.source, held, now);
  }

  markRejected(): void {
    this.#current &&= { ...this.#current, rejected: true };
  }

  /** The current token is used no more, and shown to nobody. */
  withdraw(): void {
    this.markRejected();
    this.#withdrawn = this.#current?.token;
  }

  /** A token that the store holds, with its deadlines. */
  stored(token: T): Acquired<T> {
    const from = token.issuedAt?.getTime() ?? this.options.clock.now();
    const deadlines = deadlinesOf(token, this.options, from, this.tookMs);
    return { token, deadlines, adopted: true, kept: true, beginsSession: false };
  }

  /** Whether `token` is an earlier one, that the store holds only since a later save was lost, or of a session that is over. */
  isOutdated(token: T): boolean {
    return this.isUnsaved || this.#outdated.includes(token.accessToken) || hasEnded(this.source, token);
  }

  /** Holds a token, in the session of the one before it or in one of its own (C17). */
  take(acquired: Acquired<T>): void {
    const { token, beginsSession, kept, madeFrom, adopted } = acquired;
    const [session, before] = [this.#session, this.#current?.token];
    this.#join(token, before);
    if (adopted && session !== this.#session) this.#sessionOver();
    if (adopted && session && session !== this.#session && before !== this.options.initialToken)
      this.#end.end(loggedOut());
    this.#end.begin();
    this.isUnsaved = !kept && (this.isUnsaved || beginsSession);
    this.#outdated = kept || !madeFrom ? [] : [madeFrom.accessToken, ...this.#outdated].slice(0, MOST_LOST_SAVES);
    this.#current = acquired;
    this.#seed = this.refusal = undefined;
    this.signedOut = false;
  }

  /** `after` takes the place of `before`: in its session, or in one that begins. */
  #join(after: T, before: T | undefined): void {
    if (!before || !this.#session || !goesOn(this.source, before, after)) this.#session = { id: randomMark() };
    this.#sessions.set(after, this.#session);
  }

  /** The current token has lost its refresh token: `token` is what is left of it. */
  dropRefreshToken(token: T, refusal: AuthenticationError, refused: string): void {
    this.#seed = undefined;
    this.#refused = refused;
    this.refusal = refusal;
    if (!this.#current || !this.isCurrent(token)) return;
    this.#join(token, this.#current.token);
    this.#current = { ...this.#current, token };
  }

  /** The token to begin with gives way: its session was signed out of before. */
  dropUndecided(): void {
    if (!this.isUndecided) return;
    this.#current = this.#session = undefined;
    this.signedOut = true;
  }

  /** Another has signed out of `session`: the token is forgotten here as well. */
  end(session: Session | undefined, why: AuthenticationError): void {
    if (session === undefined || session !== this.#session) return;
    this.#current = this.#session = undefined;
    this.signedOut = true;
    this.#sessionOver();
    this.#end.end(why);
  }

  /**
   * A refresh failed. Where only a person can go on, and the token that is held is of no use either, the session is over.
   * @param existed whether there was a session, held here or stored
   */
  failed(failure: AuthenticationError, existed: boolean = this.#session !== undefined): void {
    if (existed && !this.authenticated && endsSession(failure)) this.#end.end(failure);
  }

  /** Ends the session at once. @returns the tokens that it had */
  forget(): readonly (T | undefined)[] {
    const tokens = [this.renewable, this.arrived];
    this.#current = this.#seed = this.arrived = this.refusal = this.#session = undefined;
    this.left([]);
    this.#sessionOver();
    this.look?.settle();
    this.#end.begin();
    this.changes += 1;
    return tokens;
  }

  /** The session is over; `tokens` of it are left where the store cannot be cleared of them. */
  left(tokens: readonly T[]): void {
    this.isUnsaved = false;
    this.#outdated = tokens.map(({ accessToken }) => accessToken);
  }
}
