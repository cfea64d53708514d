// The options of a hosted UI, and where it is.
import { ConfigurationError } from '@axios-authorizer/core';
import { CLIENT_OPTIONS, isSecureUrl } from '@axios-authorizer/core/extend';
import type { ClientOptions, Clock, FormParameters, Transport } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type { TokenUse } from '../cognito-token.js';
import { domainUrl } from '../oauth2/domain.js';

/** The options of `hostedUi`: where the pages are, the app client, and where the browser comes back to. */
export interface HostedUiOptions extends Omit<ClientOptions, 'apiKey'> {
  /** The domain of the pool, such as "my-pool.auth.eu-west-1.amazoncognito.com" or one of your own. Default: the URLs below. */
  readonly domain?: string | undefined;
  /** Where browsers sign in: https, or http on this machine. Default: /oauth2/authorize of `domain`. */
  readonly authorizeUrl?: string | undefined;
  /** The token endpoint: https, or http on this machine. Default: /oauth2/token of `domain`. */
  readonly tokenUrl?: string | undefined;
  /** Where the browser comes back to, as the app client's settings have it, letter for letter. */
  readonly redirectUri: string;
  /** Where the browser goes after `signOutUrl()`, as the app client's settings have it. Default: there is no way out. */
  readonly logoutUri?: string | undefined;
  /** Blank-separated or a list; with "openid" an id token comes, and its nonce is checked. Default: everything that the client may. */
  readonly scope?: string | readonly string[] | undefined;
  /** Further parameters of each sign-in: `lang`, `identity_provider`, `login_hint`, `resource` … Default: none. */
  readonly parameters?: FormParameters | undefined;
  /** The tokens' `iss`, such as "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123". Default: it is not compared. */
  readonly issuer?: string | undefined;
  /** Which of the tokens an API gets, so that the token ends with it. Default: "access". */
  readonly tokenUse?: TokenUse | undefined;
  /** How long after `signInUrl` the browser may come back, in ms, more than 0 and finite. Default: 3,600,000 (an hour). */
  readonly signInTimeoutMs?: number | undefined;
  /** Lets all URLs be plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** How the token request leaves: proxy, agents, CA … Default: axios's defaults, without the user's. */
  readonly transport?: Transport | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** The name of the factory, for messages. */
export const WHERE = 'hostedUi';

export function hostedUiTable(): OptionTable<HostedUiOptions> {
  const { apiKey: _unused, ...client } = CLIENT_OPTIONS;
  return {
    ...client,
    domain: 'string',
    authorizeUrl: 'string',
    tokenUrl: 'string',
    redirectUri: 'string',
    logoutUri: 'string',
    scope: 'any',
    parameters: 'any',
    issuer: 'string',
    tokenUse: ['access', 'id'],
    signInTimeoutMs: 'any',
    allowInsecure: 'any',
    transport: 'object',
    clock: 'clock',
  };
}

export interface Place {
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
}

/** Nobody comes back after that; Cognito's own login page lasts for minutes. */
const SIGN_IN_TIMEOUT_MS = 3_600_000;

/** In ms. @throws ConfigurationError for what is no span */
export function signInTimeoutOf({
  signInTimeoutMs = SIGN_IN_TIMEOUT_MS,
}: Pick<HostedUiOptions, 'signInTimeoutMs'>): number {
  if (typeof signInTimeoutMs === 'number' && signInTimeoutMs > 0 && signInTimeoutMs < Infinity) return signInTimeoutMs;
  throw new ConfigurationError(`\`signInTimeoutMs\` of ${WHERE} must be a finite number of milliseconds, more than 0`);
}

/** As it is sent; undefined for none. @throws ConfigurationError for what is neither a text nor a list of texts */
export function scopeOf({ scope = [] }: Pick<HostedUiOptions, 'scope'>): string | undefined {
  const scopes: readonly unknown[] = Array.isArray(scope) ? scope : [scope];
  if (!scopes.every((one) => typeof one === 'string'))
    throw new ConfigurationError(`\`scope\` of ${WHERE} must be a text or a list of texts`);
  return scopes.join(' ') || undefined;
}

/** @throws ConfigurationError for a URL that cannot be meant */
export function placeOf({ domain, redirectUri, logoutUri, allowInsecure, ...urls }: HostedUiOptions): Place {
  const base = domainUrl(domain);
  const { authorizeUrl = base && `${base}/oauth2/authorize`, tokenUrl = base && `${base}/oauth2/token` } = urls;
  if (!authorizeUrl || !tokenUrl)
    throw new ConfigurationError(`${WHERE} needs \`domain\`, or \`authorizeUrl\` and \`tokenUrl\``);
  assertUrl('authorizeUrl', authorizeUrl, allowInsecure);
  assertUrl('tokenUrl', tokenUrl, allowInsecure);
  if (!isAbsolute(redirectUri)) throw new ConfigurationError(`\`redirectUri\` of ${WHERE} must be an absolute URL`);
  if (logoutUri !== undefined && !isAbsolute(logoutUri))
    throw new ConfigurationError(`\`logoutUri\` of ${WHERE} must be an absolute URL`);
  return { authorizeUrl, tokenUrl };
}

function assertUrl(name: string, url: string, allowInsecure: boolean | undefined): void {
  if (!isAbsolute(url) || !isSecureUrl(new URL(url), allowInsecure))
    throw new ConfigurationError(
      `\`${name}\` of ${WHERE} must be an https URL, or http on this machine or with allowInsecure`,
    );
}

/** An app's own scheme (myapp://signed-in) is one as well. */
function isAbsolute(url: string | undefined): boolean {
  try {
    return Boolean(url && new URL(url));
  } catch {
    return false;
  }
}
