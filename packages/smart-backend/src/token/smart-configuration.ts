// What a FHIR server says of its authorization server (SMART "Conformance", .well-known/smart-configuration).
import { ConfigurationError } from '@axios-authorizer/core';
import { isSecureUrl } from '@axios-authorizer/core/extend';
import type { SMARTBackendAuthOptions } from '../auth-options.js';

/** What a server says of itself in `/.well-known/smart-configuration`, as far as it is used here. */
export interface SmartConfiguration {
  /** Where assertions are posted to. */
  readonly tokenUrl: string;
  /** The algorithms that the server takes for assertions, in its order; undefined when it does not say. */
  readonly algorithms: readonly string[] | undefined;
  /** The document as it came. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** `[base]/.well-known/smart-configuration`: appended to the base's path, not to its host. @throws ConfigurationError */
export function configurationUrl(baseUrl: string): string {
  const base = baseOf(baseUrl);
  return `${base.origin}${base.pathname}.well-known/smart-configuration`;
}

/**
 * The document, read as servers write it: endpoints may be relative to the FHIR base, most members may be missing.
 * @throws ConfigurationError when it names no token endpoint that an assertion may be sent to
 */
export function parseConfiguration(
  document: Readonly<Record<string, unknown>>,
  server: Pick<SMARTBackendAuthOptions, 'baseUrl' | 'allowInsecure'>,
): SmartConfiguration {
  return {
    tokenUrl: tokenUrlOf(document['token_endpoint'], server),
    algorithms: listOf(document['token_endpoint_auth_signing_alg_values_supported']),
    document,
  };
}

/** What the document should say and does not; real servers omit much, so this is told and not thrown. */
export function shortcomings(document: Readonly<Record<string, unknown>>): readonly string[] {
  const missing = REQUIRED.filter((name) => !(name in document)).map((name) => `it has no ${name}`);
  const unsaid = EXPECTED.filter(([name, value]) => listOf(document[name])?.includes(value) === false);
  return [...missing, ...unsaid.map(([name, value]) => `its ${name} does not list ${value}`)];
}

/** What SMART requires beside the token endpoint. */
const REQUIRED = ['grant_types_supported', 'capabilities', 'code_challenge_methods_supported'];
const EXPECTED = [
  ['grant_types_supported', 'client_credentials'],
  ['token_endpoint_auth_methods_supported', 'private_key_jwt'],
  ['capabilities', 'client-confidential-asymmetric'],
] as const;

/** The FHIR base with a slash at its end. */
function baseOf(baseUrl: string): URL {
  const url = parsed(baseUrl);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw new ConfigurationError(
      'baseUrl must be the FHIR base URL, such as https://ehr.example.org/fhir, without a query',
    );
  url.pathname = url.pathname.replace(/\/*$/, '/');
  return url;
}

function tokenUrlOf(
  endpoint: unknown,
  { baseUrl, allowInsecure }: Pick<SMARTBackendAuthOptions, 'baseUrl' | 'allowInsecure'>,
): string {
  const url = typeof endpoint === 'string' && endpoint !== '' ? parsed(endpoint, baseOf(baseUrl)) : undefined;
  if (url === undefined)
    throw new ConfigurationError('The SMART configuration names no token_endpoint; `tokenUrl` can say it instead');
  if (url.hash !== '' || url.username !== '' || url.password !== '')
    throw new ConfigurationError('The SMART configuration names a token_endpoint with a fragment or a user');
  if (!isSecureUrl(url, allowInsecure))
    throw new ConfigurationError(
      `The SMART configuration names the token_endpoint ${url.origin}, which is not https; no assertion is sent there without allowInsecure`,
    );
  // an absolute endpoint is kept to the letter: servers compare `aud` as text
  return parsed(String(endpoint)) === undefined ? url.href : String(endpoint);
}

/** A list with something in it, of texts. */
function listOf(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item) => typeof item === 'string');
  return texts.length > 0 ? texts : undefined;
}

function parsed(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
