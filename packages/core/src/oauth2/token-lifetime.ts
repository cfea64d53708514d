// When a granted token expires: by what the answer states, else by the JWT itself, else by what the user configured.
import type { EndpointAnswer } from './http.js';
import { serverTimeMs } from './endpoint-error.js';
import { jwtExpiry } from '../token/jwt.js';

const LONGEST_LIFETIME_S = 100 * 365 * 24 * 3600;
/** A difference below this is the resolution of the Date header. */
const DATE_RESOLUTION_MS = 2_000;
/** Decimal notation, also as Java writes large numbers (1.0E7). */
const DECIMAL = /^\d+(\.\d*)?(e[+-]?\d+)?$/i;

export interface GrantedLifetime {
  readonly accessToken: string;
  readonly expiresIn: unknown;
  /** In ms, for a token whose expiry nobody states. */
  readonly defaultLifetimeMs?: number | undefined;
}

/** The expiry by the local clock, counted from the moment of sending; undefined when nothing states one (RFC 6749 section 5.1). */
export function expiryOf(
  { accessToken, expiresIn, defaultLifetimeMs }: GrantedLifetime,
  answer: EndpointAnswer,
): Date | undefined {
  const seconds = expiresInSeconds(expiresIn);
  const stated = seconds === undefined ? jwtExpiryHere(accessToken, answer) : answer.sentAt + seconds * 1000;
  const expiresAt = stated ?? (defaultLifetimeMs === undefined ? undefined : answer.sentAt + defaultLifetimeMs);
  if (expiresAt === undefined || Number.isNaN(expiresAt)) return undefined;
  return new Date(Math.min(expiresAt, answer.sentAt + LONGEST_LIFETIME_S * 1000));
}

/**
 * `expires_in` as servers write it: a number or a numeric string, at most a hundred years.
 * @returns seconds; undefined for anything else, which says nothing
 */
export function expiresInSeconds(expiresIn: unknown): number | undefined {
  const isDecimal = typeof expiresIn === 'string' && DECIMAL.test(expiresIn.trim());
  const seconds = typeof expiresIn === 'number' || isDecimal ? Number(expiresIn) : NaN;
  return seconds >= 0 ? Math.min(seconds, LONGEST_LIFETIME_S) : undefined;
}

/** From the `exp` of a JWT, which goes by the server's clock. */
function jwtExpiryHere(accessToken: string, answer: EndpointAnswer): number | undefined {
  const exp = jwtExpiry(accessToken);
  return exp === undefined ? undefined : exp - clockOffsetMs(answer);
}

/** How far the server's clock is ahead of ours. */
function clockOffsetMs(answer: EndpointAnswer): number {
  const offsetMs = serverTimeMs(answer) - (answer.sentAt + answer.receivedAt) / 2;
  return Math.abs(offsetMs) >= DATE_RESOLUTION_MS ? offsetMs : 0;
}
