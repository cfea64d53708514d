// The grant of a name and a password, for servers that still have it.
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import type { Token } from '../../token/token.js';
import type { TokenRequest, TokenSource } from '../../token/source.js';
import { SOURCE_OPTIONS } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';
import { tokenClient } from './token-client.js';

/** The options of {@link passwordSource}. */
export interface PasswordSourceOptions extends OAuth2SourceOptions {
  /** The resource owner's name; not empty. */
  readonly username: string;
  /** The password, or a function that asks for it when a sign-in is needed, so that it need not be kept. */
  readonly password: string | (() => string | Promise<string>);
}

/**
 * `password` (RFC 6749 section 4.3), for servers that still have it; refreshes when it can.
 * @throws ConfigurationError when an option cannot work; asked for a token it throws as `requestToken` does, of kind
 *   `credentials` when name or password are refused
 *
 * @example
 * ```ts
 * const authorizer = new Authorizer(passwordSource({ tokenUrl, clientAuth, username: 'reporter', password }));
 * ```
 */
export function passwordSource(given: PasswordSourceOptions): TokenSource {
  const table = { ...SOURCE_OPTIONS, username: 'string', password: 'any' } as const;
  const options = checkOptions<PasswordSourceOptions>(given, 'passwordSource', table);
  const { username, password } = options;
  if (!username || !password) throw new ConfigurationError('username or password is empty; where is it read from?');
  const { ask, refresh, common } = tokenClient(options, 'passwordSource');
  const authorize = async (request: TokenRequest): Promise<Token> => {
    const secret = typeof password === 'function' ? await password() : password;
    if (!secret) throw new ConfigurationError('The password function returned nothing; an empty password is not tried');
    return ask({ grant_type: 'password', username, password: secret }, request);
  };
  return {
    authorize,
    refresh: (token, request) => (token.refreshToken === undefined ? authorize(request) : refresh(token, request)),
    ...common,
  };
}
