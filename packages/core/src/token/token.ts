// What a token is: plain data, no behaviour. The words are those of RFC 6749 section 5.1 in camelCase.
import type { Secret } from './credential-text.js';
import { ConfigurationError } from './errors/errors.js';

/** A token, as a source returns it and a store keeps it: plain data, the words of RFC 6749 section 5.1 in camelCase. */
export interface Token {
  /** The access token as issued. */
  readonly accessToken: string;
  /** When it ends, by the local clock; absent: good until a server rejects it. */
  readonly expiresAt?: Date;
  /** Local clock when the request for it was sent; stamped by the authorizer when absent. */
  readonly issuedAt?: Date;
  /** `token_type` of the answer (RFC 6749 section 7.1), for programs that show it. Default: "Bearer". */
  readonly tokenType?: string;
  /** What renews it without a new sign-in; absent: the source signs in again. */
  readonly refreshToken?: string;
  /** The id token of OpenID Connect, unverified; absent when the server issued none. */
  readonly idToken?: string;
  /** What was issued in an exchange (RFC 8693 section 2.2.1), as a URN; absent where the server does not say. */
  readonly issuedTokenType?: string;
  /** The scope as granted, which may be less than asked for (RFC 6749 section 3.3). */
  readonly scope?: string;
  /**
   * Which sign-in it belongs to, where the token itself does not say whose it is: a random text that the authorizer makes
   * when a session begins, and that refreshes keep. Stores keep it with the token.
   */
  readonly sessionMark?: string;
  /**
   * The thumbprint of the key or the certificate that it is bound to, which alone can use it (base64url of SHA-256: RFC 7638, RFC 8705),
   * and its refresh token where the client is a public one; absent: whoever has it can use it.
   */
  readonly boundTo?: string;
  /** The nonces that servers had given for proofs when it was issued, so that a later run can begin with them (RFC 9449 section 8). */
  readonly proofNonces?: Readonly<Record<string, string>>;
  /** Not read: say `expiresAt`. A token with a lifetime in its place would never expire. */
  readonly expiresIn?: never;
  /** Not read: say `expiresAt`. */
  readonly expires_in?: never;
}

/** Who the client is towards the services it calls. */
export interface ClientInfo {
  /** The client's id, as it was registered; not empty. */
  readonly clientId: string;
  /** The secret, or a function that reads it at each attempt, so that it can rotate without a restart. Default: none. */
  readonly clientSecret?: Secret;
  /** Sent as `X-Api-Key` with every authorised request; visible ASCII. Default: not sent. */
  readonly apiKey?: string;
}

/** `token_type` of what is no access token (RFC 8693 section 2.2.1): it is data, and no credential of a request. */
export const NOT_ATTACHED = 'N_A';

/** @throws ConfigurationError for what is no access token */
export function assertAccessToken({ tokenType }: Token): void {
  if (tokenType?.toUpperCase() === NOT_ATTACHED)
    throw new ConfigurationError('A token of token_type N_A is no access token (RFC 8693): it cannot be attached');
}

/** Visible ASCII: what may follow "Bearer " without ending the header (RFC 6750 section 2.1, read generously). */
const HEADER_TOKEN = /^[\x21-\x7e]+$/;

/** Whether `value` can follow "Bearer ". */
export function isHeaderToken(value: unknown): boolean {
  return typeof value === 'string' && HEADER_TOKEN.test(value);
}

/**
 * Refuses a credential that would break out of its header.
 * @throws ConfigurationError when it is empty or holds a blank, CR, LF or anything outside visible ASCII
 */
export function assertHeaderToken(value: unknown, what: string): void {
  if (typeof value !== 'string' || value === '') throw new ConfigurationError(`${what} is empty or not a string`);
  if (!HEADER_TOKEN.test(value))
    throw new ConfigurationError(
      `${what} holds a blank, a line break or a character outside ASCII and cannot be sent in a header; trim it where it is read`,
    );
}
