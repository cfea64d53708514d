// Turns an answer that grants nothing into an error that says what to do (RFC 6749 section 5.2), without what was sent.
import type { EndpointAnswer } from './http.js';
import type { AuthErrorKind } from '../token/errors/errors.js';
import { TokenEndpointError } from '../token/errors/token-endpoint-error.js';
import { oneLine } from '../internal/one-line.js';
import { asString } from '../internal/records.js';
import {
  adviceFor,
  httpDateMs,
  isTransient,
  kindOf,
  REGISTERED_CODE,
  retryAfterMs,
} from '../token/errors/oauth-error.js';
import { withoutSecrets } from '../token/secrets.js';

/** A page sees 0 in place of a redirect (Fetch standard, section 4.4). */
const HIDDEN_REDIRECT = 0;
const MISDIRECTED = new Set([HIDDEN_REDIRECT, 301, 302, 303, 307, 308, 404, 405, 410]);

/**
 * An error answer, or an answer of any status without a grant in it.
 * @param members the JSON object of the answer, when it is one
 * @param body what was asked, for the grant type
 *
 * @example
 * ```ts
 * const answer = await sendForm({ url: tokenUrl, body: 'grant_type=urn:example:voucher' });
 * if (answer.status !== 200) throw endpointError(answer, parseObject(answer.text));
 * ```
 */
export function endpointError(
  answer: EndpointAnswer,
  members: Readonly<Record<string, unknown>> | undefined,
  body: URLSearchParams = new URLSearchParams(),
): TokenEndpointError {
  const error = shown(members?.['error'], answer);
  const errorDescription = shown(members?.['error_description'], answer);
  const errorUri = shown(members?.['error_uri'], answer);
  const { status } = answer;
  const transient = isTransient({ status, error });
  const grantType = asString(body.get('grant_type'));
  const kind = kindOf({ status, error }, grantType);
  const said = [error, errorDescription].filter((part) => part !== undefined).join(': ');
  const advice = MISDIRECTED.has(status) ? '; check that this is the right URL' : adviceFor(kind, grantType);
  const did = status === HIDDEN_REDIRECT ? 'redirects' : `answered ${status}`;
  return new TokenEndpointError(`${answer.endpoint} ${did}${said && ` ${said}`}${advice}`, {
    code: 'token_endpoint',
    kind,
    transient,
    status,
    error,
    errorDescription,
    errorUri,
    grantType,
    serverDate: dateOf(answer),
    retryAfterMs: retryAfterMs(answer.headers['retry-after'], answer.receivedAt),
  });
}

/** A successful status whose body is no token answer. */
export function malformed(
  answer: EndpointAnswer,
  how: string,
  kind: AuthErrorKind = 'unavailable',
): TokenEndpointError {
  const { status, endpoint } = answer;
  return new TokenEndpointError(`The answer of ${endpoint} (${status}) ${how}; check that this is the token endpoint`, {
    code: 'invalid_response',
    kind,
    status,
    serverDate: dateOf(answer),
  });
}

/** The server's time when it answered: `Date` plus what the answer spent in caches (RFC 9111 section 5.1); NaN without. */
export function serverTimeMs({ headers }: Pick<EndpointAnswer, 'headers'>): number {
  const age = asString(headers['age'])?.trim() ?? '';
  const ageS = /^\d+$/.test(age) ? Number(age) : 0;
  return httpDateMs(String(headers['date'])) + (ageS <= LONGEST_AGE_S ? ageS * 1000 : 0);
}

/** Nothing is kept for longer than a year: what says more is nonsense, and no clock is corrected by it. */
const LONGEST_AGE_S = 366 * 24 * 3600;

/** What a Date can hold (ECMA-262). */
const LATEST_MS = 8.64e15;

function dateOf(answer: EndpointAnswer): Date | undefined {
  const ms = serverTimeMs(answer);
  return Math.abs(ms) <= LATEST_MS ? new Date(ms) : undefined;
}

/** A server's words, short, on one line, and without what was sent to it; a registered code is nobody's secret. */
export function shown(value: unknown, { secrets }: EndpointAnswer): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  if (REGISTERED_CODE.test(value)) return value;
  return oneLine(withoutSecrets(value, secrets));
}
