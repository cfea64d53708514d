// A user that is known by a static bearer token.
import { Authorizer, ConfigurationError } from '@axios-authorizer/core';
import { sha256 } from './itk-token.js';
import { settings } from '../settings.js';
import type { UserLike } from '../user.js';

/**
 * Somebody else's bearer token as a user; it cannot be renewed.
 *
 * @example
 * ```ts
 * const session = new Session({ user: new UserBearer('a bearer of somebody else') });
 * ```
 */
export class UserBearer implements UserLike {
  /** The bearer as core knows it, for `attachAuth` and the session; it is never renewed. */
  readonly authorizer: Authorizer;
  readonly renewable = false;
  readonly #bearer: string;

  /** @param bearer default: ITKDB_AUDREYTWO_API_KEY. @throws ConfigurationError when it is empty or cannot be sent */
  constructor(bearer: string = settings.ITKDB_AUDREYTWO_API_KEY) {
    if (typeof bearer === 'object')
      throw new ConfigurationError('UserBearer takes the bearer token itself, and no options: new UserBearer(token)');
    if (typeof bearer !== 'string' || bearer === '')
      throw new ConfigurationError(
        'The bearer token is empty or no text (ITKDB_AUDREYTWO_API_KEY); where is it read from?',
      );
    this.#bearer = bearer;
    this.authorizer = new Authorizer(() => Promise.resolve(bearer), { initialToken: { accessToken: bearer } });
  }

  get bearer(): string {
    return this.#bearer;
  }

  get cacheKey(): string {
    return sha256(this.#bearer);
  }

  /** There is nothing to do. */
  authenticate(): Promise<true> {
    return Promise.resolve(true);
  }

  toString(): string {
    return 'UserBearer(bearer=[hidden])';
  }
}
