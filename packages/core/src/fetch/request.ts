// A request as `fetch` is given one, read once: what is judged is what is sent. A Request of this platform goes to fetch as it is,
// since it may hold what its members do not tell (a dispatcher of undici); of any other one, what its members tell.
import type { Authorizer } from '../authorizer.js';
import { abortable } from '../internal/clock.js';
import { asString, isObject, ownOptions, recordOf } from '../internal/records.js';
import { isStream, isWebStream } from '../internal/streams.js';
import { parseUrl } from '../request/allow-list.js';
import { isSignal } from '../token/options-check.js';

/** What `fetch` takes, and what an authorized one takes besides. */
export interface AuthorizedRequestInit extends RequestInit {
  /**
   * Another authorizer's token for this request (`allow` stays), or none. Default: that of the fetch. What is neither an Authorizer nor
   * false is a ConfigurationError of the request.
   */
  readonly authorizer?: Authorizer | false | undefined;
  /**
   * Makes the body anew, so that a stream, or the body of a Request, can be sent again after a 401 or a redirect. Default: such a
   * request is not sent again, and the 401 is the answer.
   */
  readonly resendBody?: (() => unknown) | undefined;
  /** The fetch standard wants 'half' with a body that is a stream. */
  readonly duplex?: 'half' | undefined;
}

/** What goes to fetch. */
export interface Outgoing {
  readonly input: Request | string;
  readonly url: URL;
  readonly method: string;
  /** The caller's own. */
  readonly headers: Headers;
  /** All the rest. */
  readonly init: Readonly<Record<string, unknown>>;
}

/** What a caller asked for. */
export interface Asked extends Omit<Outgoing, 'url'> {
  /** Undefined when it cannot be parsed. */
  readonly url: URL | undefined;
  readonly redirect: unknown;
  readonly signal: AbortSignal | undefined;
  readonly authorizer: Authorizer | false | undefined;
  /** Within the caller's signal. */
  readonly resendBody: (() => Promise<unknown>) | undefined;
}

/** What `fetch` reads of an init, inherited or not: a Request may be one. */
const MEMBERS = [
  'method',
  'headers',
  'body',
  'referrer',
  'referrerPolicy',
  'mode',
  'credentials',
  'cache',
  'redirect',
  'integrity',
  'keepalive',
  'signal',
  'duplex',
];

/** @throws TypeError for headers that are none, as `fetch` does */
export function readRequest(input: unknown, given: AuthorizedRequestInit | null | undefined): Asked {
  const { authorizer, resendBody, ...others } = ownOptions(given);
  const init = { ...knownMembers(given), ...others };
  const ownUrl = urlOfRequest(input);
  const request = ownUrl === undefined ? foreignRequest(input) : recordOf(input);
  const all = { ...knownMembers(request), ...init };
  const url = parseUrl(ownUrl ?? asString(request?.['url']) ?? String(input));
  const { headers, ...rest } = all;
  const signal = isSignal(rest['signal']) ? rest['signal'] : undefined;
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it has the slots of one
    input: ownUrl === undefined ? (url?.href ?? '') : (input as Request),
    url,
    method: asString(rest['method']) ?? 'GET',
    headers: new Headers(isHeaders(headers) ? headers : undefined),
    init: ownUrl === undefined ? rest : { ...referrerOf(rest), ...without(init, 'headers') },
    redirect: rest['redirect'] ?? 'follow',
    signal,
    authorizer,
    resendBody: resendBody && (() => abortable(madeAnew(resendBody), signal)),
  };
}

/** What it throws at once is a rejection as well. */
async function madeAnew(resendBody: () => unknown): Promise<unknown> {
  return resendBody();
}

/** The constructor judges what it holds. */
function isHeaders(value: unknown): value is HeadersInit {
  return value !== undefined && value !== null;
}

/** Fetch takes the referrer off a Request that is sent with an init. */
function referrerOf({ referrer, referrerPolicy }: Readonly<Record<string, unknown>>): object {
  return { referrer, referrerPolicy };
}

/** The URL of a Request of this platform, from where fetch reads it: an object that only looks like one has none. */
function urlOfRequest(input: unknown): string | undefined {
  if (!isObject(input) || typeof Request !== 'function') return undefined;
  try {
    return asString(Reflect.get(Request.prototype, 'url', input));
  } catch {
    return undefined;
  }
}

/** A Request of another library, for a `fetch` of that library. */
function foreignRequest(input: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(input) && Object.prototype.toString.call(input) === '[object Request]' ? input : undefined;
}

export function knownMembers(holder: unknown): Record<string, unknown> {
  const members = recordOf(holder);
  const known = MEMBERS.map((name) => [name, members[name]] as const);
  return Object.fromEntries(known.filter(([, value]) => value !== undefined && value !== 'navigate'));
}

function without(members: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  const { [name]: _left, ...others } = members;
  return others;
}

/** The same request to another URL. */
export function redirected({ input, init, headers }: Outgoing, url: URL): Outgoing {
  const members = without(typeof input === 'string' ? {} : knownMembers(input), 'headers');
  const all: Record<string, unknown> = { ...members, ...init };
  return { input: url.href, url, method: asString(all['method']) ?? 'GET', headers: new Headers(headers), init: all };
}

/** In words why the body cannot be sent a second time; undefined when it can, as there is none, say. */
export function spentBody({ input, init }: Pick<Outgoing, 'input' | 'init'>): string | undefined {
  const { body } = init;
  const isSpent = body === undefined || body === null ? typeof input !== 'string' && input.bodyUsed : isStream(body);
  if (!isSpent) return undefined;
  const what =
    body === undefined || body === null ? 'that of a Request' : isWebStream(body) ? 'a web stream' : 'a stream';
  return `the request body is ${what} and was used up; give the request \`resendBody: () => body\` to have it sent again`;
}

/** The request with a body that was made anew. A form brings a boundary of its own. */
export function withBody<O extends Pick<Outgoing, 'headers' | 'init'>>(outgoing: O, body: unknown): O {
  const headers = new Headers(outgoing.headers);
  if (Object.prototype.toString.call(body) === '[object FormData]') headers.delete('content-type');
  const duplex = isStream(body) ? { duplex: 'half' } : {};
  return { ...outgoing, headers, init: { ...outgoing.init, ...duplex, body } };
}
