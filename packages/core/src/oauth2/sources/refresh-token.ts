// The grant that keeps a session alive.
import { AuthenticationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import type { TokenSource } from '../../token/source.js';
import { SOURCE_OPTIONS } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';
import { tokenClient } from './token-client.js';
import type { TokenClient } from './token-client.js';

/** The options of {@link refreshTokenSource}. */
export interface RefreshTokenSourceOptions extends OAuth2SourceOptions {
  /** Begins the session; used once, then each answer's own. Default: the authorizer's `initialToken` or store has it. */
  readonly refreshToken?: string | undefined;
}

/**
 * `refresh_token` (RFC 6749 section 6): keeps a session alive that somebody else began.
 * @throws ConfigurationError when an option cannot work; asked for a token `not_authenticated` without a refresh token, and
 *   otherwise as `requestToken` does, of kind `session` when the refresh token is refused
 *
 * @example
 * ```ts
 * const source = refreshTokenSource({ tokenUrl, clientAuth: publicClient({ clientId }) });
 * const authorizer = new Authorizer(source, { initialToken: { refreshToken: 'from the last run' } });
 * ```
 */
export function refreshTokenSource(given: RefreshTokenSourceOptions): TokenSource {
  const table = { ...SOURCE_OPTIONS, refreshToken: 'string' } as const;
  const options = checkOptions<RefreshTokenSourceOptions>(given, 'refreshTokenSource', table);
  const client = tokenClient(options, 'refreshTokenSource');
  let first = options.refreshToken;
  let isUnderWay = false; // by another authorizer that has this source as well
  return {
    ...renewing(client),
    authorize: async (request) => {
      if (!first || isUnderWay) throw sessionOver();
      isUnderWay = true;
      try {
        const token = await client.refresh({ accessToken: '', refreshToken: first }, request);
        first = undefined; // a rotating refresh token is good for one use
        return token;
      } finally {
        isUnderWay = false;
      }
    },
  };
}

/** A source that goes on from a refresh token, and has nothing to begin with. */
export function renewing({ refresh, common }: TokenClient): TokenSource {
  return {
    authorize: async () => {
      throw sessionOver();
    },
    refresh: async (token, request) => {
      if (token.refreshToken === undefined) throw sessionOver();
      return refresh(token, request);
    },
    ...common,
  };
}

function sessionOver(): AuthenticationError {
  return new AuthenticationError('There is no refresh token left to go on with: log in again', {
    code: 'not_authenticated',
    kind: 'session',
  });
}
