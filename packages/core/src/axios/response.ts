// Leaves responses and errors as if no token had been sent: the caller's own config on them, the raw request and what sockets
// hang on out of sight. Foreign errors and responses are changed in place where that is possible, else on a copy (frozen,
// sealed, behind a Proxy).
import { isAxiosError } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isAuthenticationError } from '../token/errors/errors.js';
import type { AuthenticationError } from '../token/errors/errors.js';
import { hide, isObject, recordOf, writableCopy } from '../internal/records.js';
import { conceal, printable, tameToJson, watch } from './http/http-adapter.js';
import { isNodeStream, isWebStream } from '../internal/streams.js';

/** What came back from an adapter: a response, or the error it was turned into. */
export type Answer =
  | { readonly response: AxiosResponse; readonly error?: undefined }
  | { readonly error: unknown; readonly response: AxiosResponse | undefined };

/** What an adapter promises, as an answer that can be looked at. */
export function answerOf(sent: Promise<AxiosResponse>): Promise<Answer> {
  return sent.then((response) => ({ response }), failed);
}

export function failed(error: unknown): Answer {
  return { error, response: isAxiosError(error) ? error.response : undefined };
}

/** The config of an answer, made to be printed; so is a stream that was its body. */
export function shownConfig(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  if (isNodeStream(config.data)) conceal(config.data);
  return printable(config);
}

/** The error of a request that never reached our adapter. */
export function cleanEarly(error: unknown): unknown {
  return isAxiosError(error) && error.config ? cleanedError(error, printable(error.config)) : error;
}

const DEEPEST_CAUSE = 8;

/** The error, or a copy where it cannot be written to. Also where an adapter of the caller's own throws a plain error that only leads to axios's. */
export function cleanedError(error: unknown, config: object, depth = 0): unknown {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return error;
  return changed(
    error,
    (holder) => {
      const { response, cause, errors } = holder;
      if ('config' in holder) clean(holder, config);
      if (isObject(response)) assign(holder, 'response', changed<Holder, object>(response, clean, config));
      if (isObject(cause)) assign(holder, 'cause', cleanedError(cause, config, depth + 1));
      if (Array.isArray(errors)) for (const one of errors as readonly unknown[]) cleanedError(one, config, depth + 1);
    },
    undefined,
  );
}

/**
 * Marks an error of ours as one of this request, out of sight, since axios's neighbours expect that of whatever an adapter
 * throws (axios-cache-interceptor waits for ever otherwise). axios-retry is asked not to multiply what was tried already (C12).
 */
export function ofRequest(error: unknown, config: InternalAxiosRequestConfig): unknown {
  if (!isAuthenticationError(error)) return cleanEarly(error);
  const unrepeated = { ...config, 'axios-retry': { ...recordOf(recordOf(config)['axios-retry']), retries: 0 } };
  return changed(
    error,
    (holder) => {
      for (const [key, value] of Object.entries({ config: printable(unrepeated), isAxiosError: true }))
        hide(holder, key, value);
    },
    undefined,
  );
}

interface Holder {
  config?: unknown;
  readonly request?: unknown;
  readonly data?: unknown;
  readonly toJSON?: unknown;
}

/**
 * Leaves a response or an error as the caller may see it. A raw request holds the headers that were sent: it stays in reach, but
 * nothing that prints an object shows it.
 * @param config as the caller may see it
 * @throws TypeError where the holder cannot be written to
 */
export function clean(holder: Holder, config: object): void {
  const { config: sent, request, data, toJSON } = holder;
  holder.config = config;
  if (holder.config !== config) assign(holder, 'config', config); // which throws
  if (typeof toJSON === 'function' && Object.hasOwn(config, 'toJSON')) tameToJson(holder);
  if (isObject(data) && isNodeStream(data)) {
    if (isObject(sent)) printable(sent); // the stream's later errors name it
    watch(data, (error) => void cleanedError(error, config)); // before anybody hears it
  }
  if (!isObject(request)) return;
  hide(holder, 'request', request);
  conceal(request);
}

/** Frees the connection of an answer that nobody will read. */
export function discard(response: AxiosResponse): void {
  const data: unknown = response.data;
  if (isNodeStream(data)) data.destroy?.();
  else if (isWebStream(data)) data.cancel().catch(() => undefined);
}

/** The error with the reason in its message, and as its `cause`, out of sight. */
export function withCause(error: unknown, reason: AuthenticationError): unknown {
  if (!isObject(error) || !('message' in error)) return error;
  const message = `${String(error['message'])}. ${reason.message}`;
  return changed(
    error,
    (holder) => {
      assign(holder, 'message', message);
      hide(holder, 'cause', reason);
    },
    undefined,
  );
}

/** `holder` after `change`, or a changed copy where it cannot be written to: axios writes on what we give it as well. */
export function changed<O extends object, A = undefined>(holder: O, change: (holder: O, how: A) => void, how: A): O {
  try {
    change(holder, how);
    return Object.isExtensible(holder) ? holder : writableCopy(holder);
  } catch {
    const copy = writableCopy(holder);
    change(copy, how);
    return copy;
  }
}

/** Writes a member. @throws TypeError where the holder cannot be written to, or only pretends to */
export function assign(holder: object, name: string, value: unknown): void {
  if (Reflect.get(holder, name) === value) return;
  if (!Reflect.set(holder, name, value) || Reflect.get(holder, name) !== value)
    throw new TypeError(`${name} cannot be written`);
}
