// What counts as a rejection of the token, and what is said on the 401 that stays.
import type { AxiosResponse } from 'axios';
import { parseChallenges } from '../token/challenge.js';
import type { AuthChallenge } from '../token/challenge.js';
import { changed, clean, ofRequest, withCause } from './response.js';
import type { Answer } from './response.js';
import { AuthenticationError } from '../token/errors/errors.js';
import type { AuthErrorCode, AuthErrorKind } from '../token/errors/errors.js';
import { stripCredentials } from './context/attempt.js';
import { headerValue, recordOf, asString } from '../internal/records.js';
import { parseUrl } from '../request/allow-list.js';
import type { Attachment, RequestContext, Sending } from './context/request-context.js';
import { isUnauthorized } from './unauthorized.js';
import type { Unauthorized } from './unauthorized.js';

export type Rejection = Answer & { readonly response: AxiosResponse };

/**
 * Whether an answer rejects the token. The copy carries no credentials from now on; whoever took the token is noted.
 * @throws the request's ConfigurationError when the hook `unauthorized` returns a promise
 */
export function judge(sending: Sending, answer: Answer): answer is Rejection {
  stripCredentials(sending);
  const { context, token, isAllowed } = sending;
  const { internals, attachment, url, copy } = context;
  const { response } = answer;
  if (response === undefined) return false;
  const isAsked = isAllowed && (response.status === 401 || attachment.unauthorized !== undefined);
  if (isAsked && endedInScope(attachment, response) && isRejection(context, answer)) return true;
  if (response.status < 400) internals.lifecycle.accepted(token, url, copy.method);
  return false;
}

function isRejection(context: RequestContext, answer: Answer): boolean {
  const { unauthorized } = context.attachment;
  if (unauthorized) return saysHook(context, unauthorized, answer);
  return answer.response !== undefined && rejectsToken(answer.response);
}

function saysHook({ config, internals }: RequestContext, hook: Unauthorized, answer: Answer): boolean {
  const { response } = answer;
  if (response === undefined) return false;
  const shown = { ...answer, response: changed(response, clean, config) }; // the hook may print it
  try {
    return isUnauthorized(hook, shown, (message) => notice(internals, message));
  } catch (error) {
    throw ofRequest(error, config);
  }
}

function notice({ observer, clock }: RequestContext['internals'], message: string): void {
  observer?.({ type: 'notice', at: clock.now(), message });
}

/** Only XMLHttpRequest follows redirects without asking; it tells where it ended. */
function endedInScope({ allowList }: Attachment, { request }: { readonly request?: unknown }): boolean {
  const responseUrl = asString(recordOf(request)['responseURL']);
  const url = responseUrl === undefined ? undefined : parseUrl(responseUrl);
  return url === undefined || allowList.allows(url);
}

/** The token is good, but not for this (RFC 6750 section 3.1, RFC 9470 section 3): another one would be as good. */
const INSUFFICIENT = /^insufficient_(?:scope|user_authentication)$/;
/** It is the proof beside the token that is wrong (RFC 9449 sections 7.1 and 9). */
const ABOUT_PROOF = /^(?:invalid_dpop_proof|use_dpop_nonce)$/;

/** A 401 does, unless a challenge says that a new token would not help. */
function rejectsToken(response: AxiosResponse): boolean {
  const errors = challengesOf(response).flatMap(({ parameters: { error } }) => error || []);
  return !INSUFFICIENT.test(errors[0] ?? '') && !errors.some((error) => ABOUT_PROOF.test(error));
}

/** The challenge that says what is wrong, or else the first one. */
export function challengeOf(response: AxiosResponse): AuthChallenge | undefined {
  const challenges = challengesOf(response);
  return challenges.find(({ parameters: { error } }) => error) ?? challenges[0];
}

/** Those for a token: Bearer and DPoP. An adapter of the caller's own may hand over a list, or the `Headers` of fetch. */
function challengesOf({ headers }: AxiosResponse): readonly AuthChallenge[] {
  const lines = [headerValue(headers, 'www-authenticate')].flat().filter((line) => typeof line === 'string');
  return parseChallenges(lines).filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop');
}

/** The rejection with why it was not retried. */
export function withSpentNote({ internals }: RequestContext, rejection: Answer, spent: string): Answer {
  const message = `Not sent again: ${spent}`;
  notice(internals, message);
  return withNote(rejection, message, { code: 'body_spent', kind: 'configuration' });
}

/** The rejection of the retry: what is wrong is not the age of the token (C8). */
export function withFreshTokenNote(rejection: Answer): Answer {
  const message =
    'A fresh token was rejected as well: check that the tokens of this source are meant for this API (audience, issuer, scopes)';
  return withNote(rejection, message, { code: 'rejected_again', kind: 'unavailable' });
}

function withNote(
  rejection: Answer,
  message: string,
  why: { readonly code: AuthErrorCode; readonly kind: AuthErrorKind },
): Answer {
  const { error, response } = rejection;
  return error === undefined ? rejection : { error: withCause(error, new AuthenticationError(message, why)), response };
}
