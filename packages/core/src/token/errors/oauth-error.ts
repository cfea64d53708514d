// What an answer that grants nothing means (RFC 6749 section 5.2), whoever asked: our own client or a user's source.
import type { AuthErrorKind } from './errors.js';

export interface ErrorAnswer {
  readonly status: number;
  /** `error` of RFC 6749 section 5.2. */
  readonly error: string | undefined;
}

/** Statuses that a wait may cure (RFC 9110 section 15, RFC 6585, RFC 8470). */
export function isPassing(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

const TRANSIENT_ERROR = /^(?:temporarily_unavailable|server_error|slow_down)$/;
const CREDENTIAL_ERROR = /^(?:invalid_client|unauthorized_client|access_denied)$/;

/** Of RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009, RFC 8628, RFC 8707, RFC 9449 and RFC 9470; what is decided by them must stay. */
export const REGISTERED_CODE: RegExp =
  /^(?:temporarily_unavailable|server_error|slow_down|access_denied|authorization_pending|expired_token|use_dpop_nonce|insufficient_user_authentication|un(?:authorized_client|supported_(?:grant_type|response_type|token_type))|invalid_(?:client|request|grant|scope|target|dpop_proof))$/;

/** Whether the same request may succeed by itself a little later. */
export function isTransient({ status, error }: ErrorAnswer): boolean {
  return isPassing(status) || isTransientCode(error ?? '');
}

/** The same of an `error` that came without a status, as in a callback. */
export function isTransientCode(error: string): boolean {
  return TRANSIENT_ERROR.test(error);
}

const REFRESH = 'refresh_token';
/** Of these grants a refusal says that a session is over, or that its code is spent, expired or declined (RFC 8628 section 3.5). */
const OF_SESSION =
  /^(?:(?:refresh_token|authorization_code) invalid_grant|urn:ietf:params:oauth:grant-type:device_code (?:invalid_grant|expired_token|access_denied))$/;

/** What to do about it. @param grantType what was presented */
export function kindOf(answer: ErrorAnswer, grantType = ''): AuthErrorKind {
  const { status, error = '' } = answer;
  if (isTransient(answer)) return 'unavailable';
  if (OF_SESSION.test(`${grantType} ${error}`)) return 'session';
  if (error === 'invalid_grant' || CREDENTIAL_ERROR.test(error)) return 'credentials';
  return error === '' && (status === 401 || status === 403) ? 'credentials' : 'configuration';
}

/** What a message says about it, after the facts. */
export function adviceFor(kind: AuthErrorKind, grantType = ''): string {
  if (kind === 'credentials') return '; check the credentials, they are not tried again by themselves for a while';
  if (kind === 'session')
    return grantType === REFRESH
      ? '; the session is over, log in again'
      : '; its code is spent, expired or declined: begin the sign-in again';
  return kind === 'configuration' ? '; the request must be fixed' : '';
}

const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Retry-After in ms, from seconds or a date (RFC 9110 section 10.2.3); nonsense and the past are undefined. */
export function retryAfterMs(header: unknown, receivedAt: number): number | undefined {
  const text = typeof header === 'string' ? header.trim() : '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : httpDateMs(text) - receivedAt;
  return ms >= 0 && ms < Infinity ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** An HTTP-date begins with a day's name; `Date.parse` alone would take "-5" for a year. */
const HTTP_DATE = /^[A-Z][a-z]+,? /;

/** An HTTP-date in ms since the epoch; NaN for what is none. */
export function httpDateMs(header: string): number {
  return HTTP_DATE.test(header) ? Date.parse(header.replace(/( GMT)?$/, ' GMT')) : NaN;
}
