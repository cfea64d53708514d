// The whole thing in one call: an axios client of a FHIR server that authenticates with its own key.
import { authInterceptors, Authorizer, createClient } from '@axios-authorizer/core';
import { ATTACH_OPTIONS, checkOptions, clientInfoOf, omitUndefined, pickOptions } from '@axios-authorizer/core/extend';
import type {
  AttachAuthOptions,
  AuthInterceptors,
  AuthorizedClient,
  AuthorizerOptions,
  ClientOptions,
  ServiceDefinition,
} from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type { CreateAxiosDefaults } from 'axios';
import { SMARTBackendAuth } from './smart-backend-auth.js';
import { authTable } from './auth-options.js';
import type { SMARTBackendAuthOptions } from './auth-options.js';
import { boundStore } from './bound-store.js';
import { networkOf } from './network.js';

export interface SmartBackendOptions
  extends
    Omit<SMARTBackendAuthOptions, 'clientId'>,
    Omit<ClientOptions, 'clientSecret'>,
    Pick<
      AuthorizerOptions,
      | 'store'
      | 'initialToken'
      | 'onToken'
      | 'leewayMs'
      | 'refreshAheadMs'
      | 'timeoutMs'
      | 'storeTimeoutMs'
      | 'maxRetries'
    >,
    AttachAuthOptions {}

/** Its source is a SMARTBackendAuth. */
export interface SmartBackendService extends ServiceDefinition {
  readonly auth: SMARTBackendAuth;
}

/**
 * An axios client whose `baseURL` is the FHIR base, and where the token stays. Proxy, agents and CA of `transport` hold for
 * its requests as well.
 * @param axiosConfig further defaults of the client; its own win
 * @throws ConfigurationError when an option cannot work
 */
export function createSmartBackendClient(
  options: SmartBackendOptions,
  axiosConfig?: CreateAxiosDefaults,
): AuthorizedClient & { readonly auth: SMARTBackendAuth } {
  const service = serviceOf(options, axiosConfig, 'createSmartBackendClient');
  return Object.assign(createClient(service), { auth: service.auth });
}

/** The same as a part of `composeClients`. */
export function smartBackendService(
  options: SmartBackendOptions,
  axiosConfig: CreateAxiosDefaults = {},
): SmartBackendService {
  return serviceOf(options, axiosConfig, 'smartBackendService');
}

function serviceOf(
  given: SmartBackendOptions,
  axiosConfig: CreateAxiosDefaults = {},
  where: string,
): SmartBackendService {
  const options = checkOptions(given, where, optionTable());
  const { clientId = '', apiKey } = clientInfoOf(options, where);
  const auth = new SMARTBackendAuth(pickOptions({ ...options, clientId }, authTable()));
  return {
    auth,
    authorizer: authorizerOf(auth, options, apiKey),
    config: {
      ...networkOf(options.transport),
      ...axiosConfig,
      baseURL: axiosConfig.baseURL ?? options.baseUrl,
      headers: Object.assign({ Accept: FHIR_JSON }, axiosConfig.headers),
    },
    options: { ...pickOptions(options, ATTACH_OPTIONS), allow: options.allow ?? options.baseUrl },
  };
}

function optionTable(): OptionTable<SmartBackendOptions> {
  return {
    ...authTable(),
    ...ATTACH_OPTIONS,
    apiKey: 'string',
    clientInfo: 'object',
    store: 'any',
    initialToken: 'any',
    onToken: 'function',
    leewayMs: 'any',
    refreshAheadMs: 'any',
    timeoutMs: 'any',
    storeTimeoutMs: 'any',
    maxRetries: 'any',
  };
}

/** The pair of interceptors for those who call `use()` themselves. */
export function smartBackendInterceptors(options: Omit<SmartBackendOptions, 'retry'>): AuthInterceptors & {
  readonly auth: SMARTBackendAuth;
  readonly authorizer: Authorizer;
} {
  const { auth, authorizer, options: attach = {} } = serviceOf(options, {}, 'smartBackendInterceptors');
  return {
    ...authInterceptors(authorizer, {
      ...attach,
      allow: attach.allow ?? options.baseUrl,
    }),
    auth,
    authorizer,
  };
}

const FHIR_JSON = 'application/fhir+json';

function authorizerOf(auth: SMARTBackendAuth, options: SmartBackendOptions, apiKey: string | undefined): Authorizer {
  const { clientId } = auth;
  const { initialToken, onToken, leewayMs, refreshAheadMs, timeoutMs, storeTimeoutMs, maxRetries } = options;
  const limits = { leewayMs, refreshAheadMs, timeoutMs, storeTimeoutMs, maxRetries };
  const { observer, clock, allow = options.baseUrl, allowInsecure } = options;
  const store = options.store && boundStore(options.store, `${clientId} at ${options.baseUrl}`);
  const told = { clientId, apiKey, allow, allowInsecure, store, initialToken, observer, clock };
  return new Authorizer(auth, { ...told, ...limits, ...omitUndefined({ onToken }) });
}
