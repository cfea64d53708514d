// The one owner of the token, and of the session that it belongs to: a refresh takes its place, a rejection marks it, a
// sign-in or a sign-out ends its session. When that is due, and who waits for it, is the lifecycle's.
import type { ResolvedOptions } from './options.js';
import { goesOn, randomMark } from './session.js';
import { endsSession, SessionEnd } from './session-end.js';
import type { Session } from './session.js';
import { isSignedOut, StoreAccess } from './store/store-access.js';
import { StoreLook } from './store/store-look.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import type { RefreshReason } from '../token/observer.js';
import type { AnySource } from '../token/source.js';
import type { Token } from '../token/token.js';
import { ageAt, deadlinesOf } from '../token/validity.js';
import type { Age } from '../token/validity.js';
import type { Acquired, CurrentToken } from './acquired.js';

/** Of so many lost saves in a row it is known. */
const MOST_LOST_SAVES = 100;

export class TokenManager<T extends Token> {
  readonly source: AnySource<T>;
  readonly options: ResolvedOptions<T>;
  readonly store: StoreAccess<T> | undefined;
  /** Whether another has signed in meanwhile. */
  readonly look: StoreLook | undefined;
  /** A new token that is not saved yet. */
  arrived: T | undefined;
  /** Why the last refresh token was refused for good, if nothing was acquired since. */
  refusal: AuthenticationError | undefined;
  /** How long the last acquisition took. */
  tookMs = 0;
  /** Whether a sign-out came last, so that the next sign-in begins a session that is marked as new. */
  signedOut = false;
  /** How many sign-ins and sign-outs the program has begun. */
  changes = 0;
  changing: Promise<void> | undefined; // until those under way are over; never rejects
  /**
   * Whether the session began with a save that was lost: what the store holds is of another one, until ours is saved. Then it
   * holds what counts no more, as it does after any lost save; known by value, since clocks are never compared (C6).
   */
  isUnsaved = false;
  /** Whether the store, when it was looked into last, held what is good still or can be refreshed. */
  isStored = false;
  readonly #end: SessionEnd;
  #outdated: readonly string[] = [];
  #current: CurrentToken<T> | undefined;
  /** A token that is known only so that nobody brings it back: not the store, and no late answer. */
  #withdrawn: T | undefined;
  /** What renews the session while no token is held: the token made of `initialToken: { refreshToken }`. */
  #seed: T | undefined;
  #session: Session | undefined;
  /** Of the tokens that were given out, for as long as somebody has them. */
  readonly #sessions = new WeakMap<Token, Session>();

  constructor(source: AnySource<T>, options: ResolvedOptions<T>) {
    const { initialToken: initial, store } = options;
    this.source = source;
    this.options = options;
    this.#end = new SessionEnd(options);
    const access =
      store && new StoreAccess(source.proof?.guard(store) ?? store, options, () => void this.look?.heard());
    this.store = access;
    this.look = access && new StoreLook(options.clock, () => this.#adopt(access));
    if (initial && 'accessToken' in initial) this.take({ ...this.stored(initial), adopted: false, kept: false });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- never handed out, only to the source's refresh
    else if (initial) this.#seed = { accessToken: '', ...initial } as T;
  }

  /** What is held, whatever its age. */
  get token(): T | undefined {
    const token = this.current?.token;
    return token === this.#withdrawn ? undefined : token;
  }

  get current(): CurrentToken<T> | undefined {
    const token = this.#current?.token; // its session may be over with the one that it stands on (C25)
    if (token && this.source.ended?.(token)) {
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
    return this.current && this.#session;
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

  /** Whether `token` is the one that is held, by its value (C3). */
  isCurrent(token: T): boolean {
    return this.#current?.token.accessToken === token.accessToken;
  }

  /** Why a refresh is needed. */
  get reason(): RefreshReason {
    if (this.#current === undefined) return 'missing';
    return this.#current.rejected ? 'unauthorized' : 'expiring';
  }

  /** How old a token is; a source with an `expired` of its own decides between stale and expired. */
  ageOf({ token, deadlines }: CurrentToken<T>, now: number): Age {
    const age = ageAt(deadlines, now);
    if (this.source.expired === undefined || age === 'expired') return age;
    if (!this.source.expired(token, new Date(now))) return age === 'expiring' ? 'stale' : age;
    return deadlines.expiresAt === Infinity ? 'expired' : 'expiring';
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

  /** Whether `token` is an earlier one, that the store holds only since a later save was lost. */
  isOutdated({ accessToken }: Token): boolean {
    return this.isUnsaved || this.#outdated.includes(accessToken);
  }

  /** Holds a token, in the session of the one before it or in one of its own (C17). */
  take(acquired: Acquired<T>): void {
    const { token, beginsSession, kept, madeFrom, adopted } = acquired;
    const [session, before] = [this.#session, this.#current?.token];
    this.#join(token, before);
    const isAnother = session !== undefined && session !== this.#session && before !== this.options.initialToken;
    if (adopted && isAnother) this.#end.end(loggedOut());
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
  dropRefreshToken(token: T, refusal: AuthenticationError): void {
    this.#seed = undefined;
    this.refusal = refusal;
    if (!this.#current || !this.isCurrent(token)) return;
    this.#join(token, this.#current.token);
    this.#current = { ...this.#current, token };
  }

  /** Takes a fresh token that another process or tab has saved; a sign-out there ends the session. @throws `logged_out` then */
  async #adopt(store: StoreAccess<T>): Promise<void> {
    while (this.changing) await this.changing; // until then the store holds what is being replaced
    const { session, changes } = this;
    this.isStored = false;
    try {
      const found = await store.load();
      if (!found?.accessToken || this.isOutdated(found) || this.isCurrent(found)) return;
      const stored = this.stored(found);
      const age = this.ageOf(stored, this.options.clock.now());
      this.isStored = age !== 'expired' || (found.refreshToken !== undefined && this.source.refresh !== undefined);
      const isWanted = changes === this.changes && !this.changing && found.accessToken !== this.arrived?.accessToken;
      const isAnothers = this.#current !== undefined && !goesOn(this.source, this.#current.token, found);
      if (isWanted && (age === 'fresh' || (age !== 'expired' && isAnothers))) this.take(stored);
    } catch (error) {
      if (!isSignedOut(error) || session === undefined || this.isUnsaved) return;
      this.end(session, loggedOut());
      throw error;
    }
  }

  /** Another has signed out of `session`: the token is forgotten here as well. */
  end(session: Session | undefined, why: AuthenticationError): void {
    if (session === undefined || session !== this.#session) return;
    this.#current = this.#session = undefined;
    this.signedOut = true;
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
