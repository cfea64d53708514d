// Writes what an authorizer tells as lines for people: what happened, why, and what it means for the request.
import { ConfigurationError } from './errors/errors.js';
import type { AuthErrorKind } from './errors/errors.js';
import { recordOf } from '../internal/records.js';
import type { AuthEvent, Observer, RefreshReason, SkipReason } from './observer.js';

/**
 * An observer that writes one line an event, for a console or any logger: what happened, why, how long it took. A line holds no
 * secret, no query string and no line break; its words may change with any release, the events are for programs.
 * @param print gets each line, such as `console.log` or `(line) => logger.debug(line)`
 * @throws ConfigurationError when `print` is no function
 * @example
 * ```ts
 * const authorizer = new Authorizer(source, { observer: logObserver(console.log) });
 * // auth: #1 asking for a token, since none is held
 * // auth: #1 got a token in 84 ms, good until 2026-11-28T21:00:00.000Z
 * // auth: https://api.example.org/public got no token: `authorizer: false`
 * ```
 */
export function logObserver(print: (line: string) => void): Observer {
  if (typeof print !== 'function')
    throw new ConfigurationError('logObserver needs the function that prints a line: logObserver(console.log)');
  return (event) => print(`auth: ${lineOf(event)}`.replace(/[\p{Cc}\s]+/gu, ' '));
}

/** What is not known here yet is named, so that nothing is lost. */
function lineOf(event: AuthEvent): string {
  switch (event.type) {
    case 'acquiring':
    case 'acquired':
    case 'failed':
    case 'waited':
      return `#${event.id} ${acquisitionLine(event)}`;
    case 'unauthorized':
      return `${event.url} rejected the token (${event.status})`;
    case 'resent':
      return `${event.url} was asked again with a new token: ${outcomeOf(event)} after ${took(event)}`;
    case 'skipped':
      return `${event.url || 'a request'} got no token: ${SKIPPED[event.reason] ?? event.reason}`;
    case 'store':
      return `the store ${event.failure === undefined ? 'answered' : 'failed'} (${event.action}) after ${took(event)}${because(event.failure)}`;
    case 'notice':
      return event.message;
  }
  return String(recordOf(event)['type']);
}

type Event<T extends AuthEvent['type']> = Extract<AuthEvent, { readonly type: T }>;

function acquisitionLine(event: Event<'acquiring' | 'acquired' | 'failed' | 'waited'>): string {
  if (event.type === 'acquiring') return `asking for a token, since ${REASONS[event.reason] ?? event.reason}`;
  if (event.type === 'waited') return `a caller waited ${took(event)}`;
  if (event.type === 'failed') return `no token after ${took(event)}: ${event.code}; ${CURES[event.kind]}`;
  const got = event.adopted ? 'took the token that another had stored' : 'got a token';
  const scope = event.scope === undefined ? '' : `, scope "${event.scope}"`;
  const until = event.expiresAt ? `good until ${event.expiresAt.toISOString()}` : 'good until it is rejected';
  return `${got} in ${took(event)}, ${until}${scope}`;
}

function outcomeOf({ status, rejected }: Event<'resent'>): string {
  if (status === undefined) return 'no answer';
  return rejected ? `rejected again (${status})` : `${status}`;
}

function took({ durationMs }: { readonly durationMs: number }): string {
  return `${Math.round(durationMs)} ms`;
}

function because(failure: string | undefined): string {
  return failure === undefined ? '' : `: ${failure}`;
}

const REASONS: Readonly<Partial<Record<string, string>>> & Record<RefreshReason, string> = {
  missing: 'none is held',
  stale: 'the held one expires soon; it stays in use meanwhile',
  expiring: 'the held one expires',
  unauthorized: 'the held one was rejected',
  forced: 'a new one was asked for',
  step_up: 'an API asks for more than the held one is good for',
};

const SKIPPED: Readonly<Partial<Record<string, string>>> & Record<SkipReason, string> = {
  not_allowed: 'the URL is not in `allow`',
  excepted: 'the URL is in `except`',
  own_authorization: 'the request has an Authorization header of its own',
  basic_auth: 'the request has `auth` of its own',
  opted_out: '`authorizer: false`',
  signed_out: 'nobody is signed in',
};

const CURES: Record<AuthErrorKind, string> = {
  credentials: 'check the credentials',
  session: 'somebody has to sign in',
  unavailable: 'try again later',
  configuration: 'the program has to be fixed',
};
