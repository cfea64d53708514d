// How long a caller waits for what others do (a login, the same request, a storage): to its own timeout, and no longer
// than it wants an answer.
import { AxiosError, CanceledError } from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';

export class CallerLimits {
  readonly #config: InternalAxiosRequestConfig;
  readonly #startedAt = performance.now();

  constructor(config: InternalAxiosRequestConfig) {
    this.#config = config;
  }

  /** What is left of the caller's timeout, in ms; undefined when it has none. @throws AxiosError ETIMEDOUT when nothing is */
  leftMs(): number | undefined {
    const timeoutMs = Number(this.#config.timeout);
    if (!(timeoutMs > 0)) return undefined;
    const leftMs = Math.ceil(timeoutMs - (performance.now() - this.#startedAt));
    if (leftMs <= 0) throw timedOut(this.#config);
    return leftMs;
  }

  /** What `work` gives, unless the caller leaves or its time is up first: `work` hears of that by the signal. */
  async within<R>(work: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const leftMs = this.leftMs();
    const { signal, cancelToken } = this.#config;
    cancelToken?.throwIfRequested();
    const left = new AbortController();
    const leave = (reason: unknown): void => left.abort(reason);
    const abort = (): void => leave(new CanceledError(undefined, this.#config));
    if (signal?.aborted) abort();
    signal?.addEventListener?.('abort', abort);
    cancelToken?.subscribe(leave);
    const timer = leftMs === undefined ? undefined : setTimeout(() => leave(timedOut(this.#config)), leftMs);
    try {
      return await Promise.race([gone(left.signal), work(left.signal)]);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener?.('abort', abort);
      cancelToken?.unsubscribe(leave);
    }
  }

  /** What `send` gives, with what is left of the timeout; an error names the caller's own number. */
  async sending<R>(send: () => Promise<R>): Promise<R> {
    const config = this.#config;
    const { timeout = 0 } = config;
    config.timeout = this.leftMs() ?? timeout;
    const { timeout: leftMs } = config;
    try {
      return await send();
    } catch (error) {
      if (error instanceof AxiosError && isTimeout(error.code))
        error.message = error.message.replace(`timeout of ${leftMs}ms`, `timeout of ${timeout}ms`);
      throw error;
    } finally {
      config.timeout = timeout;
    }
  }
}

/** Whether a code says that the time of one caller was up, which means nothing for others. */
export function isTimeout(code: unknown): boolean {
  return code === AxiosError.ETIMEDOUT || code === AxiosError.ECONNABORTED;
}

function gone(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- an error of ours, or what the caller cancels with
    const leave = (): void => reject(signal.reason);
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
  });
}

function timedOut(config: InternalAxiosRequestConfig): AxiosError {
  const message = config.timeoutErrorMessage ?? `timeout of ${config.timeout}ms exceeded while waiting`;
  return new AxiosError(message, AxiosError.ETIMEDOUT, config);
}
