// The adapter that our request interceptor puts under a request: it judges where the request really goes, waits for a token
// if it must, sends a copy that carries it, retries a 401 once with a new token, and returns an answer that knows nothing of all this.
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { callerLimits } from './context/deadline.js';
import { changed, clean, cleanedError, discard, ofRequest, shownConfig } from './response.js';
import type { Answer } from './response.js';
import { loggedOut } from '../token/errors/lifecycle-errors.js';
import { passUntouched } from './not-allowed.js';
import { bodyAgain } from './request-body.js';
import type { Body } from './request-body.js';
import { judge, withFreshTokenNote, withSpentNote } from './rejection.js';
import type { Rejection } from './rejection.js';
import { renewal, retried as noteRetried } from '../request/retry.js';
import type { Sent } from '../request/retry.js';
import { withoutSent } from '../request/sent-secrets.js';
import { emitSkipped } from '../request/skipped.js';
import { noteSession } from './context/retried-session.js';
import { startSending } from './send-attempt.js';
import type { TokenDemand } from '../lifecycle/single-flight.js';
import type { Token } from '../token/token.js';
import { assertSession, contextOf, sendingOf } from './context/request-context.js';
import type { AuthAdapter, RequestContext, Sending } from './context/request-context.js';

/** The transport itself: synchronous up to the inner adapter while a live token is held (C14). */
export function authorised(config: InternalAxiosRequestConfig, authAdapter: AuthAdapter): Promise<AxiosResponse> {
  try {
    const context = contextOf(config, authAdapter);
    if (context === undefined) return passUntouched(config, authAdapter);
    const isOfSession = assertSession(context);
    const token = context.internals.lifecycle.ready();
    return token ? startSending(sendingOf(context, token), handleResponse) : sendLater(context, isOfSession);
  } catch (error) {
    return Promise.reject(ofRequest(error, config));
  }
}

/** @param isOfSession whether the request began in a session */
async function sendLater(context: RequestContext, isOfSession: boolean): Promise<AxiosResponse> {
  if (!isOfSession && (await isAnonymous(context))) return sendAnonymously(context);
  const token = await awaitToken(context);
  const later = judgedAgain(context);
  if (later === undefined) return passUntouched(context.config, context.authAdapter);
  if (later.internals !== context.internals) return sendLater(later, isOfSession);
  const { lifecycle } = later.internals;
  if (lifecycle.sessionOf(token) !== lifecycle.session) throw ofRequest(loggedOut(), later.config);
  return startSending(sendingOf(later, token), handleResponse, { isLate: true });
}

/** Whether it goes out without a token, since nobody is signed in (C18). */
async function isAnonymous(context: RequestContext): Promise<boolean> {
  if (context.attachment.signedOut !== 'anonymous') return false;
  return !(await waiting(context, (signal) => context.internals.lifecycle.signedIn(signal)));
}

function sendAnonymously({ config, authAdapter, internals, url }: RequestContext): Promise<AxiosResponse> {
  emitSkipped(internals, url, 'signed_out');
  return passUntouched(config, authAdapter);
}

/** Somebody may have changed the config meanwhile: it is judged as it goes out (C9). */
function judgedAgain({ config, authAdapter, startedAt }: RequestContext): RequestContext | undefined {
  return contextOf(config, authAdapter, startedAt);
}

/** Hands the answer over; a rejection is retried first. */
function handleResponse(sending: Sending, answer: Answer): AxiosResponse | Promise<AxiosResponse> {
  const rejection = judge(sending, answer);
  return rejection ? retried(sending, rejection).then((final) => handOver(sending, final)) : handOver(sending, answer);
}

/** @throws the error that the answer is */
function handOver({ context, token, headers }: Sending, answer: Answer): AxiosResponse {
  const { config, copy, internals, mayHoldSockets } = context;
  if (copy['axios-retry']) noteSession(config, internals.lifecycle.sessionOf(token));
  const shown = mayHoldSockets || copy.data !== undefined ? shownConfig(config) : config;
  if ('error' in answer) throw cleanedError(withoutSent(answer.error, headers), shown);
  return changed(answer.response, clean, shown);
}

/** The answer to one resend with a new token, or the rejection as it came (C7, C8). */
async function retried(sending: Sending, { answer, response, challenge }: Rejection): Promise<Answer> {
  const { context } = sending;
  const { internals, config, authAdapter } = context;
  const next = await renewal(
    sentBy(sending),
    { status: response.status, challenge },
    {
      bodyAgain: () => bodyAgain(config, authAdapter.raw),
      discard: () => discard(response),
      awaitToken: (demand) => awaitToken(context, demand),
    },
  );
  if (next === undefined) return answer;
  if ('spent' in next) return withSpentNote(context, answer, next.spent);
  const later = judgedAgain(context);
  return later?.internals === internals ? resent(sendingOf(later, next.token), next.body) : answer;
}

function sentBy({ context: { internals, url, config }, token }: Sending): Sent {
  return { internals, token, url, method: config.method };
}

async function resent(sending: Sending, body: Body): Promise<Answer> {
  const at = sending.context.internals.clock.now();
  const answer = await startSending(sending, asItCame, { isLate: true, body });
  const rejected = judge(sending, answer) !== undefined;
  noteRetried(sentBy(sending), { at, status: answer.response?.status, rejected });
  return rejected ? withFreshTokenNote(answer) : answer;
}

function asItCame(_sending: Sending, answer: Answer): Answer {
  return answer;
}

function awaitToken(context: RequestContext, demand?: TokenDemand<Token>): Promise<Token> {
  return waiting(context, (signal) => context.internals.lifecycle.get({ ...demand, signal }));
}

/** Waits within the caller's own limits (C4). */
async function waiting<R>(
  { config, startedAt, internals }: RequestContext,
  wait: (signal: AbortSignal) => Promise<R>,
): Promise<R> {
  const limits = callerLimits(config, startedAt, internals.clock);
  try {
    return await wait(limits.signal);
  } catch (error) {
    throw ofRequest(error, config);
  } finally {
    limits.dispose();
  }
}
