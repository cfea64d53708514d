// A `fetch` whose requests carry a good token.
export { authorizedFetch } from './authorized-fetch.js';
export type {
  AuthorizedFetch,
  AuthorizedFetchOptions,
  AuthorizedPoolFetchOptions,
  KeyRequest,
} from './authorized-fetch.js';
export type { AuthorizedRequestInit } from './request.js';
export type { FetchAnswer, FetchUnauthorized } from './context.js';
