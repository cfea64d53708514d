// Asks the source for a token: refreshes the one that stands, or authorizes; drops a refresh token that was refused for good.
import type { AcquisitionTask } from './acquisition-task.js';
import { abortable } from './clock.js';
import { asAuthenticationError } from './retry-policy.js';
import type { StoreAccess } from './store-access.js';
import type { Token } from './token.js';
import type { TokenRequest } from './token-source.js';

export class SourceAccess<T extends Token> {
  readonly #task: AcquisitionTask<T>;
  readonly #store: StoreAccess<T>;
  #refreshing = false;
  #tried = false;
  #sentAt = 0;

  constructor(task: AcquisitionTask<T>, store: StoreAccess<T>) {
    this.#task = task;
    this.#store = store;
  }

  /** Whether what was asked last was a refresh. */
  get refreshing(): boolean {
    return this.#refreshing;
  }

  /** When it was asked last, in ms since the epoch. */
  get sentAt(): number {
    return this.#sentAt;
  }

  /** @param leased whether a refresh token may be used: it is good for one process at a time (C6) */
  async obtain(base: T | undefined, leased: boolean): Promise<T | string> {
    const { source } = this.#task;
    this.#refreshing =
      source.refresh !== undefined && base !== undefined && (leased || base.refreshToken === undefined);
    if (base === undefined || !this.#refreshing) return this.#ask((request) => source.authorize(request));
    try {
      return await this.#ask((request) => source.refresh?.(base, request) ?? source.authorize(request));
    } catch (error) {
      if (!this.#isOver(base, error)) throw error;
      await this.#drop(base);
      return this.obtain(this.#other(base), leased);
    }
  }

  /** A stored session is over; the one that was handed in, by a new login perhaps, is another. */
  #other({ refreshToken }: T): T | undefined {
    const { held } = this.#task;
    const isOther = held?.refreshToken !== undefined && held.refreshToken !== refreshToken && !this.#tried;
    this.#tried = true;
    return isOther ? held : undefined;
  }

  /** Whether the refresh token was refused for good (C5). */
  #isOver({ refreshToken }: T, error: unknown): boolean {
    const refused = asAuthenticationError(error).kind === 'session' && refreshToken !== undefined;
    return refused && !this.#task.signal.aborted;
  }

  async #drop(base: T): Promise<void> {
    const { refreshToken: _dropped, ...rest } = base;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a token less an optional member is still a T
    const left = rest as T;
    this.#task.onDropped(left);
    await (left.accessToken ? this.#store.save(left, base) : this.#store.forget());
  }

  #ask<R>(question: (request: TokenRequest) => Promise<R>): Promise<R> {
    const { signal, reason, challenge, options } = this.#task;
    const { clock, observer } = options;
    this.#sentAt = clock.now();
    const notice = (message: string): void => observer?.({ type: 'notice', at: clock.now(), message });
    const answer = async (): Promise<R> => question({ signal, reason, notice, ...(challenge && { challenge }) });
    return abortable(answer(), signal);
  }
}
