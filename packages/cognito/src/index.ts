// The public face of @axios-authorizer/cognito; it runs in browsers as in Node.
export { SRPAuthorizer } from './srp-authorizer.js';
export type { SRPAuthorizerOptions, SRPOptions } from './srp-options.js';
export { SRPSource } from './srp-source.js';
export { OAuth2Authorizer } from './oauth2-authorizer.js';
export type { CodeGrant, OAuth2AuthorizerOptions, OAuth2Grant } from './oauth2-authorizer.js';
export { cognitoInterceptors, cognitoService, createCognitoClient } from './cognito-client.js';
export type { CognitoClientCommonOptions, OAuth2ClientOptions, SRPClientOptions } from './cognito-client.js';

export { ChallengeRequiredError } from './challenge.js';
export type { Challenge, ChallengeAnswer, OnChallenge } from './challenge.js';
export { CognitoError } from './cognito-error.js';
export type { CognitoErrorOptions } from './cognito-error.js';
export type { CognitoDevice, CognitoToken, TokenUse } from './cognito-token.js';
export type { UserPoolOptions } from './user-pool.js';
