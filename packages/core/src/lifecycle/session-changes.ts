// What the program itself does to the session: it brings a token, or signs out. One after the other; a refresh under way is
// discarded, and one that is asked for meanwhile waits.
import type { Backoff } from './backoff/backoff.js';
import { omitUndefined } from '../internal/records.js';
import { goesOn, isAnonymous, randomMark } from './session.js';
import type { SingleFlight } from './single-flight.js';
import type { Acquired, TokenManager } from './token-manager.js';
import { assertUsableLater, usableToken } from '../token/answer.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import type { Token } from '../token/token.js';

export class SessionChanges<T extends Token> {
  readonly #tokens: TokenManager<T>;
  readonly #backoff: Backoff;
  readonly #refreshes: SingleFlight<T>;
  #last: Promise<void> | undefined;

  constructor(tokens: TokenManager<T>, backoff: Backoff, refreshes: SingleFlight<T>) {
    this.#tokens = tokens;
    this.#backoff = backoff;
    this.#refreshes = refreshes;
  }

  /** Settles when all changes are over; undefined when there are none. Never rejects. */
  get over(): Promise<void> | undefined {
    return this.#last;
  }

  /**
   * Forgets the token and clears the store.
   * @param tell gets the tokens that were held and stored
   * @throws what the store throws when it cannot be cleared
   */
  signOut(tell: (tokens: readonly T[]) => void): Promise<void> {
    const { store } = this.#tokens;
    const tokens = this.#forget();
    this.#tokens.signedOut = true;
    const discarded = this.#refreshes.discard();
    return this.#inTurn(async () => {
      await discarded;
      await store?.saved();
      const stored = await store?.load().catch(() => undefined); // a wrong key is no reason to keep the token
      const left = distinctTokens([...tokens, stored]);
      this.#tokens.left(left);
      tell(left);
      await store?.clear();
    });
  }

  /**
   * Takes a token that the program brings: checks, saves, reports and holds it. Unless it is of the same session, that of the
   * token before it ends at once.
   * @throws ConfigurationError for a token that cannot be sent, AuthenticationError `expired_token` for one that has expired
   *   and cannot be refreshed, `logged_out` when another has signed out of the same session
   */
  set(given: T, sameSession: boolean): Promise<void> {
    const tokens = this.#tokens;
    const { clock, timeoutMs } = tokens.options;
    const token = usableToken(tokens.source, given, clock.now());
    assertUsableLater(token, clock.now());
    if (sameSession) this.#assertGoesOn(token);
    else this.#forget();
    tokens.arrived = token;
    const discarded = sameSession ? undefined : this.#refreshes.discard();
    const change = (tokens.changes += 1);
    return this.#inTurn(async () => {
      await discarded;
      await tokens.store?.saved();
      const saved = await this.#saved(token, sameSession);
      if (change !== tokens.changes) return;
      tokens.arrived = undefined;
      tokens.take(saved);
      await tokens.report(saved.token, timeoutMs);
    });
  }

  /** Saves it, with the mark of its session; one that goes on with a session keeps what renews that. */
  async #saved(given: T, sameSession: boolean): Promise<Acquired<T>> {
    const { source, store, current } = this.#tokens;
    const replaces = current?.token;
    const isMarked = !sameSession && isAnonymous(source, given);
    const sessionMark = given.sessionMark ?? (isMarked ? randomMark() : replaces?.sessionMark);
    const refreshToken = given.refreshToken ?? (sameSession ? replaces?.refreshToken : undefined);
    const token = { ...given, ...omitUndefined({ sessionMark, refreshToken }) };
    const kept = (await store?.save(token, replaces, !sameSession))?.kept ?? false;
    return { ...this.#tokens.stored(token), adopted: false, kept, madeFrom: replaces, beginsSession: !sameSession };
  }

  /** @throws AuthenticationError `logged_out` when `token` comes too late: its session is over, or another person's stands */
  #assertGoesOn(token: T): void {
    const { source, current, signedOut } = this.#tokens;
    if (signedOut || (current && !goesOn(source, current.token, token))) throw loggedOut();
  }

  #forget(): readonly (T | undefined)[] {
    this.#backoff.end();
    return this.#tokens.forget();
  }

  /** `change`, as soon as those before it are over. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const turn = (this.#last ?? Promise.resolve()).then(change);
    const last = turn
      .catch(() => undefined)
      .finally(() => {
        if (this.#last === last) this.#last = undefined;
      });
    this.#last = last;
    return turn;
  }
}

function distinctTokens<T extends Token>(tokens: readonly (T | undefined)[]): readonly T[] {
  const byValue = new Map(tokens.flatMap((token) => (token ? [[token.accessToken, token]] : [])));
  return [...byValue.values()];
}
