// The adapter that our request interceptor puts under a request: it judges where the request really goes, waits for a token
// if it must, sends a copy that carries it, heals a 401 once, and hands back an answer that knows nothing of all this.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { callerLimits } from './caller-limits.js';
import { bearerChallenge } from './challenge.js';
import { answerOf, deliver, discard, failed, ofRequest } from './clean-answers.js';
import type { Answer } from './clean-answers.js';
import { AuthenticationError } from './errors.js';
import type { Journey } from './redirects.js';
import { bodyAgain } from './request-body.js';
import type { Body } from './request-body.js';
import { describeUrl, parseUrl } from './request-scope.js';
import { sendLeg } from './sending.js';
import type { Token } from './token.js';
import { journeyOf, planTrip } from './trip.js';
import type { Attachment, Trip, Wrapped } from './trip.js';

/** The transport itself: synchronous up to the inner adapter while a live token is held (C14). */
export function authorised(config: InternalAxiosRequestConfig, wrapped: Wrapped): Promise<AxiosResponse> {
  try {
    const trip = planTrip(config, wrapped);
    if (trip === undefined) return wrapped.route.sender(config)(config);
    const token = trip.engine.lifecycle.ready();
    return token ? travel(trip, token, false) : travelLater(trip);
  } catch (error) {
    throw ofRequest(error, config);
  }
}

async function travelLater(trip: Trip): Promise<AxiosResponse> {
  const token = await awaitToken(trip, (signal) => trip.engine.lifecycle.get({ signal }));
  return travel(trip, token, true);
}

/** 401 means refused, unless the Bearer challenge says that the token is good but not for this (RFC 6750 section 3.1). */
export function refusedByDefault(response: AxiosResponse): boolean {
  return response.status === 401 && challengeOf(response)?.parameters['error'] !== 'insufficient_scope';
}

function travel(trip: Trip, token: Token, late: boolean): Promise<AxiosResponse> {
  const journey = journeyOf(trip, token);
  return sendLeg(trip, { journey, late }).then(
    (response) => arrive(trip, token, journey, { response }),
    (error: unknown) => arrive(trip, token, journey, failed(error)),
  );
}

/** Hands the answer over; a refusal is healed first. */
function arrive(trip: Trip, token: Token, journey: Journey, answer: Answer): AxiosResponse | Promise<AxiosResponse> {
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
  if (!lifecycle.mayRenew(token)) return refusal;
  const body = bodyAgain(config, wrapped.raw);
  const challenge = challengeOf(response);
  if (typeof body === 'string') {
    lifecycle.refuse(token, challenge); // the next request has a better token
    return withNote(trip, refusal, body);
  }
  discard(response);
  const next = await awaitToken(trip, (signal) => lifecycle.get({ rejected: token, challenge, signal }));
  return resent(trip, next, body);
}

async function resent(trip: Trip, token: Token, body: Body): Promise<Answer> {
  const { lifecycle, observer, clock } = trip.engine;
  const at = clock.now();
  const journey = journeyOf(trip, token);
  const answer = await answerOf(sendLeg(trip, { journey, late: true, body }));
  const status = answer.response?.status;
  const durationMs = clock.now() - at;
  observer?.({ type: 'resent', at, url: describeUrl(trip.url), durationMs, ...(status !== undefined && { status }) });
  if (isRefused(trip, journey, answer)) lifecycle.refusedAgain(token);
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

type Refusal = Answer & { readonly response: AxiosResponse };

function isRefused({ attachment }: Trip, { inScope }: Journey, answer: Answer): answer is Refusal {
  const { response } = answer;
  return response !== undefined && inScope && endedInScope(attachment, response) && attachment.refused(response);
}

/** Only XMLHttpRequest follows redirects without asking; it tells where it ended. */
function endedInScope({ scope }: Attachment, { request }: { readonly request?: unknown }): boolean {
  const { responseURL } = (request ?? {}) as { readonly responseURL?: unknown };
  const url = typeof responseURL === 'string' && responseURL !== '' ? parseUrl(responseURL) : undefined;
  return url === undefined || scope.allows(url);
}

function noteAccepted({ engine }: Trip, { response }: Answer): void {
  if (response && response.status < 400) engine.lifecycle.accepted();
}

function challengeOf({ headers }: AxiosResponse): ReturnType<typeof bearerChallenge> {
  const header = (headers as Readonly<Record<string, unknown>>)['www-authenticate'];
  return typeof header === 'string' ? bearerChallenge(header) : undefined;
}

/** Says on the 401's error why it was not healed. */
function withNote({ engine }: Trip, refusal: Answer, spent: string): Answer {
  const message = `Not sent again: ${spent}`;
  engine.observer?.({ type: 'notice', at: engine.clock.now(), message });
  const { error } = refusal;
  if (typeof error === 'object' && error !== null && 'message' in error) {
    const cause = new AuthenticationError(message, { code: 'body_spent', kind: 'configuration' });
    Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true });
    Object.assign(error, { message: `${String(error.message)}. ${message}` });
  }
  return refusal;
}
