// axios-retry sends a request anew later, when another person may have signed in. It hands on only what it finds in its own
// part of the config, so the session is noted there, as text, for as long as it means to try again (C17).
import type { InternalAxiosRequestConfig } from 'axios';
import type { Authorizer } from '../../authorizer.js';
import { internalsOf } from '../../authorizer/internals.js';
import { asString, isObject, recordOf } from '../../internal/records.js';
import type { Session } from '../../lifecycle/session.js';

const RETRY = 'axios-retry';
const NOTE = 'axios-authorizer session';

/** What axios-retry had been told to ask, by what asks it now. */
const conditions = new WeakMap<object, (error: unknown) => unknown>();

/**
 * Has the session noted on a request if axios-retry will send it again, whatever fails it, be it above the adapter: its own
 * condition, asked once and by it, says so. The last error carries no note, so that an application's own replay after a new
 * login is sent.
 */
export function noteSession(config: InternalAxiosRequestConfig, session: Session | undefined): void {
  const { [RETRY]: state } = recordOf(config);
  if (!isObject(state) || !session) return;
  const condition = conditionOf(state);
  if (!condition) return;
  const noting = (error: unknown): unknown => {
    const verdict = condition(error);
    const { [RETRY]: current } = recordOf(recordOf(error)['config']);
    if (!isObject(current)) return verdict;
    Reflect.set(current, 'retryCondition', conditionOf(current));
    if (!isThenable(verdict)) return note(current, session, verdict);
    return noteLater(current, session, verdict);
  };
  conditions.set(noting, condition);
  Reflect.set(state, 'retryCondition', noting);
}

function conditionOf({ retryCondition }: Readonly<Record<string, unknown>>): ((error: unknown) => unknown) | undefined {
  return isCondition(retryCondition) ? (conditions.get(retryCondition) ?? retryCondition) : undefined;
}

function isCondition(value: unknown): value is (error: unknown) => unknown {
  return typeof value === 'function';
}

function note(state: object, { id }: Session, verdict: unknown): unknown {
  if (verdict) Reflect.set(state, NOTE, id);
  return verdict;
}

/** axios-retry takes all but false for a yes. */
async function noteLater(state: object, session: Session, verdict: unknown): Promise<unknown> {
  const answer = await verdict;
  note(state, session, answer !== false);
  return answer;
}

function isThenable(value: unknown): boolean {
  return typeof recordOf(value)['then'] === 'function';
}

/** The id of the session that was noted, which is taken off; undefined for a request that is no retry. */
export function takeNotedSession(config: InternalAxiosRequestConfig): string | undefined {
  const noted = notedSession(config);
  if (noted !== undefined) Reflect.deleteProperty(recordOf(recordOf(config)[RETRY]), NOTE);
  return noted;
}

function notedSession(config: InternalAxiosRequestConfig): string | undefined {
  return asString(recordOf(recordOf(config)[RETRY])[NOTE]);
}

/**
 * In which session a request begins: what a cache must know before it answers with what it kept for somebody. A text that two
 * sign-ins never share and refreshes keep; undefined while nobody is signed in.
 * @param config of the request, whose session is that of its first attempt when axios-retry sends it again
 * @throws ConfigurationError when `authorizer` is no Authorizer
 * @example
 * ```ts
 * const begun = sessionOf(authorizer);
 * const isSame = sessionOf(authorizer) === begun; // false after a logout, and after another's login
 * ```
 */
export function sessionOf(authorizer: Authorizer, config?: InternalAxiosRequestConfig): string | undefined {
  const { openSession } = internalsOf(authorizer).lifecycle;
  return (config && notedSession(config)) ?? openSession?.id;
}
