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
export type { GetToken, Interactive, TokenRequest, TokenSource } from './token/source.js';
export type { ProofKeyStore, ProofOfPossession, ProvenAnswer, ProvenExchange, ProvenRequest } from './token/proof.js';
export { memoryTokenStore } from './token/store.js';
export type { TokenStore } from './token/store.js';
export type { Clock } from './internal/clock.js';
export type { ClientOptions } from './token/client-info.js';
export { logObserver } from './token/log-observer.js';
export type { AcquisitionEvent, AuthEvent, Observer, RefreshReason, SkipReason, TimedEvent } from './token/observer.js';
export type { AuthChallenge } from './token/challenge.js';

export { AuthenticationError, ConfigurationError, isAuthenticationError } from './token/errors/errors.js';
export type { AuthErrorCode, AuthErrorCodes, AuthErrorKind, AuthErrorOptions } from './token/errors/errors.js';

export { TokenEndpointError } from './token/errors/token-endpoint-error.js';
export type { TokenEndpointErrorOptions } from './token/errors/token-endpoint-error.js';

export type { Transport } from './oauth2/http.js';
export type {
  AuthenticatedSending,
  ClientAuth,
  ClientAuthRequest,
  ClientAuthTraits,
} from './oauth2/client-auth/client-auth.js';
export type { FormParameters } from './oauth2/form-parameters.js';
export { clientSecretBasic, clientSecretPost, publicClient } from './oauth2/client-auth/client-secret.js';
export type { ClientSecret } from './oauth2/client-auth/client-secret.js';
export { clientSecretJwt } from './oauth2/client-auth/client-secret-jwt.js';
export type { ClientSecretJwtOptions } from './oauth2/client-auth/client-secret-jwt.js';
export { privateKeyJwt } from './oauth2/client-auth/private-key-jwt.js';
export type { AssertionAlgorithm, PrivateKeyJwtOptions } from './oauth2/client-auth/private-key-jwt.js';
export type { AssertionOptions } from './oauth2/client-auth/assertion.js';
export type { NodeKeyObject, PrivateJwk, PrivateKey, SignFunction } from './oauth2/client-auth/private-key.js';
export { tlsClientAuth } from './oauth2/client-auth/tls-client-auth.js';
export type { TlsClientAuthOptions } from './oauth2/client-auth/tls-client-auth.js';
export { discoverServer } from './oauth2/discovery/discover-server.js';
export { discoverResource } from './oauth2/discovery/discover-resource.js';
export type { DiscoveryOptions } from './oauth2/discovery/documents.js';
export type { ServerEndpoints, ServerMetadata } from './oauth2/discovery/server-metadata.js';
export type { ResourceDiscoveryOptions, ResourceMetadata } from './oauth2/discovery/discover-resource.js';
export type { OAuth2SourceOptions } from './oauth2/sources/source-options.js';
export { clientCredentialsSource } from './oauth2/sources/client-credentials.js';
export { refreshTokenSource } from './oauth2/sources/refresh-token.js';
export type { RefreshTokenSourceOptions } from './oauth2/sources/refresh-token.js';
export { passwordSource } from './oauth2/sources/password.js';
export type { PasswordSourceOptions } from './oauth2/sources/password.js';
export { authorizationCodeSource } from './oauth2/sources/authorization-code.js';
export type { AuthorizationCode, AuthorizationCodeSourceOptions } from './oauth2/sources/authorization-code.js';
export { authorizationRequest } from './oauth2/sign-in/authorization-request.js';
export type {
  AuthorizationRequest,
  AuthorizationRequestOptions,
  SignInServer,
} from './oauth2/sign-in/authorization-request.js';
export { readCallback } from './oauth2/sign-in/callback.js';
export type { ReadCallbackOptions } from './oauth2/sign-in/callback.js';
export type { ExpectedIdToken } from './oauth2/sign-in/id-token.js';
export type { PendingSignIn } from './oauth2/sign-in/pending.js';
export { SignInError } from './oauth2/sign-in/error.js';
export type { SignInErrorOptions } from './oauth2/sign-in/error.js';
export { deviceCodeSource } from './oauth2/sources/device-code.js';
export type { DeviceCodeSourceOptions, UserCode } from './oauth2/sources/device-code.js';
export { tokenExchangeSource } from './oauth2/sources/token-exchange.js';
export type { ExchangeSubject, TokenExchangeSourceOptions, TokenHolder } from './oauth2/sources/token-exchange.js';
export { jwtBearerSource } from './oauth2/sources/jwt-bearer.js';
export type { JwtBearerSourceOptions } from './oauth2/sources/jwt-bearer.js';
export { firstOf } from './oauth2/sources/first-of.js';
export type { SourcedToken } from './oauth2/sources/first-of.js';
export { introspect, introspectToken, revokeToken } from './oauth2/introspection.js';
export type { Introspection, TokenQuestion } from './oauth2/introspection.js';

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
