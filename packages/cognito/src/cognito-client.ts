// The whole thing in one call: an axios client of an API behind Cognito.
import { authInterceptors, createClient, definedOnly, ownOptions } from '@axios-authorizer/core';
import type {
  AttachAuthOptions,
  AuthInterceptors,
  AuthorizedClient,
  ClientInfo,
  ServiceDefinition,
} from '@axios-authorizer/core';
import type { CreateAxiosDefaults } from 'axios';
import { OAuth2Authorizer } from './oauth2/authorizer.js';
import type { OAuth2AuthorizerOptions } from './oauth2/authorizer.js';
import { SRPAuthorizer } from './srp-authorizer.js';
import type { SRPAuthorizerOptions } from './sign-in/srp-options.js';

/** What a client takes however it signs in. */
export interface CognitoClientCommonOptions extends AttachAuthOptions {
  /** The app client; its `apiKey` is sent as X-Api-Key wherever the token may go. */
  readonly clientInfo: ClientInfo;
}

/** A user pool to sign in to by SRP. */
export type SRPClientOptions = CognitoClientCommonOptions & Omit<SRPAuthorizerOptions, 'allow'>;
/** A domain or token endpoint to ask by OAuth 2. */
export type OAuth2ClientOptions = CognitoClientCommonOptions & Omit<OAuth2AuthorizerOptions, 'allow'>;

/** An axios client with an `SRPAuthorizer` or `OAuth2Authorizer`, as the options say. @throws ConfigurationError */
export function createCognitoClient(
  options: SRPClientOptions,
  axiosConfig?: CreateAxiosDefaults,
): AuthorizedClient<SRPAuthorizer>;
export function createCognitoClient(
  options: OAuth2ClientOptions,
  axiosConfig?: CreateAxiosDefaults,
): AuthorizedClient<OAuth2Authorizer>;
export function createCognitoClient(
  options: SRPClientOptions | OAuth2ClientOptions,
  axiosConfig?: CreateAxiosDefaults,
): AuthorizedClient {
  return createClient(cognitoService(options, axiosConfig));
}

/** The same as a part of `composeClients`. */
export function cognitoService(
  given: SRPClientOptions | OAuth2ClientOptions,
  axiosConfig: CreateAxiosDefaults = {},
): ServiceDefinition {
  const options = ownOptions(given);
  const { allow, allowInsecure, unauthorized, retry } = options;
  return {
    authorizer: authorizerOf(options),
    config: axiosConfig,
    options: definedOnly({ allow, allowInsecure, unauthorized, retry }),
  };
}

/** The pair of interceptors for those who call `use()` themselves; `allow` must be given. */
export function cognitoInterceptors(
  options: (SRPClientOptions | OAuth2ClientOptions) & Required<Pick<AttachAuthOptions, 'allow'>>,
): AuthInterceptors & Pick<ServiceDefinition, 'authorizer'> {
  const { options: attach = {} } = cognitoService(options);
  const authorizer = authorizerOf(options, options.allow);
  return { ...authInterceptors(authorizer, { ...attach, allow: options.allow }), authorizer };
}

function authorizerOf(
  { clientInfo, allow: _allow, ...options }: SRPClientOptions | OAuth2ClientOptions,
  allow?: string | readonly string[],
): ServiceDefinition['authorizer'] {
  return 'userPoolId' in options
    ? new SRPAuthorizer(clientInfo, { ...options, allow })
    : new OAuth2Authorizer(clientInfo, { ...options, allow });
}
