// The whole thing in one call: an axios client of a FHIR server that authenticates with its own key.
import { authInterceptors, Authorizer, createClient, definedOnly, ownOptions } from '@axios-authorizer/core';
import type {
  AttachAuthOptions,
  AuthInterceptors,
  AuthorizedClient,
  AuthorizerOptions,
  ServiceDefinition,
} from '@axios-authorizer/core';
import type { CreateAxiosDefaults } from 'axios';
import { SMARTBackendAuth } from './smart-backend-auth.js';
import type { SMARTBackendAuthOptions } from './auth-options.js';
import { boundStore } from './bound-store.js';

export interface SmartBackendOptions
  extends
    SMARTBackendAuthOptions,
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
 * An axios client whose `baseURL` is the FHIR base, and where the token stays.
 * @param axiosConfig further defaults of the client; its own win
 * @throws ConfigurationError when an option cannot work
 */
export function createSmartBackendClient(
  options: SmartBackendOptions,
  axiosConfig?: CreateAxiosDefaults,
): AuthorizedClient & { readonly auth: SMARTBackendAuth } {
  const service = smartBackendService(options, axiosConfig);
  return Object.assign(createClient(service), { auth: service.auth });
}

/** The same as a part of `composeClients`. */
export function smartBackendService(
  given: SmartBackendOptions,
  axiosConfig: CreateAxiosDefaults = {},
): SmartBackendService {
  const options = ownOptions(given);
  const auth = new SMARTBackendAuth(options);
  const { allow = options.baseUrl, allowInsecure, unauthorized, retry } = options;
  return {
    auth,
    authorizer: authorizerOf(auth, options),
    config: {
      ...axiosConfig,
      baseURL: axiosConfig.baseURL ?? options.baseUrl,
      headers: Object.assign({ Accept: FHIR_JSON }, axiosConfig.headers),
    },
    options: { allow, ...definedOnly({ allowInsecure, unauthorized, retry }) },
  };
}

/** The pair of interceptors for those who call `use()` themselves. */
export function smartBackendInterceptors(options: Omit<SmartBackendOptions, 'retry'>): AuthInterceptors & {
  readonly auth: SMARTBackendAuth;
  readonly authorizer: Authorizer;
} {
  const { auth, authorizer, options: attach = {} } = smartBackendService(options);
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

function authorizerOf(auth: SMARTBackendAuth, options: SmartBackendOptions): Authorizer {
  const { initialToken, onToken, leewayMs, refreshAheadMs, timeoutMs, storeTimeoutMs, maxRetries } = options;
  const limits = { leewayMs, refreshAheadMs, timeoutMs, storeTimeoutMs, maxRetries };
  const { clientId, observer, clock, allow = options.baseUrl, allowInsecure } = options;
  const store = options.store && boundStore(options.store, `${clientId} at ${options.baseUrl}`);
  const told = { clientInfo: { clientId }, allow, allowInsecure, store, initialToken, observer, clock };
  return new Authorizer(auth, { ...told, ...limits, ...definedOnly({ onToken }) });
}
