// A person's sign-in in a browser begins: where to send it, and what must be known when it comes back (RFC 6749 section 4.1.1,
// RFC 7636, OpenID Connect Core section 3.1.2.1).
import { systemClock } from '../../internal/clock.js';
import type { Clock } from '../../internal/clock.js';
import { asString, omitUndefined } from '../../internal/records.js';
import { isSecureUrl } from '../../request/allow-list.js';
import { assertNoControls } from '../../token/credential-text.js';
import { ConfigurationError } from '../../token/errors/errors.js';
import { checkOptions } from '../../token/options-check.js';
import type { OptionTable } from '../../token/options-check.js';
import { parameterPairs } from '../form-parameters.js';
import type { FormParameters } from '../form-parameters.js';
import { scopeParameter } from '../sources/source-options.js';
import type { PendingSignIn } from './pending.js';
import { pkceChallenge, randomText } from './pkce.js';

/** What a sign-in has to know of its authorization server; the metadata of a discovered one has it all. */
export interface SignInServer {
  /** As it names itself, letter for letter; compared with `iss` of the callback and of the id token. */
  readonly issuer: string;
  /** Where browsers sign in. Default: the option `authorizationUrl`. */
  readonly authorizationEndpoint?: string | undefined;
  /** Whether it says `iss` in each callback, which must then be there (RFC 9207 section 3). Default: false. */
  readonly issParameterSupported?: boolean | undefined;
}

/** The options of {@link authorizationRequest}. */
export interface AuthorizationRequestOptions {
  /** Where browsers sign in: https, or http on this machine; a query is kept. Default: that of `server`. */
  readonly authorizationUrl?: string | undefined;
  /** What is known of the server, as discovery gives it. Default: `iss` is not compared unless `readCallback` is told the issuer. */
  readonly server?: SignInServer | undefined;
  /** The client's id, as it was registered. */
  readonly clientId: string;
  /** Where the browser comes back to, as it was registered, letter for letter; absolute, without a fragment. */
  readonly redirectUri: string;
  /** What is asked for, blank-separated or a list; with "openid" an id token comes and is checked. Default: the server's choice. */
  readonly scope?: string | readonly string[] | undefined;
  /**
   * Further parameters: `prompt`, `login_hint`, `acr_values`, `claims`, `max_age`, `ui_locales`, `resource` … A list is several of
   * one name. What is made here (state, nonce, PKCE …) cannot be among them. Default: none.
   */
  readonly parameters?: FormParameters | undefined;
  /** The thumbprint of the DPoP key that the code is to be bound to (RFC 9449 section 10). Default: it is not bound. */
  readonly dpopJkt?: string | undefined;
  /** Lets the browser go over plain http beyond this machine, where nobody else is on the network (containers). Default: false. */
  readonly allowInsecure?: boolean | undefined;
  /** Time, for tests. Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** A sign-in that has begun. */
export interface AuthorizationRequest {
  /** Where to send the browser. */
  readonly url: string;
  /** What `readCallback` needs of this sign-in; a secret. */
  readonly pending: PendingSignIn;
}

const WHERE = 'authorizationRequest';
const OPTIONS: OptionTable<AuthorizationRequestOptions> = {
  authorizationUrl: 'string',
  server: 'object',
  clientId: 'string',
  redirectUri: 'string',
  scope: 'any',
  parameters: 'any',
  dpopJkt: 'string',
  allowInsecure: 'any',
  clock: 'clock',
};
/** Each is made here; a second one would undo what it protects. `request` and `request_uri` would take the place of all. */
const OWN = new Set([
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'dpop_jkt',
  'request',
  'request_uri',
]);

/**
 * Begins a sign-in in a browser by the code flow, always with PKCE (RFC 7636, S256) and state, with a nonce when "openid" is
 * asked for. Nothing is sent and nothing is kept: send the browser to `url`, and keep `pending` where only this browser's callback
 * finds it (its session on your server, sessionStorage of a page, memory of a command).
 * @returns `url`, and `pending`: plain JSON, a secret, good for one hour unless `readCallback` is told another time
 * @throws ConfigurationError when an option cannot work, or there is no WebCrypto (a page by plain http)
 *
 * @example
 * ```ts
 * const redirectUri = 'https://app.example.org/callback';
 * const { url, pending } = await authorizationRequest({ authorizationUrl, clientId, redirectUri, scope: 'openid offline_access' });
 * sessionStorage.setItem('sign-in', JSON.stringify(pending));
 * location.assign(url);
 * ```
 */
export async function authorizationRequest(given: AuthorizationRequestOptions): Promise<AuthorizationRequest> {
  const options = checkOptions(given, WHERE, OPTIONS);
  const { clientId, redirectUri, server, dpopJkt, parameters, clock = systemClock } = options;
  const url = authorizationUrlOf(options);
  const pairs = furtherPairs(parameters);
  const scope = scopeParameter(options);
  const isOpenId = scope?.split(/\s+/).includes('openid') === true;
  const codeVerifier = randomText();
  const secrets = { state: randomText(), ...(isOpenId && { nonce: randomText() }) };
  const known = { ...serverOf(server), ...omitUndefined({ maxAgeSeconds: maxAgeOf(pairs) }) };
  const pending = { ...secrets, codeVerifier, redirectUri, clientId, startedAt: clock.now(), ...known };
  const pkce = { code_challenge: await pkceChallenge(codeVerifier), code_challenge_method: 'S256' };
  const asked = omitUndefined({ client_id: clientId, redirect_uri: redirectUri, scope, dpop_jkt: asString(dpopJkt) });
  for (const [name, value] of Object.entries({ response_type: 'code', ...asked, ...secrets, ...pkce }))
    url.searchParams.set(name, value);
  for (const [name] of pairs) url.searchParams.delete(name);
  for (const [name, value] of pairs) url.searchParams.append(name, value);
  return { url: url.href, pending };
}

/** @throws ConfigurationError for a URL to which no browser should be sent, and for texts that no server takes */
function authorizationUrlOf(options: AuthorizationRequestOptions): URL {
  const { authorizationUrl, server, clientId, redirectUri, allowInsecure } = options;
  const url = absolute(authorizationUrl ?? server?.authorizationEndpoint);
  if (url === undefined || !/^https?:$/.test(url.protocol) || !isSecureUrl(url, allowInsecure))
    throw new ConfigurationError(
      `${WHERE} needs \`authorizationUrl\`, or a \`server\` that has one: https, or http on this machine or with allowInsecure`,
    );
  if (url.hash !== '') throw new ConfigurationError('`authorizationUrl` must hold no fragment (RFC 6749 section 3.1)');
  if (!clientId) throw new ConfigurationError(`${WHERE} needs \`clientId\`; where is it read from?`);
  assertNoControls(clientId, 'clientId');
  const target = absolute(redirectUri);
  if (target === undefined || target.hash !== '' || OF_SCRIPT.test(target.protocol))
    throw new ConfigurationError('`redirectUri` must be an absolute URL without a fragment (RFC 6749 section 3.1.2)');
  return url;
}

/** What the callback is compared with. @throws ConfigurationError for an issuer that nothing could be equal to */
function serverOf(server: SignInServer | undefined): Pick<PendingSignIn, 'issuer' | 'issParameterSupported'> {
  if (server === undefined) return {};
  const { issuer, issParameterSupported } = server;
  if (asString(issuer) === undefined)
    throw new ConfigurationError('`server` needs its `issuer`, as discovery gives it');
  return { issuer, ...(issParameterSupported === true && { issParameterSupported }) };
}

/** An app's own scheme (org.example.app:/signed-in) is a redirect URI as well, these are not. */
const OF_SCRIPT = /^(?:javascript|data|vbscript|blob|about):$/;

function absolute(url: string | undefined): URL | undefined {
  try {
    return url ? new URL(url) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws ConfigurationError for one that is made here */
function furtherPairs(parameters: FormParameters | undefined): ReturnType<typeof parameterPairs> {
  const pairs = parameterPairs(parameters);
  const own = pairs.find(([name]) => OWN.has(name));
  if (own !== undefined)
    throw new ConfigurationError(
      `\`parameters\` of ${WHERE} must not hold ${own[0]}: it is made for each sign-in, or has an option of its own`,
    );
  return pairs;
}

/** With it the id token must say when the person signed in (OpenID Connect Core section 3.1.2.1). */
function maxAgeOf(pairs: ReturnType<typeof parameterPairs>): number | undefined {
  const text = pairs.find(([name]) => name === 'max_age')?.[1];
  if (text !== undefined && !/^\d{1,9}$/.test(text))
    throw new ConfigurationError('`max_age` must be a number of seconds, written as a string');
  return text === undefined ? undefined : Number(text);
}
