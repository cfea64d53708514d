// The session in the words of the family: one call that does the whole thing, a part for composeClients, and interceptors.
import { authInterceptors, definedOnly, ownOptions } from '@axios-authorizer/core';
import type { AuthInterceptors, Authorizer, ServiceDefinition } from '@axios-authorizer/core';
import type { CreateAxiosDefaults } from 'axios';
import { isRefusedBearer } from './login/refused-bearer.js';
import { Session } from './session/session.js';
import type { SessionOptions } from './session/session.js';
import { settings } from './settings.js';
import { User } from './user.js';
import type { UserLike } from './user.js';
import type { UserOptions } from './user-options.js';

export interface ItkdbOptions
  extends Omit<SessionOptions, 'prefixUrl' | 'saveAuth' | 'authExpiryThreshold'>, Omit<UserOptions, 'prefixUrl'> {
  /** The database. Default: ITKDB_API_URL. */
  readonly apiUrl?: string | undefined;
  /** The login service. Default: ITKDB_AUTH_URL. */
  readonly authUrl?: string | undefined;
}

/** A `Session` with a `User` of its own, both out of one object. @throws ConfigurationError when an option cannot work */
export function createItkdbClient(options: ItkdbOptions = {}, axiosConfig?: CreateAxiosDefaults): Session {
  const { apiUrl: prefixUrl, user = userOf(options), ...rest } = options;
  return new Session({ ...rest, user, prefixUrl }, axiosConfig);
}

/** Login and bearer alone, as a part of `composeClients`: axios's own errors, no cache. */
export function itkdbService(given?: ItkdbOptions, axiosConfig: CreateAxiosDefaults = {}): ServiceDefinition {
  const options = ownOptions(given);
  const { apiUrl = settings.ITKDB_API_URL, allowInsecure } = options;
  const user: UserLike = options.user ?? userOf(options);
  const unauthorized = user.renewable === false ? () => false : isRefusedBearer;
  return {
    authorizer: user.authorizer,
    config: { adapter: 'http', baseURL: apiUrl, ...axiosConfig },
    options: { allow: apiUrl, unauthorized, ...definedOnly({ allowInsecure }) },
  };
}

/** The pair of interceptors for those who call `use()` themselves. */
export function itkdbInterceptors(options: ItkdbOptions = {}): AuthInterceptors & { readonly authorizer: Authorizer } {
  const { authorizer, options: attach = {} } = itkdbService(options);
  const { allow = settings.ITKDB_API_URL, ...rest } = attach;
  return { ...authInterceptors(authorizer, { allow, ...rest }), authorizer };
}

function userOf({ authUrl: prefixUrl, user: _user, ...options }: ItkdbOptions): User {
  return new User({ ...options, prefixUrl });
}
