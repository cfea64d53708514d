// What an authorizer is made of, for the parts of core that work on it from outside: the transport, the attachments.
import type { ResolvedOptions } from './lifecycle/options.js';
import { abortable, within } from './internal/clock.js';
import type { Clock } from './internal/clock.js';
import { ConfigurationError } from './token/errors/errors.js';
import { isObject, recordOf, asString } from './internal/records.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { timedOut } from './token/errors/lifecycle-errors.js';
import type { Observer } from './token/observer.js';
import { SharedAllowLists } from './request/allow-list.js';
import type { AllowOptions } from './request/allow-list.js';
import type { OptionTable } from './token/options-check.js';
import { asAuthenticationError } from './lifecycle/backoff/retry-policy.js';
import { secretsOfClient, secretsOfToken, withoutSecrets } from './token/secrets.js';
import { assertHeaderToken } from './token/token.js';
import type { Token } from './token/token.js';
import type { AnySource } from './token/source.js';

/** The headers that carry a token, and their names. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly names: string[];
}

/** Whose token a request gets. @throws ConfigurationError when nobody is named */
export type Picker = (config: object) => Internals<Token>;

export interface Internals<T extends Token> {
  readonly lifecycle: Lifecycle<T>;
  readonly clock: Clock;
  readonly observer: Observer | undefined;
  /** The allow lists of the attachments, so that `headers(url)` knows them. */
  readonly allowLists: SharedAllowLists;
  /** The clients it is attached to. */
  readonly clients: WeakMap<
    object,
    { readonly detach: () => void; readonly allow: string; readonly options: object; readonly isOn: () => boolean }
  >;
  /** What carries `token`. @throws ConfigurationError when it cannot be sent */
  credentialsOf(token: T): Credentials;
  /** Of a pool: the options of its attachment, and by their `key` whose token a request gets. @throws ConfigurationError */
  readonly byKey?: <O extends object>(options: O | undefined, table: OptionTable<O>) => O & { readonly pick: Picker };
  /** Best effort: a failure is only reported. */
  revoke(token: T): Promise<void>;
}

export function createInternals<T extends Token>(source: AnySource<T>, options: ResolvedOptions<T>): Internals<T> {
  const { clock, observer } = options;
  return {
    lifecycle: new Lifecycle(source, options),
    clock,
    observer,
    allowLists: sharedAllowLists(options),
    clients: new WeakMap(),
    credentialsOf: credentialsMaker(source, options),
    revoke: (token) => revoke(source, options, token),
  };
}

function sharedAllowLists({ allow, allowInsecure }: Partial<AllowOptions>): SharedAllowLists {
  const allowLists = new SharedAllowLists();
  if (allow !== undefined) allowLists.add({ allow, allowInsecure });
  return allowLists;
}

/** Makes the headers of a token once, and remembers those of the last one. */
function credentialsMaker<T extends Token>(
  source: AnySource<T>,
  options: ResolvedOptions<T>,
): Internals<T>['credentialsOf'] {
  let last: string | undefined;
  let made: Credentials | undefined;
  return (token) => {
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

async function revoke<T extends Token>(source: AnySource<T>, options: ResolvedOptions<T>, token: T): Promise<void> {
  const { clock, timeoutMs, observer } = options;
  const limit = new AbortController();
  const { signal } = limit;
  const asked = async (): Promise<void> => source.revoke?.(token, { signal, reason: 'forced' });
  try {
    await within(clock, timeoutMs, abortable(asked(), signal), () => {
      limit.abort(timedOut(timeoutMs));
      return signal.reason;
    });
  } catch (error) {
    const secrets = [...secretsOfToken(token), ...secretsOfClient(options.clientInfo)];
    const failure = asAuthenticationError(error, { secrets });
    const message = `The token was forgotten here, but not revoked: ${failure.message}`;
    observer?.({ type: 'notice', at: clock.now(), message });
  }
}
