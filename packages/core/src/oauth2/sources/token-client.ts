// What every source of OAuth 2 does at its server: it asks for a token by some grant, refreshes it, revokes it.
import type { Token } from '../../token/token.js';
import type { TokenRequest, TokenSource } from '../../token/source.js';
import { omitUndefined } from '../../internal/records.js';
import { isExpiring } from '../../token/validity.js';
import { setParameters } from '../form-parameters.js';
import { revokeToken } from '../introspection.js';
import { askForToken } from '../token-endpoint.js';
import type { ServerEndpoints } from '../discovery/server-metadata.js';
import { serverAccess } from './server-access.js';
import type { RequestTarget, ServerAccess } from './server-access.js';
import { assertSourceOptions, scopeParameter } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';

/** The parameters of a grant, `grant_type` among them. */
export type Grant = Readonly<Record<string, string>>;

/** A client at its authorization server, by the options of its source. */
export interface TokenClient {
  /** What it asks for, as it is sent; undefined when the server chooses. */
  readonly scope: string | undefined;
  /** Asks for a token by a grant, with `scope` and the further parameters. */
  readonly ask: (grant: Grant, request: TokenRequest, before?: Token) => Promise<Token>;
  /** The same without `scope`, for a grant that has it already, such as a code. */
  readonly askAsGranted: (grant: Grant, request: TokenRequest) => Promise<Token>;
  /** Asks by the token's refresh token, which it must have. */
  readonly refresh: (token: Token, request: TokenRequest) => Promise<Token>;
  /**
   * What every source has besides its grant: `expired`, where its tokens are bound to a certificate; `revoke`, where it has a
   * `revocationUrl`, or an `issuer` that may publish one (RFC 7009); the `proof` of bound tokens (RFC 9449).
   */
  readonly common: Pick<TokenSource, 'revoke' | 'expired' | 'proof'>;
  /** The authorization server, for a grant with endpoints of its own. */
  readonly server: ServerAccess;
}

/**
 * @param where the source, for messages
 * @param further endpoints that its options say, besides those of every source
 * @throws ConfigurationError when an option is missing or cannot work
 */
export function tokenClient(options: OAuth2SourceOptions, where: string, further: ServerEndpoints = {}): TokenClient {
  assertSourceOptions(options, where);
  const scope = scopeParameter(options);
  const { tokenUrl, revocationUrl } = options;
  const urls = { ...further, ...omitUndefined({ tokenEndpoint: tokenUrl, revocationEndpoint: revocationUrl }) };
  const server = serverAccess(options, urls);
  const post = poster(options, server);
  const ask: TokenClient['ask'] = (grant, request, before) =>
    post({ ...grant, ...(scope && { scope }) }, request, before);
  return {
    scope,
    ask,
    askAsGranted: post,
    refresh: async (token, request) => {
      const { refreshToken = '', scope: granted } = token;
      const fresh = await ask({ grant_type: 'refresh_token', refresh_token: refreshToken }, request, token);
      // an answer without a refresh token keeps the old one (RFC 6749 section 6), one without a scope keeps that
      return { refreshToken, ...(granted !== undefined && { scope: granted }), ...fresh };
    },
    common: {
      ...revocationOf(options, server),
      ...bindingOf(options),
      ...(options.dpop && { proof: options.dpop }),
    },
    server,
  };
}

function poster(options: OAuth2SourceOptions, server: ServerAccess): TokenClient['ask'] {
  const {
    clientAuth,
    parameters,
    allowInsecure,
    transport,
    defaultLifetimeMs,
    acceptTokenTypes,
    dpop: proof,
    clock,
  } = options;
  const fixed = { allowInsecure, transport, defaultLifetimeMs, acceptTokenTypes, proof, clock };
  const told = new Set<string>(); // what is said of a secret is so at each request
  return (grant, { signal, notice }, before) => {
    const body = new URLSearchParams(grant);
    if (parameters) setParameters(body, parameters);
    const noticeOnce = (message: string): void => {
      if (!told.has(message)) notice?.(message);
      told.add(message);
    };
    const send = async (target: RequestTarget): Promise<Token> => {
      const boundTo = clientAuth.traits?.boundTo?.(transport);
      const token = await askForToken({ ...fixed, ...target, body, signal, before, notice: noticeOnce });
      return boundTo === undefined ? token : { boundTo, ...token };
    };
    const grantType = body.get('grant_type') ?? undefined;
    return server.at({ endpoint: 'tokenEndpoint', send, signal, grantType, notice: noticeOnce });
  };
}

/**
 * Tokens of a client that authenticates by certificate are bound to that (RFC 8705 section 3): with another they are of no use.
 * Those of DPoP are bound to its key.
 */
function bindingOf({ clientAuth: { traits } }: OAuth2SourceOptions): Pick<TokenSource, 'expired'> {
  const current = traits?.boundTo;
  if (current === undefined) return {};
  const isElsewhere = ({ boundTo, tokenType }: Token): boolean =>
    boundTo !== undefined && tokenType?.toLowerCase() !== 'dpop' && boundTo !== current();
  return { expired: (token, now) => isElsewhere(token) || isExpiring(token, now) };
}

function revocationOf(options: OAuth2SourceOptions, server: ServerAccess): Pick<TokenSource, 'revoke'> {
  const { revocationUrl, issuer, allowInsecure, transport, clock } = options;
  if (revocationUrl === undefined && issuer === undefined) return {};
  return {
    revoke: async ({ accessToken, refreshToken }, { signal }) => {
      if (revocationUrl === undefined && !(await server.metadata(signal))?.revocationEndpoint) return;
      const tokens = [
        { token: refreshToken, tokenTypeHint: 'refresh_token' },
        { token: accessToken, tokenTypeHint: 'access_token' },
      ];
      for (const { token, tokenTypeHint } of tokens) {
        if (!token) continue;
        const send = (target: RequestTarget): Promise<void> =>
          revokeToken({ ...target, token, tokenTypeHint, allowInsecure, signal, transport, clock });
        await server.at({ endpoint: 'revocationEndpoint', send, signal });
      }
    },
  };
}
