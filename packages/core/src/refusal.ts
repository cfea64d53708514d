// What counts as a refusal of the token, and what a refusal says.
import type { AxiosResponse } from 'axios';
import { headerName } from './axios-config.js';
import { bearerChallenge } from './challenge.js';
import type { AuthChallenge } from './challenge.js';
import type { Answer } from './clean-answers.js';
import { withCause } from './error-cause.js';
import { AuthenticationError } from './errors.js';
import type { Journey } from './journey.js';
import { membersOf, textOf } from './members.js';
import { parseUrl } from './request-scope.js';
import type { Attachment, Trip } from './trip.js';

export type Refusal = Answer & { readonly response: AxiosResponse };

export function isRefused({ attachment }: Trip, { inScope }: Journey, answer: Answer): answer is Refusal {
  const { response } = answer;
  return response !== undefined && inScope && attachment.refused(response) && endedInScope(attachment, response);
}

/** Only XMLHttpRequest follows redirects without asking; it tells where it ended. */
function endedInScope({ scope }: Attachment, { request }: { readonly request?: unknown }): boolean {
  const responseUrl = textOf(membersOf(request)['responseURL']);
  const url = responseUrl === undefined ? undefined : parseUrl(responseUrl);
  return url === undefined || scope.allows(url);
}

/** 401 means refused, unless the Bearer challenge says that the token is good but not for this (RFC 6750 section 3.1). */
export function refusedByDefault(response: AxiosResponse): boolean {
  return response.status === 401 && challengeOf(response)?.parameters['error'] !== 'insufficient_scope';
}

export function challengeOf({ headers }: AxiosResponse): AuthChallenge | undefined {
  const name = headerName(membersOf(headers), 'WWW-Authenticate');
  return name === undefined ? undefined : bearerChallenge(textOf(membersOf(headers)[name]));
}

/** Says on the 401's error why it was not healed. */
export function withNote({ engine }: Trip, refusal: Answer, spent: string): Answer {
  const message = `Not sent again: ${spent}`;
  engine.observer?.({ type: 'notice', at: engine.clock.now(), message });
  const { error, response } = refusal;
  const reason = new AuthenticationError(message, { code: 'body_spent', kind: 'configuration' });
  return error === undefined ? refusal : { error: withCause(error, reason), response };
}
