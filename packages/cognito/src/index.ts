// The public face of @axios-authorizer/cognito; it runs in browsers as in Node.
export { SRPAuthorizer } from './srp-authorizer.js';
export type {
  AuthFlow,
  PreferredChallenge,
  SRPAuthorizerOptions,
  SRPOptions,
  UserContextData,
} from './sign-in/srp-options.js';
export { SRPSource } from './sign-in/srp-source.js';
export { OAuth2Authorizer } from './oauth2/authorizer.js';
export type { CodeGrant, OAuth2AuthorizerOptions, OAuth2Grant } from './oauth2/authorizer.js';
export { hostedUi } from './hosted-ui/hosted-ui.js';
export type { HostedUi, SignInUrlOptions } from './hosted-ui/hosted-ui.js';
export type { HostedUiOptions } from './hosted-ui/options.js';
export type { PendingSignIn } from './hosted-ui/pending.js';
export { HostedUiError } from './hosted-ui/error.js';
export type { HostedUiErrorOptions } from './hosted-ui/error.js';
export { cognitoInterceptors, cognitoService, createCognitoClient } from './cognito-client.js';
export type { CognitoClientCommonOptions, OAuth2ClientOptions, SRPClientOptions } from './cognito-client.js';

export { ChallengeRequiredError } from './sign-in/challenge.js';
export type {
  Challenge,
  ChallengeAnswer,
  ChallengeRefusal,
  OnChallenge,
  PasskeyCredential,
} from './sign-in/challenge.js';
export { webDeviceStore } from './sign-in/device-store.js';
export type { DeviceStore, WebDeviceStoreOptions } from './sign-in/device-store.js';
export { CognitoError } from './pool/error.js';
export type { CognitoErrorOptions } from './pool/error.js';
export type { CognitoDevice, CognitoToken, TokenUse } from './cognito-token.js';
export type { UserPoolOptions } from './pool/user-pool.js';
