// Leaves responses and errors as if no token had been sent: the caller's own config on them, the raw request and what sockets
// hang on out of sight.
import { isAxiosError } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { assign, changed } from './error-cause.js';
import { isAuthenticationError } from '../token/errors/errors.js';
import { hide, isObject, recordOf } from '../internal/records.js';
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

/**
 * Hands the answer to the caller, cleaned.
 * @param mayShow whether the config may show what hangs on sockets when it is printed
 * @throws the error it was, or a copy where it cannot be cleaned in place
 */
export function deliver(answer: Answer, config: InternalAxiosRequestConfig, mayShow = true): AxiosResponse {
  if (isNodeStream(config.data)) conceal(config.data);
  const own = mayShow ? printable(config) : config;
  if (!('error' in answer)) return cleaned(answer.response, own);
  throw cleanedError(answer.error, own, 0);
}

/** An answer to a request that went out without a token: the sockets of its agent may be those of others that had one. */
export function deliverBare(sent: Promise<AxiosResponse>, config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  return answerOf(sent).then((answer) => deliver(answer, config));
}

/** The error of a request that never reached our adapter. */
export function cleanEarly(error: unknown): unknown {
  return isAxiosError(error) && error.config ? cleanedError(error, printable(error.config), 0) : error;
}

const DEEPEST_CAUSE = 8;

/** Also where an adapter of the caller's own throws a plain error that only leads to axios's. */
function cleanedError(error: unknown, config: object, depth: number): unknown {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return error;
  return changed(error, (holder) => {
    const { response, cause, errors } = holder;
    if ('config' in holder) clean(holder, config);
    if (isObject(response)) assign(holder, 'response', cleaned(response, config));
    if (isObject(cause)) assign(holder, 'cause', cleanedError(cause, config, depth + 1));
    if (Array.isArray(errors)) for (const one of errors as readonly unknown[]) cleanedError(one, config, depth + 1);
  });
}

/** A response or an error as the caller may see it; a copy where it cannot be written to. */
export function cleaned<H extends Holder>(holder: H, config: object): H {
  return changed(holder, (own) => clean(own, config));
}

/**
 * Marks an error of ours as one of this request, out of sight, since axios's neighbours expect that of whatever an adapter
 * throws (axios-cache-interceptor waits for ever otherwise). axios-retry is asked not to multiply what was tried already (C12).
 */
export function ofRequest(error: unknown, config: InternalAxiosRequestConfig): unknown {
  if (!isAuthenticationError(error)) return cleanEarly(error);
  const unrepeated = { ...config, 'axios-retry': { ...recordOf(recordOf(config)['axios-retry']), retries: 0 } };
  return changed(error, (holder) => {
    for (const [key, value] of Object.entries({ config: printable(unrepeated), isAxiosError: true }))
      hide(holder, key, value);
  });
}

interface Holder {
  readonly config?: unknown;
  readonly request?: unknown;
  readonly data?: unknown;
  readonly toJSON?: unknown;
}

/** A raw request holds the headers that were sent: it stays in reach, but nothing that prints an object shows it. */
function clean(holder: Holder, config: object): void {
  const { config: sent, request, data, toJSON } = holder;
  assign(holder, 'config', config);
  if (Object.hasOwn(config, 'toJSON') && typeof toJSON === 'function') tameToJson(holder);
  if (isNodeStream(data)) {
    if (isObject(sent)) printable(sent); // the stream's later errors name it
    watch(data, (error) => void cleanedError(error, config, 0)); // before anybody hears it
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
