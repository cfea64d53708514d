// Judges which URLs may see a token (RFC 6750 section 5.3, RFC 9700 section 4.9). A URL is parsed, never compared as text:
// scheme, host, port and whole path segments must match.
import { ConfigurationError } from '../token/errors/errors.js';
import { assertPlatformUrl, assertUrlParts } from './platform-url.js';

export interface AllowList {
  /** Whether a token may go to `url`. */
  allows(url: URL): boolean;
  /** Whether `url` is left out by `except`, though it may be below a prefix that is allowed (C19). */
  excepts(url: URL): boolean;
  /** Whether a prefix of the list lies at `host` (name and port). */
  knows(host: string): boolean;
  /** Under which of the `placesOf` a URL it is found. */
  readonly places: readonly string[];
}

export interface AllowOptions {
  readonly allow: string | readonly string[] | undefined;
  readonly allowInsecure?: boolean | undefined;
  /** What is left out of it: prefixes like those of `allow`, or paths below each of them. */
  readonly except?: string | readonly string[] | undefined;
}

interface Prefix {
  readonly host: string;
  readonly origin: string;
  /** Without slashes at its end. */
  readonly path: string;
}

/**
 * The allow list of an attachment.
 * @throws ConfigurationError when nothing is allowed, a prefix is not an absolute https URL (http on loopback), `except` leaves
 *   out all of one, or the platform cannot parse URLs
 */
export function allowListOf({ allow, allowInsecure = false, except }: AllowOptions): AllowList {
  return allowListFrom(listOf(allow), { allowInsecure, except: listOf(except, 'except') });
}

interface ListOptions {
  readonly allowInsecure: boolean;
  readonly except: readonly string[];
}

/** With '*' in a list, plain http counts on this machine alone. */
function allowListFrom(listed: readonly string[], { allowInsecure, except }: ListOptions): AllowList {
  assertPlatformUrl();
  if (listed.length === 0)
    throw new ConfigurationError(
      'It is not said where the token may go: give the client a baseURL, or pass `allow` with the URL prefixes that may see it',
    );
  const prefixes = listed.filter((prefix) => prefix !== '*').map((prefix) => parsePrefix(prefix, allowInsecure));
  const anywhere = prefixes.length < listed.length;
  const left = exceptedPrefixes(except, { allowed: prefixes, anywhere }).map(({ path, ...prefix }) => ({
    ...prefix,
    path: plainPath(path).replace(/\/+$/, ''),
  }));
  const excepts = (url: URL): boolean => {
    const pathname = left.length === 0 ? '' : plainPath(url.pathname);
    return left.some((prefix) => covers(prefix, { origin: url.origin, pathname }));
  };
  return {
    excepts,
    allows: (url) =>
      isClean(url) &&
      !excepts(url) &&
      isSecureUrl(url, !anywhere && allowInsecure) &&
      (anywhere || prefixes.some((prefix) => covers(prefix, url))),
    knows: (host) => prefixes.some((prefix) => prefix.host === host),
    places: anywhere ? [ANYWHERE] : prefixes.map(({ origin, path }) => origin + path),
  };
}

/** Where a list is found that allows any origin. */
export const ANYWHERE = '*';

/** Each prefix is read once; an empty one of `allow` is that of a setting which is not made. */
export function listOf(given: AllowOptions['allow'], option: 'allow' | 'except' = 'allow'): readonly string[] {
  const listed: readonly unknown[] | undefined =
    typeof given === 'string' ? [given] : Array.isArray(given ?? []) ? [...(given ?? [])] : undefined;
  if (listed?.every((prefix) => typeof prefix === 'string'))
    return listed.filter((prefix) => prefix !== '' || option === 'except');
  throw new ConfigurationError(`${NAMES[option]} must be a URL prefix as a string, or a list of them`);
}

/** What the prefixes come from, for messages. */
const NAMES = { allow: '`allow` (or the baseURL of the client)', except: '`except`' };

/** What begins with a scheme or a host is no path. */
const ABSOLUTE = /^(?:[a-z][a-z\d+\-.]*:|[/\\]{2})/i;

function isRelative(text: string): boolean {
  return !ABSOLUTE.test(text);
}

/**
 * The prefixes of `except`; a relative one lies below each prefix of `allow`, as a `url` below a `baseURL` of axios.
 * @throws ConfigurationError for one that cannot be meant, or that leaves nothing of a prefix of `allow`
 */
function exceptedPrefixes(
  except: readonly string[],
  { allowed, anywhere }: { readonly allowed: readonly Prefix[]; readonly anywhere: boolean },
): readonly Prefix[] {
  for (const text of except) assertMeant(text, allowed);
  const below = (text: string): readonly string[] =>
    allowed.map(({ origin, path }) => `${origin}${path}/${text.replace(/^\/+/, '')}`);
  const left = except
    .flatMap((text) => (isRelative(text) ? below(text) : [text]))
    .map((text) => parsePrefix(text, true, 'except'));
  const all = allowed.find((prefix) => left.some((excepted) => leavesOut(excepted, prefix)));
  if (all) throw new ConfigurationError(`\`except\` leaves out all of ${all.origin}${all.path}, which \`allow\` names`);
  const vain = left.find((excepted) => !anywhere && !allowed.some((prefix) => leavesOut(prefix, excepted)));
  if (vain) throw inVain(vain, allowed);
  return left;
}

/** @throws ConfigurationError */
function assertMeant(text: string, allowed: readonly Prefix[]): void {
  if (text.trim() === '')
    throw new ConfigurationError('A prefix of `except` is empty: write a path such as /login, or leave it out');
  if (text === '*' || (allowed.length === 0 && isRelative(text)))
    throw new ConfigurationError(
      "`except` takes URL prefixes, and paths below those of `allow`: '*' leaves nothing, and beside `allow: '*'` each is a whole URL",
    );
  const named = allowed.find(({ host }) => isRelative(text) && (text === host || text.startsWith(`${host}/`)));
  if (named) throw new ConfigurationError(`\`except\` names a host without a scheme: write https://${text}`);
}

function inVain({ origin, path }: Prefix, allowed: readonly Prefix[]): ConfigurationError {
  const places = allowed.map((prefix) => prefix.origin + prefix.path).join(', ');
  return new ConfigurationError(
    `\`except\` leaves out ${origin}${path}, which lies below no prefix of \`allow\` (${places}) and gets no token anyway: write a path such as /login, or a URL below one of them`,
  );
}

function leavesOut({ origin, path }: Prefix, other: Prefix): boolean {
  return covers({ origin, path: plainPath(path) }, { origin: other.origin, pathname: plainPath(other.path) });
}

/**
 * The path that servers make of one: escaped letters, digits and "-._~" as they are meant (RFC 3986 section 6.2.2.2), other
 * escapes in capitals, no parameters of segments (`;a=1`), no empty segments. By it a route is left out, never allowed.
 */
function plainPath(path: string): string {
  return path
    .replace(/%[\da-f]{2}/gi, (escape) => {
      const character = String.fromCharCode(parseInt(escape.slice(1), 16));
      return /[\w.~-]/.test(character) ? character : escape.toUpperCase();
    })
    .replace(/;[^/]*/g, '')
    .replace(/\/{2,}/g, '/');
}

/**
 * Whether a credential may be sent to `url`: https, or plain http on this machine.
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

function parsePrefix(text: string, allowInsecure: boolean, option: 'allow' | 'except' = 'allow'): Prefix {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ConfigurationError(
      `${NAMES[option]} must be an absolute http(s) URL, such as https://api.example.org/v1${option === 'except' ? ', or a path such as /login' : ''}`,
    );
  if (url.hostname.includes('*'))
    throw new ConfigurationError(`\`${option}\` knows no wildcards within a host (${url.host}): list the hosts`);
  if (url.pathname.includes('*'))
    throw new ConfigurationError(
      `\`${option}\` knows no wildcards: a prefix covers all that lies below it, so write ${describeUrl(url).replace(/\/*\*.*$/, '')}`,
    );
  if (!isClean(url) || url.search !== '' || url.hash !== '')
    throw new ConfigurationError(
      `\`${option}\` must hold no user, query, fragment or encoded dots: ${describeUrl(url)}`,
    );
  if (!isSecureUrl(url, allowInsecure))
    throw new ConfigurationError(
      `${describeUrl(url)} is plain http beyond this machine: anybody on the way could read the token. Use https, or say allowInsecure`,
    );
  return { host: url.host, origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
}

function covers({ origin, path }: Omit<Prefix, 'host'>, url: Pick<URL, 'origin' | 'pathname'>): boolean {
  return url.origin === origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

function isClean(url: URL): boolean {
  return url.username === '' && url.password === '' && !climbs(url.pathname);
}

/** So often a path is decoded; one that then still changes is nobody's who means well. */
const MOST_DECODINGS = 10;
/** An escape of ASCII, its own percent sign escaped any number of times. */
const ESCAPE = /%(?:25)*([0-7][\da-f])/gi;
/** Two bytes for one of ASCII, such as `%c0%ae` for a dot: no UTF-8, and read as such by some (RFC 3629 section 10). */
const OVERLONG = /%c[01]%[89ab]/i;

/** Whether a server that decodes the path further would find dot segments in it; `..;` is one to some. */
function climbs(path: string): boolean {
  let decoded = path;
  for (let i = 0; i < MOST_DECODINGS && decoded.includes('%'); i++)
    decoded = decoded.replace(ESCAPE, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return OVERLONG.test(decoded) || decoded.search(ESCAPE) >= 0 || /(?:^|[/\\])\.\.?(?:[/\\;]|$)/.test(decoded);
}

/** Whether `host` is this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}
