// An authorizer that signs in to a user pool by SRP.
import { Authorizer } from '@axios-authorizer/core';
import { checkOptions, recordOf, pickOptions } from '@axios-authorizer/core/extend';
import type { AuthorizerOptions, ClientInfo, ClientOptions } from '@axios-authorizer/core';
import type { Challenge, ChallengeAnswer } from './sign-in/challenge.js';
import type { CognitoToken } from './cognito-token.js';
import { SRPSource } from './sign-in/srp-source.js';
import { appClient, authorizerTable, SRP_OPTIONS, srpAuthorizerTable } from './sign-in/srp-options.js';
import type { SRPAuthorizerOptions } from './sign-in/srp-options.js';

/** A person who is asked for a code needs longer than a server; a challenge lives three minutes. */
const WITH_A_PERSON_MS = 300_000;

/**
 * Signs a user in to a Cognito user pool by Secure Remote Password (the password never leaves this machine), and keeps the session's tokens good.
 *
 * @throws `ConfigurationError` when the pool, the client or the user is missing or cannot be right
 *
 * @example
 * ```ts
 * const authorizer = new SRPAuthorizer({ clientId }, { userPoolId: 'eu-west-1_AbCdEfGhI', username: 'ada', password });
 * const { accessToken } = await authorizer.getToken();
 * ```
 */
export class SRPAuthorizer extends Authorizer<CognitoToken> {
  readonly #source: SRPSource;

  /**
   * @param client the app client; its `apiKey` is sent as X-Api-Key wherever the token may go
   * @throws ConfigurationError when an option cannot work
   */
  constructor(client: ClientInfo, given: SRPAuthorizerOptions) {
    const clientInfo = appClient(client, 'SRPAuthorizer');
    const options = checkOptions(given, 'SRPAuthorizer', srpAuthorizerTable());
    const source = new SRPSource(clientInfo, pickOptions(options, SRP_OPTIONS));
    const timeoutMs =
      options.timeoutMs ??
      (options.onChallenge || typeof options.password === 'function' ? WITH_A_PERSON_MS : undefined);
    const own = pickOptions<Omit<AuthorizerOptions<CognitoToken>, keyof ClientOptions>>(options, authorizerTable());
    super(source, { ...own, initialToken: usable(options), timeoutMs, clientInfo });
    this.#source = source;
  }

  /** The user's name within the pool; undefined before the first token. */
  get username(): string | undefined {
    return this.token?.username;
  }

  /**
   * Goes on with a sign-in that stopped at a challenge, in this process or another.
   * @param challenge of a `ChallengeRequiredError`
   * @throws CognitoError `wrong_code` (answer again), `challenge_expired` (begin again); ChallengeRequiredError for the next one
   */
  async answerChallenge(challenge: Challenge, answer: ChallengeAnswer): Promise<CognitoToken> {
    this.#source.answer(challenge, answer);
    return this.getToken({ force: true });
  }
}

/** Without an id token there is nothing to attach where an id token is wanted: the session is resumed by its refresh token. */
function usable({ initialToken, tokenUse }: SRPAuthorizerOptions): SRPAuthorizerOptions['initialToken'] {
  const { idToken, refreshToken } = recordOf(initialToken);
  const isLacking = tokenUse === 'id' && initialToken !== undefined && idToken === undefined;
  return isLacking && typeof refreshToken === 'string' ? { refreshToken } : initialToken;
}
