// The grant of a program that acts for itself.
import { checkOptions } from '../../token/options-check.js';
import type { TokenSource } from '../../token/source.js';
import { SOURCE_OPTIONS } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';
import { tokenClient } from './token-client.js';

/**
 * `client_credentials` (RFC 6749 section 4.4); a refresh token in the answer is ignored, as section 4.4.3 says.
 * @throws ConfigurationError when an option cannot work; asked for a token it throws as `requestToken` does
 *
 * @example
 * ```ts
 * const authorizer = new Authorizer(clientCredentialsSource({ tokenUrl, clientAuth, scope: ['read', 'write'] }));
 * ```
 */
export function clientCredentialsSource(given: OAuth2SourceOptions): TokenSource {
  const options = checkOptions(given, 'clientCredentialsSource', SOURCE_OPTIONS);
  const { ask, common } = tokenClient(options, 'clientCredentialsSource');
  return {
    authorize: async (request) => {
      const { refreshToken: _ignored, ...token } = await ask({ grant_type: 'client_credentials' }, request);
      return token;
    },
    ...common,
  };
}
