// The public face of @axios-authorizer/core.
export { Authorizer } from './authorizer.js';
export type { AuthorizerOptions } from './lifecycle/options.js';
export { AuthorizerPool } from './pool/authorizer-pool.js';
export type { AuthorizerPoolOptions, PoolEntry } from './pool/authorizer-pool.js';
export { attachAuth } from './axios/attach.js';
export type {
  AttachAuthOptions,
  AttachPoolOptions,
  AuthorizersByKey,
  AxiosClient,
  ClientInterceptors,
  RetrySetup,
} from './axios/attach.js';
export { transientRetry } from './axios/retry/transient-retry.js';
export { authInterceptors } from './axios/interceptors.js';
export type { AuthInterceptors, AuthInterceptorsOptions } from './axios/interceptors.js';
export type { Unauthorized } from './axios/unauthorized.js';
export { composeClients, createClient } from './sessions/compose-clients.js';
export type { AuthorizedClient, ServiceDefinition } from './sessions/compose-clients.js';

export type { ClientInfo, Token } from './token/token.js';
export type { Secret } from './token/credential-text.js';
export type { GetToken, TokenRequest, TokenSource } from './token/source.js';
export { memoryTokenStore } from './token/store.js';
export type { StoreChanged, TokenStore } from './token/store.js';
export type { Clock } from './internal/clock.js';
export type { ClientOptions } from './token/client-info.js';
export { logObserver } from './token/log-observer.js';
export type { AcquisitionEvent, AuthEvent, Observer, RefreshReason, SkipReason, TimedEvent } from './token/observer.js';
export type { AuthChallenge } from './token/challenge.js';
export { stepUpChallenge } from './request/step-up.js';
export type { StepUpChallenge } from './request/step-up.js';

export { AuthenticationError, ConfigurationError, isAuthenticationError } from './token/errors/errors.js';
export type { AuthErrorCode, AuthErrorCodes, AuthErrorKind, AuthErrorOptions } from './token/errors/errors.js';

export { TokenEndpointError } from './token/errors/token-endpoint-error.js';
export type { TokenEndpointErrorOptions } from './token/errors/token-endpoint-error.js';

export type { ClientAuth, Transport } from './oauth2/http.js';
export type { FormParameters } from './oauth2/form-parameters.js';
export { clientSecretBasic, clientSecretPost, publicClient } from './oauth2/client-auth.js';
export type { ClientSecret } from './oauth2/client-auth.js';
export { clientCredentialsSource, passwordSource, refreshTokenSource } from './oauth2/sources.js';
export type { OAuth2SourceOptions, PasswordSourceOptions, RefreshTokenSourceOptions } from './oauth2/sources.js';
export { firstOf } from './oauth2/first-of.js';
export type { SourcedToken } from './oauth2/first-of.js';
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
