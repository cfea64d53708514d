// The adapter that our request interceptor puts under a request: it judges where the request really goes, waits for a token
// if it must, sends a copy that carries it, heals a 401 once, and hands back an answer that knows nothing of all this.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { callerLimits } from './caller-limits.js';
import { answerOf, deliver, deliverBare, discard, failed, ofRequest } from './clean-answers.js';
import type { Answer } from './clean-answers.js';
import { unload } from './journey.js';
import type { Journey } from './journey.js';
import { bodyAgain } from './request-body.js';
import type { Body } from './request-body.js';
import { challengeOf, isRefused, withNote } from './refusal.js';
import type { Refusal } from './refusal.js';
import { describeUrl } from './request-scope.js';
import { sendLeg } from './sending.js';
import type { Token } from './token.js';
import { journeyOf, planTrip } from './trip.js';
import type { Trip, Wrapped } from './trip.js';

/** The transport itself: synchronous up to the inner adapter while a live token is held (C14). */
export function authorised(config: InternalAxiosRequestConfig, wrapped: Wrapped): Promise<AxiosResponse> {
  try {
    const trip = planTrip(config, wrapped);
    if (trip === undefined) return deliverBare(wrapped.route.sender(config)(config), config);
    const token = trip.engine.lifecycle.ready();
    return token ? travel(trip, token, false) : travelLater(trip);
  } catch (error) {
    return Promise.reject(ofRequest(error, config));
  }
}

async function travelLater(trip: Trip): Promise<AxiosResponse> {
  const token = await awaitToken(trip, (signal) => trip.engine.lifecycle.get({ signal }));
  const later = planAgain(trip);
  if (later === undefined) return deliverBare(trip.wrapped.route.sender(trip.config)(trip.config), trip.config);
  return travel(later, token, true);
}

/** Somebody may have changed the config meanwhile: it is judged as it goes out (C9). */
function planAgain(trip: Trip): Trip | undefined {
  const later = planTrip(trip.config, trip.wrapped);
  return later && { ...later, startedAt: trip.startedAt };
}

function travel(trip: Trip, token: Token, late: boolean): Promise<AxiosResponse> {
  const journey = journeyOf(trip, token);
  const sent = { trip, token, journey };
  return sendLeg(trip, { journey, late }).then(
    (response) => arrive(sent, { response }),
    (error: unknown) => arrive(sent, failed(error)),
  );
}

interface Sent {
  readonly trip: Trip;
  readonly token: Token;
  readonly journey: Journey;
}

/** Hands the answer over; a refusal is healed first. */
function arrive({ trip, token, journey }: Sent, answer: Answer): AxiosResponse | Promise<AxiosResponse> {
  unload(journey, trip.wrapped.route.kind);
  if (isRefused(trip, journey, answer)) return healed(trip, token, answer).then((final) => deliver(final, trip.config));
  noteAccepted(trip, answer);
  return deliver(answer, trip.config);
}

/** The answer to one resend with a new token, or the refusal as it came (C7, C8). */
async function healed(trip: Trip, token: Token, refusal: Refusal): Promise<Answer> {
  const { engine, config, url, wrapped } = trip;
  const { lifecycle, observer, clock } = engine;
  const { response } = refusal;
  observer?.({ type: 'refused', at: clock.now(), url: describeUrl(url), status: response.status });
  if (!lifecycle.mayRenew(token, url)) return refusal;
  const body = await bodyAgain(config, wrapped.raw);
  const challenge = challengeOf(response);
  if (typeof body === 'string') {
    lifecycle.refuse({ rejected: token, challenge, url }); // the next request has a better token
    return withNote(trip, refusal, body);
  }
  discard(response);
  const next = await awaitToken(trip, (signal) => lifecycle.get({ rejected: token, challenge, url, signal }));
  const later = planAgain(trip);
  return later === undefined ? refusal : resent(later, next, body);
}

async function resent(trip: Trip, token: Token, body: Body): Promise<Answer> {
  const { lifecycle, observer, clock } = trip.engine;
  const at = clock.now();
  const journey = journeyOf(trip, token);
  const answer = await answerOf(sendLeg(trip, { journey, late: true, body }));
  unload(journey, trip.wrapped.route.kind);
  const status = answer.response?.status;
  const refused = isRefused(trip, journey, answer);
  const told = { at, url: describeUrl(trip.url), durationMs: clock.now() - at, refused };
  observer?.({ type: 'resent', ...told, ...(status !== undefined && { status }) });
  if (refused) lifecycle.refusedAgain(token, trip.url);
  else noteAccepted(trip, answer);
  return answer;
}

/** Waits within the caller's own limits (C4). */
async function awaitToken(trip: Trip, ask: (signal: AbortSignal) => Promise<Token>): Promise<Token> {
  const limits = callerLimits(trip.config, trip.startedAt, trip.engine.clock);
  try {
    return await ask(limits.signal);
  } catch (error) {
    throw ofRequest(error, trip.config);
  } finally {
    limits.dispose();
  }
}

function noteAccepted({ engine, url }: Trip, { response }: Answer): void {
  if (response && response.status < 400) engine.lifecycle.accepted(url);
}
