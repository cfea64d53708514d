// What an authorization server answered instead of a grant. In a file of its own: who uses no endpoint need not load it.
import { AuthenticationError, nameOf } from './errors.js';
import type { AuthErrorOptions } from './errors.js';
import { omitUndefined } from '../../internal/records.js';

/** What a {@link TokenEndpointError} is made of, for those who write a source. */
export interface TokenEndpointErrorOptions extends AuthErrorOptions {
  /** The HTTP status. Default: there was no answer. */
  readonly status?: number | undefined;
  /** `error` of the answer (RFC 6749 section 5.2). Default: it has none. */
  readonly error?: string | undefined;
  /** `error_description` of the answer. Default: it has none. */
  readonly errorDescription?: string | undefined;
  /** `error_uri` of the answer. Default: it has none. */
  readonly errorUri?: string | undefined;
  /** The server's time, from its `Date` and `Age`. Default: not known. */
  readonly serverDate?: Date | undefined;
  /** The `grant_type` that was asked for. Default: none was. */
  readonly grantType?: string | undefined;
}

/**
 * An answer of a token, introspection or revocation endpoint that grants nothing (RFC 6749 section 5.2), or none at all.
 *
 * @example
 * ```ts
 * const why = error instanceof TokenEndpointError && error.error; // 'invalid_grant'
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
  /**
   * `error_description` of RFC 6749 section 5.2: the server's own explanation, less secrets; absent when it gave none.
   */
  declare readonly errorDescription?: string;
  /** `error_uri` of RFC 6749 section 5.2: a page about the error; absent when the server names none. */
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
