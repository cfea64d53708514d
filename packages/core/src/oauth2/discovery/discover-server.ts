// Finds the endpoints of an authorization server by its issuer (RFC 8414, OpenID Connect Discovery).
import { omitUndefined, recordOf } from '../../internal/records.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import { assertIdentifier, DISCOVERY_OPTIONS, metadataUrl, readDocument, said, textsOf } from './documents.js';
import type { DiscoveryOptions, MetadataSource } from './documents.js';
import type { ServerEndpoints, ServerMetadata } from './server-metadata.js';

/**
 * What the authorization server of that issuer says of itself: its endpoints, and what it takes. The document is looked for
 * where RFC 8414 section 3 has it, then where OpenID Connect Discovery section 4 has it; its `issuer` must be this one to the
 * letter. Nothing is kept: a source with `issuer` keeps what it read by itself.
 * @throws ConfigurationError when the issuer cannot be one, or the document is another's or names an endpoint that is not
 *   https; AuthenticationError `discovery_failed` when there is none; TokenEndpointError `network` when no answer came
 *
 * @example
 * ```ts
 * const { tokenEndpoint, scopes } = await discoverServer('https://id.example.org');
 * ```
 */
export async function discoverServer(issuer: string, given?: DiscoveryOptions): Promise<ServerMetadata> {
  const options = checkOptions(given, 'discoverServer', DISCOVERY_OPTIONS);
  assertIssuer(issuer, options);
  return readServer(issuer, options);
}

/** The same for options that were checked. */
export function readServer(issuer: string, options: DiscoveryOptions): Promise<ServerMetadata> {
  const { allowInsecure } = options;
  const judge = (document: Readonly<Record<string, unknown>>): ServerMetadata => {
    if (document['issuer'] !== issuer) throw ofAnother(issuer, document['issuer']);
    return serverMetadata(document, { id: issuer, allowInsecure });
  };
  return readDocument(wellKnownUrls(issuer), judge, options);
}

/** @throws ConfigurationError unless it is an issuer (RFC 8414 section 2): https, no query, no fragment */
export function assertIssuer(issuer: unknown, options: DiscoveryOptions): void {
  const { origin, pathname } = assertIdentifier(issuer, '`issuer`', options);
  if (String(issuer).includes('?'))
    throw new ConfigurationError(`\`issuer\` must hold no query (RFC 8414 section 2): ${origin}${pathname}`);
  if (pathname.includes('/.well-known/'))
    throw new ConfigurationError('`issuer` is what stands as "issuer" in that document, not the URL of the document');
}

/** Between host and path, then behind the path. */
function wellKnownUrls(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
}

/** Whoever it is, it does not speak for that issuer (RFC 8414 section 3.3). */
function ofAnother(issuer: string, named: unknown): ConfigurationError {
  const asked = `The metadata that was found for issuer ${said(issuer)} is of issuer ${said(named)}`;
  if (typeof named !== 'string') return new ConfigurationError(`${asked}: that is no authorization server's`);
  if (named.includes('{'))
    return new ConfigurationError(
      `${asked}: it serves many tenants under one name. Put your tenant's id in its place, such as ${said(named.replace(/\{[^}]*\}/, '<tenant id>'))}`,
    );
  return new ConfigurationError(
    `${asked}; both must be the same to the letter. If that is the server you mean, write issuer: ${said(named)}`,
  );
}

/** @throws ConfigurationError when there is no token endpoint, or an endpoint to which nothing may be sent */
function serverMetadata(raw: Readonly<Record<string, unknown>>, source: MetadataSource): ServerMetadata {
  const endpoints = endpointsOf(raw, source);
  const aliases = raw['mtls_endpoint_aliases'];
  return {
    issuer: source.id,
    tokenEndpoint: metadataUrl(raw['token_endpoint'], 'token_endpoint', source),
    issParameterSupported: raw['authorization_response_iss_parameter_supported'] === true,
    ...endpoints,
    ...omitUndefined({
      tokenEndpointAuthMethods: textsOf(raw['token_endpoint_auth_methods_supported']),
      tokenEndpointAuthSigningAlgs: textsOf(raw['token_endpoint_auth_signing_alg_values_supported']),
      dpopSigningAlgs: textsOf(raw['dpop_signing_alg_values_supported']),
      grantTypes: textsOf(raw['grant_types_supported']),
      scopes: textsOf(raw['scopes_supported']),
      codeChallengeMethods: textsOf(raw['code_challenge_methods_supported']),
      mtlsEndpointAliases: aliases === undefined ? undefined : endpointsOf(recordOf(aliases), source),
    }),
    raw,
  };
}

function endpointsOf(raw: Readonly<Record<string, unknown>>, source: MetadataSource): ServerEndpoints {
  const at = (name: string): string | undefined =>
    (raw[name] ?? undefined) === undefined || raw[name] === '' ? undefined : metadataUrl(raw[name], name, source);
  return omitUndefined({
    tokenEndpoint: at('token_endpoint'),
    authorizationEndpoint: at('authorization_endpoint'),
    deviceAuthorizationEndpoint: at('device_authorization_endpoint'),
    revocationEndpoint: at('revocation_endpoint'),
    introspectionEndpoint: at('introspection_endpoint'),
    jwksUri: at('jwks_uri'),
    endSessionEndpoint: at('end_session_endpoint'),
  });
}
