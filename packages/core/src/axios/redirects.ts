// The fetch adapter would carry X-Api-Key along a redirect without asking, and so might an adapter or a transport of the
// caller's own: their redirects are followed here, by hand, and every hop is judged as the first request was.
import { Axios, AxiosError, AxiosHeaders } from 'axios';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { limitTimeout } from './context/deadline.js';
import { copyHeaders, headerName, removeHeader } from './headers.js';
import type { Headers } from './headers.js';
import { answerOf, discard } from './response.js';
import type { Answer } from './response.js';
import { applyHeaders, stripCredentials } from './context/attempt.js';
import { credentialsBeside } from './context/request-context.js';
import type { ByHand, Sending } from './context/request-context.js';
import { asCallerLeavesIt } from './http/http-adapter.js';
import { outgoing } from './request-config.js';
import { isObject, ownProperty, recordOf } from '../internal/records.js';
import { isStream } from '../internal/streams.js';
import { describeUrl, isLoopback, parseUrl } from '../request/allow-list.js';
import { becomesGet, BODY_HEADERS, hiddenTarget, isRedirect, MOST_REDIRECTS, PRIVATE_HEADERS } from '../request/hop.js';

/** Whether an answer is a redirect to be followed by hand. Nearly all are none, and cost no more than the question. */
export function isHop({ response }: Answer, { isOurs }: ByHand): boolean {
  return response !== undefined && (response.status === 0 || isRedirect(response.status)) && isOurs(response);
}

/**
 * The answer at the end of the redirects that begin with `first`.
 * @throws AxiosError where a browser hides a redirect's target, or where it leads is nowhere to go
 */
export async function followByHand(sending: Sending, byHand: ByHand, first: Answer): Promise<Answer> {
  const { copy } = sending;
  const most = copy.maxRedirects ?? MOST_REDIRECTS;
  let [hop, answer] = [copy, first];
  for (let hops = 0; ; hops++) {
    const { response } = answer;
    const target = response && isHop(answer, byHand) ? redirectTarget(response, hop) : undefined;
    if (response === undefined || target === undefined || most === 0) return answer;
    discard(response);
    if (hops >= most)
      throw new AxiosError('Maximum number of redirects exceeded', AxiosError.ERR_FR_TOO_MANY_REDIRECTS, copy);
    hop = nextHop({ hop, response, target }, sending);
    limitTimeout(hop, sending.context);
    answer = await answerOf(byHand.send(hop));
  }
}

/** Whether redirects of this fetch request would be followed without asking us. */
export function followsSilently({ fetchOptions }: InternalAxiosRequestConfig): boolean {
  const redirect: unknown = fetchOptions?.['redirect'];
  return redirect === undefined || redirect === 'follow';
}

/** One object for all: such a request is on the path of every caller who has an adapter of his own. */
const MANUALLY = /* @__PURE__ */ Object.freeze({ redirect: 'manual' });

/** Asks fetch for redirects as they are. */
export function stopRedirects(copy: InternalAxiosRequestConfig): void {
  const { fetchOptions } = copy;
  copy.fetchOptions = fetchOptions ? { ...fetchOptions, redirect: 'manual' } : MANUALLY;
}

/** Whether an answer is one of such a request; an adapter of the caller's own need not have sent any. */
export function wasStopped({ request }: { readonly request?: unknown }): boolean {
  return recordOf(request)['redirect'] === 'manual';
}

/** Whether an answer is one of Node's, through axios's http adapter, as that was asked not to follow redirects. */
export function wasOfHttp({ request }: { readonly request?: unknown }): boolean {
  return isObject(recordOf(request)['res']);
}

function redirectTarget(response: AxiosResponse, hop: InternalAxiosRequestConfig): URL | undefined {
  if (response.status === 0)
    throw new AxiosError(hiddenTarget(describeUrl(parseUrl(new Axios().getUri(hop)))), AxiosError.ERR_NETWORK, hop);
  const { location } = recordOf(response.headers);
  if (!isRedirect(response.status) || typeof location !== 'string') return undefined;
  const target = parseUrl(location, new Axios().getUri(hop));
  if (target && !/^https?:$/.test(target.protocol))
    throw new AxiosError('Redirected to a URL that is not http(s)', AxiosError.ERR_BAD_REQUEST, hop);
  return target;
}

interface Redirect {
  readonly hop: InternalAxiosRequestConfig;
  readonly response: AxiosResponse;
  readonly target: URL;
}

function nextHop({ hop, response, target }: Redirect, sending: Sending): InternalAxiosRequestConfig {
  const headers = copyHeaders(hop.headers);
  stripCredentials(sending);
  const from = parseUrl(new Axios().getUri(hop));
  if (from?.origin !== target.origin) removeHeaders(headers, PRIVATE_HEADERS.concat(hop.sensitiveHeaders ?? []));
  const plain: InternalAxiosRequestConfig = { ...hop, url: target.href, allowAbsoluteUrls: true, headers };
  delete plain.params;
  delete plain.baseURL;
  const moved = becomesGet(response.status, hop.method) ? withoutBody(plain) : resendable(plain, target);
  const { isPerRequest } = sending.context.internals;
  const next = isPerRequest ? asCallersAlone(moved, { hop, response, target }, sending) : moved;
  const url = isPerRequest ? parseUrl(next.url ?? '') : target;
  const isKept = next.socketPath === hop.socketPath; // whose another socket is cannot be judged
  sending.isAllowed = isKept && url !== undefined && sending.allowList.allows(url);
  if (isPerRequest && url && sending.isAllowed) renew(sending, next, url);
  const isCallers =
    isPerRequest && (next.auth !== undefined || headerName(next.headers, 'Authorization') !== undefined);
  applyHeaders(next.headers, sending);
  if (isCallers) sending.isAllowed = false; // a hop that the caller gave credentials carries no token (C10)
  sending.appliedTo = next.headers;
  return next;
}

/** The hop less our headers, as the caller's own hook leaves it. */
function asCallersAlone(
  next: InternalAxiosRequestConfig,
  { hop, response }: Redirect,
  { names, headers, byHand, context }: Sending,
): InternalAxiosRequestConfig {
  const present = recordOf(next.headers);
  for (const name of names) if (isOurHeader(present[name], name, headers[name])) removeHeader(next.headers, name);
  if (!byHand?.asksCaller) return next;
  const { config } = context;
  const left = asCallerLeavesIt(next, response, { beforeRedirect: ownProperty(config, 'beforeRedirect'), hop });
  // plain http to this machine goes through no proxy of the environment: it would read along
  if (!config.proxy && isLocal(left)) left.proxy = false;
  else if (config.proxy === undefined) delete left.proxy; // of a hop before
  return left;
}

/** Whether a header is as we put it on, or as axios writes that: the http adapter drops blanks at the ends. */
function isOurHeader(present: unknown, name: string, value: string | undefined): boolean {
  return present === value || present === new AxiosHeaders({ [name]: value ?? '' }).get(name);
}

function isLocal({ url }: InternalAxiosRequestConfig): boolean {
  const target = parseUrl(url ?? '');
  return target?.protocol === 'http:' && isLoopback(target.hostname);
}

/** Credentials of this hop. */
function renew(sending: Sending, next: InternalAxiosRequestConfig, url: URL): void {
  const { context, token } = sending;
  const made = context.internals.credentialsOf(token, () => outgoing(next, url));
  ({ headers: sending.headers, names: sending.names } = credentialsBeside(next.headers, made));
}

function withoutBody(hop: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  removeHeaders(hop.headers, BODY_HEADERS);
  return { ...hop, method: 'get', data: undefined };
}

function resendable(hop: InternalAxiosRequestConfig, target: URL): InternalAxiosRequestConfig {
  if (isStream(hop.data))
    throw new AxiosError(
      `Redirected to ${describeUrl(target)}, but the request body is a stream and was used up`,
      AxiosError.ERR_BAD_REQUEST,
      hop,
    );
  return hop;
}

function removeHeaders(headers: Headers, names: readonly string[]): void {
  for (const name of names) removeHeader(headers, name);
}
