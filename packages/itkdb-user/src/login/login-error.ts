// What the login service refuses, and what to do about it.
import { AuthenticationError } from '@axios-authorizer/core';
import { endpointError, parseObject, redact } from '@axios-authorizer/core/extend';
import type { EndpointAnswer } from '@axios-authorizer/core/extend';
import { describeErrors, errorMapOf, redactedMap } from '../session/error-map.js';
import type { UuAppErrorMap } from '../session/error-map.js';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    wrong_access_codes: true;
    browser_login_required: true;
    id_token_refused: true;
    login_refused: true;
  }
}

/** A login that failed. */
export class LoginError extends AuthenticationError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'LoginError', configurable: true, writable: true });
  }
  readonly status: number;
  readonly errorMap: UuAppErrorMap;

  constructor(
    message: string,
    {
      status,
      errorMap,
      ...options
    }: { readonly status: number; readonly errorMap: UuAppErrorMap } & ConstructorParameters<
      typeof AuthenticationError
    >[1],
  ) {
    super(message, options);
    this.status = status;
    this.errorMap = errorMap;
  }
}

/** The account's credentials are not enough; seen with a blank at the end, and as status 500. */
const NEEDS_BROWSER = 'uu-oidc-main/grantToken/unsupportedCredentials';

/** The error that an answer other than a login means. */
export function loginFailure(answer: EndpointAnswer): AuthenticationError {
  const { status, endpoint } = answer;
  const errorMap = redactedMap(errorMapOf(answer.text), (text) => redact(text, answer.secrets));
  if (NEEDS_BROWSER in errorMap)
    return new LoginError(
      'This account may not log in with access codes: it asks for a second factor in a browser. Turn the access codes on in its profile, or use another account',
      { status, errorMap, code: 'browser_login_required', kind: 'credentials' },
    );
  if (status === 401 || status === 403)
    return new LoginError(
      `The login was refused: ${describeErrors(errorMap) || status}; check the access codes (ITKDB_ACCESS_CODE1, ITKDB_ACCESS_CODE2)`,
      { status, errorMap, code: 'wrong_access_codes', kind: 'credentials' },
    );
  if (status === 200 && Object.keys(errorMap).length === 0)
    return new LoginError(
      `The answer of ${endpoint} (200) holds no login; check that this is the login service (ITKDB_AUTH_URL)`,
      { status, errorMap, code: 'invalid_response', kind: 'unavailable' },
    );
  const { kind, transient, retryAfterMs, message } = endpointError(answer, parseObject(answer.text));
  const told = describeErrors(errorMap);
  const why = told ? `The login failed with ${status}: ${told}` : message;
  const kindOfLogin = kind === 'credentials' ? 'configuration' : kind;
  return new LoginError(why, { status, errorMap, code: 'login_refused', kind: kindOfLogin, transient, retryAfterMs });
}
