// An authorizer over the OAuth 2 endpoints of a user pool's domain, or of any other server.
import {
  authorizationCodeSource,
  Authorizer,
  clientCredentialsSource,
  clientSecretBasic,
  ConfigurationError,
  publicClient,
  refreshTokenSource,
} from '@axios-authorizer/core';
import { checkOptions, pickOptions } from '@axios-authorizer/core/extend';
import type {
  AuthorizationCode,
  AuthorizerOptions,
  ClientInfo,
  ClientOptions,
  FormParameters,
  Token,
  TokenRequest,
  TokenSource,
  Transport,
} from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type { TokenUse } from '../cognito-token.js';
import { appClient, authorizerTable } from '../sign-in/srp-options.js';
import { domainUrl } from './domain.js';
import { endingWithItsIdToken } from './id-token-life.js';

/**
 * What is handed in for tokens (RFC 6749 sections 4.1.3, 4.4 and 6). 'refresh_token' refreshes what `setToken`, `initialToken`
 * or the store bring, and begins no session of its own.
 */
export type OAuth2Grant =
  | 'client_credentials'
  | 'refresh_token'
  | {
      /** Of an earlier sign-in; used once, then each answer's own. */
      readonly refreshToken: string;
    }
  | CodeGrant;

/** What a browser came back with (RFC 6749 section 4.1.2), and the PKCE verifier that belongs to it (RFC 7636). */
export type CodeGrant = AuthorizationCode;

/** The options of an {@link OAuth2Authorizer}: the endpoints, the grant, and those of an authorizer. */
export interface OAuth2AuthorizerOptions extends Omit<AuthorizerOptions, keyof ClientOptions | 'allowInsecure'> {
  /** The domain of the pool, such as "my-pool.auth.eu-west-1.amazoncognito.com" or one of your own. Default: what `tokenUrl` says. */
  readonly domain?: string | undefined;
  /** The token endpoint in full: https, or http on this machine. Default: /oauth2/token of `domain`. */
  readonly tokenUrl?: string | undefined;
  /** Where logout revokes. Default: /oauth2/revoke of `domain`; with `tokenUrl` alone logout only forgets. */
  readonly revocationUrl?: string | undefined;
  /** Blank-separated or a list; asked for at a refresh as well. Default: everything that the client may. */
  readonly scope?: string | readonly string[] | undefined;
  /** Further parameters of each token request; a list is several of one name (`resource`, RFC 8707). Default: none. */
  readonly parameters?: FormParameters | undefined;
  /** Values of `token_type` that are taken besides Bearer, compared without case; the token is sent as Bearer. Default: none. */
  readonly acceptTokenTypes?: readonly string[] | undefined;
  /** What tokens are asked for with: the client alone, a refresh token, or the code of a sign-in. Default: "client_credentials". */
  readonly grant?: OAuth2Grant | undefined;
  /** Which token is attached to requests; client credentials know only "access". Default: "access". */
  readonly tokenUse?: TokenUse | undefined;
  /** Lets all requests of the authorizer, and what `allow` holds, go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** How the requests leave: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
}

export function oauth2AuthorizerTable(): OptionTable<OAuth2AuthorizerOptions> {
  return {
    ...authorizerTable(),
    domain: 'string',
    tokenUrl: 'string',
    revocationUrl: 'string',
    scope: 'any',
    parameters: 'any',
    acceptTokenTypes: 'any',
    grant: 'any',
    tokenUse: ['access', 'id'],
    transport: 'object',
  };
}

/**
 * Tokens of a user pool's domain by OAuth 2.0: client credentials, an authorization code, a refresh token (RFC 6749 sections 4.4, 4.1, 6).
 *
 * @throws `ConfigurationError` when the domain or the client is missing or cannot be right
 *
 * @example
 * ```ts
 * const authorizer = new OAuth2Authorizer(
 *   { clientId, clientSecret },
 *   { domain: 'https://reports.auth.eu-west-1.amazoncognito.com', scope: 'reports/read' },
 * );
 * ```
 */
export class OAuth2Authorizer extends Authorizer {
  /**
   * @param client the app client; with a secret it authenticates by HTTP Basic
   * @throws ConfigurationError when an option cannot work
   */
  constructor(client: ClientInfo, given: OAuth2AuthorizerOptions) {
    const clientInfo = appClient(client, 'OAuth2Authorizer');
    const options = checkOptions(given, 'OAuth2Authorizer', oauth2AuthorizerTable());
    const own = pickOptions<Omit<AuthorizerOptions, keyof ClientOptions>>(options, authorizerTable());
    super(sourceFor(clientInfo, options), { ...own, clientInfo });
  }
}

function sourceFor(clientInfo: ClientInfo, options: OAuth2AuthorizerOptions): TokenSource {
  const source = grantSource(clientInfo, options);
  if (options.tokenUse !== 'id') return source;
  return {
    ...source,
    authorize: async (request) => endingWithItsIdToken(await source.authorize(request)),
    ...(source.refresh && {
      refresh: async (token, request) => endingWithItsIdToken(await renewed(source, token, request)),
    }),
    bearer: ({ idToken }) => idToken ?? '',
  };
}

function renewed(source: TokenSource, token: Token, request: TokenRequest): Promise<Token> {
  return source.refresh?.(token, request) ?? source.authorize(request);
}

function grantSource({ clientId, clientSecret }: ClientInfo, options: OAuth2AuthorizerOptions): TokenSource {
  const clientAuth = clientSecret ? clientSecretBasic({ clientId, clientSecret }) : publicClient({ clientId });
  const {
    grant = 'client_credentials',
    scope,
    parameters,
    acceptTokenTypes,
    allowInsecure,
    transport,
    clock,
  } = options;
  const how = { clientAuth, scope, parameters, acceptTokenTypes, allowInsecure, transport, clock };
  const asking = { ...endpoints(options), ...how };
  if (grant === 'client_credentials') {
    if (options.tokenUse === 'id')
      throw new ConfigurationError('client_credentials bring no id token: tokenUse must be "access"');
    if (!clientSecret) throw new ConfigurationError('client_credentials needs clientInfo.clientSecret');
    return clientCredentialsSource(asking);
  }
  if (grant === 'refresh_token') return refreshTokenSource(asking);
  if (typeof grant !== 'object' || grant === null)
    throw new ConfigurationError(
      "`grant` of OAuth2Authorizer must be 'client_credentials', 'refresh_token', { refreshToken } or { code, redirectUri, codeVerifier }",
    );
  if ('code' in grant) return authorizationCodeSource({ ...asking, grant });
  if (!grant.refreshToken) throw new ConfigurationError('grant.refreshToken is empty; where is it read from?');
  return refreshTokenSource({ ...asking, refreshToken: grant.refreshToken });
}

function endpoints(options: OAuth2AuthorizerOptions): { readonly tokenUrl: string; readonly revocationUrl?: string } {
  const { domain, tokenUrl } = options;
  if (!domain && !tokenUrl) throw new ConfigurationError('OAuth2Authorizer needs `domain` or `tokenUrl`');
  const base = domainUrl(domain);
  const revocationUrl = options.revocationUrl ?? (base && `${base}/oauth2/revoke`);
  return { tokenUrl: tokenUrl ?? `${base}/oauth2/token`, ...(revocationUrl && { revocationUrl }) };
}
