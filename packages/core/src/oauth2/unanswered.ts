// Why one of our own requests got no answer, and what to do about it: the step that hung, the proxy on the way, the
// certificate, the setting (C4, C5).
import { isAxiosError } from 'axios';
import type { AxiosRequestConfig } from 'axios';
import { ConfigurationError, isAuthenticationError } from '../token/errors/errors.js';
import { omitUndefined, recordOf, asString } from '../internal/records.js';
import { adviceOn, causesOf, codeOf, isProgramError, networkFailureOf } from '../internal/client-error.js';
import { isPassing } from '../token/errors/oauth-error.js';
import { parseUrl } from '../request/allow-list.js';
import { withoutSecrets } from '../token/secrets.js';
import { TokenEndpointError } from '../token/errors/token-endpoint-error.js';

export interface Asked {
  /** Origin and path, for messages. */
  readonly endpoint: string;
  readonly transport: Pick<AxiosRequestConfig, 'proxy'> | undefined;
  readonly grantType: string | undefined;
  /** What was sent, and must not come out in a message. */
  readonly secrets: () => readonly string[];
}

/** What the signal says; of the limit of an acquisition also that this endpoint is what had not answered (C4). */
export function interrupted(reason: unknown, { endpoint, grantType, transport }: Asked, afterMs: number): unknown {
  if (!isAuthenticationError(reason) || reason.code !== 'timeout') return reason;
  const way = through(placeOf(transport?.proxy));
  return new TokenEndpointError(`${endpoint} had not answered within ${afterMs} ms${way}: ${reason.message}`, {
    code: 'timeout',
    kind: 'unavailable',
    transient: true,
    grantType,
    cause: reason,
  });
}

/** The error that a request means which brought no answer. */
export function unanswered(error: unknown, asked: Asked): TokenEndpointError | ConfigurationError {
  const { endpoint, grantType } = asked;
  if (isAxiosError(error) && error.code === 'ERR_BAD_RESPONSE' && !/aborted/.test(error.message))
    return new TokenEndpointError(`The answer of ${endpoint} is too large, or cannot be read`, {
      code: 'invalid_response',
      kind: 'unavailable',
      cause: error,
    });
  const failure = networkFailureOf(error) ?? (isProgramError(error) ? 'setup' : 'network');
  if (failure === 'setup') return notMade(error, asked);
  const reason = `${endpoint} could not be reached${through(proxyOf(error, asked))} (${reasonOf(error)})`;
  if (failure !== 'network') return new ConfigurationError(`${reason}: ${adviceOn(failure)}`, { cause: error });
  const message = deadProxy(error, asked) ?? reason;
  return new TokenEndpointError(message, {
    code: 'network',
    kind: 'unavailable',
    transient: true,
    grantType,
    cause: error,
  });
}

/** What is wrong with a request is in the program, or in what it was configured with: nothing was sent. */
function notMade(error: unknown, { endpoint, secrets }: Asked): ConfigurationError {
  const words = causesOf(error).map(({ message }) => asString(message));
  const said = withoutSecrets(words.find((text) => text !== undefined && text !== 'Network Error') ?? '', secrets());
  return new ConfigurationError(
    `The request to ${endpoint} could not be made: ${said.slice(0, LONGEST_TEXT)}; check \`transport\` (adapter, agents, proxy, headers) and the platform that this runs on`,
    { cause: withoutInput(error) },
  );
}

const LONGEST_TEXT = 300;

/** Node keeps on its errors what it was given, such as the URL of a proxy with its password. */
function withoutInput(error: unknown): unknown {
  if (isAxiosError(error)) return error;
  const { name, message, stack, code } = recordOf(error);
  return Object.assign(new Error(String(message)), omitUndefined({ name, stack, code }));
}

function reasonOf(error: unknown): string {
  const messages = causesOf(error).flatMap(({ message }) => asString(message) ?? []);
  return codeOf(error) ?? (isAxiosError(error) ? messages.at(-1) : undefined) ?? 'no answer';
}

/** Looking the host up, or opening a connection, is what failed. */
const CONNECTING = new Set<unknown>(['connect', 'getaddrinfo']);

/** A connection that was not even opened is the proxy's fault, not that of the endpoint behind it. */
function deadProxy(error: unknown, asked: Asked): string | undefined {
  const connecting = causesOf(error).find(({ syscall }) => CONNECTING.has(syscall));
  const proxy = connecting && (proxyOf(error, asked) ?? elsewhere(connecting, asked.endpoint));
  if (proxy === undefined) return undefined;
  return `The proxy ${proxy}, on the way to ${asked.endpoint}, could not be reached (${reasonOf(error)}): check \`transport.proxy\`, the agent, or HTTPS_PROXY and NO_PROXY`;
}

function through(proxy: string | undefined): string {
  return proxy === undefined ? '' : ` through the proxy ${proxy}`;
}

/** Host and port of the proxy that the http adapter took: that of the agent, which also knows the environment's, or the one given. */
function proxyOf(error: unknown, { transport }: Pick<Asked, 'transport'>): string | undefined {
  const { host, agent } = recordOf(recordOf(error)['request']);
  const given = typeof host === 'string' && transport?.proxy ? transport.proxy : undefined;
  return placeOf(recordOf(agent)['proxy']) ?? placeOf(given);
}

/** Never with the user and password that proxies are given with. */
function placeOf(proxy: unknown): string | undefined {
  const { hostname, host, port } = recordOf(proxy);
  const named = asString(hostname) ?? asString(host);
  const name = named?.includes(':') && !named.startsWith('[') ? `[${named}]` : named;
  return name !== undefined && (typeof port === 'number' || asString(port)) ? `${name}:${String(port)}` : name;
}

/** Where the connection was to go, when that is not where the endpoint is: to a proxy of an agent or of the platform. */
function elsewhere(
  { address, hostname, port }: Readonly<Record<string, unknown>>,
  endpoint: string,
): string | undefined {
  const url = parseUrl(endpoint);
  if (url === undefined) return undefined;
  const expected = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  if (typeof hostname === 'string') return hostname === url.hostname ? undefined : hostname;
  return typeof port === 'number' && port !== expected ? `${String(address)}:${port}` : undefined;
}

/**
 * A proxy that does not open the way answers by itself, unencrypted; axios hands that on as if the endpoint had said it.
 * @throws TokenEndpointError, ConfigurationError when the proxy asks for a login or forbids the way
 */
export function assertNotOfProxy(
  response: { readonly status: number; readonly request?: unknown },
  asked: Asked,
): void {
  const { agent, socket } = recordOf(response.request);
  if (recordOf(socket)['encrypted'] === true || !asked.endpoint.startsWith('https:')) return;
  const proxy = placeOf(recordOf(agent)['proxy']);
  if (proxy === undefined) return;
  const { status } = response;
  const message = `The proxy ${proxy} answered ${status} instead of opening the way to ${asked.endpoint}`;
  if (!isPassing(status))
    throw new ConfigurationError(`${message}: check \`transport.proxy\` and its login, or HTTPS_PROXY and NO_PROXY`);
  const { grantType } = asked;
  throw new TokenEndpointError(message, { code: 'network', kind: 'unavailable', transient: true, grantType });
}
