// An axios client that knows nothing of us, on top of authorizedFetch: so the tables of the axios clients are run for fetch as well.
import axios, { isAxiosError } from 'axios';
import type { AxiosInstance, CreateAxiosDefaults } from 'axios';
import { authorizedFetch } from '../../src/fetch/index.js';
import type { AuthorizedFetchOptions } from '../../src/fetch/index.js';
import { isAuthenticationError } from '../../src/index.js';
import type { Authorizer } from '../../src/index.js';

/** In the place of an adapter's name. */
export const OVER_FETCH = 'authorizedFetch';

export function clientOverFetch(
  auth: Authorizer,
  config: CreateAxiosDefaults,
  options: Partial<AuthorizedFetchOptions> = {},
): AxiosInstance {
  const fetch = authorizedFetch(auth, { allow: config.baseURL ?? '', ...options });
  // without a Request axios hands over the body as it is
  const env = { fetch, Request: null, Response };
  const client = axios.create({ ...config, adapter: 'fetch', ...Object.fromEntries([['env', env]]) });
  client.interceptors.request.use((request) => {
    const { authorizer, resendBody } = request;
    const init = { ...(authorizer !== undefined && { authorizer }), ...(resendBody && { resendBody }) };
    request.fetchOptions = { ...request.fetchOptions, ...init };
    return request;
  });
  client.interceptors.response.use(null, (error: unknown) => {
    throw isAxiosError(error) && isAuthenticationError(error.cause) ? error.cause : error; // axios wraps what fetch throws
  });
  return client;
}
