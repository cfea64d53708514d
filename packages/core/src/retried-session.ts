// axios-retry sends a request anew later, when another person may have signed in. It hands on only what it finds in its own
// part of the config, so the session is noted there, as text, for as long as it means to try again (C17).
import { isCancel } from 'axios';
import type { InternalAxiosRequestConfig } from 'axios';
import { isObject, membersOf } from './members.js';
import { isPassing } from './oauth-error.js';
import type { Session } from './session.js';

const RETRY = 'axios-retry';
const NOTE = 'axios-authorizer session';
const DEFAULT_RETRIES = 3;

/** Notes the session on a failed request that axios-retry will send again. */
export function noteSession(config: InternalAxiosRequestConfig, error: unknown, session: Session | undefined): void {
  const { [RETRY]: state } = membersOf(config);
  if (isObject(state) && session && willRetry(state, error)) Reflect.set(state, NOTE, session.id);
}

/** The id of the session that was noted, which is taken off; undefined for a request that is no retry. */
export function takeNotedSession(config: InternalAxiosRequestConfig): string | undefined {
  const { [RETRY]: state } = membersOf(config);
  if (!isObject(state) || typeof state[NOTE] !== 'string') return undefined;
  const noted = state[NOTE];
  Reflect.deleteProperty(state, NOTE);
  return noted;
}

function willRetry(state: Readonly<Record<string, unknown>>, error: unknown): boolean {
  const { retryCount = 0, retries = DEFAULT_RETRIES, retryCondition } = state;
  if (!(Number(retryCount) < Number(retries)) || isCancel(error)) return false;
  return isTransient(membersOf(error)) || isWanted(retryCondition, error);
}

function isTransient({ code, response }: Readonly<Record<string, unknown>>): boolean {
  if (code === 'ECONNABORTED') return false;
  return response === undefined || isPassing(Number(membersOf(response)['status']));
}

/** Whether the user's own condition says so; one that takes its time may. */
function isWanted(condition: unknown, error: unknown): boolean {
  try {
    return typeof condition === 'function' && Boolean(Reflect.apply(condition, undefined, [error]));
  } catch {
    return false;
  }
}
