// Signing in at the pages that a user pool serves (hosted UI, managed login): the way there, the way back, the way out.
import { ConfigurationError } from '@axios-authorizer/core';
import {
  checkOptions,
  clientInfoOf,
  parameterPairs,
  pkceChallenge,
  randomText,
  systemClock,
} from '@axios-authorizer/core/extend';
import type { ClientInfo, FormParameters, Token } from '@axios-authorizer/core';
import { domainUrl } from '../oauth2/domain.js';
import { appClient } from '../sign-in/srp-options.js';
import { Callbacks } from './callback.js';
import { hostedUiTable, placeOf, scopeOf, signInTimeoutOf, WHERE } from './options.js';
import type { HostedUiOptions, Place } from './options.js';
import { keep } from './pending.js';
import type { PendingSignIn } from './pending.js';

/** The options of `signInUrl`. */
export interface SignInUrlOptions {
  /** Parameters of this sign-in, in place of those of the same name among the options. Default: none. */
  readonly parameters?: FormParameters | undefined;
  /** False: `pending` is yours to keep; it does not go to the sessionStorage of the browser. Default: true. */
  readonly keep?: boolean | undefined;
}

/** The way to the pool's pages, the way back, and the way out; {@link hostedUi} makes it. */
export interface HostedUi {
  /**
   * Begins a sign-in with PKCE (RFC 7636, S256), state and nonce.
   * @returns `url`: where to send the browser; `pending`: what `callback` needs, plain JSON and a secret; in a browser it lies in
   *   sessionStorage, a server keeps it in the session of that browser
   * @throws ConfigurationError when a parameter cannot be meant, or there is no WebCrypto (a page by plain http)
   */
  signInUrl(options?: SignInUrlOptions): Promise<{
    /** Where to send the browser. */
    readonly url: string;
    /** What `callback` needs of this sign-in; a secret. */
    readonly pending: PendingSignIn;
  }>;
  /**
   * Ends a sign-in: checks what came back, hands the code in once, checks the id token.
   * @param url of the page or request that the browser came back to, whole or from its path on
   * @param pending default: what `signInUrl` kept in the sessionStorage
   * @returns the token, for `setToken` of an authorizer whose `grant` is 'refresh_token'
   * @throws HostedUiError for what is wrong with the callback, of kind `session` when it was used before (by this object: give
   *   up `pending` with its first use where several processes serve one site), comes too late or is another's;
   *   TokenEndpointError when the code is refused, of kind `session` when it is spent; both before anything is held
   */
  callback(url: string | URL, pending?: PendingSignIn): Promise<Token>;
  /**
   * Where to send the browser so that the pool's own session ends too; `logout()` of the authorizer ends the tokens.
   * @throws ConfigurationError without `domain` and `logoutUri`
   */
  signOutUrl(): string;
}

/** Each is made here; a second one would undo what it protects. */
const OWN: readonly string[] = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
];

/**
 * Sign-in at the pages of a user pool by the code flow (RFC 6749 section 4.1, OpenID Connect Core section 3.1).
 * @throws ConfigurationError when an option cannot work
 * @example
 * ```ts
 * const domain = 'my-pool.auth.eu-west-1.amazoncognito.com';
 * const ui = hostedUi({ domain, clientId, redirectUri: `${location.origin}/callback`, scope: 'openid' });
 * location.assign((await ui.signInUrl()).url); // and on the page of the callback:
 * await authorizer.setToken(await ui.callback(location.href));
 * ```
 */
export function hostedUi(given: HostedUiOptions): HostedUi {
  const options = checkOptions(given, WHERE, hostedUiTable());
  const place = placeOf(options);
  const client = appClient({ clientId: '', ...clientInfoOf(options, WHERE) }, WHERE);
  const callbacks = new Callbacks(options, client, place);
  parameterPairs(options.parameters);
  scopeOf(options);
  return {
    signInUrl: (asked) => beginSignIn(options, { client, ...place }, asked),
    callback: async (url, pending) => callbacks.complete(url, pending),
    signOutUrl: () => signOutUrl(options, client),
  };
}

async function beginSignIn(
  options: HostedUiOptions,
  { client, authorizeUrl }: Place & { readonly client: ClientInfo },
  asked?: SignInUrlOptions,
): Promise<{ readonly url: string; readonly pending: PendingSignIn }> {
  const own = checkOptions(asked, 'signInUrl', { parameters: 'any', keep: 'any' });
  const { redirectUri, parameters, clock = systemClock } = options;
  const { clientId } = client;
  const scope = scopeOf(options);
  const codeVerifier = randomText();
  const secrets = { state: randomText(), nonce: randomText(), codeVerifier };
  const pending = { ...secrets, redirectUri, clientId, authorizeUrl, startedAt: clock.now() };
  const url = new URL(authorizeUrl);
  const texts = { response_type: 'code', client_id: clientId, redirect_uri: redirectUri, ...(scope && { scope }) };
  const pkce = { code_challenge: await pkceChallenge(codeVerifier), code_challenge_method: 'S256' };
  for (const [name, value] of Object.entries({ ...texts, state: secrets.state, nonce: secrets.nonce, ...pkce }))
    url.searchParams.set(name, value);
  for (const [name, value] of furtherPairs({ ...parameters, ...own.parameters })) url.searchParams.append(name, value);
  if (own.keep !== false) keep(pending, signInTimeoutOf(options));
  return { url: url.href, pending };
}

function furtherPairs(parameters: FormParameters): ReturnType<typeof parameterPairs> {
  const pairs = parameterPairs(parameters);
  const own = pairs.find(([name]) => OWN.includes(name));
  if (own !== undefined)
    throw new ConfigurationError(`\`parameters\` of ${WHERE} must not hold ${own[0]}, which is made for each sign-in`);
  return pairs;
}

function signOutUrl({ domain, logoutUri }: HostedUiOptions, { clientId }: ClientInfo): string {
  const base = domainUrl(domain);
  if (base === undefined || logoutUri === undefined)
    throw new ConfigurationError(
      'signOutUrl() needs `domain` and `logoutUri`, one of the sign-out URLs of the app client',
    );
  return `${base}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: logoutUri }).toString()}`;
}
