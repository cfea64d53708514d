// The HTTP answer that an error of somebody else's client carries: axios, fetch (ky, ofetch), got, superagent, request, openid-client …
import { headerValue, isObject, recordOf, parseObject, asString, bytesToString } from './records.js';
import { causesOf } from './network-failure.js';
import { isWebStream } from './streams.js';

type Members = Readonly<Record<string, unknown>>;

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
