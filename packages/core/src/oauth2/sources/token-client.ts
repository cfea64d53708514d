// What every source of OAuth 2 does at its server: it asks for a token by some grant, refreshes it, revokes it.
import type { Token } from '../../token/token.js';
import type { TokenRequest, TokenSource } from '../../token/source.js';
import { setParameters } from '../form-parameters.js';
import { revokeToken } from '../introspection.js';
import { askForToken } from '../token-endpoint.js';
import { assertSourceOptions, scopeParameter } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';

/** The parameters of a grant, `grant_type` among them. */
export type Grant = Readonly<Record<string, string>>;

/** A client at its authorization server, by the options of its source. */
export interface TokenClient {
  /** What it asks for, as it is sent; undefined when the server chooses. */
  readonly scope: string | undefined;
  /** Asks for a token by a grant, with `scope` and the further parameters. */
  readonly ask: (grant: Grant, request: TokenRequest) => Promise<Token>;
  /** The same without `scope`, for a grant that has it already, such as a code. */
  readonly askAsGranted: (grant: Grant, request: TokenRequest) => Promise<Token>;
  /** Asks by the token's refresh token, which it must have. */
  readonly refresh: (token: Token, request: TokenRequest) => Promise<Token>;
  /** `revoke` of the source, where it has a `revocationUrl` (RFC 7009). */
  readonly revocation: Pick<TokenSource, 'revoke'>;
}

/** @throws ConfigurationError when an option is missing or cannot work; `where` is the source that it names */
export function tokenClient(options: OAuth2SourceOptions, where: string): TokenClient {
  assertSourceOptions(options, where);
  const scope = scopeParameter(options);
  const post = poster(options);
  const ask = (grant: Grant, request: TokenRequest): Promise<Token> =>
    post({ ...grant, ...(scope && { scope }) }, request);
  return {
    scope,
    ask,
    askAsGranted: post,
    refresh: async (token, request) => {
      const { refreshToken = '', scope: granted } = token;
      const fresh = await ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, request);
      // an answer without a refresh token keeps the old one (RFC 6749 section 6), one without a scope keeps that
      return { refreshToken, ...(granted !== undefined && { scope: granted }), ...fresh };
    },
    revocation: revocationOf(options),
  };
}

function poster({ tokenUrl: url, parameters, ...options }: OAuth2SourceOptions): TokenClient['ask'] {
  const { clientAuth, allowInsecure, transport, defaultLifetimeMs, acceptTokenTypes, clock } = options;
  const fixed = { url, clientAuth, allowInsecure, transport, defaultLifetimeMs, acceptTokenTypes, clock };
  const told = new Set<string>(); // what is said of a secret is so at each request
  return (grant, { signal, notice }) => {
    const body = new URLSearchParams(grant);
    if (parameters) setParameters(body, parameters);
    const noticeOnce = (message: string): void => {
      if (!told.has(message)) notice?.(message);
      told.add(message);
    };
    return askForToken({ ...fixed, body, signal, notice: noticeOnce });
  };
}

function revocationOf(options: OAuth2SourceOptions): Pick<TokenSource, 'revoke'> {
  const { revocationUrl: url, clientAuth, allowInsecure, transport, clock } = options;
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
