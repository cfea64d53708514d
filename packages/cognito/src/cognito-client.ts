// The whole thing in one call: an axios client of an API behind Cognito.
import { authInterceptors, ConfigurationError, createClient } from '@axios-authorizer/core';
import {
  ATTACH_OPTIONS,
  checkOptions,
  CLIENT_OPTIONS,
  clientInfoOf,
  isObject,
  pickOptions,
} from '@axios-authorizer/core/extend';
import type {
  AttachAuthOptions,
  AuthInterceptors,
  AuthorizedClient,
  ClientOptions,
  ServiceDefinition,
} from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type { CreateAxiosDefaults } from 'axios';
import { OAuth2Authorizer, oauth2AuthorizerTable } from './oauth2/authorizer.js';
import type { OAuth2AuthorizerOptions } from './oauth2/authorizer.js';
import { SRPAuthorizer } from './srp-authorizer.js';
import { appClient, srpAuthorizerTable } from './sign-in/srp-options.js';
import type { SRPAuthorizerOptions } from './sign-in/srp-options.js';

/**
 * What a client takes however it signs in. The app client is said flat (`clientId`, `clientSecret`, `apiKey`) or as
 * `clientInfo`; its `apiKey` is sent as X-Api-Key wherever the token may go.
 */
export interface CognitoClientCommonOptions extends AttachAuthOptions, ClientOptions {}

/** A user pool to sign in to by SRP. */
export type SRPClientOptions = CognitoClientCommonOptions & Omit<SRPAuthorizerOptions, 'allow'>;
/** A domain or token endpoint to ask by OAuth 2. */
export type OAuth2ClientOptions = CognitoClientCommonOptions & Omit<OAuth2AuthorizerOptions, 'allow'>;

/**
 * An axios client with an `SRPAuthorizer` or `OAuth2Authorizer`, as the options say. @throws ConfigurationError
 *
 * @example
 * ```ts
 * const api = createCognitoClient(
 *   { userPoolId: 'eu-west-1_AbCdEfGhI', clientId, username: 'ada', password },
 *   { baseURL: 'https://api.example.org' },
 * );
 * await api.get('/reports');
 * ```
 */
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
  axiosConfig: CreateAxiosDefaults = {},
): AuthorizedClient {
  return createClient(serviceOf(options, axiosConfig, 'createCognitoClient'));
}

/**
 * What `createCognitoClient` makes a client of, as one service of `composeClients`.
 * @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const { reports } = composeClients({
 *   reports: cognitoService(
 *     { userPoolId: 'eu-west-1_AbCdEfGhI', clientId, username: 'ada', password },
 *     { baseURL: 'https://api.example.org' },
 *   ),
 * });
 * ```
 */
export function cognitoService(
  options: SRPClientOptions | OAuth2ClientOptions,
  axiosConfig: CreateAxiosDefaults = {},
): ServiceDefinition {
  return serviceOf(options, axiosConfig, 'cognitoService');
}

function serviceOf(
  given: SRPClientOptions | OAuth2ClientOptions,
  config: CreateAxiosDefaults,
  where: string,
): ServiceDefinition {
  const options = checkedOptions(given, where);
  return { authorizer: authorizerOf(options, where), config, options: pickOptions(options, ATTACH_OPTIONS) };
}

/**
 * The pair of interceptors for those who call `use()` themselves; `allow` must be given.
 * @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const { request, response } = cognitoInterceptors({
 *   userPoolId: 'eu-west-1_AbCdEfGhI',
 *   clientId,
 *   username: 'ada',
 *   password,
 *   allow: 'https://api.example.org',
 * });
 * client.interceptors.request.use(...request);
 * client.interceptors.response.use(...response);
 * ```
 */
export function cognitoInterceptors(
  given: (SRPClientOptions | OAuth2ClientOptions) & Required<Pick<AttachAuthOptions, 'allow'>>,
): AuthInterceptors & Pick<ServiceDefinition, 'authorizer'> {
  const where = 'cognitoInterceptors';
  const options = checkedOptions(given, where);
  const authorizer = authorizerOf(options, where, options.allow);
  const { retry: _none, ...attach } = pickOptions(options, ATTACH_OPTIONS);
  return { ...authInterceptors(authorizer, attach), authorizer };
}

function checkedOptions<O extends SRPClientOptions | OAuth2ClientOptions>(given: O, where: string): O {
  const options = checkOptions<object>(given, where, tableFor(given));
  if (!('userPoolId' in options || 'domain' in options || 'tokenUrl' in options))
    throw new ConfigurationError(
      `${where} needs \`userPoolId\` to sign in by SRP, or \`domain\` or \`tokenUrl\` to ask by OAuth 2`,
    );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same options, copied
  return options as O;
}

/** The names that count for the way to sign in that was chosen; without a choice all of them. */
function tableFor(given: object): OptionTable<object> {
  const common = { ...CLIENT_OPTIONS, ...ATTACH_OPTIONS };
  const isPool = isObject(given) && 'userPoolId' in given;
  const isOAuth2 = isObject(given) && ('domain' in given || 'tokenUrl' in given);
  return {
    ...(isPool ? {} : oauth2AuthorizerTable()),
    ...(isOAuth2 && !isPool ? {} : srpAuthorizerTable()),
    ...common,
  };
}

function authorizerOf(
  options: SRPClientOptions | OAuth2ClientOptions,
  where: string,
  allow?: string | readonly string[],
): ServiceDefinition['authorizer'] {
  const { clientId = '', ...info } = clientInfoOf(options, where);
  const clientInfo = appClient({ clientId, ...info }, where);
  return 'userPoolId' in options
    ? new SRPAuthorizer(clientInfo, { ...pickOptions(options, srpAuthorizerTable()), allow })
    : new OAuth2Authorizer(clientInfo, { ...pickOptions(options, oauth2AuthorizerTable()), allow });
}
