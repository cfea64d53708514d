// The whole thing in one call: an axios client of a FHIR server that authenticates with its own key.
import { authInterceptors, Authorizer, ConfigurationError, createClient } from '@axios-authorizer/core';
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

/** The options of {@link createSmartBackendClient}: those of the source, of its authorizer, and of `attachAuth`. */
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
  /** What the tokens come from; its `keys` can be rotated while it runs. */
  readonly auth: SMARTBackendAuth;
}

/**
 * An axios client whose `baseURL` is the FHIR base, and where the token stays. Proxy, agents and CA of `transport` hold for
 * its requests as well.
 * @param axiosConfig further defaults of the client; its own win
 * @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const fhir = createSmartBackendClient({
 *   baseUrl: 'https://ehr.example.org/fhir',
 *   clientId,
 *   keys: await loadKeys('keys'),
 *   scope: 'system/Patient.rs',
 * });
 * const { data } = await fhir.get('Patient');
 * ```
 */
export function createSmartBackendClient(
  options: SmartBackendOptions,
  axiosConfig?: CreateAxiosDefaults,
): AuthorizedClient & {
  /** What the tokens come from; its `keys` can be rotated while it runs. */
  readonly auth: SMARTBackendAuth;
} {
  const service = serviceOf(options, axiosConfig, 'createSmartBackendClient');
  return Object.assign(createClient(service), { auth: service.auth });
}

/**
 * What `createSmartBackendClient` makes a client of, as one service of `composeClients`.
 * @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const { fhir } = composeClients({
 *   fhir: smartBackendService({
 *     baseUrl: 'https://ehr.example.org/fhir',
 *     clientId,
 *     keys: await loadKeys('keys'),
 *     scope: 'system/Patient.rs',
 *   }),
 * });
 * ```
 */
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
    options: { ...pickOptions(options, ATTACH_OPTIONS), allow: allowOf(options) },
  };
}

/**
 * Where the token may go: the FHIR base unless `allow` says otherwise.
 * @throws ConfigurationError when it forgets the base, whose requests would all go without a token
 */
function allowOf({ allow, baseUrl }: SmartBackendOptions): string | readonly string[] {
  const prefixes = [allow ?? baseUrl].flat();
  const base = slashed(baseUrl);
  const concerns = prefixes.some(
    (prefix) => prefix === '*' || base.startsWith(slashed(prefix)) || slashed(prefix).startsWith(base),
  );
  if (concerns) return allow ?? baseUrl;
  throw new ConfigurationError(
    `\`allow\` leaves out the FHIR base, so its requests would have no token: say both, allow: ${JSON.stringify([baseUrl, ...prefixes])}`,
  );
}

/** As it is compared: without case in scheme and host, with a slash at its end. */
function slashed(prefix: string): string {
  return URL.canParse(prefix) ? new URL(prefix).href.replace(/\/*$/, '/') : prefix;
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

/**
 * The pair of interceptors for those who call `use()` themselves.
 * @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const { request, response } = smartBackendInterceptors({
 *   baseUrl: 'https://ehr.example.org/fhir',
 *   clientId,
 *   keys: await loadKeys('keys'),
 *   scope: 'system/Patient.rs',
 * });
 * client.interceptors.request.use(...request);
 * client.interceptors.response.use(...response);
 * ```
 */
export function smartBackendInterceptors(options: Omit<SmartBackendOptions, 'retry'>): AuthInterceptors & {
  /** What the tokens come from; its `keys` can be rotated while it runs. */
  readonly auth: SMARTBackendAuth;
  /** What keeps the token, for `logout()` for instance. */
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
