// The public face of @axios-authorizer/core.
export { Authorizer } from './authorizer.js';
export { AUTHORIZER_OPTIONS } from './lifecycle/options.js';
export type { AuthorizerOptions } from './lifecycle/options.js';
export { ATTACH_OPTIONS, attachAuth } from './axios/attach.js';
export type { AttachAuthOptions, AxiosClient, ClientInterceptors, RetrySetup } from './axios/attach.js';
export { transientRetry } from './axios/retry/transient-retry.js';
export { authInterceptors } from './axios/interceptors.js';
export type { AuthInterceptors, AuthInterceptorsOptions } from './axios/interceptors.js';
export type { Unauthorized } from './axios/unauthorized.js';
export { composeClients, createClient } from './sessions/compose-clients.js';
export type { AuthorizedClient, ServiceDefinition } from './sessions/compose-clients.js';

export type { ClientInfo, Token } from './token/token.js';
export { readToken } from './token/reading.js';
export { assertNoControls, assertOneLine, readSecret } from './token/credential-text.js';
export type { Secret } from './token/credential-text.js';
export type { GetToken, TokenRequest, TokenSource } from './token/source.js';
export { memoryTokenStore } from './token/store.js';
export type { TokenStore } from './token/store.js';
export { systemClock } from './internal/clock.js';
export type { Clock } from './internal/clock.js';
export { checkOptions, pickOptions } from './token/options-check.js';
export type { OptionKind, OptionTable } from './token/options-check.js';
export { CLIENT_OPTIONS, clientInfoOf } from './token/client-info.js';
export type { ClientOptions } from './token/client-info.js';
export { quietly } from './token/observer.js';
export type {
  AcquisitionEvent,
  AuthEvent,
  Observer,
  ReplacementReason,
  SkipReason,
  TimedEvent,
} from './token/observer.js';
export { bearerChallenge, parseChallenges } from './token/challenge.js';
export type { AuthChallenge } from './token/challenge.js';
export { jwtClaims, jwtExpiry } from './token/jwt.js';
export { KeyCache } from './oauth2/jwks-cache.js';
export type { KeyCacheOptions } from './oauth2/jwks-cache.js';

export { AuthenticationError, ConfigurationError, isAuthenticationError } from './token/errors/errors.js';
export type { AuthErrorCode, AuthErrorCodes, AuthErrorKind, AuthErrorOptions } from './token/errors/errors.js';

export { TokenEndpointError } from './token/errors/token-endpoint-error.js';
export type { TokenEndpointErrorOptions } from './token/errors/token-endpoint-error.js';

export { isSecureUrl } from './request/allow-list.js';
export { requestToken } from './oauth2/token-endpoint.js';
export { expiresInSeconds } from './oauth2/token-lifetime.js';
export type { RequestTokenOptions } from './oauth2/token-endpoint.js';
export { askEndpoint } from './oauth2/http.js';
export type { EndpointAnswer, EndpointRequest, Transport } from './oauth2/http.js';
export type { ClientAuth } from './oauth2/form-post.js';
export { parameterPairs, setParameters } from './oauth2/form-parameters.js';
export type { FormParameters } from './oauth2/form-parameters.js';
export { endpointFailure } from './oauth2/endpoint-error.js';
export { clientSecretBasic, clientSecretPost, publicClient } from './oauth2/client-auth.js';
export type { ClientSecret } from './oauth2/client-auth.js';
export { clientCredentialsSource, passwordSource, refreshTokenSource } from './oauth2/sources.js';
export type { OAuth2SourceOptions, PasswordSourceOptions, RefreshTokenSourceOptions } from './oauth2/sources.js';
export { authorizationCodeSource } from './oauth2/authorization-code-source.js';
export type { AuthorizationCode, AuthorizationCodeSourceOptions } from './oauth2/authorization-code-source.js';
export { introspectToken, revokeToken } from './oauth2/introspection.js';
export type { TokenQuestion } from './oauth2/introspection.js';

export { isTokenValid, RefreshableJWTHandler } from './sessions/refreshable-jwt.js';
export { RefreshableJWTSession } from './sessions/refreshable-jwt-session.js';
export type {
  ExpiringJWT,
  GetJWT,
  JWT,
  RefreshableJWT,
  RefreshableJWTHandlerOptions,
} from './sessions/refreshable-jwt.js';
export { BearerAuthSession } from './sessions/bearer-auth.js';
export { ClientSession } from './sessions/client-session.js';
export type { SessionConfig } from './sessions/client-session.js';
export * from './sessions/legacy.js';

// For sources: reads what servers answer without trusting it.
export { definedOnly, isObject, membersOf, ownOptions, parseObject, textOf } from './internal/records.js';
export { withoutSecrets } from './token/secrets.js';
