// Sends a copy of a request that carries a token; the caller's config never does.
import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
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
  options: AttemptOptions,
  arrived: (answer: Answer) => R | Promise<R>,
): Promise<R> {
  try {
    const sending = sendingOf(context, options.attempt, authorisedCopy(context, options));
    const { copy, send, isOurs } = sending;
    const received = (answer: Answer): R | Promise<R> =>
      isOurs && isHop(answer, isOurs)
        ? followByHand(copy, redirectsOf(context, options.attempt, sending), answer)
            .catch(failed)
            .then((final) => arrived(inOwnWords(final, context)))
        : arrived(inOwnWords(answer, context));
    return send(copy).then(
      (response) => received({ response }),
      (error: unknown) => received(failed(error)),
    );
  } catch (error) {
    return Promise.resolve(failed(ofRequest(error, context.config))).then(arrived);
  }
}

/** An error of the caller's timeout names the caller's own number. */
function inOwnWords(answer: Answer, { config }: RequestContext): Answer {
  return 'error' in answer && ownProperty(config, 'timeout') ? failed(namingOwnTimeout(answer.error, config)) : answer;
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
  /** What kind of adapter `send` is. */
  readonly kind: string;
  /** Which answers are redirects that are followed by hand, where the adapter must not. */
  readonly isOurs: Redirects['isOurs'] | undefined;
}

function sendingOf(context: RequestContext, attempt: Attempt, copy: InternalAxiosRequestConfig): Sending {
  const { route } = context.authAdapter;
  const { kind } = route;
  if (kind === 'fetch') return byFetch(context, attempt, { copy, send: route.sender(copy) });
  const fetches = kind === 'xhr' && mustCheck(context, attempt) ? fetchForXhr(copy, attempt.names) : undefined;
  if (fetches) return byFetch(context, attempt, { copy: { ...copy, fetchOptions: {} }, send: fetches });
  copy.sensitiveHeaders = context.config.sensitiveHeaders?.concat(attempt.names) ?? attempt.names;
  copy.beforeRedirect = hopGuard(attempt, context.config);
  return byOther(context, attempt, { copy, send: route.sender(copy) });
}

function byFetch(context: RequestContext, attempt: Attempt, { copy, send }: Pick<Sending, 'copy' | 'send'>): Sending {
  copy.headers.set(browserUserAgent(), false);
  const stops = !leavesRedirects(context, attempt) && followsSilently(copy);
  if (stops) stopRedirects(copy);
  return { copy, send, kind: 'fetch', isOurs: stops ? all : undefined };
}

function all(): boolean {
  return true;
}

/** By http, by xhr, or by an adapter of the caller's own, whatever that may use. */
function byOther(context: RequestContext, attempt: Attempt, { copy, send }: Pick<Sending, 'copy' | 'send'>): Sending {
  const { kind } = context.authAdapter.route;
  const stops = kind === 'custom' && !leavesRedirects(context, attempt) && followsSilently(copy);
  if (stops) stopRedirects(copy);
  const held = heldTransport(copy.transport, attempt.names);
  if (!held) return { copy, send, kind, isOurs: stops ? wasStopped : undefined };
  copy.transport = held.transport;
  return { copy, send, kind, isOurs: (response) => (stops && wasStopped(response)) || held.stayed() };
}

/** Whether a browser may follow redirects by itself: it takes Authorization off at another origin, but no other header. */
function leavesRedirects(context: RequestContext, attempt: Attempt): boolean {
  return isBrowser() && !mustCheck(context, attempt);
}

function mustCheck({ config, attachment }: RequestContext, { names }: Attempt): boolean {
  if ((config.browserRedirects ?? attachment.browserRedirects) === 'trust') return false;
  return names.some((name) => name.toLowerCase() !== 'authorization');
}

function redirectsOf(
  context: RequestContext,
  attempt: Attempt,
  { send, kind, isOurs = all }: Pick<Sending, 'send' | 'kind' | 'isOurs'>,
): Redirects {
  return { send, kind, isOurs, attempt, limit: (hop) => limitTimeout(hop, context) };
}

function limitTimeout(copy: InternalAxiosRequestConfig, { config, startedAt, internals }: RequestContext): void {
  const leftMs = remainingMs(config, startedAt, internals.clock);
  if (leftMs <= 0) throw timedOut(config);
  if (leftMs < Infinity) copy.timeout = leftMs;
}
