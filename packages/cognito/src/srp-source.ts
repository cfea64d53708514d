// A token source over a user pool: signs in by SRP, refreshes whether or not the pool rotates, and signs out. It holds no
// token; what it remembers of the pool and of the device costs a request when it is lost.
import { AuthenticationError, isAuthenticationError, membersOf, systemClock } from '@axios-authorizer/core';
import type { ClientInfo, TokenRequest, TokenSource } from '@axios-authorizer/core';
import type { GivenAnswer } from './answers.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import { tokenOf } from './cognito-token.js';
import type { CognitoToken } from './cognito-token.js';
import { deviceKey } from './device.js';
import { KnownDevice } from './known-device.js';
import { PoolSession } from './pool-session.js';
import { SignIn } from './sign-in.js';
import { SignInProgress } from './sign-in-progress.js';
import { assertSrpOptions } from './srp-options.js';
import type { SRPOptions } from './srp-options.js';
import { UserPool } from './user-pool.js';
import type { PoolAnswer } from './user-pool.js';

export class SRPSource implements TokenSource<CognitoToken> {
  readonly #options: SRPOptions;
  readonly #pool: UserPool;
  readonly #session: PoolSession;
  readonly #device: KnownDevice;
  readonly #progress = new SignInProgress();
  /** Whether the pool does not know GetTokensFromRefreshToken. */
  #isLegacy = false;

  /** @throws ConfigurationError when an option cannot work */
  constructor(client: ClientInfo, options: SRPOptions) {
    assertSrpOptions(client, options);
    this.#options = options;
    this.#pool = new UserPool(options);
    this.#session = new PoolSession(this.#pool, client, options);
    this.#device = new KnownDevice(this.#session, options);
  }

  /** The next `authorize` goes on from here instead of beginning anew. */
  answer(challenge: Challenge, answer: ChallengeAnswer): void {
    this.#progress.answer({ challenge, answer });
  }

  /** @throws CognitoError, ChallengeRequiredError, AuthenticationError `not_authenticated` when there is no password to sign in with */
  async authorize({ signal }: Pick<TokenRequest, 'signal'>): Promise<CognitoToken> {
    const { answered, isRepeated } = this.#progress.begin(signal);
    const signIn = this.#signIn(signal);
    try {
      const token = await this.#tokenIn(await this.#answer(signIn, answered), signal);
      this.#progress.end();
      return token;
    } catch (error) {
      if (this.#device.isForgotten(error) || (isRepeated && isExpired(error))) return this.authorize({ signal });
      this.#progress.fail(error, signal, signIn.given ?? answered);
      throw error;
    }
  }

  /** @throws CognitoError; of kind `session` on the six exceptions that end a session (and an unknown device), and only on them */
  async refresh(token: CognitoToken, request: TokenRequest): Promise<CognitoToken> {
    this.#device.take(token);
    const { refreshToken } = token;
    if (refreshToken === undefined || this.#progress.isUnderWay(request.signal)) return this.authorize(request);
    try {
      const answer = await this.#refreshed(token, refreshToken, request.signal);
      return this.#device.on({ refreshToken, ...this.#read(answer) });
    } catch (error) {
      this.#device.isForgotten(error);
      throw error;
    }
  }

  /** Where the pool does not take the access token any more, this session at least is ended. */
  async revoke(token: CognitoToken, { signal }: TokenRequest): Promise<void> {
    const { accessToken, refreshToken } = token;
    const isEverywhere = this.#options.signOut === 'everywhere' && accessToken !== '';
    try {
      if (isEverywhere) await this.#session.perform('GlobalSignOut', { AccessToken: accessToken }, signal);
      else if (refreshToken !== undefined) await this.#session.revoke(refreshToken, signal);
    } catch (error) {
      if (isEverywhere && refreshToken !== undefined) await this.#session.revoke(refreshToken, signal);
      throw error;
    }
  }

  bearer({ accessToken, idToken }: CognitoToken): string {
    return this.#options.tokenUse === 'id' ? (idToken ?? '') : accessToken;
  }

  #signIn(signal: AbortSignal): SignIn {
    const { clock = systemClock } = this.#options;
    const now = (): number => clock.now();
    const { name: poolName } = this.#pool;
    const { current: device } = this.#device;
    return new SignIn({ session: this.#session, poolName, options: this.#options, device, signal, now });
  }

  async #answer(signIn: SignIn, answered: GivenAnswer | undefined): Promise<PoolAnswer> {
    if (answered) return signIn.from(answered.challenge, answered.answer);
    const { username, password } = this.#options;
    const secret = await this.#progress.password(password);
    if (username === undefined || !secret) throw noPassword();
    return signIn.withPassword(username, secret);
  }

  async #tokenIn(answer: PoolAnswer, signal: AbortSignal): Promise<CognitoToken> {
    const token = this.#read(answer);
    const { NewDeviceMetadata } = membersOf(answer.members['AuthenticationResult']);
    if (NewDeviceMetadata !== undefined && NewDeviceMetadata !== null)
      await this.#device.confirm(NewDeviceMetadata, token, signal);
    return this.#device.on(token);
  }

  /** REFRESH_TOKEN_AUTH is refused by pools that rotate, so it is for those that know no better, and never after a lost answer. */
  async #refreshed(token: CognitoToken, refreshToken: string, signal: AbortSignal): Promise<PoolAnswer> {
    const { current: device } = this.#device;
    try {
      if (!this.#isLegacy) return await this.#session.refresh(refreshToken, device, signal);
    } catch (error) {
      if (!isAuthenticationError(error) || error.code !== 'unsupported_operation') throw error;
      this.#isLegacy = true;
    }
    const parameters = { REFRESH_TOKEN: refreshToken, ...deviceKey(device) };
    const username = token.username ?? this.#options.username;
    return this.#session.initiate('REFRESH_TOKEN_AUTH', parameters, { purpose: 'refresh', signal, username });
  }

  #read({ members, sentAt }: PoolAnswer): CognitoToken {
    return tokenOf(members['AuthenticationResult'], { sentAt, tokenUse: this.#options.tokenUse ?? 'access' });
  }
}

/** Of an answer that may have arrived before: then its session is used up, and only a new sign-in helps. */
function isExpired(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'challenge_expired';
}

function noPassword(): AuthenticationError {
  return new AuthenticationError(
    'There is nothing to sign in with: no session is left, and no username and password are given',
    {
      code: 'not_authenticated',
      kind: 'session',
    },
  );
}
