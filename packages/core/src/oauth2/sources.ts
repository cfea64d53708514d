// Token sources for the grants of OAuth 2 (RFC 6749), over any token endpoint.
import type { ClientAuth, Transport } from './http.js';
import type { Clock } from '../internal/clock.js';
import { AuthenticationError, ConfigurationError } from '../token/errors/errors.js';
import { parameterPairs, setParameters } from './form-parameters.js';
import type { FormParameters } from './form-parameters.js';
import { revokeToken } from './introspection.js';
import { asString } from '../internal/records.js';
import { checkOptions } from '../token/options-check.js';
import type { OptionTable } from '../token/options-check.js';
import { askForToken, assertTokenTypes } from './token-endpoint.js';
import type { RequestTokenOptions } from './token-endpoint.js';
import type { Token } from '../token/token.js';
import type { TokenRequest, TokenSource } from '../token/source.js';

/** The options that all OAuth 2 sources share; alone those of {@link clientCredentialsSource}. */
export interface OAuth2SourceOptions {
  /** The token endpoint: https, or http on this machine. */
  readonly tokenUrl: string;
  /** How the client authenticates: `clientSecretBasic`, `clientSecretPost`, `publicClient`, or one of your own. */
  readonly clientAuth: ClientAuth;
  /** What is asked for, blank-separated or a list, at a refresh as well. Default: the server's choice. */
  readonly scope?: string | readonly string[] | undefined;
  /** Further parameters of each token request, such as `audience`; a list is several of one name (`resource`, RFC 8707). Default: none. */
  readonly parameters?: FormParameters | undefined;
  /** Where logout revokes (RFC 7009). Default: logout only forgets. */
  readonly revocationUrl?: string | undefined;
  /** The token's lifetime in ms where the server does not state it. Default: until a server rejects it. */
  readonly defaultLifetimeMs?: number | undefined;
  /**
   * Values of `token_type` that are taken besides Bearer, compared without case, such as Apigee's "BearerToken". The token
   * names its type and is sent as Bearer; `headers` of the authorizer sets another scheme. Default: none.
   */
  readonly acceptTokenTypes?: readonly string[] | undefined;
  /** Lets all requests of the source go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** How the requests leave: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** What every source knows. */
export const SOURCE_OPTIONS: OptionTable<OAuth2SourceOptions> = {
  tokenUrl: 'string',
  clientAuth: 'function',
  scope: 'any',
  parameters: 'any',
  revocationUrl: 'string',
  defaultLifetimeMs: 'any',
  acceptTokenTypes: 'any',
  allowInsecure: 'any',
  transport: 'object',
  clock: 'clock',
};

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
  const ask = asker(options, 'clientCredentialsSource');
  return {
    authorize: async (request) => {
      const { refreshToken: _ignored, ...token } = await ask({ grant_type: 'client_credentials' }, request);
      return token;
    },
    ...revoker(options),
  };
}

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
  const ask = asker(options, 'refreshTokenSource');
  let first = options.refreshToken;
  const refresh = refresher(ask, () => Promise.reject(sessionOver()));
  return {
    authorize: async (request) => {
      if (!first) throw sessionOver();
      const token = await refresh({ accessToken: '', refreshToken: first }, request);
      first = undefined; // a rotating refresh token is good for one use
      return token;
    },
    refresh,
    ...revoker(options),
  };
}

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
  const ask = asker(options, 'passwordSource');
  const authorize = async (request: TokenRequest): Promise<Token> => {
    const secret = typeof password === 'function' ? await password() : password;
    if (!secret) throw new ConfigurationError('The password function returned nothing; an empty password is not tried');
    return ask({ grant_type: 'password', username, password: secret }, request);
  };
  return { authorize, refresh: refresher(ask, authorize), ...revoker(options) };
}

type Ask = (grant: Readonly<Record<string, string>>, request: TokenRequest) => Promise<Token>;

function asker(options: OAuth2SourceOptions, where: string): Ask {
  const { parameters } = options;
  assertSourceOptions(options, where);
  assertTokenTypes(options.acceptTokenTypes); // refused here, not at the first request
  parameterPairs(parameters);
  const fixed = requestOptions(options);
  const scope = scopeParameter(options);
  const told = new Set<string>(); // what is said of a secret is so at each request
  return (grant, { signal, notice }) => {
    const body = new URLSearchParams({ ...grant, ...(scope && { scope }) });
    if (parameters) setParameters(body, parameters);
    const noticeOnce = (message: string): void => {
      if (!told.has(message)) notice?.(message);
      told.add(message);
    };
    return askForToken({ ...fixed, body, signal, notice: noticeOnce });
  };
}

/** @throws ConfigurationError that names what is missing */
export function assertSourceOptions({ tokenUrl, clientAuth }: OAuth2SourceOptions, where: string): void {
  if (!tokenUrl || clientAuth === undefined)
    throw new ConfigurationError(
      `${where} needs \`tokenUrl\` and \`clientAuth\`, such as clientSecretBasic({ clientId, clientSecret })`,
    );
}

/** What a token request takes of a source's options. */
export function requestOptions(options: OAuth2SourceOptions): Omit<RequestTokenOptions, 'body'> {
  const { tokenUrl: url, clientAuth, allowInsecure, transport, defaultLifetimeMs, acceptTokenTypes, clock } = options;
  return { url, clientAuth, allowInsecure, transport, defaultLifetimeMs, acceptTokenTypes, clock };
}

/** `scope` as it is sent; undefined when none is asked for. */
export function scopeParameter({ scope }: Pick<OAuth2SourceOptions, 'scope'>): string | undefined {
  return asString(typeof scope === 'string' ? scope : scope?.join(' '));
}

/** Refreshes; an answer without a refresh token keeps the old one (RFC 6749 section 6), one without a scope keeps that. */
function refresher(ask: Ask, otherwise: (request: TokenRequest) => Promise<Token>) {
  return async (token: Token, request: TokenRequest): Promise<Token> => {
    const { refreshToken, scope } = token;
    if (refreshToken === undefined) return otherwise(request);
    const fresh = await ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, request);
    return { refreshToken, ...(scope !== undefined && { scope }), ...fresh };
  };
}

function revoker({
  revocationUrl: url,
  clientAuth,
  allowInsecure,
  transport,
  clock,
}: OAuth2SourceOptions): Pick<TokenSource, 'revoke'> {
  if (url === undefined) return {};
  return {
    revoke: async ({ accessToken, refreshToken }, { signal }) => {
      const tokens = [
        { token: refreshToken, tokenTypeHint: 'refresh_token' },
        { token: accessToken, tokenTypeHint: 'access_token' },
      ];
      for (const { token, tokenTypeHint } of tokens)
        if (token)
          await revokeToken({ url, token, tokenTypeHint, clientAuth, allowInsecure, signal, transport, clock });
    },
  };
}

function sessionOver(): AuthenticationError {
  return new AuthenticationError('There is no refresh token left to go on with: log in again', {
    code: 'not_authenticated',
    kind: 'session',
  });
}
