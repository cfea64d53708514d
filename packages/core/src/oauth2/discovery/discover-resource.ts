// Finds out from an API which authorization servers it trusts (RFC 9728).
import { asString, omitUndefined } from '../../internal/records.js';
import { describeUrl } from '../../request/allow-list.js';
import { parseChallenges } from '../../token/challenge.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import { assertIdentifier, DISCOVERY_OPTIONS, metadataUrl, readDocument, said, textsOf } from './documents.js';
import type { DiscoveryOptions } from './documents.js';

/** How a resource is looked up: for {@link discoverResource}. */
export interface ResourceDiscoveryOptions extends DiscoveryOptions {
  /**
   * `WWW-Authenticate` of the 401 that the resource answered with, whose `resource_metadata` says where its metadata lies
   * (RFC 9728 section 5.1). Default: where section 3 has it.
   */
  readonly wwwAuthenticate?: string | readonly string[] | undefined;
  /** Origins, besides the resource's own, from which metadata that a 401 names is taken. Default: none. */
  readonly metadataOrigins?: readonly string[] | undefined;
}

/** What a protected resource says of itself (RFC 9728 section 2). It is data: nothing of it is used by itself. */
export interface ResourceMetadata {
  /** The resource's identifier; with `wwwAuthenticate` a prefix of the URL that was asked. */
  readonly resource: string;
  /** The issuers whose tokens it takes; choose one that you trust. Empty when it names none. */
  readonly authorizationServers: readonly string[];
  /** `scopes_supported`. */
  readonly scopes?: readonly string[];
  /** `bearer_methods_supported`: "header", "body", "query". */
  readonly bearerMethods?: readonly string[];
  /** Its public keys. */
  readonly jwksUri?: string;
  /** Its name, for people. */
  readonly resourceName?: string;
  /** `dpop_signing_alg_values_supported` (RFC 9449). */
  readonly dpopSigningAlgs?: readonly string[];
  /** Whether it takes only tokens that are bound by DPoP (RFC 9449). */
  readonly dpopRequired: boolean;
  /** Whether its tokens are bound to the client's certificate (RFC 8705). */
  readonly certificateBound: boolean;
  /** The document as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
}

type Document = Readonly<Record<string, unknown>>;

/**
 * What a protected resource says of itself, such as the authorization servers whose tokens it takes.
 * @param resource its identifier, to which the document's `resource` must be equal to the letter; with `wwwAuthenticate` the
 *   URL that was answered with 401, of which it must be a prefix: same origin, whole path segments
 * @throws ConfigurationError when the document is another's, or lies at an origin that is not listed; AuthenticationError
 *   `discovery_failed` when there is none; TokenEndpointError `network` when no answer came
 *
 * @example
 * ```ts
 * const { authorizationServers } = await discoverResource('https://api.example.org/fhir');
 * const [issuer] = authorizationServers.filter((server) => server === 'https://id.example.org'); // those that you trust
 * ```
 */
export async function discoverResource(resource: string, given?: ResourceDiscoveryOptions): Promise<ResourceMetadata> {
  const table = { ...DISCOVERY_OPTIONS, wwwAuthenticate: 'any', metadataOrigins: 'any' } as const;
  const { wwwAuthenticate, metadataOrigins, ...options } = checkOptions<ResourceDiscoveryOptions>(
    given,
    'discoverResource',
    table,
  );
  const url = assertIdentifier(resource, 'The resource', options);
  const isAsked = wwwAuthenticate === undefined;
  const named = isAsked ? undefined : namedUrl(wwwAuthenticate);
  if (named !== undefined) assertPlace(named, url, { ...options, metadataOrigins });
  if (!isAsked) url.search = ''; // of a request, and none of the resource's name
  const judge = (document: Document): ResourceMetadata => {
    const stated = document['resource'];
    if (isAsked ? stated !== resource : !isPrefix(stated, url)) throw ofAnother(isAsked ? resource : url.href, stated);
    return resourceMetadata(document, String(stated), options);
  };
  return readDocument([named ?? wellKnownUrl(url)], judge, options);
}

/** Between host and path (RFC 9728 section 3.1). */
function wellKnownUrl({ origin, pathname, search }: URL): string {
  return `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}${search}`;
}

/** Of a Bearer or a DPoP challenge. */
function namedUrl(header: string | readonly string[]): string | undefined {
  return parseChallenges(header)
    .map(({ parameters }) => asString(parameters['resource_metadata']))
    .find((url) => url !== undefined);
}

/** Whoever can write the header of a 401 could otherwise name a server of his own. @throws ConfigurationError */
function assertPlace(text: string, resource: URL, options: ResourceDiscoveryOptions): void {
  const { metadataOrigins = [] } = options;
  const place = new URL(metadataUrl(text, 'resource_metadata', { id: resource.origin, ...options }));
  const origins = [
    resource.origin,
    ...metadataOrigins.map((origin) => assertIdentifier(origin, '`metadataOrigins`', options).origin),
  ];
  if (!origins.includes(place.origin))
    throw new ConfigurationError(
      `The 401 of ${describeUrl(resource)} names metadata at ${place.origin}, which is another origin: list it in \`metadataOrigins\` if it may speak for the resource`,
    );
}

/** Same origin, and whole path segments. */
function isPrefix(stated: unknown, url: URL): boolean {
  if (typeof stated !== 'string') return false;
  try {
    const { origin, pathname, search, hash } = new URL(stated);
    const path = pathname.replace(/\/$/, '');
    const covers = url.pathname === pathname || `${url.pathname}/`.startsWith(`${path}/`);
    return origin === url.origin && search === '' && hash === '' && covers;
  } catch {
    return false;
  }
}

function ofAnother(resource: string, stated: unknown): ConfigurationError {
  return new ConfigurationError(
    `The metadata that was found for resource ${said(resource)} is of resource ${said(stated)} (RFC 9728 section 3.3): it is not used`,
  );
}

function resourceMetadata(raw: Document, resource: string, options: DiscoveryOptions): ResourceMetadata {
  const { jwks_uri: jwksUri } = raw;
  const source = { id: resource, ...options };
  return {
    resource,
    authorizationServers: textsOf(raw['authorization_servers']) ?? [],
    dpopRequired: raw['dpop_bound_access_tokens_required'] === true,
    certificateBound: raw['tls_client_certificate_bound_access_tokens'] === true,
    ...omitUndefined({
      scopes: textsOf(raw['scopes_supported']),
      bearerMethods: textsOf(raw['bearer_methods_supported']),
      dpopSigningAlgs: textsOf(raw['dpop_signing_alg_values_supported']),
      resourceName: asString(raw['resource_name']),
      jwksUri: jwksUri === undefined ? undefined : metadataUrl(jwksUri, 'jwks_uri', source),
    }),
    raw,
  };
}
