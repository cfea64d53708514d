// Leaves responses and errors as if no token had been sent: the caller's own config on them, the raw request out of sight.
import { isAxiosError } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { assign, changed } from './error-cause.js';
import { isAuthenticationError } from './errors.js';
import { hide, isObject, membersOf } from './members.js';
import { isNodeStream, isWebStream } from './streams.js';

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

/** Hands the answer to the caller, cleaned. @throws the error it was, or a copy where it cannot be cleaned in place */
export function deliver(answer: Answer, config: InternalAxiosRequestConfig): AxiosResponse {
  if (isNodeStream(config.data)) conceal(config.data);
  if (!('error' in answer)) return changed(answer.response, (response) => clean(response, config));
  throw cleanedError(answer.error, config, 0);
}

const DEEPEST_CAUSE = 5;

/** Also where an adapter of the caller's own throws a plain error that only leads to axios's. */
function cleanedError(error: unknown, config: InternalAxiosRequestConfig, depth: number): unknown {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return error;
  return changed(error, (holder) => {
    const { response, cause } = holder;
    if ('config' in holder) clean(holder, config);
    if (isObject(response))
      assign(
        holder,
        'response',
        changed(response, (part) => clean(part, config)),
      );
    if (isObject(cause)) assign(holder, 'cause', cleanedError(cause, config, depth + 1));
  });
}

/**
 * Marks an error of ours as one of this request, out of sight, since axios's neighbours expect that of whatever an adapter
 * throws (axios-cache-interceptor waits for ever otherwise). axios-retry is asked not to multiply what was tried already (C12).
 */
export function ofRequest(error: unknown, config: InternalAxiosRequestConfig): unknown {
  if (!isAuthenticationError(error)) return error;
  const unrepeated = { ...config, 'axios-retry': { ...membersOf(membersOf(config)['axios-retry']), retries: 0 } };
  return changed(error, (holder) => {
    for (const [key, value] of Object.entries({ config: unrepeated, isAxiosError: true })) hide(holder, key, value);
  });
}

interface Holder {
  config?: unknown;
  readonly request?: unknown;
  readonly data?: unknown;
}

/** A raw request holds the headers that were sent: it stays in reach, but nothing that prints an object shows it. */
function clean(holder: Holder, config: InternalAxiosRequestConfig): void {
  assign(holder, 'config', config);
  const { request, data } = holder;
  if (isNodeStream(data)) conceal(data);
  if (!isObject(request)) return;
  hide(holder, 'request', request);
  conceal(request);
  const { _redirectable: followed } = request; // of follow-redirects; errors of a stream that come later name it
  if (isObject(followed)) conceal(followed);
}

/** What console.log, on Deno as well, and JSON.stringify ask an object for; Deno asks its own Request by the private name. */
const PRINTERS = [Symbol.for('nodejs.util.inspect.custom'), Symbol.for('Deno.privateCustomInspect'), 'toJSON'];

/** A raw request, or a stream of its response or into it, prints as a word. */
function conceal(raw: object): void {
  if (Object.isExtensible(raw)) for (const key of PRINTERS) hide(raw, key, word);
}

function word(): string {
  return '[raw request or stream]';
}

/** Frees the connection of an answer that nobody will read. */
export function discard(response: AxiosResponse): void {
  const data: unknown = response.data;
  if (isNodeStream(data)) data.destroy?.();
  else if (isWebStream(data)) data.cancel().catch(() => undefined);
}
