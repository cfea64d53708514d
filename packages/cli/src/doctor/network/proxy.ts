// The proxy that axios takes from the environment, and what it says when it is asked to open the way. Requests over plain http go
// straight to their host, as core sends them.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { ConfigurationError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import type { CheckContext, Finding } from '../check.js';
import { failure, ok, warning } from '../check.js';
import type { Place } from './target.js';

export interface Proxy {
  /** The variable that names it. */
  readonly variable: string;
  readonly url: URL;
  /** Without user and password. */
  readonly shown: string;
}

type Environment = CheckContext['env'];

/** The proxy for a place; 'bypassed' where NO_PROXY says so. @throws ConfigurationError when it is no URL */
export function proxyFor({ isTls, host, port }: Place, env: Environment): Proxy | 'bypassed' | undefined {
  const variable = VARIABLES.find((name) => (env[name] ?? '') !== '');
  if (!isTls || variable === undefined) return undefined;
  if (isBypassed(`${host}:${port}`, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return 'bypassed';
  const text = env[variable] ?? '';
  const full = text.includes('://') ? text : `http://${text}`;
  if (!URL.canParse(full))
    throw new ConfigurationError(`${variable} holds no URL; it should look like http://proxy.example.org:3128`);
  const url = new URL(full);
  return { variable, url, shown: url.host };
}

/** In the order in which they count (proxy-from-env). */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'];

/** "*", a name, the end of one (".example.org"), each with a port or without. */
function isBypassed(hostAndPort: string, list: string): boolean {
  const [host = '', port] = /^(.*):(\d+)$/.exec(hostAndPort)?.slice(1) ?? [];
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = entry, onPort] = /^(.+):(\d+)$/.exec(entry) ?? [];
      const end = name.replace(/^\*/, '');
      const fits = name === '*' || (end.startsWith('.') ? host.endsWith(end) : host === end);
      return fits && (onPort === undefined || onPort === port);
    });
}

/** What stands between this machine and a place. */
export async function proxyFinding(place: Place, { env, signal }: CheckContext): Promise<Finding> {
  const proxy = proxyFor(place, env);
  if (proxy === 'bypassed') return ok(`NO_PROXY lists ${place.host}: requests go there directly`);
  if (proxy === undefined) return withoutProxy(place, env);
  const answer = await tunnel(proxy, place, signal).catch((error: unknown) => unreachable(proxy, error));
  if ('finding' in answer) return answer.finding;
  answer.socket?.destroy();
  if (answer.status === 200) return ok(`${proxy.shown} (${proxy.variable}) opens the way to ${place.shown}`);
  return refusing(proxy, place, answer.status);
}

function withoutProxy({ isTls, host }: Place, env: Environment): Finding {
  const plain = env['http_proxy'] ?? env['HTTP_PROXY'] ?? '';
  if (!isTls || plain === '') return ok(`none: requests go to ${host} directly`);
  return warning(
    'HTTP_PROXY is set, HTTPS_PROXY is not: requests over https go there directly',
    'if this network needs its proxy, set HTTPS_PROXY as well',
  );
}

function unreachable({ shown, variable }: Proxy, error: unknown): { readonly finding: Finding } {
  const { code } = recordOf(error);
  const why = typeof code === 'string' ? ` (${code})` : '';
  const advice = `check ${variable}, or list the host in NO_PROXY if it can be reached without a proxy`;
  return { finding: failure('unavailable', `The proxy ${shown} could not be reached${why}`, advice) };
}

function refusing({ shown, variable }: Proxy, place: Place, status: number): Finding {
  const found = `The proxy ${shown} answered ${status} instead of opening the way to ${place.shown}`;
  if (status === 407)
    return failure('configuration', found, `it wants a login: ${variable}=http://user:password@${shown}`);
  if (status >= 500)
    return failure(
      'unavailable',
      found,
      `it cannot reach ${place.host} itself: check the name, or ask whoever runs the proxy`,
    );
  return failure(
    'configuration',
    found,
    `it forbids the way: ask whoever runs the proxy to allow ${place.shown}, or list the host in NO_PROXY`,
  );
}

/** A connection through the proxy (RFC 9110 section 9.3.6). */
export function tunnel(
  { url }: Proxy,
  { shown }: Place,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly socket: Socket | undefined }> {
  const login =
    url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const headers =
    login === undefined ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asking = request({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: shown,
      headers: { host: shown, ...headers },
      signal,
    });
    asking.once('connect', ({ statusCode = 0 }, socket: Socket) => resolve({ status: statusCode, socket }));
    asking.once('response', ({ statusCode = 0, socket }) => resolve({ status: statusCode, socket }));
    asking.once('error', reject);
    asking.end();
  });
}
