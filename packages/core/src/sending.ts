// Sends a copy of a request that carries a token; the caller's config never does.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { copyConfig, copyHeaders, pinTarget } from './axios-config.js';
import { namingOwnTimeout, remainingMs, timedOut } from './caller-limits.js';
import { ofRequest } from './clean-answers.js';
import { fetchForXhr } from './fetch-for-xhr.js';
import { heldTransport, hopGuard } from './http-adapter.js';
import { carry } from './journey.js';
import type { Journey } from './journey.js';
import { ownMember } from './members.js';
import { isPage, pageUserAgent } from './page.js';
import { followByHand, followsSilently, stopRedirects, wasStopped } from './redirects.js';
import type { Way } from './redirects.js';
import type { Body } from './request-body.js';
import type { Trip } from './trip.js';

export interface Leg {
  readonly journey: Journey;
  /** Whether some of the caller's timeout is used up. */
  readonly late: boolean;
  /** The body made anew, for a resend. */
  readonly body?: Body | undefined;
}

/** The promise of the adapter; what goes wrong before it is a rejection as well. */
export function sendLeg(trip: Trip, leg: Leg): Promise<AxiosResponse> {
  try {
    const answer = dispatch(trip, leg.journey, authorisedCopy(trip, leg));
    return ownMember(trip.config, 'timeout')
      ? answer.catch((error: unknown) => Promise.reject(namingOwnTimeout(error, trip.config)))
      : answer;
  } catch (error) {
    return Promise.reject(ofRequest(error, trip.config));
  }
}

/** @throws AxiosError ETIMEDOUT when nothing is left of the caller's timeout */
function authorisedCopy(trip: Trip, { journey, late, body }: Leg): InternalAxiosRequestConfig {
  const { config, target, isLocal } = trip;
  const copy = copyConfig(config);
  pinTarget(copy, target);
  copy.headers = carry(journey, copyHeaders(body?.headers ?? config.headers));
  if (body) copy.data = body.data;
  if (late) limitTimeout(copy, trip);
  if (isLocal && !config.proxy) copy.proxy = false;
  return copy;
}

function dispatch(trip: Trip, journey: Journey, copy: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const { route } = trip.wrapped;
  const { kind } = route;
  if (kind === 'fetch') return sendByFetch(trip, journey, { copy, send: route.sender(copy) });
  const fetches = kind === 'xhr' && mustCheck(trip, journey) ? fetchForXhr(copy, journey.names) : undefined;
  if (fetches) return sendByFetch(trip, journey, { copy: { ...copy, fetchOptions: {} }, send: fetches });
  copy.sensitiveHeaders = trip.config.sensitiveHeaders?.concat(journey.names) ?? journey.names;
  copy.beforeRedirect = hopGuard(journey, trip.config);
  return sendByOther(trip, journey, { copy, send: route.sender(copy) });
}

interface Sending {
  readonly copy: InternalAxiosRequestConfig;
  readonly send: AxiosAdapter;
}

function sendByFetch(trip: Trip, journey: Journey, { copy, send }: Sending): Promise<AxiosResponse> {
  copy.headers.set(pageUserAgent(), false);
  if (leavesRedirects(trip, journey) || !followsSilently(copy)) return send(copy);
  stopRedirects(copy);
  return followByHand(copy, { ...wayOf(trip, journey), send, kind: 'fetch', isOurs: () => true });
}

/** By http, by xhr, or by an adapter of the caller's own, whatever that may use. */
function sendByOther(trip: Trip, journey: Journey, { copy, send }: Sending): Promise<AxiosResponse> {
  const { kind } = trip.wrapped.route;
  const held = heldTransport(copy.transport, journey.names);
  if (held) copy.transport = held.transport;
  const stops = kind === 'custom' && !leavesRedirects(trip, journey) && followsSilently(copy);
  if (stops) stopRedirects(copy);
  if (!stops && !held) return send(copy);
  const isOurs = (response: AxiosResponse): boolean => (stops && wasStopped(response)) || held?.stayed() === true;
  return followByHand(copy, { ...wayOf(trip, journey), send, kind, isOurs });
}

/** Whether a browser may follow redirects by itself: it takes Authorization off at another origin, but no other header. */
function leavesRedirects(trip: Trip, journey: Journey): boolean {
  return isPage() && !mustCheck(trip, journey);
}

function mustCheck({ config, attachment }: Trip, { names }: Journey): boolean {
  if ((config.browserRedirects ?? attachment.browserRedirects) === 'trust') return false;
  return names.some((name) => name.toLowerCase() !== 'authorization');
}

function wayOf(trip: Trip, journey: Journey): Pick<Way, 'journey' | 'limit'> {
  return { journey, limit: (leg) => limitTimeout(leg, trip) };
}

function limitTimeout(copy: InternalAxiosRequestConfig, { config, startedAt, engine }: Trip): void {
  const leftMs = remainingMs(config, startedAt, engine.clock);
  if (leftMs <= 0) throw timedOut(config);
  if (leftMs < Infinity) copy.timeout = leftMs;
}
