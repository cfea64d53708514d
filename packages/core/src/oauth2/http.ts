// The client of our own requests (token, introspection, revocation, discovery, logins): none of the user's interceptors or global defaults,
// no redirects, no HTTP cache, with a limit on what it reads.
import { Axios } from 'axios';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { abortable, systemClock } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { ConfigurationError, redactedError } from '../token/errors/errors.js';
import { heldTransport } from '../internal/held-transport.js';
import { asString, parseObject, recordOf } from '../internal/records.js';
import { browserUserAgent } from '../internal/browser.js';
import { describeUrl, isSecureUrl, parseUrl } from '../request/allow-list.js';
import { assertFormText } from '../token/credential-text.js';
import type { ProofOfPossession } from '../token/proof.js';
import type { Token } from '../token/token.js';
import { secretsOf, secretsOfAnswer, secretsOfHeaders } from '../token/secrets.js';
import type { ClientAuth } from './client-auth/client-auth.js';
import { assertNotOfProxy, interrupted, unanswered } from './unanswered.js';

export type { ClientAuth } from './client-auth/client-auth.js';

/** How our own requests leave: proxy, agents, CA, mutual TLS, an adapter; whatever axios takes, less what makes the request. */
export type Transport = Omit<
  AxiosRequestConfig,
  'url' | 'baseURL' | 'method' | 'data' | 'params' | 'auth' | 'responseType' | 'validateStatus' | 'authorizer'
>;

/** A request to an endpoint that hands out credentials, or says something about them. */
export interface EndpointRequest {
  /** https, or http on this machine; a query is kept. */
  readonly url: string;
  /** Lets the request go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** The body of a POST, sent as it is; a form, unless `headers` say another Content-Type. Default: none, by GET. */
  readonly body?: string | undefined;
  /** Headers of the request by name. Default: only what the transport brings. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What must not come out again in an error's message, besides what headers and the answer hold. Default: nothing. */
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

/** What the endpoint answered, whatever its status. */
export interface EndpointAnswer {
  /** Origin and path of the endpoint, for messages. */
  readonly endpoint: string;
  /** The HTTP status. */
  readonly status: number;
  /** The body as text, at most 1 MiB; not parsed yet. */
  readonly text: string;
  /** The headers of the answer, names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** When the request was sent, in ms since the epoch, by its `clock`. */
  readonly sentAt: number;
  /** The same, when the answer was there. */
  readonly receivedAt: number;
  /** What was sent or issued, and must not come out in a message. */
  readonly secrets: readonly string[];
}

/** A form that a client posts, with the one proof of who it is. */
export interface FormPost extends Omit<EndpointRequest, 'body' | 'secrets' | 'grantType'> {
  readonly body: URLSearchParams;
  readonly clientAuth?: ClientAuth | undefined;
  /** Called with what a server may read in another way than it was written. Default: nobody is told. */
  readonly notice?: ((message: string) => void) | undefined;
  /** Shows that the key is held to which the token will be bound. Default: it is a bearer token. */
  readonly proof?: ProofOfPossession | undefined;
  /** The token that is refreshed, which may remember nonces for that. Default: none. */
  readonly before?: Token | undefined;
}

const LARGEST_ANSWER_BYTES = 1_048_576;

/**
 * One request of our own, to a discovery document, a login or a token endpoint: no redirects, no HTTP cache.
 * @returns the answer, whatever its status
 * @throws ConfigurationError before anything is sent, and for what stays until somebody changes it (certificates, agents, an adapter
 *   that the platform lacks); TokenEndpointError `network` when no answer came, `timeout` when the limit of an acquisition ended the
 *   wait; else what the signal says
 *
 * @example
 * ```ts
 * const { status, text } = await sendForm({ url: 'https://id.example.org/par', body: 'client_id=reports' });
 * ```
 */
export async function sendForm(request: EndpointRequest): Promise<EndpointAnswer> {
  const endpoint = assertEndpoint(request.url, request.allowInsecure);
  return exchange(request, endpoint, () => [...(request.secrets ?? []), ...secretsOfHeaders(request.headers)]);
}

/** Posts a form, with its client authentication and proof, and reads the answer; throws as `sendForm` does. */
export async function postForm(post: FormPost): Promise<EndpointAnswer> {
  const { proof, before: token, url, notice } = post;
  if (!proof) return postOnce(post);
  assertEndpoint(url, post.allowInsecure);
  return proof.exchange(
    { method: 'POST', url: new URL(url), token },
    {
      send: (made) => postOnce({ ...post, headers: { ...post.headers, [proof.header]: made } }),
      read: ({ status, headers, text }) => ({ status, headers, error: asString(parseObject(text)?.['error']) }),
      again: () => true,
      notice,
    },
  );
}

async function postOnce(post: FormPost): Promise<EndpointAnswer> {
  const endpoint = assertEndpoint(post.url, post.allowInsecure);
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Content-Type': 'application/x-www-form-urlencoded',
    ...post.headers,
  };
  const body = new URLSearchParams(post.body);
  await authenticate(post, { headers, body });
  assertOneProof(headers, body);
  assertFormText({ headers, body, notice: post.notice });
  const grantType = asString(body.get('grant_type'));
  const request = { ...post, headers, body: body.toString(), grantType };
  return exchange(request, endpoint, () => secretsOf(headers, body));
}

/** A secret that is read, or a signature that is made elsewhere, may hang as an endpoint may (C4). */
const CLIENT_AUTH = 'The client authentication (`clientAuth`: its signer, or the function that reads its secret)';

async function authenticate(
  { clientAuth, url, signal, clock = systemClock }: FormPost,
  form: Pick<Parameters<ClientAuth>[0], 'headers' | 'body'>,
): Promise<void> {
  const since = clock.now();
  try {
    await abortable(Promise.resolve(clientAuth?.({ url, ...form })), signal);
  } catch (error) {
    if (!signal?.aborted || error !== signal.reason) throw error;
    const grantType = asString(form.body.get('grant_type'));
    const asked = { endpoint: CLIENT_AUTH, transport: undefined, grantType, secrets: () => [] };
    throw interrupted(signal.reason, asked, clock.now() - since);
  }
}

/** One method of client authentication only (RFC 6749 section 2.3). */
function assertOneProof(headers: object, body: URLSearchParams): void {
  const byHeader = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  if (Number(byHeader) + Number(body.has('client_secret')) + Number(body.has('client_assertion')) > 1)
    throw new ConfigurationError(
      'A request authenticates the client in one way only: by header, client_secret or client_assertion',
    );
}

/** @param sent what must not come out in a message: it is looked for only where there is a message */
async function exchange(
  request: EndpointRequest,
  endpoint: string,
  sent: () => readonly string[],
): Promise<EndpointAnswer> {
  const { signal, transport, grantType, clock = systemClock } = request;
  const secrets = (): readonly string[] => [...sent(), ...secretsOfHeaders(transport?.headers)];
  const asked = { endpoint, transport, grantType, secrets };
  const sentAt = clock.now();
  const response = await abortable(send(request), signal).catch((error: unknown) => {
    const failure = signal?.aborted
      ? interrupted(signal.reason, asked, clock.now() - sentAt)
      : unanswered(error, asked);
    throw redactedError(failure, secrets());
  });
  assertNotOfProxy(response, asked);
  const { status, data, headers } = response;
  const text = typeof data === 'string' ? data : '';
  const read = { endpoint, status, text, headers: recordOf(headers), sentAt, receivedAt: clock.now() };
  return {
    ...read,
    get secrets() {
      return [...secrets(), ...secretsOfAnswer(text)];
    },
  };
}

/**
 * @returns origin and path
 * @throws ConfigurationError unless `url` is https, or http on this machine or with `allowInsecure`, without user and
 *   fragment (RFC 6749 section 3.2)
 */
function assertEndpoint(url: string, allowInsecure = false): string {
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

async function send({ url, body, headers, signal, transport }: EndpointRequest): Promise<AxiosResponse<unknown>> {
  const held = transport?.transport === undefined ? undefined : heldTransport(transport.transport, ['Authorization']);
  const client = new Axios({
    adapter: ['http', 'fetch'],
    maxContentLength: LARGEST_ANSWER_BYTES,
    ...transport,
    // plain http goes straight to its host: a proxy of the environment could read the secrets
    ...(/^http:/i.test(url) && !transport?.proxy && { proxy: false }),
    ...(held && { transport: held.transport }),
    maxRedirects: 0,
    fetchOptions: { ...transport?.fetchOptions, redirect: 'manual', cache: 'no-store' },
    responseType: 'text',
    validateStatus: null,
  });
  return client.request<unknown>({
    url,
    method: body === undefined ? 'get' : 'post',
    ...(body !== undefined && { data: body }),
    headers: { ...headers, ...browserUserAgent() },
    ...(signal && { signal }),
  });
}
