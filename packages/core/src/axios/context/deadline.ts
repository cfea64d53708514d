// A caller's own limits (signal, cancelToken, timeout) as one signal, for as long as it waits for a token.
import { AxiosError, CanceledError } from 'axios';
import type { Canceler, InternalAxiosRequestConfig } from 'axios';
import type { Clock } from '../../internal/clock.js';
import type { RequestContext } from './request-context.js';
import { assign, changed, ofRequest } from '../response.js';
import { isObject, recordOf, ownProperty } from '../../internal/records.js';

interface CallerLimits {
  /** Aborts with the error that axios would have thrown. */
  readonly signal: AbortSignal;
  dispose(): void;
}

/** axios's CancelToken as it is; its types leave out how to listen. */
interface ListenableToken {
  subscribe(listener: Canceler): void;
  unsubscribe(listener: Canceler): void;
}

/** What of `config.timeout` is left since `startedAt`, in ms; Infinity when it has none. */
function remainingMs(config: InternalAxiosRequestConfig, startedAt: number, clock: Clock): number {
  const timeoutMs = Number(ownProperty(config, 'timeout'));
  if (!(timeoutMs > 0)) return Infinity;
  return Math.min(timeoutMs, timeoutMs - (clock.now() - startedAt)); // a clock that steps back gives no time
}

/** Waits within the caller's own limits (C4). */
export async function waiting<R>(
  { config, startedAt, internals }: Pick<RequestContext, 'config' | 'startedAt' | 'internals'>,
  wait: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const limits = callerLimits(config, startedAt, internals.clock);
  try {
    return await wait(limits.signal);
  } catch (error) {
    throw ofRequest(error, config);
  } finally {
    limits.dispose();
  }
}

function callerLimits(config: InternalAxiosRequestConfig, startedAt: number, clock: Clock): CallerLimits {
  const controller = new AbortController();
  const cancel = (reason?: unknown): void => controller.abort(canceled(reason, config));
  const signal = ownProperty(config, 'signal');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- axios's types leave its own methods out
  const token = ownProperty(config, 'cancelToken') as unknown as ListenableToken | undefined;
  if (signal?.aborted) cancel();
  const abort = (): void => cancel();
  signal?.addEventListener?.('abort', abort);
  token?.subscribe(cancel);
  const leftMs = remainingMs(config, startedAt, clock);
  if (leftMs < Infinity)
    clock.sleep(Math.max(0, leftMs), controller.signal).then(
      () => controller.abort(timedOut(config)),
      () => undefined,
    );
  const dispose = (): void => {
    signal?.removeEventListener?.('abort', abort);
    token?.unsubscribe(cancel);
    controller.abort();
  };
  return { signal: controller.signal, dispose };
}

/** What an adapter says of the remainder that it was given, in the words of the caller's own number (C4). */
export function namingOwnTimeout(error: unknown, config: InternalAxiosRequestConfig): unknown {
  const { code, message } = recordOf(error);
  if (!isObject(error) || (code !== AxiosError.ECONNABORTED && code !== AxiosError.ETIMEDOUT)) return error;
  if (!/^timeout of [\d.e+-]+ms exceeded$/.test(String(message))) return error;
  const named = `timeout of ${config.timeout}ms exceeded`;
  return changed(
    error,
    (holder) => {
      if (typeof holder['stack'] === 'string') assign(holder, 'stack', holder['stack'].replace(String(message), named));
      assign(holder, 'message', named);
    },
    undefined,
  );
}

function timedOut(config: InternalAxiosRequestConfig): AxiosError {
  const message = config.timeoutErrorMessage ?? `timeout of ${config.timeout}ms exceeded while waiting for a token`;
  return new AxiosError(message, AxiosError.ETIMEDOUT, config);
}

/** Leaves a sending what is left of the caller's timeout. @throws AxiosError ETIMEDOUT when nothing is */
export function limitTimeout(
  copy: InternalAxiosRequestConfig,
  { config, startedAt, internals }: Pick<RequestContext, 'config' | 'startedAt' | 'internals'>,
): void {
  const leftMs = remainingMs(config, startedAt, internals.clock);
  if (leftMs <= 0) throw timedOut(config);
  if (leftMs < Infinity) copy.timeout = leftMs;
}

function canceled(reason: unknown, config: InternalAxiosRequestConfig): unknown {
  const isAxios = isObject(reason) && '__CANCEL__' in reason;
  return isAxios ? reason : new CanceledError(undefined, config);
}
