// How a client authenticates (RFC 6749 section 2.3): a function, which may say something of itself.
import type { Clock } from '../../internal/clock.js';
import type { ServerMetadata } from '../discovery/server-metadata.js';

/** A request that is about to be sent. */
export interface ClientAuthRequest {
  /** Where it goes. */
  readonly url: string;
  /** Its headers, to be changed. */
  readonly headers: Record<string, string>;
  /** Its form, to be changed. */
  readonly body: URLSearchParams;
  /** What the server says of itself, where the source was given its `issuer`. */
  readonly server?: ServerMetadata | undefined;
}

/**
 * Authenticates the client (RFC 6749 section 2.3): changes the headers or the body of a request that is about to be sent.
 * Called anew for each attempt. A plain function is all it takes.
 *
 * @example
 * ```ts
 * const clientAuth: ClientAuth = ({ headers }) => void (headers['X-Client'] = 'reports');
 * ```
 */
export interface ClientAuth {
  (request: ClientAuthRequest): void | Promise<void>;
  /** What it says of itself. Default: nothing, and nothing is checked. */
  readonly traits?: ClientAuthTraits | undefined;
}

/** What a client authentication says of itself, so that it can be compared with what a server takes. */
export interface ClientAuthTraits {
  /** Its names in `token_endpoint_auth_methods_supported`. */
  readonly methods: readonly string[];
  /** Sends the request, and once more with other credentials where those may be why it was rejected. Default: it is sent once. */
  readonly exchange?: (<R>(sending: AuthenticatedSending, send: () => Promise<R>) => Promise<R>) | undefined;
  /**
   * The thumbprint of the certificate to which its tokens are bound (RFC 8705 section 3.1); before a token is asked for it gets the
   * `transport` that will present it, and may throw a ConfigurationError. Default: they are not bound.
   */
  readonly boundTo?: ((transport?: { readonly httpsAgent?: unknown }) => string | undefined) | undefined;
}

/** A request as it is sent, with its retry. */
export interface AuthenticatedSending {
  /** Where it goes. */
  readonly url: string;
  /** `grant_type`, where it asks for a token. */
  readonly grantType?: string | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
  /** Told of what is worth knowing and no failure. */
  readonly notice?: ((message: string) => void) | undefined;
}

/** Sends as the client authentication wants it: mostly once. */
export function sendAs<R>(
  clientAuth: ClientAuth | undefined,
  sending: AuthenticatedSending,
  send: () => Promise<R>,
): Promise<R> {
  return clientAuth?.traits?.exchange?.(sending, send) ?? send();
}

/** The function with what it says of itself. */
export function describedAuth(
  authenticate: (request: ClientAuthRequest) => void | Promise<void>,
  traits: ClientAuthTraits,
): ClientAuth {
  return Object.assign(authenticate, { traits });
}
