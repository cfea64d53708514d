// What an authorization server answered instead of a grant. In a file of its own: who uses no endpoint need not load it.
import { AuthenticationError, nameOf } from './errors.js';
import type { AuthErrorOptions } from './errors.js';
import { omitUndefined } from '../../internal/records.js';

export interface TokenEndpointErrorOptions extends AuthErrorOptions {
  readonly status?: number | undefined;
  readonly error?: string | undefined;
  readonly errorDescription?: string | undefined;
  readonly errorUri?: string | undefined;
  readonly serverDate?: Date | undefined;
  readonly grantType?: string | undefined;
}

/**
 * An answer of a token, introspection or revocation endpoint that grants nothing (RFC 6749 section 5.2), or none at all.
 *
 * @example
 * ```ts
 * if (error instanceof TokenEndpointError) console.log(error.status, error.error, error.errorDescription);
 * ```
 */
export class TokenEndpointError extends AuthenticationError {
  static {
    nameOf(this, 'TokenEndpointError');
  }
  /** The HTTP status; absent when there was no answer. */
  declare readonly status?: number;
  /** `error` of RFC 6749 section 5.2, as the server wrote it, less any secret that was sent to it. */
  declare readonly error?: string;
  declare readonly errorDescription?: string;
  declare readonly errorUri?: string;
  /** The server's time, from its `Date` and `Age`, for those who correct a clock by it. */
  declare readonly serverDate?: Date;
  /** The grant that was asked for. */
  declare readonly grantType?: string;

  constructor(message: string, options: TokenEndpointErrorOptions) {
    super(message, options);
    const { status, error, errorDescription, errorUri, serverDate, grantType } = options;
    Object.assign(this, omitUndefined({ status, error, errorDescription, errorUri, serverDate, grantType }));
  }
}
