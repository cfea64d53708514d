// Sends a copy of a request that carries a token; the caller's config never does.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { copyConfig, copyHeaders, pinTarget } from './request-config.js';
import { namingOwnTimeout, remainingMs, timedOut } from './context/deadline.js';
import { failed, ofRequest } from './response.js';
import type { Answer } from './response.js';
import { fetchForXhr } from './fetch-for-xhr.js';
import { hopGuard, mayHoldSockets } from './http/http-adapter.js';
import { heldTransport } from '../internal/held-transport.js';
import { carry } from './context/journey.js';
import type { Journey } from './context/journey.js';
import { ownMember } from '../internal/records.js';
import { isPage, pageUserAgent } from '../internal/page.js';
import { followByHand, followsSilently, isHop, stopRedirects, wasStopped } from './redirects.js';
import type { Way } from './redirects.js';
import type { Body } from './request-body.js';
import type { Trip } from './context/trip.js';

export interface Leg {
  readonly journey: Journey;
  /** Whether some of the caller's timeout is used up. */
  readonly late: boolean;
  /** The body made anew, for a resend. */
  readonly body?: Body | undefined;
}

/** What `arrived` makes of the answer; what goes wrong before there is one is an answer as well. */
export function sendLeg<R>(trip: Trip, leg: Leg, arrived: (answer: Answer) => R | Promise<R>): Promise<R> {
  try {
    const { copy, send, way } = sending(trip, leg.journey, authorisedCopy(trip, leg));
    const arrive = (answer: Answer): R | Promise<R> =>
      way && isHop(answer, way) ? followByHand(copy, way, answer).catch(failed).then(settle) : settle(answer);
    const settle = (answer: Answer): R | Promise<R> => arrived('error' in answer ? inOwnWords(answer, trip) : answer);
    return send(copy).then(
      (response) => arrive({ response }),
      (error: unknown) => arrive(failed(error)),
    );
  } catch (error) {
    return Promise.resolve(failed(ofRequest(error, trip.config))).then(arrived);
  }
}

function inOwnWords({ error }: Answer, { config }: Trip): Answer {
  return failed(ownMember(config, 'timeout') ? namingOwnTimeout(error, config) : error);
}

/** @throws AxiosError ETIMEDOUT when nothing is left of the caller's timeout */
function authorisedCopy(trip: Trip, { journey, late, body }: Leg): InternalAxiosRequestConfig {
  const { config, target, isLocal } = trip;
  const copy = copyConfig(config);
  journey.mayHoldSockets = mayHoldSockets(copy);
  pinTarget(copy, target);
  copy.headers = carry(journey, copyHeaders(body?.headers ?? config.headers));
  if (body) copy.data = body.data;
  if (late) limitTimeout(copy, trip);
  if (isLocal && !config.proxy) copy.proxy = false;
  return copy;
}

interface Sending {
  readonly copy: InternalAxiosRequestConfig;
  readonly send: AxiosAdapter;
  /** How redirects are followed by hand, where the adapter must not. */
  readonly way: Way | undefined;
}

function sending(trip: Trip, journey: Journey, copy: InternalAxiosRequestConfig): Sending {
  const { route } = trip.wrapped;
  const { kind } = route;
  if (kind === 'fetch') return byFetch(trip, journey, { copy, send: route.sender(copy) });
  const fetches = kind === 'xhr' && mustCheck(trip, journey) ? fetchForXhr(copy, journey.names) : undefined;
  if (fetches) return byFetch(trip, journey, { copy: { ...copy, fetchOptions: {} }, send: fetches });
  copy.sensitiveHeaders = trip.config.sensitiveHeaders?.concat(journey.names) ?? journey.names;
  copy.beforeRedirect = hopGuard(journey, trip.config);
  return byOther(trip, journey, { copy, send: route.sender(copy) });
}

function byFetch(trip: Trip, journey: Journey, { copy, send }: Omit<Sending, 'way'>): Sending {
  copy.headers.set(pageUserAgent(), false);
  if (leavesRedirects(trip, journey) || !followsSilently(copy)) return { copy, send, way: undefined };
  stopRedirects(copy);
  return { copy, send, way: wayOf(trip, journey, { send, kind: 'fetch', isOurs: () => true }) };
}

/** By http, by xhr, or by an adapter of the caller's own, whatever that may use. */
function byOther(trip: Trip, journey: Journey, { copy, send }: Omit<Sending, 'way'>): Sending {
  const { kind } = trip.wrapped.route;
  const held = heldTransport(copy.transport, journey.names);
  if (held) copy.transport = held.transport;
  const stops = kind === 'custom' && !leavesRedirects(trip, journey) && followsSilently(copy);
  if (stops) stopRedirects(copy);
  if (!stops && !held) return { copy, send, way: undefined };
  const isOurs = (response: AxiosResponse): boolean => (stops && wasStopped(response)) || held?.stayed() === true;
  return { copy, send, way: wayOf(trip, journey, { send, kind, isOurs }) };
}

/** Whether a browser may follow redirects by itself: it takes Authorization off at another origin, but no other header. */
function leavesRedirects(trip: Trip, journey: Journey): boolean {
  return isPage() && !mustCheck(trip, journey);
}

function mustCheck({ config, attachment }: Trip, { names }: Journey): boolean {
  if ((config.browserRedirects ?? attachment.browserRedirects) === 'trust') return false;
  return names.some((name) => name.toLowerCase() !== 'authorization');
}

/** Written out, since spreading an object costs as much as all the rest of this. */
function wayOf(trip: Trip, journey: Journey, { send, kind, isOurs }: Pick<Way, 'send' | 'kind' | 'isOurs'>): Way {
  return { send, kind, isOurs, journey, limit: (leg) => limitTimeout(leg, trip) };
}

function limitTimeout(copy: InternalAxiosRequestConfig, { config, startedAt, engine }: Trip): void {
  const leftMs = remainingMs(config, startedAt, engine.clock);
  if (leftMs <= 0) throw timedOut(config);
  if (leftMs < Infinity) copy.timeout = leftMs;
}
