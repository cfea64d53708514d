// The client of our own requests (token, introspection, revocation): none of the user's interceptors or global defaults,
// no redirects, no HTTP cache, form-encoded, with a limit on what it reads.
import { Axios, isAxiosError } from 'axios';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import { ConfigurationError } from './errors.js';
import { membersOf, textOf } from './members.js';
import { describeUrl, isSecure, parseUrl } from './request-scope.js';
import { secretsOf } from './sent-secrets.js';
import { TokenEndpointError } from './token-endpoint-error.js';

/** How our own requests leave: proxy, agents, CA, mutual TLS, an adapter; whatever axios takes, less what makes the request. */
export type Transport = Omit<
  AxiosRequestConfig,
  'url' | 'baseURL' | 'method' | 'data' | 'params' | 'auth' | 'responseType' | 'validateStatus' | 'authorizer'
>;

/**
 * Authenticates the client at the token endpoint (RFC 6749 section 2.3): changes the headers or the body of a request that
 * is about to be sent. Called anew for each attempt.
 */
export type ClientAuth = (request: {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: URLSearchParams;
}) => void | Promise<void>;

export interface FormPost {
  readonly url: string;
  readonly body: URLSearchParams;
  readonly clientAuth?: ClientAuth | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

export interface FormAnswer {
  /** Origin and path of the endpoint, for messages. */
  readonly endpoint: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
  readonly receivedAt: number;
  /** What was sent and must not come out again in a message. */
  readonly secrets: readonly string[];
}

const LARGEST_ANSWER_BYTES = 1_048_576;

/**
 * Posts a form and reads the answer, whatever its status.
 * @throws ConfigurationError before anything is sent; TokenEndpointError `network` when no answer came; what the signal says
 */
export async function postForm(post: FormPost): Promise<FormAnswer> {
  const { url, signal, transport, clock = systemClock } = post;
  const endpoint = assertEndpoint(url);
  const { headers, body } = await authenticated(post);
  const secrets = secretsOf(headers, body);
  const sentAt = clock.now();
  try {
    const response = await bareClient(transport, url).request<unknown>({
      url,
      method: 'post',
      data: body.toString(),
      headers,
      ...(signal && { signal }),
    });
    return { ...read(response), endpoint, sentAt, receivedAt: clock.now(), secrets };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw unanswered(error, endpoint, textOf(body.get('grant_type')));
  }
}

/**
 * @returns origin and path
 * @throws ConfigurationError unless `url` is https, or http on this machine, without user and fragment (RFC 6749 section 3.2)
 */
function assertEndpoint(url: string): string {
  const parsed = parseUrl(url);
  if (parsed === undefined)
    throw new ConfigurationError(
      'The URL of an endpoint must be absolute, such as https://idp.example.org/token; where is it read from?',
    );
  if (parsed.hash !== '' || parsed.username !== '' || parsed.password !== '')
    throw new ConfigurationError('The endpoint URL must hold neither a fragment nor a user');
  if (!isSecure(parsed))
    throw new ConfigurationError(
      `${parsed.origin} is plain http beyond this machine: secrets would travel in clear; use https`,
    );
  return describeUrl(parsed);
}

/** The request with its client authentication, one method only (RFC 6749 section 2.3). */
async function authenticated(post: FormPost): Promise<{ headers: Record<string, string>; body: URLSearchParams }> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Content-Type': 'application/x-www-form-urlencoded',
    ...post.headers,
  };
  const body = new URLSearchParams(post.body);
  await post.clientAuth?.({ url: post.url, headers, body });
  const byHeader = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const methods = [byHeader, body.has('client_secret'), body.has('client_assertion')].filter(Boolean);
  if (methods.length > 1)
    throw new ConfigurationError(
      'A request authenticates the client in one way only: by header, client_secret or client_assertion',
    );
  return { headers, body };
}

function bareClient(transport: Transport | undefined, url: string): InstanceType<typeof Axios> {
  return new Axios({
    adapter: ['http', 'fetch'],
    ...(/^http:/i.test(url) && { proxy: false }), // plain http is for this machine only, not for a proxy on the way
    maxContentLength: LARGEST_ANSWER_BYTES,
    ...transport,
    maxRedirects: 0,
    fetchOptions: { ...transport?.fetchOptions, redirect: 'manual', cache: 'no-store' },
    responseType: 'text',
    validateStatus: null,
  });
}

function read({ status, data, headers }: AxiosResponse<unknown>): Pick<FormAnswer, 'status' | 'text' | 'headers'> {
  return { status, text: typeof data === 'string' ? data : '', headers: membersOf(headers) };
}

function unanswered(error: unknown, endpoint: string, grantType: string | undefined): TokenEndpointError {
  if (isAxiosError(error) && error.code === 'ERR_BAD_RESPONSE')
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
