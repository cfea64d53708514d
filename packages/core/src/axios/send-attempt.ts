// Sends the copy of a request that carries a token; the caller's config never does.
import type { AxiosAdapter } from 'axios';
import { copyHeaders } from './headers.js';
import { limitTimeout, namingOwnTimeout } from './context/deadline.js';
import { failed, ofRequest } from './response.js';
import type { Answer } from './response.js';
import { fetchForXhr } from './fetch-for-xhr.js';
import { hopGuard } from './http/http-adapter.js';
import { heldTransport } from '../internal/held-transport.js';
import { adapterOf } from './request-config.js';
import { isBrowser, browserUserAgent } from '../internal/browser.js';
import { followByHand, followsSilently, isHop, stopRedirects, wasStopped } from './redirects.js';
import { perRequestAdapter } from './context/per-request.js';
import type { Body } from './request-body.js';
import type { Sending } from './context/request-context.js';

export interface SendingOptions {
  /** Whether some of the caller's timeout is used up. */
  readonly isLate: boolean;
  /** The body made anew, for a retry. */
  readonly body?: Body | undefined;
}

type Arrived<R> = (sending: Sending, answer: Answer) => R | Promise<R>;

/** What `arrived` makes of the answer; what goes wrong before there is one is an answer as well. */
export function startSending<R>(sending: Sending, arrived: Arrived<R>, how?: SendingOptions): Promise<R> {
  try {
    const send = prepared(sending, how);
    return send(sending.copy).then(
      (response) => (sending.byHand ? received(sending, { response }, arrived) : arrived(sending, { response })),
      (error: unknown) => received(sending, failed(error), arrived),
    );
  } catch (error) {
    const answer = failed(ofRequest(error, sending.context.config));
    return Promise.resolve().then(() => arrived(sending, answer));
  }
}

function received<R>(sending: Sending, answer: Answer, arrived: Arrived<R>): R | Promise<R> {
  const { byHand } = sending;
  if (!byHand || !isHop(answer, byHand)) return arrived(sending, inOwnWords(answer, sending));
  return followByHand(sending, byHand, answer)
    .catch((error: unknown) => failed(ofRequest(error, sending.context.config)))
    .then((final) => arrived(sending, inOwnWords(final, sending)));
}

/** An error of the caller's timeout names the caller's own number. */
function inOwnWords(answer: Answer, { context: { config, copy } }: Sending): Answer {
  return 'error' in answer && copy.timeout ? failed(namingOwnTimeout(answer.error, config)) : answer;
}

/**
 * Puts the credentials on the copy, and what keeps them from following redirects unseen.
 * @returns what sends it
 * @throws AxiosError ETIMEDOUT when nothing is left of the caller's timeout
 */
function prepared(sending: Sending, how: SendingOptions | undefined): AxiosAdapter {
  const { context, copy } = sending;
  copy.headers = Object.assign(copyHeaders(how?.body?.headers ?? copy.headers), sending.headers);
  sending.appliedTo = copy.headers;
  if (how?.body) copy.data = how.body.data;
  if (how?.isLate) limitTimeout(copy, context);
  const { kind, fixed, adapters } = context.authAdapter.route;
  const fetches = kind === 'xhr' && mustCheck(sending) ? fetchForXhr(copy, sending.names) : undefined;
  if (fetches) sending.copy = { ...copy, fetchOptions: {} };
  const adapter = fetches ?? fixed ?? adapterOf(adapters, copy);
  const send = context.internals.isPerRequest ? perRequestAdapter(sending, adapter) : adapter;
  if (fetches || kind === 'fetch') byFetch(sending, send);
  else byOther(sending, send);
  // plain http to this machine goes through no proxy: it would read along
  if (context.isLocal && !copy.proxy) sending.copy.proxy = false;
  return send;
}

function byFetch(sending: Sending, send: AxiosAdapter): void {
  const { copy } = sending;
  copy.headers.set(browserUserAgent(), false);
  sending.kind = 'fetch';
  if (leavesRedirects(sending) || !followsSilently(copy)) return;
  stopRedirects(copy);
  sending.byHand = { send, isOurs: () => true };
}

/** By http, by xhr, or by an adapter of the caller's own, whatever that may use. */
function byOther(sending: Sending, send: AxiosAdapter): void {
  const { copy, kind, names, context } = sending;
  copy.sensitiveHeaders = copy.sensitiveHeaders?.concat(names) ?? names;
  copy.beforeRedirect = hopGuard(sending, copy);
  const stops = kind === 'custom' && !leavesRedirects(sending) && followsSilently(copy);
  if (stops) {
    stopRedirects(copy);
    sending.byHand = { send, isOurs: wasStopped };
  }
  const held = copy.transport ? heldTransport(copy.transport, names) : undefined;
  if (held) {
    copy.transport = held.transport;
    sending.byHand = { send, isOurs: (response) => (stops && wasStopped(response)) || held.stayed() };
  }
  if (context.internals.isPerRequest && (stops || kind === 'http'))
    sending.byHand = { send, isOurs: () => true, asksCaller: true };
}

/** Whether a browser may follow redirects by itself: it takes Authorization off at another origin, but no other header. */
function leavesRedirects(sending: Sending): boolean {
  return isBrowser() && !mustCheck(sending);
}

function mustCheck({ context: { config, attachment, internals }, names }: Sending): boolean {
  if (internals.isPerRequest) return true;
  if ((config.browserRedirects ?? attachment.browserRedirects) === 'trust') return false;
  return names.some((name) => name.toLowerCase() !== 'authorization');
}
