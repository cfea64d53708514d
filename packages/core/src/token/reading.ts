// A token that comes in from outside, from a source, a store or the program itself: its dates are read, and what would make
// it live for ever, or nobody could send, is found before anybody uses it.
import { assertNoControls } from './credential-text.js';
import { ConfigurationError } from './errors/errors.js';
import { omitUndefined, isDateOrAbsent, recordOf, asString } from '../internal/records.js';
import { assertHeaderToken, isHeaderToken } from './token.js';
import type { Token } from './token.js';

/** ISO 8601 as JSON writes dates: complete, with a zone. Anything less is read in another way by each runtime. */
const INSTANT = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
const DATES = ['expiresAt', 'issuedAt'] as const;

/** Lifetimes and ends under the names of others. */
const UNREAD_EXPIRY = /^(?:expiresIn|expires_in|expires_at|expiry_date)$/;

/**
 * The token with its dates as dates.
 * @param what says where it comes from, for messages; begins a sentence
 * @throws ConfigurationError for a token that cannot be sent, a date that is none, an expiry under another name
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
  const unread = Object.keys(omitUndefined(members)).find((name) => UNREAD_EXPIRY.test(name));
  if (unread && members['accessToken'] !== undefined && members['expiresAt'] === undefined) throw noEnd(what, unread);
  assertNoControls(asString(members['refreshToken']) ?? '', `${what}: \`refreshToken\``);
  return token;
}

/** JSON makes texts of dates. The very object comes back when it has none. */
function withDates<T extends object>(value: T): T {
  const { expiresAt, issuedAt } = recordOf(value);
  const dates = omitUndefined({ expiresAt: instantIn(expiresAt), issuedAt: instantIn(issuedAt) });
  return Object.keys(dates).length === 0 ? value : { ...value, ...dates };
}

function instantIn(value: unknown): Date | undefined {
  return typeof value === 'string' && INSTANT.test(value) ? new Date(value) : undefined;
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
