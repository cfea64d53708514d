// The judgement of each hop of a redirect that axios's http adapter follows, as the hop then goes out (C9).
import type { InternalAxiosRequestConfig } from 'axios';
import { headerName, removeHeader } from '../headers.js';
import type { Attempt } from '../context/attempt.js';
import { isObject } from '../../internal/records.js';
import { isLoopback, parseUrl } from '../../request/allow-list.js';

type BeforeRedirect = NonNullable<InternalAxiosRequestConfig['beforeRedirect']>;
/** The options of Node's http.request, and what follow-redirects adds. */
type HopOptions = Parameters<BeforeRedirect>[0];

/**
 * What the http adapter asks before each hop. The caller's own `beforeRedirect` goes first and sees none of our headers; then
 * they are put back where they may go. What the caller set under one of their names is the caller's, and stays (C10).
 */
export function hopGuard(attempt: Attempt, { beforeRedirect, proxy }: InternalAxiosRequestConfig): BeforeRedirect {
  let current: AppliedHeaders | undefined; // most requests are redirected nowhere
  return (options, response, request) => {
    const applied = (current ??= new AppliedHeaders(attempt));
    if (!proxy && proxy !== false) passEnvironmentProxy(options);
    applied.takeOff(options['headers']);
    const before = connectionOf(options);
    beforeRedirect?.(options, response, { ...request, headers: applied.without(request?.headers) });
    const target = targetOf(options, before);
    const allowed = target !== undefined && attempt.allowList.allows(target);
    applied.putBack(options, allowed);
    attempt.isAllowed = allowed && applied.carriesToken;
  };
}

/** Our headers on a request under way, and which of them the caller replaced. */
class AppliedHeaders {
  readonly #attempt: Attempt;
  /** As axios wrote them. */
  readonly #ours: Map<string, unknown>;
  readonly #callers = new Set<string>();

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
    this.#ours = new Map(Object.entries(attempt.headers));
  }

  get carriesToken(): boolean {
    return [...this.#callers].every((name) => name.toLowerCase() === 'x-api-key');
  }

  takeOff(headers: unknown): void {
    if (!isObject(headers)) return;
    for (const name of this.#ours.keys()) {
      const present = headerName(headers, name);
      if (present === undefined) this.#callers.delete(name);
      if (present === undefined || this.#callers.has(name)) continue;
      this.#ours.set(name, headers[present]);
      removeHeader(headers, name);
    }
  }

  /** A copy of what went out before, less our headers. */
  without(headers: Readonly<Record<string, string>> | undefined): Record<string, string> {
    const others = { ...headers };
    for (const name of this.#ours.keys()) if (!this.#callers.has(name)) removeHeader(others, name);
    return others;
  }

  putBack({ headers, auth }: HopOptions, allowed: boolean): void {
    if (!isObject(headers)) return;
    for (const [name, value] of this.#ours) {
      const isBasic = Boolean(auth) && name.toLowerCase() === 'authorization';
      if (isBasic || this.#isCallers(headers, name)) {
        this.#callers.add(name);
        continue;
      }
      this.#callers.delete(name);
      removeHeader(headers, name);
      if (allowed) Reflect.set(headers, name, value);
    }
  }

  #isCallers(headers: Readonly<Record<string, unknown>>, name: string): boolean {
    const present = headerName(headers, name);
    if (present === undefined) return false;
    const value = headers[present];
    return value !== this.#ours.get(name) && value !== this.#attempt.headers[name];
  }
}

/** Plain http to this machine goes through no proxy of the environment: it would read along. */
function passEnvironmentProxy(options: HopOptions): void {
  const url = parseUrl(String(options['href']));
  if (url?.protocol !== 'http:' || !isLoopback(url.hostname) || isDirect(options)) return;
  const { protocol, hostname, port, pathname, search } = url;
  Object.assign(options, { protocol, hostname: hostname.replace(/[[\]]/g, ''), port, path: pathname + search });
  delete options['host'];
  if (isObject(options['headers'])) removeHeader(options['headers'], 'Proxy-Authorization');
}

/** A proxy is sent the whole URL, a server only the path (RFC 9112 section 3.2). */
function isDirect({ path }: HopOptions): boolean {
  return String(path).startsWith('/');
}

/** What the connection is made from, and whether the server named a user in the URL. */
interface Connection {
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly socketPath: string;
  readonly namesUser: boolean;
}

function connectionOf({ protocol, hostname, host, port, socketPath, href }: HopOptions): Connection {
  const url = parseUrl(String(href));
  return {
    protocol: String(protocol),
    host: String(hostname || host),
    port: String(port ?? ''),
    socketPath: String(socketPath),
    namesUser: url === undefined || url.username !== '' || url.password !== '',
  };
}

/** Where the hop goes; undefined when that cannot be said, and nothing of ours may go there. */
function targetOf(options: HopOptions, before: Connection): URL | undefined {
  const { protocol, host, port, socketPath } = connectionOf(options);
  const isKept = protocol === before.protocol && host === before.host && port === before.port;
  if (socketPath !== before.socketPath || (isKept && before.namesUser)) return undefined;
  const path = String(options['path']);
  if (!isDirect(options)) return isKept ? parseUrl(path) : undefined;
  if (/[\s/?#@\\]/.test(host)) return undefined;
  const authority = host.includes(':') ? `[${host}]` : host;
  return parseUrl(`${protocol}//${authority}:${port}${path.replaceAll('#', '%23')}`);
}
