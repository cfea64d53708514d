// A session that began in a browser: the code it came back with is handed in once, and the refresh token goes on from there.
import { ConfigurationError, isAuthenticationError } from '../../token/errors/errors.js';
import { oneLine } from '../../internal/one-line.js';
import { recordOf } from '../../internal/records.js';
import { systemClock } from '../../internal/clock.js';
import { checkOptions } from '../../token/options-check.js';
import type { OptionTable } from '../../token/options-check.js';
import { assertIdToken } from '../sign-in/id-token.js';
import type { ExpectedIdToken } from '../sign-in/id-token.js';
import { renewing } from './refresh-token.js';
import { SOURCE_OPTIONS } from './source-options.js';
import type { OAuth2SourceOptions } from './source-options.js';
import { tokenClient } from './token-client.js';
import type { Grant } from './token-client.js';
import type { TokenSource } from '../../token/source.js';

/** What a browser came back with (RFC 6749 section 4.1.2), and the PKCE verifier that belongs to it (RFC 7636). */
export interface AuthorizationCode {
  /** The code, as the browser came back with it; good once, for a minute or so. */
  readonly code: string;
  /** The one that the code was asked for with. */
  readonly redirectUri: string;
  /** The PKCE verifier whose challenge the sign-in was begun with (RFC 7636 section 4.5). Default: none was used. */
  readonly codeVerifier?: string;
  /** What the id token must say, where one comes; as `readCallback` gives it. Default: it is not looked at. */
  readonly idToken?: ExpectedIdToken;
}

/** The options of {@link authorizationCodeSource}. */
export interface AuthorizationCodeSourceOptions extends OAuth2SourceOptions {
  /** What the sign-in in the browser brought; exchanged at the first request for a token. */
  readonly grant: AuthorizationCode;
}

const WHERE = 'authorizationCodeSource';
const GRANT: OptionTable<AuthorizationCode> = {
  code: 'string',
  redirectUri: 'string',
  codeVerifier: 'string',
  idToken: 'object',
};
const ID_TOKEN: OptionTable<ExpectedIdToken> = {
  clientId: 'string',
  nonce: 'string',
  issuer: 'string',
  maxAgeSeconds: 'any',
};
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * `authorization_code` (RFC 6749 section 4.1.3). A code is good for one use; after it the refresh token is what goes on.
 * `scope` is what the code was asked for with: it is not sent with the code, but with each refresh. With the `grant` of
 * `readCallback` the claims of the id token are checked (OpenID Connect Core section 3.1.3.7; its signature is not, since it comes
 * from the token endpoint itself).
 * @throws ConfigurationError when a part of the grant is empty, or `issuer` is not the server at which the sign-in was begun; asked for a token it throws as `requestToken` does, of kind
 *   `session` when the code is spent or refused, and SignInError `id_token_refused`
 *
 * @example
 * ```ts
 * const source = authorizationCodeSource({
 *   tokenUrl,
 *   clientAuth: publicClient({ clientId }),
 *   grant: { code: 'from the callback', redirectUri: 'https://app.example.org/callback', codeVerifier: 'of this sign-in' },
 * });
 * ```
 */
export function authorizationCodeSource(given: AuthorizationCodeSourceOptions): TokenSource {
  const table = { ...SOURCE_OPTIONS, grant: 'object' } as const;
  const { grant, ...options } = checkOptions<AuthorizationCodeSourceOptions>(given, WHERE, table);
  if (grant === undefined)
    throw new ConfigurationError(`${WHERE} needs a \`grant\`: { code, redirectUri, codeVerifier }`);
  checkOptions(grant, `grant of ${WHERE}`, GRANT);
  if (!grant.code || !grant.redirectUri || grant.codeVerifier === '')
    throw new ConfigurationError('grant.code, redirectUri or codeVerifier is empty; where is it read from?');
  if (grant.idToken) assertExpected(grant.idToken, options.issuer);
  const client = tokenClient(options, WHERE);
  const renewed = renewing(client);
  const { issuer, clock = systemClock } = options;
  let form: Grant | undefined = formOf(grant);
  let unanswered = 0;
  let isUnderWay = false; // by another authorizer that has this source as well
  return {
    ...renewed,
    authorize: async (request) => {
      if (form === undefined || isUnderWay) return renewed.authorize(request);
      isUnderWay = true;
      try {
        const token = await client.askAsGranted(form, request);
        form = undefined;
        if (grant.idToken) assertIdToken(token.idToken, { issuer, ...grant.idToken }, clock.now());
        return { ...(client.scope && { scope: client.scope }), ...token };
      } catch (error) {
        if (form && isSpent(error, () => ++unanswered)) form = undefined;
        throw error;
      } finally {
        isUnderWay = false;
      }
    },
  };
}

/** @throws ConfigurationError for what no id token could be, and for a server that would get the code of another (RFC 9700 section 4.4) */
function assertExpected(expected: ExpectedIdToken, issuer: string | undefined): void {
  const { clientId, issuer: begunAt } = checkOptions(expected, `grant.idToken of ${WHERE}`, ID_TOKEN);
  if (!clientId) throw new ConfigurationError('grant.idToken needs `clientId`, as readCallback gives it');
  if (issuer !== undefined && begunAt !== undefined && issuer !== begunAt)
    throw new ConfigurationError(
      `The sign-in was begun at ${oneLine(begunAt)}, and \`issuer\` of ${WHERE} is ${issuer}: the code is not handed in there`,
    );
}

/** Whether the server has refused the code, or may have taken it twice. */
function isSpent(error: unknown, lost: () => number): boolean {
  if (!isAuthenticationError(error)) return lost() > 1; // broken off under way
  if (recordOf(error)['error'] === 'invalid_grant') return true;
  const { code } = recordOf(error.cause);
  return error.code === 'network' && !NEVER_SENT.has(String(code)) && lost() > 1;
}

function formOf({ code, redirectUri, codeVerifier }: AuthorizationCode): Grant {
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
  return codeVerifier === undefined ? form : { ...form, code_verifier: codeVerifier };
}
