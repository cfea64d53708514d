// Leaves responses and errors as if no token had been sent: the caller's own config on them, the raw request out of sight.
import axios from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isAuthenticationError } from './errors.js';
import { membersOf } from './members.js';

/** What came back from an adapter: a response, or the error it was turned into. */
export type Answer =
  | { readonly response: AxiosResponse; readonly error?: undefined }
  | { readonly error: unknown; readonly response: AxiosResponse | undefined };

/** What an adapter promises, as an answer that can be looked at. */
export function answerOf(sent: Promise<AxiosResponse>): Promise<Answer> {
  return sent.then((response) => ({ response }), failed);
}

export function failed(error: unknown): Answer {
  return { error, response: axios.isAxiosError(error) ? error.response : undefined };
}

/** Hands the answer to the caller, cleaned. @throws the error it was */
export function deliver(answer: Answer, config: InternalAxiosRequestConfig): AxiosResponse {
  if (isNodeStream(config.data)) conceal(config.data);
  if (answer.response) cleanResponse(answer.response, config);
  if (!('error' in answer)) return answer.response;
  if (axios.isAxiosError(answer.error)) {
    answer.error.config = config;
    hide(answer.error, 'request');
  }
  throw answer.error;
}

/**
 * Marks an error of ours as one of this request, out of sight, since axios's neighbours expect that of whatever an adapter
 * throws (axios-cache-interceptor waits for ever otherwise). axios-retry is asked not to multiply what was tried already (C12).
 */
export function ofRequest(error: unknown, config: InternalAxiosRequestConfig): unknown {
  if (!isAuthenticationError(error)) return error;
  const unrepeated = { ...config, 'axios-retry': { ...membersOf(membersOf(config)['axios-retry']), retries: 0 } };
  for (const [key, value] of Object.entries({ config: unrepeated, isAxiosError: true }))
    Object.defineProperty(error, key, { value, enumerable: false, writable: true, configurable: true });
  return error;
}

function cleanResponse(response: AxiosResponse, config: InternalAxiosRequestConfig): void {
  response.config = config;
  hide(response, 'request');
  if (isNodeStream(response.data)) conceal(response.data);
}

/** A raw request holds the headers that were sent: it stays in reach, but nothing that prints an object shows it. */
function hide(holder: { request?: unknown }, key: 'request'): void {
  const { [key]: value } = holder;
  if (value !== undefined)
    Object.defineProperty(holder, key, { value, enumerable: false, writable: true, configurable: true });
}

/** A stream of a response, or into a request, leads to the raw request: it prints as a word. */
function conceal(stream: object): void {
  for (const key of [Symbol.for('nodejs.util.inspect.custom'), 'toJSON'])
    Object.defineProperty(stream, key, { value: streamWord, enumerable: false, writable: true, configurable: true });
}

function streamWord(): string {
  return '[stream]';
}

export function isNodeStream(value: unknown): value is { pipe: unknown; destroy?: () => void } {
  return typeof value === 'object' && value !== null && 'pipe' in value && typeof value.pipe === 'function';
}

export function isWebStream(value: unknown): value is ReadableStream {
  return typeof value === 'object' && value !== null && 'getReader' in value && typeof value.getReader === 'function';
}

/** Frees the connection of an answer that nobody will read. */
export function discard(response: AxiosResponse): void {
  const data: unknown = response.data;
  if (isNodeStream(data)) data.destroy?.();
  else if (isWebStream(data)) data.cancel().catch(() => undefined);
}
