// The API behind a user pool, which wants a token of the pool and often an API key as well: what an axios client with an
// authorizer in front of API Gateway talks to.

import { startResourceServer } from '../api/resource-server.js';
import type { CognitoPool } from './options.js';
import type { ResourceServer, ResourceServerOptions } from '../api/resource-server.js';

export interface CognitoApiOptions extends Omit<ResourceServerOptions, 'accepts'> {
  /** Which of the pool's tokens is the bearer; default 'access'. */
  readonly tokenUse?: 'access' | 'id';
}

/** Lets in whoever bears a live token of the pool, and the `apiKey` in X-Api-Key if there is one. */
export function startCognitoApi(pool: CognitoPool, options: CognitoApiOptions = {}): Promise<ResourceServer> {
  const { tokenUse = 'access', ...rest } = options;
  const isValid = (token: string): boolean => (tokenUse === 'id' ? pool.validId(token) : pool.valid(token));
  return startResourceServer({ ...rest, accepts: (bearer) => bearer !== undefined && isValid(bearer) });
}
