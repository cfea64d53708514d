// The credentials of a request: Authorization or what the program's own hook makes, the client's API key, and a proof where the
// token is bound to a key. What is the same for every request is made once a token; the rest for each attempt and hop.
import { isObject, recordOf, asString } from '../internal/records.js';
import type { ResolvedOptions } from '../lifecycle/options.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { isProven } from '../token/proof.js';
import type { ProofOfPossession } from '../token/proof.js';
import { secretsOfToken, withoutSecrets } from '../token/secrets.js';
import type { AnySource } from '../token/source.js';
import { assertAccessToken, assertHeaderToken } from '../token/token.js';
import type { Token } from '../token/token.js';

/** A request as it goes out. */
export interface OutgoingRequest {
  readonly method: string;
  /** Params included. */
  readonly url: URL;
}

/** The headers that carry a token, and their names. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** That of the proof among them, which is made when the request is sent. */
  readonly names: string[];
  /** The token as it goes out. */
  readonly bearer: string;
}

/** Makes the credentials of an authorizer's requests. */
export interface CredentialsMaker<T extends Token> {
  /** Whether they depend on the request, so that each hop of a redirect gets its own. */
  readonly isPerRequest: boolean;
  readonly proof: ProofOfPossession | undefined;
  /** @throws ConfigurationError when the token cannot be sent, or not without knowing the request */
  readonly credentialsOf: (token: T, request?: () => OutgoingRequest) => Credentials;
}

export function credentialsMaker<T extends Token>(
  source: AnySource<T>,
  options: ResolvedOptions<T>,
): CredentialsMaker<T> {
  const { proof } = source;
  const knowsRequest = (options.headers?.length ?? 0) > 1;
  let made: Credentials | undefined;
  const credentialsOf: CredentialsMaker<T>['credentialsOf'] = (token, request) => {
    assertAccessToken(token);
    const bearer = bearerOf(source, token);
    const isBound = isProven(proof, token);
    if (!request && (knowsRequest || isBound)) throw requestUnknown();
    if (made && bearer === made.bearer) return made;
    const headers = makeHeaders({ bearer, scheme: isBound ? proof.scheme : 'Bearer' }, options, request);
    const names = Object.keys(headers);
    if (isBound) names.push(proof.header);
    const credentials = { headers, names, bearer };
    if (!knowsRequest) made = credentials;
    return credentials;
  };
  return { isPerRequest: knowsRequest || proof !== undefined, proof, credentialsOf };
}

/** @throws ConfigurationError where the source's own hook fails, without the token in its words */
function bearerOf<T extends Token>(source: AnySource<T>, token: T): string {
  try {
    return source.bearer?.(token) ?? token.accessToken;
  } catch (cause) {
    throw hookFailure('`bearer` of the token source', cause, secretsOfToken(token));
  }
}

/** A method as fetch writes it: the usual ones in capitals, others as they are (Fetch standard, section 2.2.1). */
export function asSent(method: string): string {
  return /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method;
}

/** The headers of a request that is sent elsewhere, with a proof where there has to be one. */
export async function headersWithProof<T extends Token>(
  { proof, credentialsOf }: CredentialsMaker<T>,
  token: T,
  request: OutgoingRequest,
): Promise<Record<string, string>> {
  const { headers, names, bearer } = credentialsOf(token, () => request);
  if (!proof || !names.includes(proof.header)) return { ...headers };
  return { ...headers, [proof.header]: await proof.prove({ ...request, accessToken: bearer, token }) };
}

function requestUnknown(): ConfigurationError {
  return new ConfigurationError(
    'These headers depend on the request that they go with: ask for them by `await authorizer.headers(url, { method })`',
  );
}

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

interface Bearer {
  readonly bearer: string;
  readonly scheme: string;
}

function makeHeaders<T extends Token>(
  { bearer, scheme }: Bearer,
  options: ResolvedOptions<T>,
  request: (() => OutgoingRequest) | undefined,
): Readonly<Record<string, string>> {
  assertHeaderToken(bearer, 'The bearer token');
  const headers = ownHeaders(options, bearer, request) ?? { Authorization: `${scheme} ${bearer}` };
  const apiKey = options.clientInfo?.apiKey;
  for (const [name, value] of Object.entries(headers))
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value))
      throw new ConfigurationError(`The header ${JSON.stringify(name)} holds what no header may, such as a line break`);
  return apiKey ? { ...headers, 'X-Api-Key': apiKey } : headers;
}

/** What the program's own hook makes, copied: it may change its object later. @throws ConfigurationError when it fails */
function ownHeaders<T extends Token>(
  { headers }: ResolvedOptions<T>,
  bearer: string,
  request: (() => OutgoingRequest) | undefined,
): Record<string, string> | undefined {
  if (headers === undefined) return undefined;
  try {
    const made: unknown = Reflect.apply(headers, undefined, [bearer, ...(headers.length > 1 ? shownTo(request) : [])]);
    if (!isObject(made) || 'then' in made || !Object.values(made).every((value) => typeof value === 'string'))
      throw new TypeError('it must return an object of texts, at once');
    return Object.fromEntries(Object.entries(made).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    throw hookFailure('`headers` of the authorizer', cause, [bearer]);
  }
}

function hookFailure(hook: string, cause: unknown, secrets: readonly string[]): ConfigurationError {
  const words = withoutSecrets(asString(recordOf(cause)['message']) ?? 'no reason given', secrets);
  return new ConfigurationError(`The hook ${hook} failed: ${words}`, { cause: new Error(words) });
}

/** A copy, since a hook that sorts the params to sign them must not move the request. */
function shownTo(request: (() => OutgoingRequest) | undefined): readonly OutgoingRequest[] {
  const known = request?.();
  return known ? [{ method: known.method, url: new URL(known.url.href) }] : [];
}
