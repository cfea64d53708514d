// What a SMARTBackendAuth is made of, judged once, before anything is sent.
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, isSecureUrl, parameterPairs } from '@axios-authorizer/core/extend';
import type { FormParameters, Observer, Transport } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { ASSERTION_OPTIONS, assertSettings } from './token/private-key-jwt.js';
import type { AssertionSettings } from './token/private-key-jwt.js';
import type { SmartScope } from './token/smart-scope.js';

/** The options of {@link SMARTBackendAuth}: the server, the client and its keys, and what is asked for. */
export interface SMARTBackendAuthOptions extends AssertionSettings {
  /** The FHIR base URL: https, or http on this machine. */
  readonly baseUrl: string;
  /** What is asked for, blank-separated or a list, in any syntax that RFC 6749 section 3.3 allows; the observer hears of what looks like a typo. */
  readonly scope: string | readonly (string | SmartScope)[];
  /** The token endpoint, for servers that do not publish it. Default: discovered from `baseUrl`. */
  readonly tokenUrl?: string | undefined;
  /** Further parameters of the token request; a list is several of one name (`resource`, RFC 8707). Default: none. */
  readonly parameters?: FormParameters | undefined;
  /** The token's life in ms where the server does not state it. Default: until a server rejects it. */
  readonly defaultLifetimeMs?: number | undefined;
  /** Values of `token_type` that are taken besides Bearer, compared without case; the token is sent as Bearer. Default: none. */
  readonly acceptTokenTypes?: readonly string[] | undefined;
  /** Lets discovery and token requests go over plain http beyond this machine, where nobody else is on the network (containers); of a client its own requests too. Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** How our requests leave: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Told of shortcomings of the server, of corrected clocks, of lesser grants and of scopes that look like typos. Default: nobody. */
  readonly observer?: Observer | undefined;
}

export function authTable(): OptionTable<SMARTBackendAuthOptions> {
  return {
    ...ASSERTION_OPTIONS,
    baseUrl: 'string',
    scope: 'any',
    tokenUrl: 'string',
    parameters: 'any',
    defaultLifetimeMs: 'any',
    acceptTokenTypes: 'any',
    allowInsecure: 'any',
    transport: 'object',
    observer: 'function',
  };
}

const RESERVED = ['grant_type', 'scope', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

/** The options, read once and judged. @throws ConfigurationError */
export function authOptions(given: SMARTBackendAuthOptions): SMARTBackendAuthOptions {
  if (typeof given !== 'object' || given === null)
    throw new ConfigurationError('SMARTBackendAuth takes one object: { baseUrl, clientId, scope, keys }');
  const options = checkOptions(given, 'SMARTBackendAuth', authTable());
  assertAuthOptions(options);
  return options;
}

function assertAuthOptions(options: SMARTBackendAuthOptions): void {
  assertSettings(options);
  assertUrl(options, 'baseUrl');
  if (options.tokenUrl !== undefined) assertUrl(options, 'tokenUrl');
  assertParameters(options.parameters);
  const { defaultLifetimeMs: lifeMs } = options;
  if (lifeMs !== undefined && !(lifeMs > 0 && lifeMs < Infinity))
    throw new ConfigurationError('defaultLifetimeMs must be a finite number above 0');
}

function assertUrl(options: SMARTBackendAuthOptions, name: 'baseUrl' | 'tokenUrl'): void {
  const { [name]: text, allowInsecure } = options;
  const url = typeof text === 'string' && !/\s/.test(text) ? parsed(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new ConfigurationError(`${name} must be an absolute URL without blanks; where is it read from?`);
  if (url.username !== '' || url.password !== '' || url.hash !== '')
    throw new ConfigurationError(`${name} must hold neither a user nor a fragment`);
  if (!isSecureUrl(url, allowInsecure))
    throw new ConfigurationError(
      `${name} is plain http beyond this machine (${url.origin}): use https, or say allowInsecure`,
    );
}

function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

function assertParameters(parameters: unknown): void {
  const names = new Set(parameterPairs(parameters).map(([name]) => name));
  const taken = RESERVED.filter((name) => names.has(name));
  if (taken.length > 0)
    throw new ConfigurationError(
      `\`parameters\` may not hold ${taken.join(', ')}: SMART Backend Services says what they are`,
    );
}
