// Leaves responses and errors as if no token had been sent: the caller's own config on them, the raw request and what sockets
// hang on out of sight.
import { isAxiosError } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { isAuthenticationError } from './errors.js';
import { hide, isObject, membersOf } from './members.js';
import { printable, tameToJson } from './shown-config.js';
import { isNodeStream, isWebStream } from './streams.js';
import type { NodeStream } from './streams.js';

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

/** Hands the answer to the caller, cleaned. @throws the error it was, or a copy of one that was frozen */
export function deliver(answer: Answer, config: InternalAxiosRequestConfig): AxiosResponse {
  if (isNodeStream(config.data)) conceal(config.data);
  const own = printable(config);
  if ('error' in answer) throw cleanError(answer.error, own, 0);
  return clean(answer.response, own);
}

/** An answer to a request that went out without a token: the sockets of its agent may be those of others that had one. */
export function deliverBare(sent: Promise<AxiosResponse>, config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  return answerOf(sent).then((answer) => deliver(answer, config));
}

/** The error of a request that never reached our adapter. */
export function cleanEarly(error: unknown): unknown {
  return isAxiosError(error) && error.config ? cleanError(error, printable(error.config), 0) : error;
}

const DEEPEST_CAUSE = 8;

/** Also where an adapter of the caller's own throws a plain error that only leads to axios's. */
function cleanError(error: unknown, config: object, depth: number): unknown {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return error;
  const own = 'config' in error ? clean(error, config) : error;
  const { response, cause, errors } = own;
  if (isObject(response)) put(own, 'response', clean(response, config));
  if (isObject(cause)) put(own, 'cause', cleanError(cause, config, depth + 1));
  if (Array.isArray(errors)) for (const one of errors as readonly unknown[]) cleanError(one, config, depth + 1);
  return own;
}

/**
 * Marks an error of ours as one of this request, out of sight, since axios's neighbours expect that of whatever an adapter
 * throws (axios-cache-interceptor waits for ever otherwise). axios-retry is asked not to multiply what was tried already (C12).
 */
export function ofRequest(error: unknown, config: InternalAxiosRequestConfig): unknown {
  if (!isAuthenticationError(error)) return cleanEarly(error);
  const unrepeated = { ...config, 'axios-retry': { ...membersOf(membersOf(config)['axios-retry']), retries: 0 } };
  for (const [key, value] of Object.entries({ config: printable(unrepeated), isAxiosError: true }))
    hide(error, key, value);
  return error;
}

interface Holder {
  readonly config?: unknown;
  readonly request?: unknown;
  readonly data?: unknown;
  readonly toJSON?: unknown;
}

/** A raw request holds the headers that were sent: it stays in reach, but nothing that prints an object shows it. */
function clean<H extends Holder>(found: H, config: object): H {
  const holder = Object.isExtensible(found) ? found : thawed(found);
  const { config: sent, request, data } = holder;
  if (isObject(sent)) printable(sent); // a stream's later errors name it
  put(holder, 'config', config);
  if (Object.hasOwn(config, 'toJSON') && typeof holder.toJSON === 'function') tameToJson(holder);
  if (isNodeStream(data)) watch(data, config);
  if (!isObject(request)) return holder;
  hide(holder, 'request', request);
  conceal(request);
  const { _redirectable: followed } = request; // of follow-redirects; errors of a stream that come later name it
  if (isObject(followed)) conceal(followed);
  return holder;
}

/** A frozen error or response, as one that can be cleaned. */
function thawed<H extends object>(frozen: H): H {
  const members = Reflect.ownKeys(frozen).map((key) => {
    const member = Reflect.getOwnPropertyDescriptor(frozen, key);
    return [key, { ...member, configurable: true, ...(member && 'value' in member && { writable: true }) }] as const;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has every member of one
  return Object.create(Object.getPrototypeOf(frozen) as object, Object.fromEntries(members)) as H;
}

function put(holder: object, name: string, value: unknown): void {
  if (!Reflect.set(holder, name, value)) hide(holder, name, value);
}

/** What a stream throws later is cleaned before anybody hears it (`events.errorMonitor`). */
function watch(stream: NodeStream, config: object): void {
  conceal(stream);
  stream.on?.(Symbol.for('events.errorMonitor'), (error: unknown) => void cleanError(error, config, 0));
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
