// The public face of @axios-authorizer/smart-backend.
export { SMARTBackendAuth } from './smart-backend-auth.js';
export type { SMARTBackendAuthOptions } from './auth-options.js';
export { createSmartBackendClient, smartBackendInterceptors, smartBackendService } from './smart-backend-client.js';
export type { SmartBackendOptions, SmartBackendService } from './smart-backend-client.js';
export { buildEhrJwtSession, smartBackendHandlerFromAuth } from './ehr-sessions.js';
export type { EhrSessionOptions, HandlerOptions } from './ehr-sessions.js';
export type { AdviceCode as SmartAdviceCode } from './token/refusal-signs.js';
export type { SmartConfiguration } from './token/smart-configuration.js';
export { smartScope } from './token/smart-scope.js';
export type { SmartScope } from './token/smart-scope.js';

export { SupportedAlg } from './keys/supported-alg.js';
export { SmartBackendKeys } from './keys/smart-backend-keys.js';
export type { SigningKey, SmartBackendKeysOptions, SmartBackendSigner } from './keys/smart-backend-keys.js';
export { generateEcKeyPair, generateKeyPair, generateRsaKeyPair } from './keys/generate-key-pair.js';
export type { GenerateKeyPairOptions, KeyFilesOptions, KeyPairOptions } from './keys/generate-key-pair.js';
export { loadKeys } from './keys/load-keys.js';
export type { LoadKeysOptions } from './keys/load-keys.js';
export type { KeyFileOptions } from './keys/key-file.js';
export { KeyRing } from './keys/key-ring.js';
export type { SigningKeys } from './keys/key-ring.js';
export { publicJwks } from './keys/publish/public-jwks.js';
export type { Jwk, Jwks, PublicJwk, PublicJwks, PublicKeyText } from './keys/jwk.js';
export { jwksHandler, jwksResponse } from './keys/publish/jwks-handler.js';
export type { JwksHandler, JwksRequest, JwksResponse, WebJwksRequest } from './keys/publish/jwks-handler.js';
export type { JwksHandlerOptions, JwksSource } from './keys/publish/jwks-answer.js';
export { thumbprint } from './keys/thumbprint.js';
export { SmartKeyError } from './keys/smart-key-error.js';
export type { KeyProblem } from './keys/smart-key-error.js';

export { privateKeyJwt } from './token/private-key-jwt.js';
export type { AssertionSettings, PrivateKeyJwtOptions } from './token/private-key-jwt.js';
