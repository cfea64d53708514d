// What keeps a person from being signed in: a callback that is not of this sign-in, a refusal, an id token of another.
import { AuthenticationError, nameOf } from '../../token/errors/errors.js';
import type { AuthErrorCode, AuthErrorKind, AuthErrorOptions } from '../../token/errors/errors.js';
import { printable } from '../../internal/printable.js';
import { omitUndefined } from '../../internal/records.js';
import { isTransientCode } from '../../token/errors/oauth-error.js';

/** What a {@link SignInError} is made of, for those who write a sign-in. */
export interface SignInErrorOptions extends AuthErrorOptions {
  /** `error` of the answer (RFC 6749 section 4.1.2.1). Default: it has none. */
  readonly error?: string | undefined;
  /** `error_description` of the answer, less control characters. Default: it has none. */
  readonly errorDescription?: string | undefined;
}

/**
 * A sign-in of a person that came to nothing. Its `code`: `sign_in_refused` (the server says why in `error`), `callback_invalid`,
 * `state_mismatch`, `issuer_mismatch`, `id_token_refused`. It starts no cool-down.
 *
 * @example
 * ```ts
 * if (error instanceof SignInError && error.kind === 'session') location.assign('/login'); // begin again
 * ```
 */
export class SignInError extends AuthenticationError {
  static {
    nameOf(this, 'SignInError');
  }
  /** `error` of RFC 6749 section 4.1.2.1, OpenID Connect Core section 3.1.2.6 or RFC 8628 section 3.5, as the server wrote it. */
  declare readonly error?: string;
  /** Its `error_description`, on one line, at most 300 characters; absent when the server gave none. */
  declare readonly errorDescription?: string;

  constructor(message: string, { error, errorDescription, ...options }: SignInErrorOptions) {
    super(message, options);
    Object.assign(this, omitUndefined({ error, errorDescription }));
  }
}

/** Of kind `session`: begin the sign-in again. */
export function beginAgain(code: AuthErrorCode, why: string, cause?: unknown): SignInError {
  return new SignInError(`${why}; begin the sign-in again`, { code, kind: 'session', cause });
}

/** A mix-up attack (RFC 9207 section 1), or an option that is wrong. */
export function mixedUp(why: string): SignInError {
  return new SignInError(`${why}; the code is not handed in`, { code: 'issuer_mismatch', kind: 'configuration' });
}

/** RFC 6749 section 4.1.2.1 and OpenID Connect Core section 3.1.2.6: only the person can say otherwise. */
const OF_PERSON = /^(?:access_denied|(?:login|interaction|consent|account_selection)_required)$/;

/**
 * What an error in a callback means (RFC 6749 section 4.1.2.1).
 * @param kind default: by the code
 */
export function refusedCallback(error: string, said: string | undefined, kind?: AuthErrorKind): SignInError {
  const [code, description] = [printable(error), printable(said ?? '')];
  const transient = isTransientCode(code);
  const options = { code: 'sign_in_refused', error: code, errorDescription: description || undefined } as const;
  return new SignInError(`The sign-in was answered with ${code}${description && `: ${description}`}`, {
    ...options,
    kind: kind ?? kindOfRefusal(code),
    transient,
  });
}

function kindOfRefusal(code: string): AuthErrorKind {
  if (isTransientCode(code)) return 'unavailable';
  return OF_PERSON.test(code) ? 'session' : 'configuration';
}
