// A token source over a user pool: signs in by SRP, refreshes whether or not the pool rotates, and signs out. It holds no
// token; what it remembers of the pool and of the device costs a request when it is lost.
import { isAuthenticationError } from '@axios-authorizer/core';
import { assertOneLine, checkOptions, recordOf, systemClock } from '@axios-authorizer/core/extend';
import type { ClientInfo, TokenRequest, TokenSource } from '@axios-authorizer/core';
import type { GivenAnswer } from './answers.js';
import { isExpiredChallenge } from './challenge.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import { isUnknownDevice } from '../pool/error.js';
import { tokenOf } from '../cognito-token.js';
import type { CognitoDevice, CognitoToken } from '../cognito-token.js';
import { deviceKey, deviceOf } from './device.js';
import { PoolSession } from '../pool/session.js';
import { SignIn } from './sign-in.js';
import { appClient, assertSrpOptions, noPassword, SRP_OPTIONS } from './srp-options.js';
import type { SRPOptions } from './srp-options.js';
import { UserPool } from '../pool/user-pool.js';
import type { PoolAnswer } from '../pool/user-pool.js';

export class SRPSource implements TokenSource<CognitoToken> {
  readonly #options: SRPOptions;
  readonly #pool: UserPool;
  readonly #session: PoolSession;
  #device: CognitoDevice | undefined;
  /** Whether the pool does not know GetTokensFromRefreshToken. */
  #isLegacy = false;
  /** An answer from outside, which the next sign-in goes on with. */
  #pending: GivenAnswer | undefined;
  /** What a try that failed for a moment leaves to the next of the same acquisition, which has the same signal. */
  #kept: KeptFromTry | undefined;

  /** @throws ConfigurationError when an option cannot work */
  constructor(clientInfo: ClientInfo, given: SRPOptions) {
    const client = appClient(clientInfo, 'SRPSource');
    const options = checkOptions(given, 'SRPSource', SRP_OPTIONS);
    assertSrpOptions(client, options);
    this.#options = options;
    this.#pool = new UserPool(options);
    this.#session = new PoolSession(this.#pool, client, options);
  }

  /** The next `authorize` goes on from here instead of beginning anew. */
  answer(challenge: Challenge, answer: ChallengeAnswer): void {
    this.#pending = { challenge, answer };
  }

  /** @throws CognitoError, ChallengeRequiredError, AuthenticationError `not_authenticated` when there is no password to sign in with */
  async authorize({ signal }: Pick<TokenRequest, 'signal'>): Promise<CognitoToken> {
    const kept = this.#kept?.signal === signal ? this.#kept : undefined;
    const answered = this.#pending ?? kept?.answered;
    const isRepeated = this.#pending === undefined && answered !== undefined;
    const signIn = this.#signIn(signal);
    this.#pending = undefined;
    this.#kept = { signal, password: kept?.password };
    try {
      const token = await this.#tokenIn(await this.#answer(signIn, answered), signal);
      this.#kept = undefined;
      return token;
    } catch (error) {
      if (this.#forgetsDevice(error) || (isRepeated && isExpiredChallenge(error))) return this.authorize({ signal });
      this.#keep(error, { ...this.#kept, signal, answered: signIn.given ?? answered });
      throw error;
    }
  }

  /** A try that failed for a moment is gone on with where it stopped: a person is not asked twice. */
  #keep(error: unknown, kept: KeptFromTry): void {
    const isForAMoment = isAuthenticationError(error) && error.transient && !kept.signal.aborted;
    if (isForAMoment) this.#kept = kept;
    else if (this.#kept?.signal === kept.signal) this.#kept = undefined;
  }

  /** @throws CognitoError; of kind `session` on the six exceptions that end a session (and an unknown device), and only on them */
  async refresh(token: CognitoToken, request: TokenRequest): Promise<CognitoToken> {
    this.#device = token.device ?? this.#device;
    const { refreshToken } = token;
    if (refreshToken === undefined || this.#pending || this.#kept?.signal === request.signal)
      return this.authorize(request);
    try {
      return this.#withDevice({
        refreshToken,
        ...this.#read(await this.#refreshed(token, refreshToken, request.signal)),
      });
    } catch (error) {
      this.#forgetsDevice(error);
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
    return new SignIn({ session: this.#session, poolName, options: this.#options, device: this.#device, signal, now });
  }

  async #answer(signIn: SignIn, answered: GivenAnswer | undefined): Promise<PoolAnswer> {
    if (answered) return signIn.from(answered.challenge, answered.answer);
    const { username, password } = this.#options;
    const kept = this.#kept;
    const secret = kept?.password ?? (typeof password === 'function' ? await password() : password);
    if (username === undefined || !secret) throw noPassword();
    assertOneLine(secret, 'password');
    if (kept !== undefined && this.#kept === kept) this.#kept = { ...kept, password: secret };
    return signIn.withPassword(username, secret);
  }

  /** Whether the pool no longer knows the device, which is then forgotten here too. */
  #forgetsDevice(error: unknown): boolean {
    const { exception, message } = recordOf(error);
    const isForgotten = this.#device !== undefined && isUnknownDevice(exception, message);
    if (isForgotten) this.#device = undefined;
    return isForgotten;
  }

  async #tokenIn(answer: PoolAnswer, signal: AbortSignal): Promise<CognitoToken> {
    const token = this.#read(answer);
    const { NewDeviceMetadata } = recordOf(answer.members['AuthenticationResult']);
    if (NewDeviceMetadata !== undefined && NewDeviceMetadata !== null)
      this.#device = await deviceOf(this.#session, NewDeviceMetadata, { ...token, signal, options: this.#options });
    return this.#withDevice(token);
  }

  /** REFRESH_TOKEN_AUTH is refused by pools that rotate, so it is for those that know no better, and never after a lost answer. */
  async #refreshed(token: CognitoToken, refreshToken: string, signal: AbortSignal): Promise<PoolAnswer> {
    const device = token.device ?? this.#device;
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

  #withDevice(token: CognitoToken): CognitoToken {
    return this.#device ? { ...token, device: this.#device } : token;
  }
}

interface KeptFromTry {
  readonly signal: AbortSignal;
  readonly answered?: GivenAnswer | undefined;
  readonly password?: string | undefined;
}
