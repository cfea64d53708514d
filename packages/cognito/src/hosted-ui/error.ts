// What keeps a browser that comes back from being signed in.
import { AuthenticationError } from '@axios-authorizer/core';
import { oneLine } from '@axios-authorizer/core/extend';
import type { AuthErrorCode, AuthErrorKind } from '@axios-authorizer/core';

declare module '@axios-authorizer/core' {
  interface AuthErrorCodes {
    /** This callback was handed in before, and its code is good once; begin the sign-in again. */
    callback_used: true;
    /** The pool refused the sign-in: do what `error` and `errorDescription` say, then begin the sign-in again. */
    callback_refused: true;
    /** The browser came back, but no sign-in that was begun here is kept; begin the sign-in again. */
    no_pending_sign_in: true;
    /** The browser came back later than `signInTimeoutMs` after the sign-in was begun; begin it again. */
    sign_in_expired: true;
  }
}

/** What a {@link HostedUiError} is made of; a program that only catches it needs none of this. */
export interface HostedUiErrorOptions {
  /** What failed: one of the eight codes of {@link HostedUiError}. */
  readonly code: AuthErrorCode;
  /** What to do about it, such as `session`: begin the sign-in again. */
  readonly kind: AuthErrorKind;
  /** Whether the same sign-in may succeed a little later. Default: false. */
  readonly transient?: boolean;
  /** `error` of the callback (RFC 6749 section 4.1.2.1). Default: none, where the pool did not say. */
  readonly error?: string | undefined;
  /** `error_description` of the callback, less control characters. Default: none. */
  readonly errorDescription?: string | undefined;
}

/**
 * A sign-in at the hosted UI that came to nothing. Its `code`: `callback_refused` (the pool says why in `error`),
 * `callback_invalid`, `callback_used`, `no_pending_sign_in`, `sign_in_expired`, `state_mismatch`, `issuer_mismatch`,
 * `id_token_refused`.
 * @example
 * ```ts
 * if (error instanceof HostedUiError && error.kind === 'session') location.assign('/login');
 * ```
 */
export class HostedUiError extends AuthenticationError {
  static {
    Object.defineProperty(this.prototype, 'name', { value: 'HostedUiError', configurable: true, writable: true });
  }
  /** `error` of RFC 6749 section 4.1.2.1 or OpenID Connect Core section 3.1.2.6, as it stood in the callback. */
  declare readonly error?: string;
  /** Its `error_description`, less control characters. */
  declare readonly errorDescription?: string;

  constructor(message: string, { error, errorDescription, ...options }: HostedUiErrorOptions) {
    super(message, options);
    if (error !== undefined) Object.assign(this, { error });
    if (errorDescription !== undefined) Object.assign(this, { errorDescription });
  }
}

/** Of kind `session`: begin the sign-in again. */
export function beginAgain(code: AuthErrorCode, why: string): HostedUiError {
  return new HostedUiError(`${why}; begin the sign-in again`, { code, kind: 'session' });
}

/** A mix-up attack (RFC 9207 section 1), or an option that is wrong. */
export function mixedUp(why: string): HostedUiError {
  return new HostedUiError(`${why}; the code is not handed in`, { code: 'issuer_mismatch', kind: 'configuration' });
}

const PASSING = /^(?:temporarily_unavailable|server_error)$/;
const OF_PERSON = /^(?:access_denied|(?:login|interaction|consent|account_selection)_required)$/;
/** How Cognito passes on what a Lambda trigger of the pool refused. */
const OF_TRIGGER = /failed with error/i;

/** What an error in the callback means (RFC 6749 section 4.1.2.1). */
export function refusedCallback(error: string, said: string | null): HostedUiError {
  const [code, description] = [oneLine(error), oneLine(said ?? '')];
  const transient = PASSING.test(code);
  const message = `The hosted UI answered ${code}${description && `: ${description}`}`;
  const options = { code: 'callback_refused', error: code, errorDescription: description || undefined } as const;
  return new HostedUiError(message, { ...options, kind: kindOf(code, description), transient });
}

function kindOf(code: string, description: string): AuthErrorKind {
  if (PASSING.test(code)) return 'unavailable';
  if (OF_PERSON.test(code)) return 'session';
  return OF_TRIGGER.test(description) ? 'credentials' : 'configuration';
}
