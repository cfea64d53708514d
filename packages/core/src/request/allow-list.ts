// Judges which URLs may see a token (RFC 6750 section 5.3, RFC 9700 section 4.9). A URL is parsed, never compared as text:
// scheme, host, port and whole path segments must match.
import { ConfigurationError } from '../token/errors/errors.js';
import { assertPlatformUrl, assertUrlParts } from './platform-url.js';

export interface AllowList {
  /** Whether a token may go to `url`. */
  allows(url: URL): boolean;
  /** Whether a prefix of the list lies at `host` (name and port). */
  knows(host: string): boolean;
  /** Under which of the `placesOf` a URL it is found. */
  readonly places: readonly string[];
}

export interface AllowOptions {
  readonly allow: string | readonly string[] | undefined;
  readonly allowInsecure?: boolean | undefined;
}

interface Prefix {
  readonly host: string;
  readonly origin: string;
  /** Without slashes at its end. */
  readonly path: string;
}

/**
 * The allow list of an attachment.
 * @throws ConfigurationError when nothing is allowed, a prefix is not an absolute https URL (http on loopback), or the
 *   platform cannot parse URLs
 */
export function allowListOf({ allow, allowInsecure = false }: AllowOptions): AllowList {
  return allowListFrom(listOf(allow), allowInsecure);
}

/** With '*' in a list, plain http counts on this machine alone. */
function allowListFrom(listed: readonly string[], allowInsecure: boolean): AllowList {
  assertPlatformUrl();
  if (listed.length === 0)
    throw new ConfigurationError(
      'It is not said where the token may go: give the client a baseURL, or pass `allow` with the URL prefixes that may see it',
    );
  const prefixes = listed.filter((prefix) => prefix !== '*').map((prefix) => parsePrefix(prefix, allowInsecure));
  const anywhere = prefixes.length < listed.length;
  return {
    allows: (url) =>
      isClean(url) &&
      isSecureUrl(url, !anywhere && allowInsecure) &&
      (anywhere || prefixes.some((prefix) => covers(prefix, url))),
    knows: (host) => prefixes.some((prefix) => prefix.host === host),
    places: anywhere ? [ANYWHERE] : prefixes.map(({ origin, path }) => origin + path),
  };
}

const ANYWHERE = '*';

/** Where a prefix that covers `url` may lie: at its origin, at the first segment of its path, at the second … */
function placesOf({ origin, pathname }: URL): readonly string[] {
  const places = [ANYWHERE, origin];
  for (let end = pathname.indexOf('/', 1); end > 0; end = pathname.indexOf('/', end + 1))
    places.push(origin + pathname.slice(0, end));
  return [...places, origin + pathname];
}

/** An allow list that attachments share. */
export interface SharedAllowList {
  readonly allowList: AllowList;
  readonly key: string;
  readonly remove: () => void;
}

/**
 * The allow lists of many attachments: those that say the same are one, so that a client per request costs nothing, and a
 * list goes with its client, so that clients of former tenants cost nothing either.
 */
export class SharedAllowLists {
  readonly #shared = new Map<string, { readonly allowList: AllowList; users: number }>();
  /** By the places where they are found, so that thousands of tenants cost no more than one. */
  readonly #at = new Map<string, Set<AllowList>>();
  /** Tells when a client has been collected; not on every platform. */
  readonly #collected =
    typeof FinalizationRegistry === 'undefined'
      ? undefined
      : new FinalizationRegistry<() => void>((remove) => remove());

  /**
   * @param client whose list it is: it goes when the client does
   * @returns how to take it away again, and a key that equal lists alone have
   * @throws ConfigurationError as `allowListOf` does
   */
  add({ allow, allowInsecure = false }: AllowOptions, client?: object): SharedAllowList {
    const listed = listOf(allow);
    const key = JSON.stringify([listed, allowInsecure]);
    const shared = this.#shared.get(key) ?? this.#first(key, allowListFrom(listed, allowInsecure));
    shared.users += 1;
    let isUsed = true;
    const remove = (): void => {
      if (isUsed && (shared.users -= 1) === 0) this.#last(key, shared.allowList);
      isUsed = false;
    };
    if (client) this.#collected?.register(client, remove);
    return { allowList: shared.allowList, key, remove };
  }

  allow(url: URL): boolean {
    return placesOf(url).some((place) => [...(this.#at.get(place) ?? [])].some((allowList) => allowList.allows(url)));
  }

  #first(key: string, allowList: AllowList): { readonly allowList: AllowList; users: number } {
    const shared = { allowList, users: 0 };
    this.#shared.set(key, shared);
    for (const place of allowList.places) this.#at.set(place, (this.#at.get(place) ?? new Set()).add(allowList));
    return shared;
  }

  #last(key: string, allowList: AllowList): void {
    this.#shared.delete(key);
    for (const place of allowList.places) {
      const found = this.#at.get(place);
      found?.delete(allowList);
      if (found?.size === 0) this.#at.delete(place);
    }
  }

  get isEmpty(): boolean {
    return this.#shared.size === 0;
  }
}

/** Each prefix is read once. */
function listOf(allow: AllowOptions['allow']): readonly string[] {
  const listed: readonly unknown[] | undefined =
    typeof allow === 'string' ? [allow] : Array.isArray(allow ?? []) ? [...(allow ?? [])] : undefined;
  if (listed?.every((prefix) => typeof prefix === 'string')) return listed.filter((prefix) => prefix !== '');
  throw new ConfigurationError(
    '`allow` (or the baseURL of the client) must be a URL prefix as a string, or a list of them',
  );
}

/**
 * Whether a credential may travel to `url`: https, or plain http on this machine.
 *
 * @example
 * ```ts
 * isSecureUrl(new URL('http://127.0.0.1:8080')); // true: loopback
 * isSecureUrl(new URL('http://id.example.org')); // false
 * ```
 */
export function isSecureUrl(url: URL, allowInsecure: unknown = false): boolean {
  const isAllowed = allowInsecure === true || isLoopback(url.hostname); // the text 'false' of a setting is no yes
  return url.protocol === 'https:' || (url.protocol === 'http:' && isAllowed);
}

/**
 * Parses as the adapters do; undefined when it is no URL. `URL.canParse` is not asked: on Node 20 and 22 it errs on IDN once hot.
 * @throws ConfigurationError where the platform's URL is a stub
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  let url: URL;
  try {
    url = new URL(text, base ?? globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch {
    return undefined;
  }
  assertUrlParts(url);
  return url;
}

/** A URL for `headers(url)`: a WebSocket is judged as the request that opens it is. */
export function parseTarget(url: string | URL): URL | undefined {
  const target = parseUrl(`${url}`);
  if (target && /^wss?:$/.test(target.protocol)) target.protocol = target.protocol.replace('ws', 'http');
  return target;
}

/** Origin and path, for events and messages: a query may hold secrets. */
export function describeUrl(url: URL | undefined): string {
  return url === undefined ? '' : url.origin + url.pathname;
}

function parsePrefix(text: string, allowInsecure: boolean): Prefix {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ConfigurationError(
      '`allow` (or the baseURL of the client) must be an absolute http(s) URL, such as https://api.example.org/v1',
    );
  if (url.hostname.includes('*'))
    throw new ConfigurationError(`\`allow\` knows no wildcards within a host (${url.host}): list the hosts`);
  if (!isClean(url) || url.search !== '' || url.hash !== '')
    throw new ConfigurationError(`\`allow\` must hold no user, query, fragment or encoded dots: ${describeUrl(url)}`);
  if (!isSecureUrl(url, allowInsecure))
    throw new ConfigurationError(
      `${describeUrl(url)} is plain http beyond this machine: anybody on the way could read the token. Use https, or say allowInsecure`,
    );
  return { host: url.host, origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

function covers({ origin, path }: Prefix, url: URL): boolean {
  return url.origin === origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

function isClean(url: URL): boolean {
  return url.username === '' && url.password === '' && !climbs(url.pathname);
}

/** More layers of encoding than any server takes off. */
const DEEPEST_ENCODING = 10;

/** Whether a server that decodes the path further would find dot segments in it; `..;` is one to some. */
function climbs(path: string): boolean {
  let decoded = path;
  for (let i = 0; i < DEEPEST_ENCODING && decoded.includes('%'); i++)
    decoded = decoded.replace(/%(25|2e|2f|5c)/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return /(?:^|[/\\])\.\.?(?:[/\\;]|$)/.test(decoded);
}

/** Whether `host` is this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
