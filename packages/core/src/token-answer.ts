// Checks what a source handed back, before anybody sees it.
import { AuthenticationError, ConfigurationError } from './errors.js';
import { membersOf } from './members.js';
import type { TokenDeadlines } from './token-age.js';
import { assertHeaderToken, isHeaderToken } from './token.js';
import type { Token } from './token.js';
import type { AnySource } from './token-source.js';

/**
 * The answer as a token, stamped with the time at which it was asked for.
 * @throws ConfigurationError for a token that cannot be sent, or an end that is no date
 */
export function usableToken<T extends Token>(source: AnySource<T>, answer: T | string, sentAt: number): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a bare string is the least token there is
  const given = (typeof answer === 'string' ? { accessToken: answer } : answer) as T;
  assertHeaderToken(given?.accessToken, 'The access token');
  if (source.bearer) assertHeaderToken(source.bearer(given), 'The bearer token');
  if (!isDateOrAbsent(given.expiresAt))
    throw new ConfigurationError('The token source handed back an `expiresAt` that is no valid date');
  return given.issuedAt ? given : { ...given, issuedAt: new Date(sentAt) };
}

/** @throws AuthenticationError `expired_token`; a token of no life at all is good for one use (`"expires_in": 0`) */
export function assertUnexpired<T extends Token>(
  source: AnySource<T>,
  { token, deadlines }: { readonly token: T; readonly deadlines: TokenDeadlines },
  now: number,
): void {
  if (token.issuedAt && deadlines.endsAt === token.issuedAt.getTime()) return;
  if (!(source.expired?.(token, new Date(now)) ?? now >= deadlines.expiredAt)) return;
  const ends = token.expiresAt?.toISOString() ?? 'at an unknown time';
  throw new AuthenticationError(
    `The token source handed back a token that is already expired, or inside the leeway (it ends ${ends}); check the clock, or lower leewayMs`,
    { code: 'expired_token', kind: 'unavailable' },
  );
}

/** Whether a stored value can be worked with: a token that can be sent, or a refresh token alone; dates must be dates. */
export function isStoredToken(value: Token): boolean {
  const { accessToken, refreshToken, expiresAt, issuedAt } = value;
  const sendable = isHeaderToken(accessToken) || (accessToken === '' && typeof refreshToken === 'string');
  return sendable && [expiresAt, issuedAt].every(isDateOrAbsent);
}

function isDateOrAbsent(value: unknown): boolean {
  return value === undefined || !Number.isNaN(dateMs(value));
}

/** A date of any realm in ms; NaN for what is none. */
function dateMs(value: unknown): number {
  const { getTime } = membersOf(value);
  return typeof getTime === 'function' ? Number(Reflect.apply(getTime, value, [])) : NaN;
}
