// Sends a copy of a request that carries a token; the caller's config never does.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { copyConfig, copyHeaders, pinTarget } from './request-config.js';
import { namingOwnTimeout, remainingMs, timedOut } from './context/deadline.js';
import { failed, ofRequest } from './response.js';
import type { Answer } from './response.js';
import { fetchForXhr } from './fetch-for-xhr.js';
import { hopGuard, mayHoldSockets } from './http/http-adapter.js';
import { heldTransport } from '../internal/held-transport.js';
import { applyCredentials } from './context/attempt.js';
import type { Attempt } from './context/attempt.js';
import { ownProperty } from '../internal/records.js';
import { isBrowser, browserUserAgent } from '../internal/browser.js';
import { followByHand, followsSilently, isHop, stopRedirects, wasStopped } from './redirects.js';
import type { Redirects } from './redirects.js';
import type { Body } from './request-body.js';
import type { RequestContext } from './context/request-context.js';

export interface AttemptOptions {
  readonly attempt: Attempt;
  /** Whether some of the caller's timeout is used up. */
  readonly late: boolean;
  /** The body made anew, for a resend. */
  readonly body?: Body | undefined;
}

/** What `arrived` makes of the answer; what goes wrong before there is one is an answer as well. */
export function sendAttempt<R>(
  context: RequestContext,
  hop: AttemptOptions,
  arrived: (answer: Answer) => R | Promise<R>,
): Promise<R> {
  try {
    const { copy, send, redirects } = sending(context, hop.attempt, authorisedCopy(context, hop));
    const handleResponse = (answer: Answer): R | Promise<R> =>
      redirects && isHop(answer, redirects)
        ? followByHand(copy, redirects, answer).catch(failed).then(settle)
        : settle(answer);
    const settle = (answer: Answer): R | Promise<R> =>
      arrived('error' in answer ? inOwnWords(answer, context) : answer);
    return send(copy).then(
      (response) => handleResponse({ response }),
      (error: unknown) => handleResponse(failed(error)),
    );
  } catch (error) {
    return Promise.resolve(failed(ofRequest(error, context.config))).then(arrived);
  }
}

function inOwnWords({ error }: Answer, { config }: RequestContext): Answer {
  return failed(ownProperty(config, 'timeout') ? namingOwnTimeout(error, config) : error);
}

/** @throws AxiosError ETIMEDOUT when nothing is left of the caller's timeout */
function authorisedCopy(context: RequestContext, { attempt, late, body }: AttemptOptions): InternalAxiosRequestConfig {
  const { config, target, isLocal } = context;
  const copy = copyConfig(config);
  attempt.mayHoldSockets = mayHoldSockets(copy);
  pinTarget(copy, target);
  copy.headers = applyCredentials(attempt, copyHeaders(body?.headers ?? config.headers));
  if (body) copy.data = body.data;
  if (late) limitTimeout(copy, context);
  if (isLocal && !config.proxy) copy.proxy = false;
  return copy;
}

interface Sending {
  readonly copy: InternalAxiosRequestConfig;
  readonly send: AxiosAdapter;
  /** How redirects are followed by hand, where the adapter must not. */
  readonly redirects: Redirects | undefined;
}

function sending(context: RequestContext, attempt: Attempt, copy: InternalAxiosRequestConfig): Sending {
  const { route } = context.authAdapter;
  const { kind } = route;
  if (kind === 'fetch') return byFetch(context, attempt, { copy, send: route.sender(copy) });
  const fetches = kind === 'xhr' && mustCheck(context, attempt) ? fetchForXhr(copy, attempt.names) : undefined;
  if (fetches) return byFetch(context, attempt, { copy: { ...copy, fetchOptions: {} }, send: fetches });
  copy.sensitiveHeaders = context.config.sensitiveHeaders?.concat(attempt.names) ?? attempt.names;
  copy.beforeRedirect = hopGuard(attempt, context.config);
  return byOther(context, attempt, { copy, send: route.sender(copy) });
}

function byFetch(context: RequestContext, attempt: Attempt, { copy, send }: Omit<Sending, 'redirects'>): Sending {
  copy.headers.set(browserUserAgent(), false);
  if (leavesRedirects(context, attempt) || !followsSilently(copy)) return { copy, send, redirects: undefined };
  stopRedirects(copy);
  return { copy, send, redirects: redirectsOf(context, attempt, { send, kind: 'fetch', isOurs: () => true }) };
}

/** By http, by xhr, or by an adapter of the caller's own, whatever that may use. */
function byOther(context: RequestContext, attempt: Attempt, { copy, send }: Omit<Sending, 'redirects'>): Sending {
  const { kind } = context.authAdapter.route;
  const current = heldTransport(copy.transport, attempt.names);
  if (current) copy.transport = current.transport;
  const stops = kind === 'custom' && !leavesRedirects(context, attempt) && followsSilently(copy);
  if (stops) stopRedirects(copy);
  if (!stops && !current) return { copy, send, redirects: undefined };
  const isOurs = (response: AxiosResponse): boolean => (stops && wasStopped(response)) || current?.stayed() === true;
  return { copy, send, redirects: redirectsOf(context, attempt, { send, kind, isOurs }) };
}

/** Whether a browser may follow redirects by itself: it takes Authorization off at another origin, but no other header. */
function leavesRedirects(context: RequestContext, attempt: Attempt): boolean {
  return isBrowser() && !mustCheck(context, attempt);
}

function mustCheck({ config, attachment }: RequestContext, { names }: Attempt): boolean {
  if ((config.browserRedirects ?? attachment.browserRedirects) === 'trust') return false;
  return names.some((name) => name.toLowerCase() !== 'authorization');
}

/** Written out, since spreading an object costs as much as all the rest of this. */
function redirectsOf(
  context: RequestContext,
  attempt: Attempt,
  { send, kind, isOurs }: Pick<Redirects, 'send' | 'kind' | 'isOurs'>,
): Redirects {
  return { send, kind, isOurs, attempt, limit: (hop) => limitTimeout(hop, context) };
}

function limitTimeout(copy: InternalAxiosRequestConfig, { config, startedAt, internals }: RequestContext): void {
  const leftMs = remainingMs(config, startedAt, internals.clock);
  if (leftMs <= 0) throw timedOut(config);
  if (leftMs < Infinity) copy.timeout = leftMs;
}
