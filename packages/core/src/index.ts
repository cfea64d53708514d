// The public face of @axios-authorizer/core.
export { Authorizer } from './authorizer.js';
export type { AuthorizerOptions } from './authorizer-options.js';
export { attachAuth } from './attach-auth.js';
export type { AttachAuthOptions, AxiosClient } from './attach-auth.js';
export { authInterceptors } from './auth-interceptors.js';
export type { AuthInterceptors, AuthInterceptorsOptions } from './auth-interceptors.js';
export type { Unauthorized } from './unauthorized.js';
export { composeClients, createClient } from './compose-clients.js';
export type { AuthorizedClient, ServiceDefinition } from './compose-clients.js';

export type { ClientInfo, Token } from './token.js';
export { readToken } from './token-reading.js';
export { assertNoControls, assertOneLine, readSecret } from './credential-text.js';
export type { Secret } from './credential-text.js';
export type { GetToken, TokenRequest, TokenSource } from './token-source.js';
export { memoryTokenStore } from './token-store.js';
export type { TokenStore } from './token-store.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { quietly } from './observer.js';
export type { AcquisitionEvent, AuthEvent, Observer, ReplacementReason, SkipReason, TimedEvent } from './observer.js';
export { bearerChallenge, parseChallenges } from './challenge.js';
export type { AuthChallenge } from './challenge.js';
export { jwtClaims, jwtExpiry } from './jwt.js';
export { KeyCache } from './key-cache.js';
export type { KeyCacheOptions } from './key-cache.js';

export { AuthenticationError, ConfigurationError, isAuthenticationError } from './errors.js';
export type { AuthErrorCode, AuthErrorCodes, AuthErrorKind, AuthErrorOptions } from './errors.js';

export { TokenEndpointError } from './token-endpoint-error.js';
export type { TokenEndpointErrorOptions } from './token-endpoint-error.js';

export { isSecureUrl } from './request-scope.js';
export { requestToken } from './token-endpoint.js';
export { expiresInSeconds } from './token-lifetime.js';
export type { RequestTokenOptions } from './token-endpoint.js';
export { askEndpoint } from './bare-client.js';
export type { EndpointAnswer, EndpointRequest, Transport } from './bare-client.js';
export type { ClientAuth } from './form-post.js';
export { parameterPairs, setParameters } from './form-parameters.js';
export type { FormParameters } from './form-parameters.js';
export { endpointFailure } from './endpoint-failure.js';
export { clientSecretBasic, clientSecretPost, none } from './client-auth.js';
export type { ClientSecret } from './client-auth.js';
export { clientCredentialsSource, passwordSource, refreshTokenSource } from './oauth2-sources.js';
export type { OAuth2SourceOptions, PasswordSourceOptions, RefreshTokenSourceOptions } from './oauth2-sources.js';
export { authorizationCodeSource } from './authorization-code-source.js';
export type { AuthorizationCode, AuthorizationCodeSourceOptions } from './authorization-code-source.js';
export { introspectToken, revokeToken } from './introspection.js';
export type { TokenQuestion } from './introspection.js';

export { isTokenValid, RefreshableJWTHandler } from './refreshable-jwt.js';
export { RefreshableJWTSession } from './refreshable-jwt-session.js';
export type { ExpiringJWT, GetJWT, JWT, RefreshableJWT, RefreshableJWTHandlerOptions } from './refreshable-jwt.js';
export { BearerAuthSession } from './bearer-auth.js';
export { ClientSession } from './client-session.js';
export type { SessionConfig } from './client-session.js';
export * from './legacy.js';

// For sources: reads what servers answer without trusting it.
export { definedOnly, membersOf, ownOptions, parseObject, textOf } from './members.js';
export { withoutSecrets } from './sent-secrets.js';
