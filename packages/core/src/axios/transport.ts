// The adapter that our request interceptor puts under a request: it judges where the request really goes, waits for a token
// if it must, sends a copy that carries it, heals a 401 once, and hands back an answer that knows nothing of all this.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { callerLimits } from './context/deadline.js';
import { deliver, deliverBare, discard, ofRequest } from './response.js';
import type { Answer } from './response.js';
import { unload } from './context/journey.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import type { Journey } from './context/journey.js';
import { passUntouched } from './not-allowed.js';
import { bodyAgain } from './request-body.js';
import type { Body } from './request-body.js';
import { challengeOf, isRefused, withFreshTokenNote, withSpentNote } from './refusal.js';
import type { Refusal } from './refusal.js';
import { describeUrl } from '../request/allow-list.js';
import { noteSession } from './context/retried-session.js';
import { sendLeg } from './attempt.js';
import { isSignedOut } from '../lifecycle/store/store-access.js';
import type { Token } from '../token/token.js';
import { assertSession, journeyOf, planTrip } from './context/trip.js';
import type { Trip, Wrapped } from './context/trip.js';
import { apiRoute } from '../lifecycle/backoff/useless-refreshes.js';

/** The transport itself: synchronous up to the inner adapter while a live token is held (C14). */
export function authorised(config: InternalAxiosRequestConfig, wrapped: Wrapped): Promise<AxiosResponse> {
  try {
    const trip = planTrip(config, wrapped);
    if (trip === undefined) return deliverBare(passUntouched(config, wrapped), config);
    assertSession(trip);
    const token = trip.engine.lifecycle.ready();
    return token ? travel(trip, token, false) : travelLater(trip);
  } catch (error) {
    return Promise.reject(ofRequest(error, config));
  }
}

async function travelLater(trip: Trip): Promise<AxiosResponse> {
  const token = await awaitToken(trip, (signal) => trip.engine.lifecycle.get({ signal }));
  const later = planAgain(trip);
  if (later === undefined) return deliverBare(passUntouched(trip.config, trip.wrapped), trip.config);
  if (later.engine !== trip.engine) return travelLater(later);
  const { lifecycle } = later.engine;
  if (lifecycle.sessionOf(token) !== lifecycle.session) throw ofRequest(loggedOut(), later.config);
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
  return sendLeg(trip, { journey, late }, (answer) => arrive(sent, answer));
}

interface Sent {
  readonly trip: Trip;
  readonly token: Token;
  readonly journey: Journey;
}

/** Hands the answer over; a refusal is healed first. */
function arrive({ trip, token, journey }: Sent, answer: Answer): AxiosResponse | Promise<AxiosResponse> {
  unload(journey, trip.wrapped.route.kind);
  if (rejects(trip, journey, answer))
    return healed(trip, token, answer).then((final) => handOver({ trip, token, journey }, final));
  noteAccepted(trip, token, answer);
  return handOver({ trip, token, journey }, answer);
}

function handOver({ trip, token, journey }: Sent, answer: Answer): AxiosResponse {
  noteSession(trip.config, trip.engine.lifecycle.sessionOf(token));
  return deliver(answer, trip.config, journey.mayHoldSockets);
}

/** @throws the request's ConfigurationError when the hook `unauthorized` returns a promise */
function rejects(trip: Trip, journey: Journey, answer: Answer): answer is Refusal {
  try {
    return isRefused(trip, journey, answer);
  } catch (error) {
    throw ofRequest(error, trip.config);
  }
}

/** The answer to one resend with a new token, or the refusal as it came (C7, C8). */
async function healed(trip: Trip, token: Token, refusal: Refusal): Promise<Answer> {
  const { engine, config, url, wrapped } = trip;
  const { lifecycle, observer, clock } = engine;
  const { response } = refusal;
  observer?.({ type: 'refused', at: clock.now(), url: describeUrl(url), status: response.status });
  const session = lifecycle.sessionOf(token);
  if (session !== lifecycle.session) return refusal;
  const route = apiRoute(url, config.method);
  lifecycle.rejected(token, route);
  if (!lifecycle.mayRenew(token, route)) return refusal;
  const body = await bodyAgain(config, wrapped.raw);
  const challenge = challengeOf(response);
  if (typeof body === 'string') {
    lifecycle.refuse({ rejected: token, challenge, route }); // the next request has a better token
    return withSpentNote(trip, refusal, body);
  }
  if (!lifecycle.mayRenew(token, route)) return refusal; // another's retry may have failed meanwhile
  discard(response);
  const next = await inSession(() =>
    awaitToken(trip, (signal) => lifecycle.get({ rejected: token, session, challenge, route, signal })),
  );
  if (next === undefined) return refusal;
  const later = planAgain(trip);
  return later?.engine === engine ? resent(later, next, body) : refusal;
}

/** What `ask` gives, or undefined when the session of the request ended meanwhile: it gets its 401 then (C17). */
async function inSession(ask: () => Promise<Token>): Promise<Token | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isSignedOut(error)) return undefined;
    throw error;
  }
}

async function resent(trip: Trip, token: Token, body: Body): Promise<Answer> {
  const { lifecycle, observer, clock } = trip.engine;
  const at = clock.now();
  const journey = journeyOf(trip, token);
  const answer = await sendLeg(trip, { journey, late: true, body }, (received) => received);
  unload(journey, trip.wrapped.route.kind);
  const status = answer.response?.status;
  const refused = rejects(trip, journey, answer);
  const told = { at, url: describeUrl(trip.url), durationMs: clock.now() - at, refused };
  observer?.({ type: 'resent', ...told, ...(status !== undefined && { status }) });
  lifecycle.retried(token, apiRoute(trip.url, trip.config.method), refused);
  if (refused) return withFreshTokenNote(answer);
  noteAccepted(trip, token, answer);
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

function noteAccepted({ engine, url, config }: Trip, token: Token, { response }: Answer): void {
  if (response && response.status < 400) engine.lifecycle.accepted(token, url, config.method);
}
