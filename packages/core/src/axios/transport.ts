// The adapter that our request interceptor puts under a request: it judges where the request really goes, waits for a token
// if it must, sends a copy that carries it, retries a 401 once with a new token, and returns an answer that knows nothing of all this.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { callerLimits } from './context/deadline.js';
import { deliver, deliverBare, discard, ofRequest } from './response.js';
import type { Answer } from './response.js';
import { stripCredentials } from './context/attempt.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import type { Attempt } from './context/attempt.js';
import { passUntouched } from './not-allowed.js';
import { bodyAgain } from './request-body.js';
import type { Body } from './request-body.js';
import { challengeOf, isRejected, withFreshTokenNote, withSpentNote } from './rejection.js';
import type { Rejection } from './rejection.js';
import { describeUrl } from '../request/allow-list.js';
import { noteSession } from './context/retried-session.js';
import { sendAttempt } from './send-attempt.js';
import { isSignedOut } from '../lifecycle/store/store-access.js';
import type { Token } from '../token/token.js';
import { assertSession, attemptOf, contextOf } from './context/request-context.js';
import type { RequestContext, AuthAdapter } from './context/request-context.js';
import { apiRoute } from '../lifecycle/backoff/useless-refreshes.js';

/** The transport itself: synchronous up to the inner adapter while a live token is held (C14). */
export function authorised(config: InternalAxiosRequestConfig, authAdapter: AuthAdapter): Promise<AxiosResponse> {
  try {
    const context = contextOf(config, authAdapter);
    if (context === undefined) return deliverBare(passUntouched(config, authAdapter), config);
    assertSession(context);
    const token = context.internals.lifecycle.ready();
    return token ? send(context, token, false) : sendLater(context);
  } catch (error) {
    return Promise.reject(ofRequest(error, config));
  }
}

async function sendLater(context: RequestContext): Promise<AxiosResponse> {
  const token = await awaitToken(context, (signal) => context.internals.lifecycle.get({ signal }));
  const later = planAgain(context);
  if (later === undefined) return deliverBare(passUntouched(context.config, context.authAdapter), context.config);
  if (later.internals !== context.internals) return sendLater(later);
  const { lifecycle } = later.internals;
  if (lifecycle.sessionOf(token) !== lifecycle.session) throw ofRequest(loggedOut(), later.config);
  return send(later, token, true);
}

/** Somebody may have changed the config meanwhile: it is judged as it goes out (C9). */
function planAgain(context: RequestContext): RequestContext | undefined {
  const later = contextOf(context.config, context.authAdapter);
  return later && { ...later, startedAt: context.startedAt };
}

function send(context: RequestContext, token: Token, late: boolean): Promise<AxiosResponse> {
  const attempt = attemptOf(context, token);
  const sent = { context, token, attempt };
  return sendAttempt(context, { attempt, late }, (answer) => handleResponse(sent, answer));
}

interface Sent {
  readonly context: RequestContext;
  readonly token: Token;
  readonly attempt: Attempt;
}

/** Hands the answer over; a rejection is retried first. */
function handleResponse({ context, token, attempt }: Sent, answer: Answer): AxiosResponse | Promise<AxiosResponse> {
  stripCredentials(attempt, context.authAdapter.route.kind);
  if (rejects(context, attempt, answer))
    return retried(context, token, answer).then((final) => handOver({ context, token, attempt }, final));
  noteAccepted(context, token, answer);
  return handOver({ context, token, attempt }, answer);
}

function handOver({ context, token, attempt }: Sent, answer: Answer): AxiosResponse {
  noteSession(context.config, context.internals.lifecycle.sessionOf(token));
  return deliver(answer, context.config, attempt.mayHoldSockets);
}

/** @throws the request's ConfigurationError when the hook `unauthorized` returns a promise */
function rejects(context: RequestContext, attempt: Attempt, answer: Answer): answer is Rejection {
  try {
    return isRejected(context, attempt, answer);
  } catch (error) {
    throw ofRequest(error, context.config);
  }
}

/** The answer to one resend with a new token, or the rejection as it came (C7, C8). */
async function retried(context: RequestContext, token: Token, rejection: Rejection): Promise<Answer> {
  const { internals, config, url, authAdapter } = context;
  const { lifecycle, observer, clock } = internals;
  const { response } = rejection;
  observer?.({ type: 'unauthorized', at: clock.now(), url: describeUrl(url), status: response.status });
  const session = lifecycle.sessionOf(token);
  if (session !== lifecycle.session) return rejection;
  const route = apiRoute(url, config.method);
  lifecycle.rejected(token, route);
  if (!lifecycle.mayRenew(token, route)) return rejection;
  const body = await bodyAgain(config, authAdapter.raw);
  const challenge = challengeOf(response);
  if (typeof body === 'string') {
    lifecycle.refreshLater({ rejected: token, challenge, route }); // the next request has a better token
    return withSpentNote(context, rejection, body);
  }
  if (!lifecycle.mayRenew(token, route)) return rejection; // another's retry may have failed meanwhile
  discard(response);
  const next = await inSession(() =>
    awaitToken(context, (signal) => lifecycle.get({ rejected: token, session, challenge, route, signal })),
  );
  if (next === undefined) return rejection;
  const later = planAgain(context);
  return later?.internals === internals ? resent(later, next, body) : rejection;
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

async function resent(context: RequestContext, token: Token, body: Body): Promise<Answer> {
  const { lifecycle, observer, clock } = context.internals;
  const at = clock.now();
  const attempt = attemptOf(context, token);
  const answer = await sendAttempt(context, { attempt, late: true, body }, (received) => received);
  stripCredentials(attempt, context.authAdapter.route.kind);
  const status = answer.response?.status;
  const rejected = rejects(context, attempt, answer);
  const event = { at, url: describeUrl(context.url), durationMs: clock.now() - at, rejected };
  observer?.({ type: 'resent', ...event, ...(status !== undefined && { status }) });
  lifecycle.retried(token, apiRoute(context.url, context.config.method), rejected);
  if (rejected) return withFreshTokenNote(answer);
  noteAccepted(context, token, answer);
  return answer;
}

/** Waits within the caller's own limits (C4). */
async function awaitToken(context: RequestContext, ask: (signal: AbortSignal) => Promise<Token>): Promise<Token> {
  const limits = callerLimits(context.config, context.startedAt, context.internals.clock);
  try {
    return await ask(limits.signal);
  } catch (error) {
    throw ofRequest(error, context.config);
  } finally {
    limits.dispose();
  }
}

function noteAccepted({ internals, url, config }: RequestContext, token: Token, { response }: Answer): void {
  if (response && response.status < 400) internals.lifecycle.accepted(token, url, config.method);
}
