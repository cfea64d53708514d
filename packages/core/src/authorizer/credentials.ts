// The headers that carry a token: Authorization or what the program's own hook makes, and the client's API key.
import { isObject, recordOf, asString } from '../internal/records.js';
import type { ResolvedOptions } from '../lifecycle/options.js';
import { ConfigurationError } from '../token/errors/errors.js';
import { withoutSecrets } from '../token/secrets.js';
import type { AnySource } from '../token/source.js';
import { assertAccessToken, assertHeaderToken } from '../token/token.js';
import type { Token } from '../token/token.js';

/** The headers that carry a token, and their names. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly names: string[];
}

/** Makes the headers of a token once, and remembers those of the last one. */
export function credentialsMaker<T extends Token>(
  source: AnySource<T>,
  options: ResolvedOptions<T>,
): (token: T) => Credentials {
  let last: string | undefined;
  let made: Credentials | undefined;
  return (token) => {
    assertAccessToken(token);
    const bearer = source.bearer?.(token) ?? token.accessToken;
    if (made && bearer === last) return made;
    const headers = makeHeaders(bearer, options);
    made = { headers, names: Object.keys(headers) };
    last = bearer;
    return made;
  };
}

function makeHeaders<T extends Token>(bearer: string, options: ResolvedOptions<T>): Readonly<Record<string, string>> {
  assertHeaderToken(bearer, 'The bearer token');
  const headers = ownHeaders(options, bearer) ?? { Authorization: `Bearer ${bearer}` };
  const apiKey = options.clientInfo?.apiKey;
  for (const [name, value] of Object.entries(headers))
    if (/[\r\n\0]/.test(name + value))
      throw new ConfigurationError(`The header ${JSON.stringify(name)} holds a line break`);
  return apiKey ? { ...headers, 'X-Api-Key': apiKey } : headers;
}

/** What the program's own hook makes, copied: it may change its object later. @throws ConfigurationError when it fails */
function ownHeaders<T extends Token>(
  { headers }: ResolvedOptions<T>,
  bearer: string,
): Record<string, string> | undefined {
  if (headers === undefined) return undefined;
  try {
    const made: unknown = headers(bearer);
    if (!isObject(made) || 'then' in made || !Object.values(made).every((value) => typeof value === 'string'))
      throw new TypeError('it must return an object of texts, at once');
    return Object.fromEntries(Object.entries(made).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    const words = withoutSecrets(asString(recordOf(cause)['message']) ?? 'no reason given', [bearer]);
    throw new ConfigurationError(`The hook \`headers\` of the authorizer failed: ${words}`, {
      cause: new Error(words),
    });
  }
}
