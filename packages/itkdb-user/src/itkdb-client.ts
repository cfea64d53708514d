// The session in the words of the family: one call that does the whole thing, a part for composeClients, and interceptors.
import { authInterceptors } from '@axios-authorizer/core';
import { checkOptions, omitUndefined, pickOptions } from '@axios-authorizer/core/extend';
import type { AuthInterceptors, Authorizer, ServiceDefinition } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type { CreateAxiosDefaults } from 'axios';
import { isRefusedBearer } from './login/refused-bearer.js';
import { Session, SESSION_OPTIONS } from './session/session.js';
import type { SessionOptions } from './session/session.js';
import { settings } from './settings.js';
import { User } from './user.js';
import type { UserLike } from './user.js';
import { USER_OPTIONS } from './user-options.js';
import type { UserOptions } from './user-options.js';

/** The options of {@link createItkdbClient}: those of a session and of its user in one object. */
export interface ItkdbOptions
  extends Omit<SessionOptions, 'prefixUrl' | 'saveAuth' | 'authExpiryThreshold'>, Omit<UserOptions, 'prefixUrl'> {
  /** The database. Default: ITKDB_API_URL. */
  readonly apiUrl?: string | undefined;
  /** The login service. Default: ITKDB_AUTH_URL. */
  readonly authUrl?: string | undefined;
}

/**
 * A `Session` with a `User` of its own, both out of one object. @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const itkdb = createItkdbClient({ accessCode1: 'one', accessCode2: 'two' });
 * const { data } = await itkdb.get('getComponentTypes');
 * ```
 */
export function createItkdbClient(given?: ItkdbOptions, axiosConfig?: CreateAxiosDefaults): Session {
  const options = checkOptions(given, 'createItkdbClient', optionTable());
  const { apiUrl: prefixUrl, user = userOf(options) } = options;
  return new Session({ ...pickOptions(options, SESSION_OPTIONS), user, prefixUrl }, axiosConfig);
}

function optionTable(): OptionTable<ItkdbOptions> {
  const { prefixUrl: _database, ...session } = SESSION_OPTIONS;
  const { prefixUrl: _login, ...user } = USER_OPTIONS;
  return { ...session, ...user, apiUrl: 'string', authUrl: 'string' };
}

/**
 * Login and bearer alone, as a part of `composeClients`: axios's own errors, no cache.
 * @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const { itkdb } = composeClients({ itkdb: itkdbService({ accessCode1: 'one', accessCode2: 'two' }) });
 * ```
 */
export function itkdbService(given?: ItkdbOptions, axiosConfig: CreateAxiosDefaults = {}): ServiceDefinition {
  return serviceOf(given, axiosConfig, 'itkdbService');
}

function serviceOf(
  given: ItkdbOptions | undefined,
  axiosConfig: CreateAxiosDefaults,
  where: string,
): ServiceDefinition {
  const options = checkOptions(given, where, optionTable());
  const { apiUrl = settings.ITKDB_API_URL, allowInsecure } = options;
  const user: UserLike = options.user ?? userOf(options);
  const unauthorized = user.renewable === false ? () => false : isRefusedBearer;
  return {
    authorizer: user.authorizer,
    config: { adapter: 'http', baseURL: apiUrl, ...axiosConfig },
    options: { allow: apiUrl, unauthorized, ...omitUndefined({ allowInsecure }) },
  };
}

/**
 * The pair of interceptors for those who call `use()` themselves.
 * @throws ConfigurationError when an option cannot work
 *
 * @example
 * ```ts
 * const { request, response } = itkdbInterceptors({ accessCode1: 'one', accessCode2: 'two' });
 * client.interceptors.request.use(...request);
 * client.interceptors.response.use(...response);
 * ```
 */
export function itkdbInterceptors(options?: ItkdbOptions): AuthInterceptors & {
  /** What keeps the login, for `logout()` for instance. */
  readonly authorizer: Authorizer;
} {
  const { authorizer, options: attach = {} } = serviceOf(options, {}, 'itkdbInterceptors');
  const { allow = settings.ITKDB_API_URL, ...rest } = attach;
  return { ...authInterceptors(authorizer, { allow, ...rest }), authorizer };
}

function userOf(options: ItkdbOptions): User {
  return new User({ ...pickOptions(options, USER_OPTIONS), prefixUrl: options.authUrl });
}
