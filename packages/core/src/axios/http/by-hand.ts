// Redirects of axios's http adapter that are followed by hand, since each hop has credentials of its own: what follow-redirects,
// the library behind that adapter, would have done for the caller.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { asString, isObject, recordOf } from '../../internal/records.js';
import { parseUrl } from '../../request/allow-list.js';
import { copyHeaders } from '../headers.js';

/** The http adapter, asked for redirects as they are; its answers say where they came from. */
export function stoppingHttp(send: AxiosAdapter, urlOf: (hop: InternalAxiosRequestConfig) => URL): AxiosAdapter {
  const named = (hop: InternalAxiosRequestConfig, response: unknown): void => {
    const { res } = recordOf(recordOf(response)['request']);
    if (isObject(res) && res['responseUrl'] === undefined) Reflect.set(res, 'responseUrl', urlOf(hop).href);
  };
  return (hop) =>
    send({ ...hop, maxRedirects: 0 }).then(
      (response) => {
        named(hop, response);
        return response;
      },
      (error: unknown) => {
        named(hop, recordOf(error)['response']);
        throw error;
      },
    );
}

/**
 * The next hop as the caller's `beforeRedirect` leaves it. It sees none of our headers.
 * @throws what the hook throws
 */
export function asCallerLeavesIt(
  next: InternalAxiosRequestConfig,
  { headers, status }: AxiosResponse,
  { beforeRedirect, hop }: { readonly beforeRedirect: Hook | undefined; readonly hop: InternalAxiosRequestConfig },
): InternalAxiosRequestConfig {
  const url = parseUrl(next.url ?? '');
  if (!beforeRedirect || !url) return next;
  const { protocol, hostname, port, pathname, search, href } = url;
  const method = (next.method ?? 'get').toUpperCase();
  const place = { protocol, hostname: hostname.replace(/[[\]]/g, ''), port, path: pathname + search, pathname, search };
  const options: Record<string, unknown> = { ...place, href, method, headers: plain(next.headers) };
  const before = { url: String(hop.url), method: (hop.method ?? 'get').toUpperCase(), headers: plain(hop.headers) };
  Reflect.apply(beforeRedirect, undefined, [options, { headers: plain(headers), statusCode: status }, before]);
  return { ...next, url: placeOf(options, place) ?? href, headers: headersOf(options), ...basicOf(options) };
}

type Hook = NonNullable<InternalAxiosRequestConfig['beforeRedirect']>;

/** Undefined where the hook left the hop where it was. */
function placeOf(
  options: Readonly<Record<string, unknown>>,
  before: Readonly<Record<string, string>>,
): string | undefined {
  if (['protocol', 'hostname', 'port', 'path'].every((name) => options[name] === before[name])) return undefined;
  const [protocol, hostname, port, path] = ['protocol', 'hostname', 'port', 'path'].map((name) => {
    const { [name]: value } = options;
    return typeof value === 'number' ? String(value) : (asString(value) ?? '');
  });
  const host = hostname?.includes(':') ? `[${hostname}]` : hostname;
  return `${protocol}//${host}${port && `:${port}`}${path?.replaceAll('#', '%23')}`;
}

function plain(headers: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}

/** `auth` as Node takes it. */
function basicOf({ auth }: Readonly<Record<string, unknown>>): Pick<InternalAxiosRequestConfig, 'auth'> {
  if (typeof auth !== 'string') return {};
  const [username = '', ...password] = auth.split(':');
  return { auth: { username, password: password.join(':') } };
}

function headersOf({ headers }: Readonly<Record<string, unknown>>): InternalAxiosRequestConfig['headers'] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller's hook was given a plain object of headers
  return copyHeaders(recordOf(headers) as unknown as InternalAxiosRequestConfig['headers']);
}
