// What the program itself does to the session: it brings a token, or signs out. One after the other; a refresh under way is
// discarded, and one that is asked for meanwhile waits.
import { limited } from '../internal/clock.js';
import { omitUndefined } from '../internal/records.js';
import { report } from './report.js';
import { goesOn, isAnonymous, randomMark } from './session.js';
import type { SingleFlight } from './single-flight.js';
import { asAuthenticationError } from './source-failure.js';
import type { Acquired } from './acquired.js';
import type { TokenManager } from './token-manager.js';
import { assertUsableLater, usableToken } from '../token/reading.js';
import { loggedOut, timedOut } from '../token/errors/lifecycle-errors.js';
import { secretsOfClient, secretsOfToken } from '../token/secrets.js';
import type { Token } from '../token/token.js';

export class SessionChanges<T extends Token> {
  readonly #tokens: TokenManager<T>;
  readonly #refreshes: SingleFlight<T>;

  constructor(tokens: TokenManager<T>, refreshes: SingleFlight<T>) {
    this.#tokens = tokens;
    this.#refreshes = refreshes;
  }

  /** Settles when all changes are over; undefined when there are none. Never rejects. */
  get over(): Promise<void> | undefined {
    return this.#tokens.changing;
  }

  /**
   * Forgets the token, clears the store, and revokes what was held and stored.
   * @throws what the store throws when it cannot be cleared
   */
  async signOut(): Promise<void> {
    const { store, look } = this.#tokens;
    const held = this.#tokens.forget();
    this.#tokens.signedOut = true;
    look?.forget();
    const discarded = this.#refreshes.discard();
    let left: readonly T[] = [];
    try {
      await this.#inTurn(async () => {
        await discarded;
        await store?.saved();
        const stored = await store?.load().catch(() => undefined); // a wrong key is no reason to keep the token
        left = distinctTokens([...held, stored]);
        this.#tokens.left(left);
        await store?.clear();
      });
    } finally {
      for (const token of left) await this.#revoke(token);
    }
  }

  /** Best effort: a failure is only reported. */
  async #revoke(token: T): Promise<void> {
    const { source, options } = this.#tokens;
    const { clock, timeoutMs, observer, clientInfo } = options;
    const late = (): Error => timedOut(timeoutMs);
    try {
      await limited({ clock, ms: timeoutMs, late }, async (signal) =>
        source.revoke?.(token, { signal, reason: 'forced' }),
      );
    } catch (error) {
      const failure = asAuthenticationError(error, [...secretsOfToken(token), ...secretsOfClient(clientInfo)]);
      const message = `The token was forgotten here, but not revoked: ${failure.message}`;
      observer?.({ type: 'notice', at: clock.now(), message });
    }
  }

  /**
   * Takes a token that the program brings: checks, saves, reports and holds it. Unless it is of the same session, that of the
   * token before it ends at once.
   * @throws ConfigurationError for a token that cannot be sent, AuthenticationError `expired_token` for one that has expired
   *   and cannot be refreshed, `logged_out` when another has signed out of the same session
   */
  async set(given: T, sameSession: boolean): Promise<void> {
    const tokens = this.#tokens;
    tokens.look?.forget();
    const { clock, timeoutMs } = tokens.options;
    const token = this.#usable(given);
    assertUsableLater(token, clock.now());
    if (sameSession) this.#assertGoesOn(token);
    else tokens.forget();
    tokens.arrived = token;
    const discarded = sameSession ? undefined : this.#refreshes.discard();
    const change = (tokens.changes += 1);
    await this.#inTurn(async () => {
      await discarded;
      await tokens.store?.saved();
      const saved = await this.#saved(token, sameSession).finally(() => {
        if (change === tokens.changes) tokens.arrived = undefined;
      });
      if (change !== tokens.changes) return;
      tokens.take(saved);
      await report(saved.token, tokens.options, timeoutMs);
    });
  }

  /** @throws AuthenticationError, whatever a hook of the source throws, without the token in its words */
  #usable(given: T): T {
    const { source, options } = this.#tokens;
    try {
      return usableToken(source, given, options.clock.now());
    } catch (error) {
      throw asAuthenticationError(error, secretsOfToken(given));
    }
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

  /** `change`, as soon as those before it are over. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const tokens = this.#tokens;
    const turn = (tokens.changing ?? Promise.resolve()).then(change);
    const last = turn
      .catch(() => undefined)
      .finally(() => {
        if (tokens.changing === last) tokens.changing = undefined;
      });
    tokens.changing = last;
    return turn;
  }
}

function distinctTokens<T extends Token>(tokens: readonly (T | undefined)[]): readonly T[] {
  const byValue = new Map(tokens.flatMap((token) => (token ? [[token.accessToken, token]] : [])));
  return [...byValue.values()];
}
