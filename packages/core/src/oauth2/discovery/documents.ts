// Reads a metadata document from where its standard says that it lies (RFC 8615): by GET, without redirects, at most 1 MiB.
// What it says is data: whose it is, and where it points to, is judged before anybody uses it.
import { systemClock, within } from '../../internal/clock.js';
import type { Clock } from '../../internal/clock.js';
import { asString, parseObject, recordOf } from '../../internal/records.js';
import { isSecureUrl, parseUrl } from '../../request/allow-list.js';
import { AuthenticationError, ConfigurationError, isAuthenticationError } from '../../token/errors/errors.js';
import type { OptionTable } from '../../token/options-check.js';
import { endpointError, malformed } from '../endpoint-error.js';
import { sendForm } from '../http.js';
import type { Transport } from '../http.js';

/** How a metadata document is read: for {@link discoverServer} and {@link discoverResource}. */
export interface DiscoveryOptions {
  /** How the requests leave: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Lets documents and endpoints be plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** Limit of all requests together, in ms. Default: 10 000. */
  readonly timeoutMs?: number | undefined;
  /** Ends the reading. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

export const DISCOVERY_OPTIONS: OptionTable<DiscoveryOptions> = {
  transport: 'object',
  allowInsecure: 'any',
  timeoutMs: 'any',
  signal: 'signal',
  clock: 'clock',
};

/** Whose document it is, for what it says and for messages. */
export interface MetadataSource {
  /** The issuer, or the resource, as the program wrote it. */
  readonly id: string;
  readonly allowInsecure?: boolean | undefined;
}

type Document = Readonly<Record<string, unknown>>;

const DEFAULT_TIMEOUT_MS = 10_000;
const LONGEST_TEXT = 200;

/**
 * The first document that `judge` takes.
 * @param urls where it may lie, in the order in which they are asked
 * @param judge throws for one that is another's
 * @throws AuthenticationError `discovery_failed` when there is none; what `judge` throws
 */
export async function readDocument<R>(
  urls: readonly string[],
  judge: (document: Document) => R,
  options: DiscoveryOptions,
): Promise<R> {
  const { clock = systemClock, timeoutMs = DEFAULT_TIMEOUT_MS, signal: callers } = options;
  const limit = new AbortController();
  const signal = callers ? AbortSignal.any([callers, limit.signal]) : limit.signal;
  const late = new AuthenticationError(`No answer within ${timeoutMs} ms`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
  });
  return within(clock, timeoutMs, firstOf(urls, judge, { ...options, clock, signal }), () => {
    limit.abort(late);
    return late;
  });
}

async function firstOf<R>(
  urls: readonly string[],
  judge: (document: Document) => R,
  options: DiscoveryOptions,
): Promise<R> {
  const failures: unknown[] = [];
  for (const url of urls)
    try {
      return judge(await documentAt(url, options));
    } catch (error) {
      if (!isElsewhere(error)) throw error;
      failures.push(error);
    }
  throw failed(failures.find((failure) => recordOf(failure)['transient'] === true) ?? failures.at(-1), urls);
}

async function documentAt(url: string, options: DiscoveryOptions): Promise<Document> {
  const { transport, allowInsecure, signal, clock } = options;
  const answer = await sendForm({
    url,
    headers: { Accept: 'application/json' },
    transport,
    allowInsecure,
    signal,
    clock,
  });
  const document = parseObject(answer.text);
  if (answer.status !== 200) throw endpointError(answer, document);
  if (document === undefined) throw malformed(answer, 'is no JSON object', 'configuration');
  return document;
}

/** An answer that is no such document: it may lie at another place. What keeps one from being had at all would do so there too. */
function isElsewhere(error: unknown): boolean {
  const { code } = recordOf(error);
  return code === 'token_endpoint' || code === 'invalid_response';
}

/** No credentials were involved, and no session. */
function failed(cause: unknown, urls: readonly string[]): AuthenticationError {
  const { transient = false, retryAfterMs } = isAuthenticationError(cause) ? cause : {};
  const message = String(recordOf(cause)['message']).replace(/; check that this is[^;]*$/, '');
  return new AuthenticationError(
    `There is no metadata to be had: ${message} (asked: ${urls.join(', ')}). Check the issuer, or give the URLs themselves`,
    { code: 'discovery_failed', kind: transient ? 'unavailable' : 'configuration', transient, retryAfterMs, cause },
  );
}

/**
 * A URL that a document names.
 * @throws ConfigurationError unless it is https (plain http only where the document's own is), without user and fragment
 */
export function metadataUrl(value: unknown, name: string, { id, allowInsecure }: MetadataSource): string {
  const text = asString(value);
  const url = text !== undefined && ABSOLUTE.test(text) ? parseUrl(text) : undefined;
  const whose = `The metadata of ${id}`;
  if (url === undefined || text === undefined) throw new ConfigurationError(`${whose} names no ${name} that is a URL`);
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new ConfigurationError(`${whose} names the ${name} with a user or a fragment; nothing is sent there`);
  const isPlain = url.protocol === 'http:';
  if (!isSecureUrl(url, allowInsecure) || (isPlain && id.startsWith('https:') && allowInsecure !== true))
    throw new ConfigurationError(`${whose} names the ${name} ${url.origin}, which is not https; nothing is sent there`);
  return text;
}

/** Absolute, and without blanks or backslashes that each parser reads in its own way. */
const ABSOLUTE = /^https?:\/\/[^\s\\]+$/i;

/**
 * A text by which a document is found.
 * @throws ConfigurationError unless it is https, or http on this machine, without user and fragment
 */
export function assertIdentifier(id: unknown, what: string, { allowInsecure }: DiscoveryOptions): URL {
  const url = typeof id === 'string' && ABSOLUTE.test(id) ? parseUrl(id) : undefined;
  if (url === undefined)
    throw new ConfigurationError(`${what} must be an absolute https URL, such as https://id.example.org`);
  if (url.username !== '' || url.password !== '' || String(id).includes('#'))
    throw new ConfigurationError(`${what} must hold no user and no fragment: ${url.origin}${url.pathname}`);
  if (!isSecureUrl(url, allowInsecure))
    throw new ConfigurationError(
      `${what} is plain http beyond this machine (${url.origin}): anybody on the way could name other endpoints. Use https, or say allowInsecure`,
    );
  return url;
}

/** The strings of a list; undefined for what is none, which says nothing. */
export function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

/** What a document says, for a message: short, on one line. */
export function said(value: unknown): string {
  if (typeof value !== 'string') return 'nothing';
  return JSON.stringify(value.slice(0, LONGEST_TEXT));
}
