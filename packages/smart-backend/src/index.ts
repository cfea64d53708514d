// The public face of @axios-authorizer/smart-backend.
export { SMARTBackendAuth } from './smart-backend-auth.js';
export type { SMARTBackendAuthOptions } from './auth-options.js';
export { createSmartBackendClient, smartBackendInterceptors, smartBackendService } from './smart-backend-client.js';
export type { SmartBackendOptions, SmartBackendService } from './smart-backend-client.js';
export { buildEhrJwtSession, smartBackendHandlerFromAuth } from './ehr-sessions.js';
export type { EhrSessionOptions, HandlerOptions } from './ehr-sessions.js';
export type { AdviceCode as SmartAdviceCode } from './registration-advice.js';
export type { SmartConfiguration } from './smart-configuration.js';
export { smartScope } from './smart-scope.js';
export type { SmartScope } from './smart-scope.js';

export { SupportedAlg } from './supported-alg.js';
export { SmartBackendKeys } from './smart-backend-keys.js';
export type { SigningKey, SmartBackendKeysOptions, SmartBackendSigner } from './smart-backend-keys.js';
export { generateEcKeyPair, generateKeyPair, generateRsaKeyPair } from './generate-key-pair.js';
export type { GenerateKeyPairOptions, KeyFilesOptions, KeyPairOptions } from './generate-key-pair.js';
export { loadKeys } from './load-keys.js';
export type { LoadKeysOptions } from './load-keys.js';
export type { KeyFileOptions } from './key-file.js';
export { KeyRing } from './key-ring.js';
export type { SigningKeys } from './key-ring.js';
export { publicJwks } from './public-jwks.js';
export type { Jwk, Jwks, PublicJwk, PublicJwks } from './jwk.js';
export { jwksHandler } from './jwks-handler.js';
export type { JwksHandler, JwksHandlerOptions, JwksRequest, JwksResponse } from './jwks-handler.js';
export { SmartKeyError } from './smart-key-error.js';
export type { KeyProblem } from './smart-key-error.js';

export { privateKeyJwt } from './private-key-jwt.js';
export type { AssertionSettings, PrivateKeyJwtOptions } from './private-key-jwt.js';
