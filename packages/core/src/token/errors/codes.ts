// What went wrong, and what to do about it: the words that every error of the family carries.

/**
 * What a caller does about it:
 *
 * - `credentials`: ask a person; the client or the user was refused, and asking again with the same words would be too
 * - `session`: log in again; the session is over, or there never was one
 * - `unavailable`: try later; `retryAfterMs` says when, where that is known
 * - `configuration`: fix the program or its settings
 */
export type AuthErrorKind = 'credentials' | 'session' | 'unavailable' | 'configuration';

/** The codes of core. Packages add theirs by declaration merging, so that the union stays closed for a caller's `switch`. */
export interface AuthErrorCodes {
  /** An option or a call cannot work, and nothing was sent: do what the message says. */
  configuration: true;
  /** A step-up brought a token of somebody else, which is not used: let the same person take it, or call `setToken`. */
  another_identity: true;
  /** A rejected request was not retried, as its body was a stream that is used up: say `resendBody`. */
  body_spent: true;
  /** What the browser came back with holds neither a code nor an error, or one twice, or lies elsewhere; begin the sign-in again. */
  callback_invalid: true;
  /** Nobody was asked, as an attempt failed moments ago: wait `retryAfterMs`, or call `getToken({ force: true })`. */
  cooling_down: true;
  /** A server's own description of itself could not be read: check the issuer or the base URL, or give the URLs yourself. */
  discovery_failed: true;
  /** The token had expired when it came, or ends within the leeway: check the clock, or lower `leewayMs`. */
  expired_token: true;
  /** Others that share the token store have tried in turn for seconds, and failed, so nobody waits behind them: try again later. */
  failing_elsewhere: true;
  /** The id token is not for this client, not from this issuer, not of this sign-in, or has expired; begin the sign-in again. */
  id_token_refused: true;
  /** The server answered with what is no token answer, a login page for instance: check the URL and what lies between. */
  invalid_response: true;
  /** Another authorization server answered than was asked (RFC 9207): check `issuer`; the code was not used. */
  issuer_mismatch: true;
  /** The store gives no lease, so no refresh token was spent: check the store; the next call asks again. */
  lease_unavailable: true;
  /** The session was signed out, or another user signed in, while somebody waited: sign in again. */
  logged_out: true;
  /** The server could not be reached, or the connection broke: try again later. */
  network: true;
  /** No token was sent, as the URL is not on the allow list: add its prefix to `allow` if it may see the token. */
  not_allowed: true;
  /** There is no token and nothing to get one with: sign in, or give a token to `setToken`. */
  not_authenticated: true;
  /** The API rejected the new token too: check audience, issuer and scopes, since its age is not what is wrong. */
  rejected_again: true;
  /** The person or the server refused the sign-in, or nobody came in time: see `error` of the SignInError. */
  sign_in_refused: true;
  /** A token source failed in a way of its own: see its error, which is the `cause`. */
  source_failed: true;
  /** The callback belongs to another sign-in than the one that was begun; begin the sign-in again. */
  state_mismatch: true;
  /** The store failed, so nobody knows whether anybody is signed in: check the store, and try again. */
  store_unavailable: true;
  /** What the store holds cannot be read as a token: check its key or its `encryptionKey`. */
  store_unreadable: true;
  /** Too many requests (429): try again after `retryAfterMs`. */
  throttled: true;
  /** No answer within `timeoutMs`, or `storeTimeoutMs` for a store: try again, or raise the limit. */
  timeout: true;
  /** The authorization server answered with an error (RFC 6749 section 5.2): see `error` and `status` of the TokenEndpointError. */
  token_endpoint: true;
}

/** What happened, as a word that a program can compare; the codes of the packages that are imported are among them. */
export type AuthErrorCode = keyof AuthErrorCodes;
