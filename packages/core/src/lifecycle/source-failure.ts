// What a user's own source threw, read as our own endpoints' failures are: who has to do what about it (C5).
import {
  AuthenticationError,
  ConfigurationError,
  isAuthenticationError,
  redactedError,
} from '../token/errors/errors.js';
import type { AuthErrorKind, AuthErrorOptions } from '../token/errors/errors.js';
import { adviceOn, answerIn, codeOf, networkFailureOf, unreadBody } from '../internal/client-error.js';
import type { HttpAnswer } from '../internal/client-error.js';
import { recordOf, asString } from '../internal/records.js';
import { secretsOfToken } from '../token/secrets.js';
import type { AnySource } from '../token/source.js';
import type { Token } from '../token/token.js';
import { adviceFor, isTransient, kindOf, retryAfterMs } from '../token/errors/oauth-error.js';

/** What the source was asked to do when it threw. */
type Asked = 'refresh' | 'authorize';

interface Question {
  /** Default: "authorize". */
  readonly asked?: Asked | undefined;
  /** In ms since the epoch, for a Retry-After that is a date. Default: the system's clock. */
  readonly now?: number | undefined;
}

/** Any failure as one of ours. @param secrets what was in play, and must stand neither in its words nor in those of its cause */
export function asAuthenticationError(error: unknown, secrets?: readonly string[]): AuthenticationError {
  return redacted(sourceFailure(error), secrets);
}

/** As the source judges. @throws AuthenticationError where it cannot, without the token in its words */
export function isExpiredBy<T extends Token>(source: AnySource<T>, token: T, now: number): boolean {
  try {
    return source.expired?.(token, new Date(now)) === true;
  } catch (error) {
    throw asAuthenticationError(error, secretsOfToken(token));
  }
}

/** The same of what a source threw, after the body of a fetch Response in `error` was read, where nobody has read it. */
export async function readSourceFailure(
  error: unknown,
  { secrets, ...question }: Question & { readonly secrets: readonly string[] },
): Promise<AuthenticationError> {
  const body = isAuthenticationError(error) ? undefined : await unreadBody(error);
  return redacted(sourceFailure(error, question, body), secrets);
}

function redacted(failure: AuthenticationError, secrets: readonly string[] | undefined): AuthenticationError {
  const shown = secrets ? redactedError(failure, secrets) : failure;
  return isAuthenticationError(shown) ? shown : failure;
}

/**
 * Any failure as one of ours; one of ours stays as it is. An HTTP answer is read by RFC 6749 section 5.2, a fault of the
 * network is transient, a certificate or an impossible request is `configuration`, everything else one try and `unavailable`.
 */
function sourceFailure(error: unknown, question: Question = {}, body?: unknown): AuthenticationError {
  if (isAuthenticationError(error)) return error;
  const said = asString(error) ?? asString(recordOf(error)['message']);
  const message = `The token source failed${said === undefined ? '' : `: ${said}`}`;
  const answer = answerIn(error, body);
  if (answer !== undefined && (answer.status >= 300 || answer.error !== undefined))
    return answered(message, answer, { ...question, cause: error });
  const failure = networkFailureOf(error);
  if (failure === 'network')
    return failed(message, { code: 'network', kind: 'unavailable', transient: true, cause: error });
  if (failure === undefined) return failed(message, { kind: 'unavailable', cause: error });
  const code = codeOf(error);
  return new ConfigurationError(`${message}${code === undefined ? '' : ` (${code})`}; ${adviceOn(failure)}`, {
    cause: error,
  });
}

function answered(
  message: string,
  answer: HttpAnswer,
  { asked, now, cause }: Question & { readonly cause: unknown },
): AuthenticationError {
  const { status, error, retryAfter } = answer;
  const grantType = asked === 'refresh' ? 'refresh_token' : '';
  const kind = kindOfAnswer(answer, grantType);
  const word = error === undefined || message.includes(error) ? '' : ` ${error}`;
  return failed(`${message} (${status}${word})${adviceFor(kind, 'refresh_token')}`, {
    code: status === 429 ? 'throttled' : 'source_failed',
    kind,
    transient: isTransient(answer),
    retryAfterMs: retryAfterMs(retryAfter, now ?? Date.now()),
    cause,
  });
}

/** As of our own endpoints; but what has no `error` may not come from an authorization server at all. */
function kindOfAnswer(answer: HttpAnswer, grantType: string): AuthErrorKind {
  const { status, error, isBrowser } = answer;
  if (error !== undefined || isTransient(answer)) return kindOf(answer, grantType);
  if (isBrowser || status === 403) return 'unavailable';
  if (status === 400 || status === 401) return grantType === '' ? 'credentials' : 'session';
  return kindOf(answer, grantType);
}

function failed(
  message: string,
  options: Omit<AuthErrorOptions, 'code'> & Partial<AuthErrorOptions>,
): AuthenticationError {
  return new AuthenticationError(message, { code: 'source_failed', ...options });
}
