// What an authorization server says of itself (RFC 8414, OpenID Connect Discovery), as far as doctor looks at it.
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import { asString, endpointError, omitUndefined, parseObject, sendForm } from '@axios-authorizer/core/extend';
import type { Clock, Transport } from '@axios-authorizer/core';

export interface ServerMetadata {
  readonly tokenEndpoint: string;
  readonly tokenEndpointAuthMethods?: readonly string[];
  readonly tokenEndpointAuthSigningAlgs?: readonly string[];
  readonly grantTypes?: readonly string[];
}

export interface DiscoverOptions {
  readonly transport?: Transport | undefined;
  readonly allowInsecure?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
}

/** @throws AuthenticationError, ConfigurationError when the document is another issuer's */
export async function discoverServer(issuer: string, options: DiscoverOptions): Promise<ServerMetadata> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  const urls = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
  let last: AuthenticationError | undefined;
  for (const url of urls) {
    const answer = await sendForm({ url, headers: { Accept: 'application/json' }, ...options });
    const document = parseObject(answer.text);
    if (answer.status === 200 && document !== undefined) return metadataOf(document, issuer);
    last = endpointError(answer, document);
    if (answer.status !== 404) break;
  }
  const { kind = 'configuration', message = '' } = last ?? {};
  const code = 'discovery_failed';
  throw new AuthenticationError(
    `The metadata of ${issuer} could not be read: ${message.split('; ')[0]}; check issuer, or give tokenUrl`,
    {
      code,
      kind,
      ...(last && { cause: last }),
    },
  );
}

function metadataOf(document: Readonly<Record<string, unknown>>, issuer: string): ServerMetadata {
  const { issuer: named, token_endpoint: tokenEndpoint } = document;
  if (named !== issuer)
    throw new ConfigurationError(
      `The metadata that was found for issuer ${issuer} is of issuer ${String(named)}; both must be the same to the letter`,
    );
  if (typeof tokenEndpoint !== 'string' || !URL.canParse(tokenEndpoint))
    throw new ConfigurationError(`The metadata of ${issuer} names no token_endpoint; give tokenUrl`);
  return {
    tokenEndpoint,
    ...omitUndefined({
      tokenEndpointAuthMethods: textsOf(document['token_endpoint_auth_methods_supported']),
      tokenEndpointAuthSigningAlgs: textsOf(document['token_endpoint_auth_signing_alg_values_supported']),
      grantTypes: textsOf(document['grant_types_supported']),
    }),
  };
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.flatMap((one) => asString(one) ?? []) : undefined;
}
