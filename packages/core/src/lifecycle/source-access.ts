// Asks the source for a token: refreshes the one that stands, or authorizes; drops a refresh token that was refused for good.
import type { AcquisitionTask } from './acquisition-task.js';
import { abortable } from '../internal/clock.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { isTimeout } from '../token/errors/lifecycle-errors.js';
import { hide, recordOf } from '../internal/records.js';
import { asAuthenticationError } from './backoff/retry-policy.js';
import { secretsOfClient, secretsOfToken } from '../token/secrets.js';
import { readSourceFailure } from './source-failure.js';
import type { Token } from '../token/token.js';
import type { TokenRequest } from '../token/source.js';

/** More turns than the rejection of an aborted request needs to come up through the source's own functions. */
const TURNS_FOR_LAST_WORDS = 100;
const LONGEST_CHAIN = 8;

export class SourceAccess<T extends Token> {
  readonly #task: AcquisitionTask<T>;
  #base: T | undefined;
  #refreshing = false;
  #tried = false;
  #sentAt = 0;
  #refusal: AuthenticationError | undefined;

  constructor(task: AcquisitionTask<T>) {
    this.#task = task;
    this.#refusal = task.refusal;
  }

  /** Whether what was asked last was a refresh. */
  get refreshing(): boolean {
    return this.#refreshing;
  }

  /** What was asked last, in words. */
  get asked(): string {
    return `${this.#refreshing ? '`refresh`' : '`authorize`'} of the token source`;
  }

  /** When it was asked last, in ms since the epoch. */
  get sentAt(): number {
    return this.#sentAt;
  }

  /** @param leased whether a refresh token may be used: it is good for one process at a time (C6) */
  async obtain(base: T | undefined, leased: boolean): Promise<T | string> {
    const { source } = this.#task;
    this.#base = base;
    this.#refreshing =
      source.refresh !== undefined && base !== undefined && (leased || base.refreshToken === undefined);
    if (base === undefined || !this.#refreshing) return this.#authorize();
    try {
      return await this.#ask((request) => source.refresh?.(base, request) ?? source.authorize(request));
    } catch (error) {
      const refusal = asAuthenticationError(error);
      if (!this.#isOver(base, refusal)) throw this.#withReason(refusal);
      this.#refusal = refusal;
      if (base.refreshToken !== undefined) await this.#drop(base, refusal);
      return this.obtain(this.#other(base), leased);
    }
  }

  async #authorize(): Promise<T | string> {
    try {
      return await this.#ask((request) => this.#task.source.authorize(request));
    } catch (error) {
      throw this.#withReason(asAuthenticationError(error));
    }
  }

  /** Where there is nothing better to say, the error is why the refresh token was refused; else that is its cause (C5). */
  #withReason(failure: AuthenticationError): AuthenticationError {
    if (this.#refusal === undefined || this.#task.signal.aborted) return failure;
    return failure.code === 'not_authenticated' ? this.#refusal : causedBy(failure, this.#refusal);
  }

  /** A stored session is over; the one that was handed in, by a new login perhaps, is another. */
  #other({ refreshToken }: T): T | undefined {
    const { current } = this.#task;
    const isOther = current?.refreshToken !== undefined && current.refreshToken !== refreshToken && !this.#tried;
    this.#tried = true;
    return isOther ? current : undefined;
  }

  /** Whether the refresh was refused for good (C5): the refresh token, or what a user's source goes on from without one. */
  #isOver({ refreshToken }: T, { kind, code }: AuthenticationError): boolean {
    const refused = kind === 'session' && (refreshToken !== undefined || code === 'source_failed');
    return refused && !this.#task.signal.aborted;
  }

  async #drop(base: T, refusal: AuthenticationError): Promise<void> {
    const { options, signal, store, onDropped } = this.#task;
    const { clock, observer } = options;
    const { refreshToken: _dropped, ...rest } = base;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a token less an optional member is still a T
    const left = rest as T;
    const message = `The refresh token was refused for good and is dropped: ${refusal.message}`;
    observer?.({ type: 'notice', at: clock.now(), message });
    onDropped(left, refusal);
    if (left.accessToken) await abortable(store.save(left, { replaces: base }), signal);
  }

  /** What the source threw, without what was in play in its words. */
  async #failure(error: unknown): Promise<AuthenticationError> {
    const { current, options } = this.#task;
    const asked = this.#refreshing ? 'refresh' : 'authorize';
    const secrets = [this.#base, current].flatMap(secretsOfToken).concat(secretsOfClient(options.clientInfo));
    return asAuthenticationError(await readSourceFailure(error, { asked, now: options.clock.now() }), { secrets });
  }

  async #ask<R>(question: (request: TokenRequest) => Promise<R>): Promise<R> {
    const { signal, reason, challenge, options } = this.#task;
    const { clock, observer } = options;
    this.#sentAt = clock.now();
    const notice = (message: string): void => observer?.({ type: 'notice', at: clock.now(), message });
    const asked = async (): Promise<R> => question({ signal, reason, notice, ...(challenge && { challenge }) });
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
