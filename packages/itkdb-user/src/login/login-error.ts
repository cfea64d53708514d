// What the login service refuses, and what to do about it.
import { AuthenticationError, isAuthenticationError } from '@axios-authorizer/core';
import { endpointError, parseObject, recordOf, redact } from '@axios-authorizer/core/extend';
import type { AuthErrorCode, AuthErrorOptions } from '@axios-authorizer/core';
import { AxiosHeaders } from 'axios';
import type { AxiosResponse } from 'axios';
import type { EndpointAnswer } from '@axios-authorizer/core/extend';
import { describeErrors, errorMapOf, redactedMap } from '../session/error-map.js';
import type { UuAppErrorMap } from '../session/error-map.js';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    /** The login service refused the access codes: check ITKDB_ACCESS_CODE1 and ITKDB_ACCESS_CODE2. */
    wrong_access_codes: true;
    /** The account asks for a second factor in a browser: turn its access codes on, or use another account. */
    browser_login_required: true;
    /** The login service refused for another reason: see `errorMap`, and check ITKDB_AUTH_URL. */
    login_refused: true;
  }
}

/** What a login may have failed with before or after the service's own answer; the rest is for the program to fix, or a sign-out. */
const OF_LOGINS = new Set<AuthErrorCode>([
  'cooling_down',
  'expired_token',
  'invalid_response',
  'network',
  'source_failed',
  'throttled',
  'timeout',
  'token_endpoint',
]);

/**
 * A login that failed: an `exceptions.ResponseException` too, as the original throws it.
 *
 * @example
 * ```ts
 * const why = error instanceof LoginError ? { kind: error.kind, status: error.status, map: error.errorMap } : undefined;
 * ```
 */
export class LoginError extends AuthenticationError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'LoginError', configurable: true, writable: true });
  }
  /** Of the answer; 0 when none came. */
  readonly status: number;
  /** The error map of the answer, secrets redacted; empty when it has none. */
  readonly errorMap: UuAppErrorMap;
  constructor(message: string, { status, errorMap, ...options }: LoginErrorOptions) {
    super(message, options);
    this.status = status;
    this.errorMap = errorMap;
  }

  /** The answer as far as it may be shown: its status, and the error map as its data. */
  get response(): AxiosResponse<{
    /** The same as `errorMap`. */
    readonly uuAppErrorMap: UuAppErrorMap;
  }> {
    const { status, errorMap } = this;
    const data = { uuAppErrorMap: errorMap };
    return { status, data, statusText: '', headers: {}, config: { headers: new AxiosHeaders() } };
  }

  /** axios sets it on errors that pass through a client. */
  set response(value: unknown) {
    Object.defineProperty(this, 'response', { value, configurable: true, writable: true });
  }
}

/** What a {@link LoginError} is made of; a program that only catches it needs none of this. */
export interface LoginErrorOptions extends AuthErrorOptions {
  /** The HTTP status of the answer; 0 when none came. */
  readonly status: number;
  /** The error map of the answer; {} when it has none. */
  readonly errorMap: UuAppErrorMap;
}

/** The status of what came, which a cool-down's causes name; 0 when nothing did. */
function statusIn(error: unknown): number {
  const { status, cause } = recordOf(error);
  if (typeof status === 'number') return status;
  return cause === undefined ? 0 : statusIn(cause);
}

/** What kept a request or `authenticate()` from a login, as a `LoginError`; anything else as it is. */
export function asLoginError(error: unknown): unknown {
  if (!isAuthenticationError(error) || error instanceof LoginError || !OF_LOGINS.has(error.code)) return error;
  const { code, kind, transient, retryAfterMs, message } = error;
  return new LoginError(message, {
    status: statusIn(error),
    errorMap: {},
    code,
    kind,
    transient,
    retryAfterMs,
    cause: error,
  });
}

/** The account's credentials are not enough; seen with a blank at the end, and as status 500. */
const NEEDS_BROWSER = 'uu-oidc-main/grantToken/unsupportedCredentials';

/** The error that an answer other than a login means. */
export function loginFailure(answer: EndpointAnswer): AuthenticationError {
  const { status, endpoint } = answer;
  const errorMap = redactedMap(errorMapOf(answer.text), (text) => redact(text, answer.secrets));
  const came = { status, errorMap };
  if (NEEDS_BROWSER in errorMap)
    return new LoginError(
      'This account may not log in with access codes: it asks for a second factor in a browser. Turn the access codes on in its profile, or use another account',
      { ...came, code: 'browser_login_required', kind: 'credentials' },
    );
  const isService = Object.keys(errorMap).length > 0;
  if ((status === 401 || status === 403) && isService)
    return new LoginError(
      `The login was refused: ${describeErrors(errorMap)}; check the access codes (ITKDB_ACCESS_CODE1, ITKDB_ACCESS_CODE2)`,
      { ...came, code: 'wrong_access_codes', kind: 'credentials' },
    );
  if (status === 401 || status === 403)
    return new LoginError(
      `${endpoint} answered ${status}, and not in the words of the login service; check that this is it (ITKDB_AUTH_URL)`,
      { ...came, code: 'login_refused', kind: 'credentials' },
    );
  if (status === 200 && !isService)
    return new LoginError(
      `The answer of ${endpoint} (200) holds no login; check that this is the login service (ITKDB_AUTH_URL)`,
      { ...came, code: 'invalid_response', kind: 'unavailable' },
    );
  const { kind, transient, retryAfterMs, message } = endpointError(answer, parseObject(answer.text));
  const told = describeErrors(errorMap);
  const why = told ? `The login failed with ${status}: ${told}` : message;
  const kindOfLogin = kind === 'credentials' ? 'configuration' : kind;
  return new LoginError(why, { ...came, code: 'login_refused', kind: kindOfLogin, transient, retryAfterMs });
}
