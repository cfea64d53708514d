// Judges which URLs may see a token (RFC 6750 section 5.3, RFC 9700 section 4.9). A URL is parsed, never compared as text:
// scheme, host, port and whole path segments must match.
import { ConfigurationError } from './errors.js';

export interface RequestScope {
  /** Whether a token may go to `url`. */
  allows(url: URL): boolean;
}

export interface ScopeOptions {
  readonly allow: string | readonly string[] | undefined;
  readonly allowInsecure?: boolean | undefined;
}

interface Prefix {
  readonly origin: string;
  readonly path: string;
}

/**
 * The scope of an attachment.
 * @throws ConfigurationError when nothing is allowed, or a prefix is not an absolute https URL (http on loopback)
 */
export function requestScope({ allow, allowInsecure = false }: ScopeOptions): RequestScope {
  const listed = listOf(allow).filter((prefix) => prefix !== '');
  if (listed.length === 0)
    throw new ConfigurationError(
      'It is not said where the token may go: give the client a baseURL, or pass `allow` with the URL prefixes that may see it',
    );
  const anywhere = listed.includes('*');
  const prefixes = listed.filter((prefix) => prefix !== '*').map((prefix) => parsePrefix(prefix, allowInsecure));
  return {
    allows: (url) =>
      isClean(url) &&
      isSecureUrl(url, allowInsecure && !anywhere) &&
      (anywhere || prefixes.some((prefix) => covers(prefix, url))),
  };
}

/** The scopes of many attachments: those that say the same are one, so that a client per request costs nothing. */
export class SharedScopes {
  readonly #shared = new Map<string, { readonly scope: RequestScope; users: number }>();

  /** @returns how to take it away again. @throws ConfigurationError as `requestScope` does */
  add(options: ScopeOptions): { readonly scope: RequestScope; readonly remove: () => void } {
    const key = JSON.stringify([options.allow, options.allowInsecure ?? false]);
    const shared = this.#shared.get(key) ?? { scope: requestScope(options), users: 0 };
    this.#shared.set(key, shared);
    shared.users += 1;
    let isUsed = true;
    const remove = (): void => {
      if (isUsed) shared.users -= 1;
      isUsed = false;
      if (shared.users === 0) this.#shared.delete(key);
    };
    return { scope: shared.scope, remove };
  }

  allow(url: URL): boolean {
    return [...this.#shared.values()].some(({ scope }) => scope.allows(url));
  }

  get isEmpty(): boolean {
    return this.#shared.size === 0;
  }
}

function listOf(allow: ScopeOptions['allow']): readonly string[] {
  const listed = typeof allow === 'string' ? [allow] : (allow ?? []);
  if (Array.isArray(listed) && listed.every((prefix) => typeof prefix === 'string')) return listed;
  throw new ConfigurationError('`allow` must be a URL prefix as a string, or a list of them');
}

/** Whether a credential may travel to `url`: https, or plain http on this machine. */
export function isSecureUrl(url: URL, allowInsecure = false): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && (allowInsecure || isLoopback(url.hostname)));
}

/** Parses as the adapters do; undefined when it is no URL. `URL.canParse` is not asked: on Node 20 and 22 it errs on IDN once hot. */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base ?? globalThis.document?.baseURI ?? globalThis.location?.href);
  } catch {
    return undefined;
  }
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
  return { origin: url.origin, path: url.pathname.replace(/\/+$/, '') };
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
