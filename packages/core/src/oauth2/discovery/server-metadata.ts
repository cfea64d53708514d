// What an authorization server says of itself (RFC 8414 section 2, OpenID Connect Discovery section 3), as it is worked with here.

/** The endpoints of an authorization server; each is https, or plain http where the issuer is. */
export interface ServerEndpoints {
  /** Where tokens are asked for (RFC 6749 section 3.2). */
  readonly tokenEndpoint?: string;
  /** Where a browser is sent (RFC 6749 section 3.1). */
  readonly authorizationEndpoint?: string;
  /** Where a device asks for a code (RFC 8628 section 3.1). */
  readonly deviceAuthorizationEndpoint?: string;
  /** Where tokens are revoked (RFC 7009). */
  readonly revocationEndpoint?: string;
  /** Where tokens are asked about (RFC 7662). */
  readonly introspectionEndpoint?: string;
  /** Its public keys. */
  readonly jwksUri?: string;
  /** Where a browser signs out (OpenID Connect RP-Initiated Logout). */
  readonly endSessionEndpoint?: string;
}

/** What an authorization server says of itself. A list that it does not publish is absent, which says nothing. */
export interface ServerMetadata extends ServerEndpoints {
  /** As it was asked for, to the letter. */
  readonly issuer: string;
  /** Where tokens are asked for (RFC 6749 section 3.2). */
  readonly tokenEndpoint: string;
  /** `token_endpoint_auth_methods_supported`, such as "private_key_jwt". */
  readonly tokenEndpointAuthMethods?: readonly string[];
  /** `token_endpoint_auth_signing_alg_values_supported`, such as "ES256". */
  readonly tokenEndpointAuthSigningAlgs?: readonly string[];
  /** `dpop_signing_alg_values_supported` (RFC 9449 section 5.1). */
  readonly dpopSigningAlgs?: readonly string[];
  /** `grant_types_supported`. */
  readonly grantTypes?: readonly string[];
  /** `scopes_supported`; a server may take others. */
  readonly scopes?: readonly string[];
  /** `code_challenge_methods_supported` (RFC 7636). */
  readonly codeChallengeMethods?: readonly string[];
  /** Whether it adds `iss` to what a browser comes back with (RFC 9207 section 3). */
  readonly issParameterSupported: boolean;
  /** The endpoints for clients that authenticate by certificate, where they differ (RFC 8705 section 5). */
  readonly mtlsEndpointAliases?: ServerEndpoints;
  /** The document as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}
