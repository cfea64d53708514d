// What APIs say of the token: a rejection may cost a refresh, unless those that it has cost cured nothing (C7).
import { coolingDown } from '../token/errors/lifecycle-errors.js';
import type { Token } from '../token/token.js';
import { apiRoute, UNNAMED } from './backoff/useless-refreshes.js';
import type { ActiveCoolDown, ApiRoute, UselessRefreshes } from './backoff/useless-refreshes.js';
import type { InFlight, SingleFlight } from './single-flight.js';
import type { TokenManager } from './token-manager.js';

export class Rejections<T extends Token> {
  readonly #tokens: TokenManager<T>;
  readonly #useless: UselessRefreshes;
  readonly #refreshes: SingleFlight<T>;

  constructor(tokens: TokenManager<T>, useless: UselessRefreshes, refreshes: SingleFlight<T>) {
    this.#tokens = tokens;
    this.#useless = useless;
    this.#refreshes = refreshes;
  }

  /** Whether a rejection of `token` by `route` may cost a refresh now. */
  mayRenew(token: T, route: ApiRoute): boolean {
    return this.#coolDownFor(token, route) === undefined;
  }

  /** What `url` answered shows that it took `token`. On the path of every request: nothing is made of it in vain. */
  accepted(token: T, url: URL, method: string | undefined): void {
    if (this.#useless.listens) this.#useless.accepted(token.accessToken, apiRoute(url, method), this.#now);
  }

  /** `route` rejected `token`, sent for the first time. */
  rejected({ accessToken }: T, route: ApiRoute): void {
    this.#useless.rejectedAtFirst(accessToken, route, this.#now);
  }

  /** `route` answered the retry with `token`. */
  retried({ accessToken }: T, route: ApiRoute, isRejected: boolean): void {
    if (isRejected) this.#useless.rejected(accessToken, route, this.#now);
    else this.#useless.judged(accessToken, route);
  }

  /** The current token is refreshed next. @throws while `route` cools down: its token stays in use, others may accept it */
  mark(rejected: T, route: ApiRoute | undefined): void {
    if (route === undefined) this.rejected(rejected, UNNAMED);
    const coolDown = this.#coolDownFor(rejected, route ?? UNNAMED);
    if (coolDown) throw coolingDown(coolDown.failure, coolDown.leftMs);
    this.#tokens.markRejected();
  }

  /** A rejection by `route` costs `refresh`. @param isRetried whether the request is sent again with what it brings */
  refreshed({ id, promise }: InFlight<T>, route: ApiRoute | undefined, isRetried: boolean): void {
    const note = ({ accessToken: token }: T): void =>
      this.#useless.refreshed({ id, token, isRetried }, route ?? UNNAMED, this.#now);
    promise.then(note, () => undefined);
  }

  get #now(): number {
    return this.#tokens.options.clock.now();
  }

  /** What costs no refresh of its own is always free. */
  #coolDownFor(token: T, route: ApiRoute): ActiveCoolDown | undefined {
    if (!this.#tokens.isCurrent(token) || this.#refreshes.current !== undefined) return undefined;
    return this.#useless.active(token.accessToken, route, this.#now);
  }
}
