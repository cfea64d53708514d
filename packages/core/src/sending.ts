// Sends a copy of a request that carries a token; the caller's config never does.
import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { adapterOf, copyConfig, copyHeaders, pinTarget } from './axios-config.js';
import { namingOwnTimeout, remainingMs, timedOut } from './caller-limits.js';
import { carry, judgeHop } from './journey.js';
import type { Journey } from './journey.js';
import { ownMember } from './members.js';
import { pageUserAgent } from './page.js';
import { followByHand, followsSilently } from './redirects.js';
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
    const answer = dispatch(trip, leg, authorisedCopy(trip, leg));
    return ownMember(trip.config, 'timeout')
      ? answer.catch((error: unknown) => Promise.reject(namingOwnTimeout(error, trip.config)))
      : answer;
  } catch (error) {
    return Promise.reject(error);
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
  if (isLocal && config.proxy === undefined) copy.proxy = false;
  return copy;
}

function dispatch(trip: Trip, { journey }: Leg, copy: InternalAxiosRequestConfig): Promise<AxiosResponse> {
  const { config, wrapped } = trip;
  const fetches = fetchFor(trip, copy, journey);
  if (fetches) copy.headers.set(pageUserAgent(), false);
  if (fetches && !followsSilently(copy)) return fetches(copy);
  if (fetches) return followByHand(copy, { send: fetches, journey, limit: (leg) => limitTimeout(leg, trip) });
  copy.sensitiveHeaders = config.sensitiveHeaders?.concat(journey.names) ?? journey.names;
  copy.beforeRedirect = (options, ...rest) => {
    config.beforeRedirect?.(options, ...rest);
    judgeHop(journey, options);
  };
  return wrapped.route.sender(copy)(copy);
}

/** The fetch adapter, where it is used, or where xhr would carry an API key along a redirect unseen (C9). */
function fetchFor({ wrapped }: Trip, copy: InternalAxiosRequestConfig, journey: Journey): AxiosAdapter | undefined {
  const { kind } = wrapped.route;
  if (kind === 'fetch') return wrapped.route.sender(copy);
  return kind === 'xhr' && hasKeyHeader(journey) ? adapterOf('fetch', copy) : undefined;
}

/** Browsers take Authorization off a redirect to another origin, but no other header. */
function hasKeyHeader({ names }: Journey): boolean {
  return names.some((name) => name.toLowerCase() !== 'authorization');
}

function limitTimeout(copy: InternalAxiosRequestConfig, { config, startedAt, engine }: Trip): void {
  const leftMs = remainingMs(config, startedAt, engine.clock);
  if (leftMs <= 0) throw timedOut(config);
  if (leftMs < Infinity) copy.timeout = leftMs;
}
