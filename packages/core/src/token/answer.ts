// Checks what a source returned, before anybody sees it.
import { AuthenticationError, ConfigurationError } from './errors/errors.js';
import { isObject, recordOf } from '../internal/records.js';
import type { TokenDeadlines } from './validity.js';
import { readToken } from './reading.js';
import { assertHeaderToken } from './token.js';
import type { Token } from './token.js';
import type { AnySource } from './source.js';

/**
 * The answer as a token, stamped with the time at which it was asked for.
 * @throws ConfigurationError for a token that cannot be sent, a date that is none, an expiry under another name
 */
export function usableToken<T extends Token>(source: AnySource<T>, answer: T | string, sentAt: number): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a bare string is the least token there is
  const answered = (typeof answer === 'string' ? { accessToken: answer } : answer) as T;
  assertShape(answered);
  const given = readToken(answered, 'What the token source returned');
  if (source.bearer) assertHeaderToken(source.bearer(given), 'The bearer token');
  return given.issuedAt ? given : { ...given, issuedAt: new Date(sentAt) };
}

function assertShape(given: unknown): void {
  const { accessToken } = recordOf(given);
  if (typeof accessToken !== 'string' || (isObject(given) && !Object.hasOwn(given, 'accessToken')))
    throw new ConfigurationError(
      `The token source returned ${shapeOf(given)}; a token is a string, or plain data: { accessToken, expiresAt? }`,
    );
}

/** What a value is, without saying what it holds. */
function shapeOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (!isObject(value)) return `a ${typeof value}`;
  const names = Object.keys(value).join(', ');
  return `an object without \`accessToken\`${names && ` (it has ${names})`}`;
}

/** @throws AuthenticationError `expired_token`; a token of no life at all is good for one use (`"expires_in": 0`) */
export function assertUnexpired<T extends Token>(
  source: AnySource<T>,
  { token, deadlines }: { readonly token: T; readonly deadlines: TokenDeadlines },
  now: number,
): void {
  if (token.issuedAt && deadlines.expiresAt === token.issuedAt.getTime()) return;
  if (!(source.expired?.(token, new Date(now)) ?? now >= deadlines.expiringAt)) return;
  const ends = token.expiresAt?.toISOString() ?? 'at an unknown time';
  throw new AuthenticationError(
    `The token source returned a token that is already expired, or inside the leeway (it ends ${ends}); check the clock, or lower leewayMs`,
    { code: 'expired_token', kind: 'unavailable' },
  );
}

/** @throws AuthenticationError `expired_token` for a token that has expired and brings nothing to renew it */
export function assertUsableLater({ expiresAt, refreshToken }: Token, now: number): void {
  if (expiresAt === undefined || expiresAt.getTime() > now || refreshToken !== undefined) return;
  throw new AuthenticationError(
    `The token that was given has expired (at ${expiresAt.toISOString()}) and has no refresh token; check the clock, or sign in again`,
    { code: 'expired_token', kind: 'session' },
  );
}
