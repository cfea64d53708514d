// The options that all sources of OAuth 2 share, and what is checked when a source is made.
import type { Clock } from '../../internal/clock.js';
import { asString } from '../../internal/records.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import type { ProofOfPossession } from '../../token/proof.js';
import type { OptionTable } from '../../token/options-check.js';
import { parameterPairs } from '../form-parameters.js';
import type { FormParameters } from '../form-parameters.js';
import { assertIssuer } from '../discovery/discover-server.js';
import type { ClientAuth, Transport } from '../http.js';
import { assertTokenTypes } from '../token-endpoint.js';

/** The options that all OAuth 2 sources share; alone those of {@link clientCredentialsSource}. */
export interface OAuth2SourceOptions {
  /** The token endpoint: https, or http on this machine. Default: what `issuer` publishes; one of the two must be given. */
  readonly tokenUrl?: string | undefined;
  /**
   * In place of `tokenUrl`: the authorization server, exactly as it writes itself ("issuer"), https without query. Its endpoints,
   * and what it takes, are read at the first request (RFC 8414, OpenID Connect Discovery) and kept by the source for six hours;
   * they are read again when an endpoint has moved. Default: none is asked.
   */
  readonly issuer?: string | undefined;
  /**
   * How the client authenticates: `clientSecretBasic`, `clientSecretPost`, `clientSecretJwt`, `privateKeyJwt`, `tlsClientAuth`,
   * `publicClient`, or a function of your own.
   */
  readonly clientAuth: ClientAuth;
  /** What is asked for, blank-separated or a list, at a refresh as well. Default: the server's choice. */
  readonly scope?: string | readonly string[] | undefined;
  /** Further parameters of each token request, such as `audience`; a list is several of one name (`resource`, RFC 8707). Default: none. */
  readonly parameters?: FormParameters | undefined;
  /** Where logout revokes (RFC 7009). Default: what `issuer` publishes; without both logout only forgets. */
  readonly revocationUrl?: string | undefined;
  /** The token's lifetime in ms where the server does not state it. Default: until a server rejects it. */
  readonly defaultLifetimeMs?: number | undefined;
  /**
   * Values of `token_type` that are taken besides Bearer, compared without case, such as Apigee's "BearerToken". The token
   * names its type and is sent as Bearer; `headers` of the authorizer sets another scheme. Default: none.
   */
  readonly acceptTokenTypes?: readonly string[] | undefined;
  /**
   * Has tokens bound to a key that cannot be stolen with them: `await dpopProof()` of core/dpop (RFC 9449). Default: bearer tokens.
   */
  readonly dpop?: ProofOfPossession | undefined;
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
  issuer: 'string',
  clientAuth: 'function',
  scope: 'any',
  parameters: 'any',
  revocationUrl: 'string',
  defaultLifetimeMs: 'any',
  acceptTokenTypes: 'any',
  dpop: 'object',
  allowInsecure: 'any',
  transport: 'object',
  clock: 'clock',
};

/** @throws ConfigurationError that names what is missing, or cannot be sent */
export function assertSourceOptions(options: OAuth2SourceOptions, where: string): void {
  const { tokenUrl, issuer, clientAuth, acceptTokenTypes, parameters, dpop } = options;
  for (const [name, url] of Object.entries({ tokenUrl, issuer }))
    if (url === '') throw new ConfigurationError(`${where}: \`${name}\` is empty; where is it read from?`);
  if ((!tokenUrl && !issuer) || clientAuth === undefined)
    throw new ConfigurationError(
      `${where} needs \`tokenUrl\` (or \`issuer\`) and \`clientAuth\`, such as clientSecretBasic({ clientId, clientSecret })`,
    );
  if (tokenUrl && issuer)
    throw new ConfigurationError(`${where} takes \`tokenUrl\` or \`issuer\`, not both: which of them is right?`);
  if (issuer) assertIssuer(issuer, options);
  if (dpop && typeof dpop.exchange !== 'function')
    throw new ConfigurationError(`\`dpop\` of ${where} must be what \`await dpopProof()\` gives`);
  assertTokenTypes(acceptTokenTypes);
  parameterPairs(parameters);
}

/** `scope` as it is sent; undefined when none is asked for. */
export function scopeParameter({ scope }: Pick<OAuth2SourceOptions, 'scope'>): string | undefined {
  return asString(typeof scope === 'string' ? scope : scope?.join(' '));
}
