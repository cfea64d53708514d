// The client of our own requests (token, introspection, revocation, discovery, logins): none of the user's interceptors or global defaults,
// no redirects, no HTTP cache, with a limit on what it reads.
import { Axios, isAxiosError } from 'axios';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { ConfigurationError } from './errors.js';
import { membersOf } from './members.js';
import { pageUserAgent } from './page.js';
import { describeUrl, isSecureUrl, parseUrl } from './request-scope.js';
import { TokenEndpointError } from './token-endpoint-error.js';

/** How our own requests leave: proxy, agents, CA, mutual TLS, an adapter; whatever axios takes, less what makes the request. */
export type Transport = Omit<
  AxiosRequestConfig,
  'url' | 'baseURL' | 'method' | 'data' | 'params' | 'auth' | 'responseType' | 'validateStatus' | 'authorizer'
>;

export interface EndpointRequest {
  /** https, or http on this machine; a query is kept. */
  readonly url: string;
  /** Lets the request go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** Default: GET without a body, POST with one. */
  readonly body?: string | undefined;
  /** Default: only what the transport brings. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What must not come out again in an error's message. Default: nothing. */
  readonly secrets?: readonly string[] | undefined;
  /** The grant that is asked for; a network error carries it, since a lost refresh is not repeated at will. Default: none. */
  readonly grantType?: string | undefined;
  /** Ends the request. Default: never. */
  readonly signal?: AbortSignal | undefined;
  /** How the request leaves: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

export interface EndpointAnswer {
  /** Origin and path of the endpoint, for messages. */
  readonly endpoint: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  /** In ms since the epoch, by the clock of the request. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** What was sent and must not come out again in a message. */
  readonly secrets: readonly string[];
}

const LARGEST_ANSWER_BYTES = 1_048_576;

/**
 * One request of our own, to a discovery document, a login or a token endpoint: no redirects, no HTTP cache.
 * @returns the answer, whatever its status
 * @throws ConfigurationError before anything is sent; TokenEndpointError `network` when no answer came; what the signal says
 */
export async function askEndpoint(request: EndpointRequest): Promise<EndpointAnswer> {
  const { url, body, headers = {}, secrets = [], signal, transport, clock = systemClock } = request;
  const endpoint = assertEndpoint(url, request.allowInsecure);
  const sentAt = clock.now();
  try {
    const response = await bareClient(transport, url).request<unknown>({
      url,
      method: body === undefined ? 'get' : 'post',
      ...(body !== undefined && { data: body }),
      headers: { ...headers, ...pageUserAgent() },
      ...(signal && { signal }),
    });
    return {
      ...read(response),
      endpoint,
      sentAt,
      receivedAt: clock.now(),
      secrets,
    };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw unanswered(error, endpoint, request.grantType);
  }
}

/**
 * @returns origin and path
 * @throws ConfigurationError unless `url` is https, or http on this machine or with `allowInsecure`, without user and
 *   fragment (RFC 6749 section 3.2)
 */
export function assertEndpoint(url: string, allowInsecure = false): string {
  const parsed = parseUrl(url);
  if (parsed === undefined)
    throw new ConfigurationError(
      'The URL of an endpoint must be an absolute http(s) URL, such as https://idp.example.org/token; where is it read from?',
    );
  if (parsed.hash !== '' || parsed.username !== '' || parsed.password !== '')
    throw new ConfigurationError('The URL of an endpoint must hold no user and no fragment');
  if (!isSecureUrl(parsed, allowInsecure))
    throw new ConfigurationError(
      `${parsed.origin} is plain http beyond this machine: anybody on the way could read the secrets. Use https, or say allowInsecure`,
    );
  return describeUrl(parsed);
}

function bareClient(transport: Transport | undefined, url: string): InstanceType<typeof Axios> {
  return new Axios({
    adapter: ['http', 'fetch'],
    ...(/^http:/i.test(url) && { proxy: false }), // plain http goes straight to its host: a proxy on the way could read the secrets
    maxContentLength: LARGEST_ANSWER_BYTES,
    ...transport,
    maxRedirects: 0,
    fetchOptions: {
      ...transport?.fetchOptions,
      redirect: 'manual',
      cache: 'no-store',
    },
    responseType: 'text',
    validateStatus: null,
  });
}

function read({ status, data, headers }: AxiosResponse<unknown>): Pick<EndpointAnswer, 'status' | 'text' | 'headers'> {
  return {
    status,
    text: typeof data === 'string' ? data : '',
    headers: membersOf(headers),
  };
}

function unanswered(error: unknown, endpoint: string, grantType: string | undefined): TokenEndpointError {
  if (isAxiosError(error) && error.code === 'ERR_BAD_RESPONSE' && !/aborted/.test(error.message))
    return new TokenEndpointError(`The answer of ${endpoint} is too large, or cannot be read`, {
      code: 'invalid_response',
      kind: 'unavailable',
      cause: error,
    });
  const reason = isAxiosError(error) ? (error.code ?? error.message) : 'no answer';
  return new TokenEndpointError(`${endpoint} could not be reached (${reason})`, {
    code: 'network',
    kind: 'unavailable',
    transient: true,
    grantType,
    cause: error,
  });
}
