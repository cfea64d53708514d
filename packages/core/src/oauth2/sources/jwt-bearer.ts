// A signed assertion for a token (RFC 7523 section 2.1): of a service account, of a workload's identity, of a broker.
import { readSecret } from '../../token/credential-text.js';
import type { Secret } from '../../token/credential-text.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import type { TokenRequest, TokenSource } from '../../token/source.js';
import type { Token } from '../../token/token.js';
import type { ClientAuth } from '../http.js';
import { SOURCE_OPTIONS } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';
import { tokenClient } from './token-client.js';

/** The options of {@link jwtBearerSource}. */
export interface JwtBearerSourceOptions extends Omit<OAuth2SourceOptions, 'clientAuth'> {
  /** How the client authenticates. Default: not at all, the assertion says who asks. */
  readonly clientAuth?: ClientAuth | undefined;
  /** The signed JWT, or a function that makes one: it is called at each attempt, since an assertion is good once and for minutes. */
  readonly assertion: Secret;
}

const WHERE = 'jwtBearerSource';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

/**
 * A token for an assertion (RFC 7523 section 2.1). A refresh token is used where the server gives one, which is rare (section 4.1 of
 * RFC 7521); else another assertion is handed in.
 * @throws ConfigurationError when an option cannot work, or there is no assertion; asked for a token it throws as `requestToken`
 *   does, of kind `credentials` when the assertion is refused
 *
 * @example
 * ```ts
 * const source = jwtBearerSource({ tokenUrl, assertion: async () => 'a signed JWT', scope: 'reports' });
 * ```
 */
export function jwtBearerSource(given: JwtBearerSourceOptions): TokenSource {
  const table = { ...SOURCE_OPTIONS, assertion: 'any' } as const;
  const options = checkOptions<JwtBearerSourceOptions>(given, WHERE, table);
  const { assertion, clientAuth = unauthenticated } = options;
  if (!assertion || (typeof assertion !== 'string' && typeof assertion !== 'function'))
    throw new ConfigurationError(`${WHERE} needs an \`assertion\`: a signed JWT, or a function that makes one`);
  const { ask, refresh, common } = tokenClient({ ...options, clientAuth }, WHERE);
  const authorize = async (request: TokenRequest): Promise<Token> =>
    ask({ grant_type: GRANT_TYPE, assertion: await readSecret(assertion, `\`assertion\` of ${WHERE}`) }, request);
  return {
    authorize,
    refresh: (token, request) => (token.refreshToken === undefined ? authorize(request) : refresh(token, request)),
    ...common,
  };
}

function unauthenticated(): void {
  // the assertion says who asks
}
