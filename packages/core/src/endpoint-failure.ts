// Turns an answer that grants nothing into an error that says what to do (RFC 6749 section 5.2), without what was sent.
import type { EndpointAnswer } from './bare-client.js';
import type { AuthErrorKind } from './errors.js';
import { TokenEndpointError } from './token-endpoint-error.js';
import { textOf } from './members.js';
import { withoutSecrets } from './sent-secrets.js';

const TRANSIENT_STATUSES = new Set([408, 425, 429]);
const TRANSIENT_ERRORS = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
/** Of these grants a refusal says that a session is over, or that its code is spent, expired or declined (RFC 8628 section 3.5). */
const SESSION_ERRORS: ReadonlyMap<string, readonly string[]> = new Map([
  ['refresh_token', ['invalid_grant']],
  ['authorization_code', ['invalid_grant']],
  [DEVICE_CODE, ['invalid_grant', 'expired_token', 'access_denied']],
]);
const CREDENTIAL_ERRORS = new Set(['invalid_client', 'unauthorized_client', 'access_denied']);
/** A page sees 0 in place of a redirect (Fetch standard, section 4.4). */
const HIDDEN_REDIRECT = 0;
const MISDIRECTED = new Set([HIDDEN_REDIRECT, 301, 302, 303, 307, 308, 404, 405, 410]);
const LONGEST_TEXT = 300;

/**
 * An error answer, or an answer of any status without a grant in it.
 * @param members the JSON object of the answer, when it is one
 * @param body what was asked, for the grant type
 */
export function endpointFailure(
  answer: EndpointAnswer,
  members: Readonly<Record<string, unknown>> | undefined,
  body: URLSearchParams = new URLSearchParams(),
): TokenEndpointError {
  const error = shown(members?.['error'], answer);
  const errorDescription = shown(members?.['error_description'], answer);
  const errorUri = shown(members?.['error_uri'], answer);
  const { status } = answer;
  const transient = isTransient(status, error);
  const kind = transient ? 'unavailable' : kindOf(status, error, body);
  const said = [error, errorDescription].filter((part) => part !== undefined).join(': ');
  const advice = MISDIRECTED.has(status) ? '; check that this is the right URL' : adviceFor(kind, body);
  const did = status === HIDDEN_REDIRECT ? 'redirects' : `answered ${status}`;
  return new TokenEndpointError(`${answer.endpoint} ${did}${said && ` ${said}`}${advice}`, {
    code: 'token_endpoint',
    kind,
    transient,
    status,
    error,
    errorDescription,
    errorUri,
    grantType: textOf(body.get('grant_type')),
    serverDate: dateOf(answer),
    retryAfterMs: retryAfterMs(answer),
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

/** Retry-After in ms, from seconds or a date (RFC 9110 section 10.2.3); nonsense and the past are undefined. */
function retryAfterMs({ headers, receivedAt }: Pick<EndpointAnswer, 'headers' | 'receivedAt'>): number | undefined {
  const header = textOf(headers['retry-after'])?.trim();
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : dateMs(header) - receivedAt;
  return ms >= 0 && ms < Infinity ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

const LONGEST_RETRY_AFTER_MS = 3_600_000;
/** An HTTP-date begins with a day's name; `Date.parse` alone would take "-5" for a year. */
const HTTP_DATE = /^[A-Z][a-z]+,? /;

function dateMs(header: string): number {
  return HTTP_DATE.test(header) ? Date.parse(header.replace(/( GMT)?$/, ' GMT')) : NaN;
}

function isTransient(status: number, error: string | undefined): boolean {
  return status >= 500 || TRANSIENT_STATUSES.has(status) || TRANSIENT_ERRORS.has(error ?? '');
}

function kindOf(status: number, error: string | undefined, body: URLSearchParams): AuthErrorKind {
  const grantType = body.get('grant_type') ?? '';
  if (SESSION_ERRORS.get(grantType)?.includes(error ?? '')) return 'session';
  if (error === 'invalid_grant') return 'credentials';
  if (CREDENTIAL_ERRORS.has(error ?? '') || (error === undefined && (status === 401 || status === 403)))
    return 'credentials';
  return 'configuration';
}

function adviceFor(kind: AuthErrorKind, body: URLSearchParams): string {
  if (kind === 'credentials') return '; check the credentials, they are not tried again by themselves for a while';
  if (kind === 'session' && body.get('grant_type') !== 'refresh_token')
    return '; its code is spent, expired or declined: begin the sign-in again';
  if (kind === 'session') return '; the session is over, log in again';
  return kind === 'configuration' ? '; the request must be mended' : '';
}

/** The server's time when it answered: `Date` plus what the answer spent in caches (RFC 9111 section 5.1); NaN without. */
export function serverTimeMs({ headers }: Pick<EndpointAnswer, 'headers'>): number {
  const age = textOf(headers['age'])?.trim() ?? '';
  const ageS = /^\d+$/.test(age) ? Number(age) : 0;
  return dateMs(String(headers['date'])) + (ageS <= LONGEST_AGE_S ? ageS * 1000 : 0);
}

/** Nothing is kept for longer than a year: what says more is nonsense, and no clock is corrected by it. */
const LONGEST_AGE_S = 366 * 24 * 3600;

/** What a Date can hold (ECMA-262). */
const LATEST_MS = 8.64e15;

function dateOf(answer: EndpointAnswer): Date | undefined {
  const ms = serverTimeMs(answer);
  return Math.abs(ms) <= LATEST_MS ? new Date(ms) : undefined;
}

/** A server's words, short, on one line, and without what was sent to it. */
export function shown(value: unknown, { secrets }: EndpointAnswer): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const clean = withoutSecrets(value, secrets);
  // oxlint-disable-next-line no-control-regex -- that is what is taken out
  return clean.replace(/[\u0000-\u001f\u007f]+/g, ' ').slice(0, LONGEST_TEXT);
}
