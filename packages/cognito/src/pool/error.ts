// What Cognito's exceptions mean. Every one of them is HTTP 400, so the name decides; the words only tell a lockout from a
// wrong password, and a client's wrong secret from a refresh token that is over, which have one name.
import { AuthenticationError } from '@axios-authorizer/core';
import type { AuthErrorCode, AuthErrorKind } from '@axios-authorizer/core';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    /**
     * The challenge was answered too late (its session lives for about 3 minutes) or twice: begin the sign-in again.
     */
    challenge_expired: true;
    /** The pool asks for more than the password: give `onChallenge`, or answer `error.challenge`. */
    challenge_required: true;
    /** The pool answered with an exception that has no code of its own: see `exception` and `said`. */
    cognito: true;
    /** The new password breaks the pool's rules: ask for another; `said` names the rule. */
    invalid_new_password: true;
    /** The pool refuses the user for a while, after too many attempts: wait, or let the user reset the password. */
    locked_out: true;
    /** An administrator has reset the password: the user must set a new one first. */
    password_reset_required: true;
    /** The refresh token is expired, revoked or spent, or its user is gone: sign in again. */
    session_over: true;
    /** `onChallenge` threw, as the person gave up: sign in when the person wants to; the error of the hook is the `cause` of the cause. */
    sign_in_cancelled: true;
    /** The pool sent values that no honest server sends, so nothing was proved to it: check `endpoint`. */
    srp_refused: true;
    /** The pool, or an emulator of it, does not know this operation: update the emulator, or turn off what needs it. */
    unsupported_operation: true;
    /** The user has not confirmed the registration yet: let them enter the code that the pool sent. */
    user_not_confirmed: true;
    /** The code is wrong or has expired: ask for it again. */
    wrong_code: true;
    /** The user name or the password is wrong, or the app client's secret: ask again. */
    wrong_credentials: true;
  }
}

/** What a {@link CognitoError} is made of; a program that only catches it needs none of this. */
export interface CognitoErrorOptions {
  /** What failed, such as "wrong_credentials". */
  readonly code: AuthErrorCode;
  /** What to do about it. */
  readonly kind: AuthErrorKind;
  /** Whether the same call may succeed a little later. Default: false. */
  readonly transient?: boolean;
  /** The exception's name, such as "NotAuthorizedException". */
  readonly exception: string;
  /** What was asked, such as "InitiateAuth". */
  readonly operation: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** The pool's own words. Default: "". */
  readonly said?: string;
}

/**
 * An exception of the user pool.
 *
 * @example
 * ```ts
 * const isRefused = error instanceof CognitoError && error.exception === 'NotAuthorizedException'; // kind 'credentials'
 * ```
 */
export class CognitoError extends AuthenticationError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'CognitoError', configurable: true, writable: true });
  }
  /** The name of the exception, such as "NotAuthorizedException". */
  readonly exception: string;
  /** What was asked, such as "InitiateAuth". */
  readonly operation: string;
  /** The HTTP status; 400 for nearly all exceptions. */
  readonly status: number;
  /** The pool's own words, for a person: why a password or a code was refused, what a Lambda trigger says. */
  readonly said: string;

  constructor(message: string, { exception, operation, status, said = '', ...options }: CognitoErrorOptions) {
    super(message, options);
    this.exception = exception;
    this.operation = operation;
    this.status = status;
    this.said = said;
  }
}

/** What is being done when an exception comes: the same name means other things. */
export type Purpose = 'sign-in' | 'challenge' | 'refresh' | 'other';

type Meaning = readonly [code: AuthErrorCode, kind: AuthErrorKind, transient?: boolean];

const THROTTLED: Meaning = ['throttled', 'unavailable', true];
const ANY_TIME: Readonly<Record<string, Meaning>> = {
  TooManyRequestsException: THROTTLED,
  ThrottlingException: THROTTLED,
  RequestLimitExceeded: THROTTLED,
  InternalErrorException: ['cognito', 'unavailable', true],
  InternalFailure: ['cognito', 'unavailable', true],
  ServiceUnavailable: ['cognito', 'unavailable', true],
  LimitExceededException: ['locked_out', 'credentials'],
  CodeMismatchException: ['wrong_code', 'credentials'],
  EnableSoftwareTokenMFAException: ['wrong_code', 'credentials'],
  ExpiredCodeException: ['wrong_code', 'credentials'],
  InvalidPasswordException: ['invalid_new_password', 'credentials'],
  PasswordHistoryPolicyViolationException: ['invalid_new_password', 'credentials'],
  UserLambdaValidationException: ['cognito', 'credentials'],
  UnexpectedLambdaException: ['cognito', 'unavailable'],
};
const SIGN_IN: Readonly<Record<string, Meaning>> = {
  NotAuthorizedException: ['wrong_credentials', 'credentials'],
  UserNotFoundException: ['wrong_credentials', 'credentials'],
  PasswordResetRequiredException: ['password_reset_required', 'credentials'],
  UserNotConfirmedException: ['user_not_confirmed', 'credentials'],
};
const OVER: Meaning = ['session_over', 'session'];
/** The six after which a refresh token is worth nothing (amplify-js clears its tokens on the same). */
const REFRESH: Readonly<Record<string, Meaning>> = {
  NotAuthorizedException: OVER,
  TokenRevokedException: OVER,
  UserNotFoundException: OVER,
  PasswordResetRequiredException: OVER,
  UserNotConfirmedException: OVER,
  RefreshTokenReuseException: OVER,
};
const BY_PURPOSE: Readonly<Record<Purpose, Readonly<Record<string, Meaning>>>> = {
  'sign-in': SIGN_IN,
  challenge: { ...SIGN_IN, NotAuthorizedException: ['challenge_expired', 'credentials'] },
  refresh: REFRESH,
  other: SIGN_IN,
};
/** An emulator, or an older pool, that does not know an operation says so in one of these words. */
const UNSUPPORTED =
  /^(?:Unknown|Unsupported|Invalid)(?:Operation|Action)|NotImplemented|Unsupported|UnrecognizedOperation/i;
const LOCKED_OUT = /attempts exceeded/i;
const WRONG_CLIENT: Meaning = ['wrong_credentials', 'credentials'];

const ADVICE: Partial<Record<AuthErrorCode, string>> = {
  wrong_credentials: 'check username, password and client secret; it is not tried again by itself for a while',
  locked_out: 'the account is locked for a while, and each further try prolongs that',
  challenge_expired: 'it took too long or was answered wrongly too often; begin again',
  session_over: 'the session is over, sign in again',
  invalid_new_password: "choose one that keeps the pool's rules for passwords",
  wrong_code: 'the code is wrong or has expired; ask for it again',
  user_not_confirmed: 'the user must confirm the account first',
  password_reset_required: 'the password must be reset first',
};

/** Stands for the name of an answer that is none of Cognito's: a page of a proxy or a hotel. */
export const NO_EXCEPTION = 'no exception of Cognito';

/** The error that an exception means. @param said its message, less what was sent */
export function cognitoError(
  { exception, said, status }: { readonly exception: string; readonly said: string; readonly status: number },
  operation: string,
  purpose: Purpose,
): CognitoError {
  const [code, kind, transient = false] = meaningOf(exception, said, { status, purpose, operation });
  const advice = ADVICE[code] === undefined ? '' : `; ${ADVICE[code]}`;
  const message = `${operation} was answered with ${exception} (${status})${said && `: ${said}`}${advice}`;
  return new CognitoError(message, { code, kind, transient, exception, operation, status, said });
}

/** "Device does not exist.": it was forgotten on the other side. */
export function isUnknownDevice(exception: unknown, said: unknown): boolean {
  return exception === 'ResourceNotFoundException' && /(?:^|: )Device /.test(String(said));
}

/**
 * "Unable to verify secret hash for client …": the client is refused, not what it presented, which is good still. Where it sends a
 * hash that is over the user's name, which may be wrong instead, this says less.
 */
function isOfClient(exception: string, said: string): boolean {
  return exception === 'NotAuthorizedException' && /\bsecret ?(?:hash)?\b/i.test(said);
}

function meaningOf(
  exception: string,
  said: string,
  { status, purpose, operation }: { readonly status: number; readonly purpose: Purpose; readonly operation: string },
): Meaning {
  if (exception === 'NotAuthorizedException' && LOCKED_OUT.test(said)) return ['locked_out', 'credentials'];
  if (operation === 'GetTokensFromRefreshToken' && isOfClient(exception, said)) return WRONG_CLIENT;
  if (status === 501 || UNSUPPORTED.test(exception)) return ['unsupported_operation', 'configuration'];
  if (purpose === 'refresh' && isUnknownDevice(exception, said)) return OVER;
  const known = [ANY_TIME, BY_PURPOSE[purpose]].find((table) => Object.hasOwn(table, exception))?.[exception];
  if (known !== undefined) return known;
  if (exception === NO_EXCEPTION) return ['invalid_response', 'unavailable', status >= 500 || status === 429];
  return status >= 500 || status === 429 ? ['cognito', 'unavailable', true] : ['cognito', 'configuration'];
}
