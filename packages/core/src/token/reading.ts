// A token that comes in from outside, from a source, a store or the program itself: its dates are read, and what would make
// it live for ever, or nobody could send, is found before anybody uses it.
import { assertNoControls } from './credential-text.js';
import { AuthenticationError, ConfigurationError } from './errors/errors.js';
import { isDateOrAbsent, isObject, recordOf, asString } from '../internal/records.js';
import { assertHeaderToken, isHeaderToken } from './token.js';
import type { AnySource } from './source.js';
import type { Token } from './token.js';
import type { TokenDeadlines } from './validity.js';

/** ISO 8601 as JSON writes dates: complete, with a zone. Anything less is read in another way by each runtime. */
const INSTANT = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const DATES = ['expiresAt', 'issuedAt'] as const;

/** Lifetimes and ends under the names of others. */
const UNREAD_EXPIRY = /^(?:expiresIn|expires_in|expires_at|expiry_date)$/;

/**
 * The token with its dates as dates.
 * @param what says where it comes from, for messages; begins a sentence
 * @throws ConfigurationError for a token that cannot be sent, a date that is none, an expiry under another name
 *
 * @example
 * ```ts
 * const token = readToken({ accessToken: 'from-my-vault', expiresAt: new Date(Date.now() + 60_000) }, 'vaultSource');
 * ```
 */
export function readToken<T extends Token>(value: T, what: string): T {
  assertHeaderToken(value.accessToken, `${what}: \`accessToken\``);
  return readMembers(value, what);
}

/** What the program begins with: a token, or a refresh token alone. @throws ConfigurationError as `readToken` does */
export function readInitialToken<T extends Token>(
  initial: T | { readonly refreshToken: string } | undefined,
): T | { readonly refreshToken: string } | undefined {
  if (initial === undefined) return undefined;
  const { accessToken, refreshToken } = recordOf(initial);
  if (accessToken === undefined && asString(refreshToken) === undefined)
    throw new ConfigurationError('`initialToken` is neither { accessToken, … } nor { refreshToken }');
  if (accessToken !== undefined) assertHeaderToken(accessToken, '`initialToken.accessToken`');
  return readMembers(initial, '`initialToken`');
}

/** What a store holds, when it can be worked with: a token that can be sent, or a refresh token alone. */
export function storedToken<T extends Token>(value: T): T | undefined {
  const { accessToken, refreshToken } = value;
  const isSendable = isHeaderToken(accessToken) || (accessToken === '' && typeof refreshToken === 'string');
  if (!isSendable) return undefined;
  try {
    return readMembers(value, 'What the store holds');
  } catch {
    return undefined;
  }
}

function readMembers<T extends object>(value: T, what: string): T {
  const token = withDates(value);
  const members = recordOf(token);
  for (const name of DATES) if (!isDateOrAbsent(members[name])) throw noDate(what, name);
  if (members['accessToken'] !== undefined && members['expiresAt'] === undefined)
    for (const [name, member] of Object.entries(members))
      if (UNREAD_EXPIRY.test(name) && (member ?? undefined) !== undefined) throw noEnd(what, name);
  assertNoControls(asString(members['refreshToken']) ?? '', `${what}: \`refreshToken\``);
  return token;
}

/** JSON makes texts of dates. The very object comes back when it has none. */
function withDates<T extends object>(value: T): T {
  let token = value;
  for (const name of DATES) {
    const { [name]: text } = recordOf(value);
    if (typeof text === 'string' && INSTANT.test(text)) token = { ...token, [name]: new Date(text) };
  }
  return token;
}

function noEnd(what: string, name: string): ConfigurationError {
  const end = /in$/i.test(name) ? `Date.now() + ${name} * 1000` : `${name}), or of seconds new Date(${name} * 1000`;
  const message = `${what} has \`${name}\`, which is not read: the token would never expire`;
  return new ConfigurationError(`${message}. Give it expiresAt: new Date(${end})`);
}

function noDate(what: string, name: string): ConfigurationError {
  const cure = 'new Date(Date.now() + expires_in * 1000), or its text in ISO 8601 with a zone, as JSON writes it';
  return new ConfigurationError(`${what} has an \`${name}\` that is no valid date; it must be one, such as ${cure}`);
}

/**
 * The answer as a token, stamped with the time at which it was asked for.
 * @throws ConfigurationError for a token that cannot be sent, a date that is none, an expiry under another name
 */
export function usableToken<T extends Token>(source: AnySource<T>, answer: T | string, sentAt: number): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a bare string is the least token there is
  const answered = (typeof answer === 'string' ? { accessToken: answer } : answer) as T;
  if (typeof recordOf(answered)['accessToken'] !== 'string' || !Object.hasOwn(answered, 'accessToken'))
    throw new ConfigurationError(
      `The token source returned ${shapeOf(answered)}; a token is a string, or plain data: { accessToken, expiresAt? }`,
    );
  const given = readToken(answered, 'What the token source returned');
  if (source.bearer) assertHeaderToken(source.bearer(given), 'The bearer token');
  source.proof?.assertOwn(given);
  return given.issuedAt ? given : { ...given, issuedAt: new Date(sentAt) };
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
