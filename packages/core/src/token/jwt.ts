// Reads the claims of a JSON Web Token (RFC 7519) without verifying it: good for an expiry time, never for trust.
import { decodeBase64 } from '../internal/base64.js';
import { parseObject } from '../internal/records.js';

/**
 * The claims of a compact JWT, or undefined when `token` is not one. No signature is checked.
 *
 * @example
 * ```ts
 * const { sub } = jwtClaims(token.accessToken) ?? {}; // read, not verified
 * ```
 */
export function jwtClaims(token: string): Readonly<Record<string, unknown>> | undefined {
  const [, payload, signature, ...more] = token.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) return undefined;
  return parseObject(decodeBase64(payload));
}

/**
 * `exp` in milliseconds since the epoch (RFC 7519 section 4.1.4), or undefined.
 *
 * @example
 * ```ts
 * const expiry = jwtExpiry(token.accessToken); // seconds since 1970
 * ```
 */
export function jwtExpiry(token: string): number | undefined {
  const exp = jwtClaims(token)?.['exp'];
  return typeof exp === 'number' && Math.abs(exp * 1000) <= 8.64e15 ? exp * 1000 : undefined;
}
