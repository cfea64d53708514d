// Asks the source for a token: refreshes the one that stands, or authorizes; drops a refresh token that was refused for good.
import { abortable } from '../internal/clock.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { isTimeout, nobodyAsked } from '../token/errors/lifecycle-errors.js';
import { hide, recordOf } from '../internal/records.js';
import { secretsOfClient, secretsOfToken } from '../token/secrets.js';
import { asAuthenticationError, readSourceFailure } from './source-failure.js';
import type { RefreshRequest } from './single-flight.js';
import type { TokenManager } from './token-manager.js';
import type { Token } from '../token/token.js';
import type { TokenRequest } from '../token/source.js';

/** More turns than the rejection of an aborted request needs to come up through the source's own functions. */
const TURNS_FOR_LAST_WORDS = 100;
const LONGEST_CHAIN = 8;

/** In place of a token: only `signIn` brings one, which is not a matter of a lease (C25). */
export const BY_PERSON: unique symbol = Symbol('a person has to sign in');

export class SourceAccess<T extends Token> {
  readonly #request: RefreshRequest;
  readonly #tokens: TokenManager<T>;
  readonly #onDropped: (left: T) => void;
  readonly #begunWith: T | undefined;
  #base: T | undefined;
  #tried = false;
  #refusal: AuthenticationError | undefined;
  /** Whether what was asked last was a refresh. */
  refreshing = false;
  /** When it was asked last, in ms since the epoch. */
  sentAt = 0;

  /** @param onDropped gets what is left of a token whose refresh token was refused for good */
  constructor(request: RefreshRequest, tokens: TokenManager<T>, onDropped: (left: T) => void) {
    this.#request = request;
    this.#tokens = tokens;
    this.#onDropped = onDropped;
    this.#begunWith = tokens.renewable;
    this.#refusal = tokens.refusal;
  }

  /** What was asked last, in words. */
  get asked(): string {
    return `${this.refreshing ? '`refresh`' : '`authorize`'} of the token source`;
  }

  /** @param leased whether a refresh token may be used: it is good for one process at a time (C6) */
  async obtain(base: T | undefined, leased: boolean): Promise<T | string | typeof BY_PERSON> {
    const mayRefresh = base !== undefined && (leased || base.refreshToken === undefined);
    this.#base = base;
    this.refreshing = mayRefresh && this.#tokens.source.refresh !== undefined;
    try {
      return this.#isByPerson() ? BY_PERSON : await this.#ask();
    } catch (error) {
      const failure = asAuthenticationError(error);
      if (base === undefined || !this.#isOver(base, failure)) throw this.#withReason(failure);
      this.#refusal = failure;
      if (base.refreshToken !== undefined) await this.#drop(base, failure);
      return this.obtain(this.#other(base), leased);
    }
  }

  /** A person signs in, in the time that takes (C25). */
  async signIn(timeoutMs: number): Promise<T | string> {
    this.refreshing = false;
    this.#request.extend(timeoutMs);
    try {
      return await this.#ask();
    } catch (error) {
      throw this.#withReason(asAuthenticationError(error));
    }
  }

  /** @throws AuthenticationError `not_authenticated` where a person is needed, and nobody has asked for that */
  #isByPerson(): boolean {
    const { interactive } = this.#tokens.source;
    if (interactive === undefined || this.refreshing) return false;
    if (this.#request.reason !== 'forced' && interactive.startOnRequest !== true) throw nobodyAsked();
    return true;
  }

  async #ask(): Promise<T | string> {
    const { signal, reason, challenge } = this.#request;
    const { source, options } = this.#tokens;
    const { clock, observer } = options;
    const base = this.#base;
    const notice = (message: string): void => observer?.({ type: 'notice', at: clock.now(), message });
    const request: TokenRequest = { signal, reason, notice, ...(challenge && { challenge }) };
    const asked = async (): Promise<T | string> =>
      (this.refreshing && base ? source.refresh?.(base, request) : undefined) ?? source.authorize(request);
    this.sentAt = clock.now();
    const answer = asked().catch(async (error: unknown) => {
      throw await this.#failure(error);
    });
    try {
      return await abortable(answer, signal);
    } catch (error) {
      if (!isTimeout(signal)) throw error;
      return Promise.race([answer, afterTurns(error)]);
    }
  }

  /** Where there is nothing better to say, the error is why the refresh token was refused; else that is its cause (C5). */
  #withReason(failure: AuthenticationError): AuthenticationError {
    if (this.#refusal === undefined || this.#request.signal.aborted) return failure;
    return failure.code === 'not_authenticated' ? this.#refusal : causedBy(failure, this.#refusal);
  }

  /** A stored session is over; the one that was handed in, by a new login perhaps, is another. */
  #other({ refreshToken }: T): T | undefined {
    const before = this.#begunWith;
    const isOther = before?.refreshToken !== undefined && before.refreshToken !== refreshToken && !this.#tried;
    this.#tried = true;
    return isOther ? before : undefined;
  }

  /** Whether the refresh was refused for good (C5): the refresh token, or what a user's source goes on from without one. */
  #isOver({ refreshToken }: T, { kind, code }: AuthenticationError): boolean {
    const isOfToken = refreshToken !== undefined || code === 'source_failed';
    const refused = kind === 'session' && (isOfToken || this.#tokens.source.interactive !== undefined);
    return this.refreshing && refused && !this.#request.signal.aborted;
  }

  async #drop(base: T, refusal: AuthenticationError): Promise<void> {
    const { options, store } = this.#tokens;
    const { clock, observer } = options;
    const { refreshToken: _dropped, ...rest } = base;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a token less an optional member is still a T
    const left = rest as T;
    const message = `The refresh token was refused for good and is dropped: ${refusal.message}`;
    observer?.({ type: 'notice', at: clock.now(), message });
    this.#onDropped(left);
    this.#tokens.dropRefreshToken(left, refusal);
    if (left.accessToken && store) await abortable(store.save(left, base), this.#request.signal);
  }

  /** What the source threw, without what was in play in its words. */
  async #failure(error: unknown): Promise<AuthenticationError> {
    const { clock, clientInfo } = this.#tokens.options;
    const asked = this.refreshing ? 'refresh' : 'authorize';
    const secrets = [this.#base, this.#begunWith].flatMap(secretsOfToken).concat(secretsOfClient(clientInfo));
    return readSourceFailure(error, { asked, now: clock.now(), secrets });
  }
}

/** A source that was told to end knows better what had not answered; it has the next few turns to say so. */
async function afterTurns(limit: unknown): Promise<never> {
  const turn = Promise.resolve();
  for (let turns = 0; turns < TURNS_FOR_LAST_WORDS; turns += 1) await turn;
  throw limit;
}

/** `failure`, with `refusal` at the end of its chain of causes. */
function causedBy(failure: AuthenticationError, refusal: AuthenticationError): AuthenticationError {
  let last: object = failure;
  for (let depth = 0; depth < LONGEST_CHAIN; depth += 1) {
    const { cause } = recordOf(last);
    if (typeof cause !== 'object' || cause === null) break;
    last = cause;
  }
  if (last !== refusal && Object.isExtensible(last)) hide(last, 'cause', refusal);
  return failure;
}
