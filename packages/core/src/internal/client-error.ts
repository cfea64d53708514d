// What an error of somebody else's HTTP client says: the answer that it carries (axios, fetch, ky, ofetch, got, superagent,
// request, openid-client …), or why there was none. A network fails for a while; a certificate, a protocol or a setting fails
// until somebody changes it (C5). Read from the codes and words of Node, undici, OpenSSL, browsers, Bun and Deno.
import { bytesToString, headerValue, isObject, parseObject, recordOf, asString } from './records.js';
import { isWebStream } from './streams.js';
import { tlsAdvice, tlsFailureOf } from './tls-failure.js';
import type { TlsFailure } from './tls-failure.js';

export type NetworkFailure = 'network' | 'setup' | TlsFailure;

type Members = Readonly<Record<string, unknown>>;

const DEEPEST_CAUSE = 5;

/** `error` and what lies underneath: its causes, and the errors of an AggregateError. */
export function causesOf(error: unknown, depth = 0): readonly Members[] {
  if (!isObject(error) || depth > DEEPEST_CAUSE) return [];
  const { cause, errors } = error;
  const below = [cause, ...(Array.isArray(errors) ? (errors as readonly unknown[]) : [])];
  return [error, ...below.flatMap((inner) => causesOf(inner, depth + 1))];
}

/** The code of whatever lies deepest: axios and fetch put one of their own above it. */
export function codeOf(error: unknown): string | undefined {
  return causesOf(error)
    .flatMap(({ code }) => asString(code) ?? [])
    .at(-1);
}

/** axios's, Node's and undici's codes for what cannot be sent as it was asked for. */
const SETUP_CODE =
  /^(?:ERR_(?:NOT_SUPP|BAD_OPTION|(?:HTTP_|TLS_)?INVALID_|UNESC|SOCKET_BAD|MISSING_A|UNSUPP|OSSL_|TLS_PROTO)|UND_ERR_(?:INVALID_A|NOT_SUPP))/;
/** The fetch standard's blocked ports and schemes; axios's adapter that nobody has. */
const SETUP_WORDS = /^(?:bad port$|unknown scheme$|unknown adapter|failed to execute)/;
const NETWORK_CODE =
  /^(?:E(?:CONN|HOST|NET|ADDR|AI_|TIME|SOCKETTIME|PIPE|PROTO|NOTFOUND)|UND_ERR_|HPE_|ERR_(?:NETWORK|CANCELED|SOCKET|HTTP2_|SSL_|STREAM_PREMATURE)|Connection(?:Refused|Closed|Reset)|FailedToOpenSocket)/;
/** fetch of Node, Chromium, Firefox, WebKit, Bun and Deno; also while a body is read. */
const NETWORK_WORDS =
  /^(?:fetch failed|failed to fetch|networkerror|network error|load failed|terminated|unable to connect|error (?:sending request|reading a body|in (?:body|input) stream)|the (?:network )?connection)/;
/** Node's, without the code in them. */
const SOCKET_WORDS = /^(?:socket hang up|client network socket disconnected)/;
const STOPPED = /^(?:Abort|Timeout)Error$/;

/** What kind of failure it is, or undefined for one that says nothing about a network. */
export function networkFailureOf(error: unknown): NetworkFailure | undefined {
  const causes = causesOf(error);
  const ofTls = tlsFailureOf(causes.map(({ code, message }) => ({ code: asString(code) ?? '', said: lower(message) })));
  if (ofTls) return ofTls;
  if (causes.some(({ code, message }) => SETUP_CODE.test(String(code)) || SETUP_WORDS.test(lower(message))))
    return 'setup';
  return causes.some(isNetwork) ? 'network' : undefined;
}

/** What to do about one where waiting does not help. */
export function adviceOn(failure: Exclude<NetworkFailure, 'network'>): string {
  return failure === 'setup'
    ? 'the request could not be made: check the options of the HTTP client, and the platform that this runs on'
    : tlsAdvice(failure);
}

/** Whether it is a mistake of a program, made before or while a request was set up. */
export function isProgramError(error: unknown): boolean {
  return /^(?:Type|Reference|Syntax)Error$/.test(String(recordOf(error)['name']));
}

function isNetwork(cause: Members): boolean {
  const { name, message } = cause;
  if (STOPPED.test(String(name)) || (NETWORK_CODE.test(codeText(cause)) && isOfClient(cause))) return true;
  return name === 'TypeError' && NETWORK_WORDS.test(lower(message));
}

/** Whether a platform or a client made it: a plain Error whose words know nothing of its code is somebody's own. */
function isOfClient(cause: Members): boolean {
  const { name, message, syscall, isAxiosError } = cause;
  const isNamed = isAxiosError === true || syscall !== undefined || name !== 'Error';
  return isNamed || SOCKET_WORDS.test(lower(message)) || String(message).includes(codeText(cause));
}

function codeText({ code }: Members): string {
  return asString(code) ?? '';
}

function lower(text: unknown): string {
  return typeof text === 'string' ? text.toLowerCase() : '';
}

export interface HttpAnswer {
  readonly status: number;
  /** `error` of RFC 6749 section 5.2; undefined when there is none, or when it is no plain word. */
  readonly error: string | undefined;
  /** A page for people: a gateway's, a proxy's, a hotel's. */
  readonly isBrowser: boolean;
  readonly retryAfter: string | undefined;
}

/** The answer in `error` or its causes. @param body what was read of it since; default: what it holds */
export function answerIn(error: unknown, body?: unknown): HttpAnswer | undefined {
  const found = carrierIn(error);
  if (found === undefined) return undefined;
  const { carrier, response, status } = found;
  const bodies = [body, ...[response, carrier].flatMap((holder) => BODIES.map((name) => holder[name]))];
  const texts = bodies.flatMap((given) => textIn(given) ?? []);
  const headers = response['headers'] ?? carrier['headers'];
  return {
    status,
    error: [...bodies.map((given) => errorIn(given)), wordOf(carrier['error'])].find((word) => word !== undefined),
    isBrowser:
      /html/i.test(headerOf(headers, 'content-type') ?? '') ||
      texts.some((text) => /^\s*<(?:!|\?xml|html|head|body)/i.test(text)),
    retryAfter: headerOf(headers, 'retry-after'),
  };
}

/** What a fetch Response in `error` says, when nobody has read it yet and it is JSON; at most 64 KiB. */
export async function unreadBody(error: unknown): Promise<string | undefined> {
  const { response } = carrierIn(error) ?? {};
  const { clone, bodyUsed, headers } = response ?? {};
  if (bodyUsed !== false || typeof clone !== 'function' || !/json/i.test(headerOf(headers, 'content-type') ?? ''))
    return undefined;
  try {
    const { body } = recordOf(Reflect.apply(clone, response, []));
    return isWebStream(body) ? await startOf(body) : undefined;
  } catch {
    return undefined;
  }
}

const LONGEST_BODY_BYTES = 65_536;

async function startOf(body: ReadableStream): Promise<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; bytes < LONGEST_BODY_BYTES;) {
    const part: { readonly done: boolean; readonly value?: unknown } = await reader.read();
    const { done, value } = part;
    if (done || !ArrayBuffer.isView(value)) return text;
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  reader.cancel().catch(() => undefined);
  return text;
}

/** Where clients keep a body: axios and ofetch, got and superagent, ofetch's own, Boom's (simple-oauth2), superagent's text. */
const BODIES = ['data', 'body', '_data', 'payload', 'text', 'rawBody'] as const;

interface Carrier {
  readonly carrier: Members;
  readonly response: Members;
  readonly status: number;
}

function carrierIn(error: unknown): Carrier | undefined {
  for (const carrier of causesOf(error)) {
    const holders = [carrier['response'], carrier, carrier['output']].filter(isObject);
    for (const response of holders) {
      const status = [response['status'], response['statusCode']].find(isStatus);
      if (isStatus(status)) return { carrier, response, status };
    }
  }
  return undefined;
}

function isStatus(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599;
}

function textIn(body: unknown): string | undefined {
  return bytesToString(body) ?? asString(body);
}

function errorIn(body: unknown): string | undefined {
  const text = textIn(body);
  const members = text === undefined ? recordOf(body) : parseObject(text);
  return wordOf(members?.['error']) ?? wordOf(recordOf(members?.['payload'])['error']);
}

/** A code (RFC 6749 section 5.2), nothing that could be an echoed secret; frameworks write the phrase of the status there. */
function wordOf(error: unknown): string | undefined {
  const isCode = typeof error === 'string' && /^[a-z][a-z_.:-]{0,59}$/.test(error) && !STATUS_PHRASE.test(error);
  return isCode ? error : undefined;
}

const STATUS_PHRASE = /^(?:unauthorized|forbidden)$/;

function headerOf(headers: unknown, name: string): string | undefined {
  const value = headerValue(headers, name);
  return asString(Array.isArray(value) ? value[0] : value);
}
