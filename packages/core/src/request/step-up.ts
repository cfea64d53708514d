// What follows when an API wants more than a token is good for, for axios requests and fetch alike (C26, RFC 9470).
import { headerValue, recordOf } from '../internal/records.js';
import type { AuthChallenge } from '../token/challenge.js';
import { describeUrl } from './allow-list.js';
import { challengeIn, isInsufficient } from './challenges.js';
import type { Renewal, Sent } from './retry.js';

/** What an API wants of the next token, in the words of its challenge. */
export interface StepUpChallenge {
  /** The token has not the scopes (RFC 6750 section 3.1), or the person has not signed in strongly or recently enough (RFC 9470). */
  readonly error: 'insufficient_scope' | 'insufficient_user_authentication';
  /** The scopes that the request needs, blank-separated; absent when the API did not say. */
  readonly scope?: string;
  /** `acr_values`: in which ways the person may sign in, blank-separated, the best first. Default: in any. */
  readonly acrValues?: string;
  /** `max_age`: for how long the person may have been signed in, in seconds. Default: for any time. */
  readonly maxAge?: number;
  /** What the API says about it, for developers; unverified text of a server. */
  readonly description?: string;
}

/**
 * What an API wants of the next token, where that is why it answered 401 or 403.
 * @param from the error of axios, an answer of axios or fetch, or its headers
 * @returns undefined for everything else. Never throws
 * @example
 * ```ts
 * const challenge = stepUpChallenge(error);
 * if (challenge) location.href = `/login?acr_values=${encodeURIComponent(challenge.acrValues ?? '')}`;
 * ```
 */
export function stepUpChallenge(from: unknown): StepUpChallenge | undefined {
  try {
    return read(from);
  } catch {
    return undefined; // a getter of somebody else's
  }
}

function read(from: unknown): StepUpChallenge | undefined {
  const answer: unknown = recordOf(from)['response'] ?? from;
  const { status, headers } = recordOf(answer);
  const challenge = stepUpIn(typeof status === 'number' ? status : 401, headers ?? answer);
  if (challenge === undefined) return undefined;
  const { error, scope, acr_values: acrValues, max_age: maxAge, error_description: description } = challenge.parameters;
  return {
    error: error === 'insufficient_scope' ? error : 'insufficient_user_authentication',
    ...(scope && { scope }),
    ...(acrValues && { acrValues }),
    ...(/^\d{1,10}$/.test(maxAge ?? '') && { maxAge: Number(maxAge) }),
    ...(description && { description }),
  };
}

/** The challenge that says so. */
export function stepUpIn(status: number, headers: unknown): AuthChallenge | undefined {
  if ((status !== 401 && status !== 403) || headerValue(headers, 'www-authenticate') === undefined) return undefined;
  const { challenge } = challengeIn(headers);
  return challenge && isInsufficient(challenge) ? challenge : undefined;
}

/** What only the sender of the request can do. */
interface StepUpSender<B extends object> {
  /** The body for the retry, or in words why it is spent. */
  readonly bodyAgain: () => Promise<B | string>;
  /** Waits within the limits of the caller. */
  readonly waiting: <R>(wait: (signal: AbortSignal | undefined) => Promise<R>) => Promise<R>;
}

/** What to send again and with which token; undefined where the caller gets the answer as it came. @throws `another_identity` */
export async function steppedUp<B extends object>(
  { internals: { lifecycle }, token }: Sent,
  challenge: AuthChallenge,
  { bodyAgain, waiting }: StepUpSender<B>,
): Promise<Renewal<B>> {
  const body = await bodyAgain();
  if (typeof body === 'string') return { spent: body };
  const next = await waiting((signal) => lifecycle.stepUps.ask({ token, challenge, signal }));
  return next && { token: next, body };
}

/** Notes what became of the retry that began at `at`. @param answer undefined when there is none */
export function afterStepUp(
  { internals: { lifecycle, observer, clock }, url }: Sent,
  at: number,
  answer: { readonly status: number; readonly headers: unknown } | undefined,
): void {
  const still = answer && stepUpIn(answer.status, answer.headers);
  if (still) lifecycle.stepUps.didNotHelp(still);
  else if (answer) lifecycle.stepUps.helped();
  const event = { at, url: describeUrl(url), durationMs: clock.now() - at, rejected: still !== undefined };
  observer?.({ type: 'resent', ...event, ...(answer && { status: answer.status }) });
}
