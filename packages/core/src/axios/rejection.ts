// What counts as a rejection of the token, and what is said on the 401 that stays.
import type { AxiosResponse } from 'axios';
import type { AuthChallenge } from '../token/challenge.js';
import { changed, clean, ofRequest, withCause } from './response.js';
import type { Answer } from './response.js';
import { AuthenticationError } from '../token/errors/errors.js';
import type { AuthErrorCode, AuthErrorKind } from '../token/errors/errors.js';
import { stripCredentials } from './context/attempt.js';
import { recordOf, asString } from '../internal/records.js';
import { parseUrl } from '../request/allow-list.js';
import { challengeIn } from '../request/challenges.js';
import { FRESH_TOKEN_REJECTED } from '../request/retry.js';
import { emitNotice } from '../request/skipped.js';
import type { RequestContext, Sending } from './context/request-context.js';
import { isUnauthorized } from './unauthorized.js';
import type { Unauthorized } from './unauthorized.js';

/** An answer that rejects the token. */
export interface Rejection {
  readonly answer: Answer;
  readonly response: AxiosResponse;
  /** The challenge that says what is wrong, or else the first one. */
  readonly challenge: AuthChallenge | undefined;
}

/**
 * Judges an answer. The copy carries no credentials from now on; whoever took the token is noted.
 * @returns undefined unless it rejects the token
 * @throws the request's ConfigurationError when the hook `unauthorized` returns a promise
 */
export function judge(sending: Sending, answer: Answer): Rejection | undefined {
  stripCredentials(sending);
  const { context, token, isAllowed } = sending;
  const { internals, attachment, url, copy } = context;
  const { response } = answer;
  if (response === undefined) return undefined;
  const isAsked = isAllowed && (response.status === 401 || attachment.unauthorized !== undefined);
  const rejection = isAsked ? rejectionIn(context, answer, response) : undefined;
  if (!rejection && response.status < 400) internals.lifecycle.rejections.accepted(token, url, copy.method);
  return rejection;
}

/** A 401 is one, unless a challenge says that a new token would not help; or what the hook says. */
function rejectionIn(context: RequestContext, answer: Answer, response: AxiosResponse): Rejection | undefined {
  const { unauthorized } = context.attachment;
  if (!isOfAllowed(context, response)) return undefined;
  if (unauthorized && !saysHook(context, unauthorized, { ...answer, response })) return undefined;
  const { challenge, isHopeless } = challengeIn(response.headers);
  return !unauthorized && isHopeless ? undefined : { answer, response, challenge };
}

/** XMLHttpRequest follows redirects unasked. */
export function isOfAllowed({ attachment }: RequestContext, response: AxiosResponse): boolean {
  const endedAt = asString(recordOf(response.request)['responseURL']);
  const url = endedAt === undefined ? undefined : parseUrl(endedAt);
  return url === undefined || attachment.allowList.allows(url);
}

function saysHook(
  { config, internals }: RequestContext,
  hook: Unauthorized,
  answer: Answer & { readonly response: AxiosResponse },
): boolean {
  const shown = { ...answer, response: changed(answer.response, clean, config) }; // the hook may print it
  try {
    return isUnauthorized(hook, shown, (message) => emitNotice(internals, message));
  } catch (error) {
    throw ofRequest(error, config);
  }
}

/** The rejection with why it was not retried. */
export function withSpentNote({ internals }: RequestContext, rejection: Answer, spent: string): Answer {
  const message = `Not sent again: ${spent}`;
  emitNotice(internals, message);
  return withNote(rejection, message, { code: 'body_spent', kind: 'configuration' });
}

/** The rejection of the retry: what is wrong is not the age of the token (C8). */
export function withFreshTokenNote(rejection: Answer): Answer {
  return withNote(rejection, FRESH_TOKEN_REJECTED, { code: 'rejected_again', kind: 'unavailable' });
}

function withNote(
  rejection: Answer,
  message: string,
  why: { readonly code: AuthErrorCode; readonly kind: AuthErrorKind },
): Answer {
  const { error, response } = rejection;
  return error === undefined ? rejection : { error: withCause(error, new AuthenticationError(message, why)), response };
}
