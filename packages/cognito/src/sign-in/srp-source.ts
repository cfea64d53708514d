// A token source over a user pool: signs in by SRP, refreshes whether or not the pool rotates, and signs out. It holds no
// token; what it remembers of the pool and of the device costs a request when it is lost.
import { AuthenticationError, isAuthenticationError } from '@axios-authorizer/core';
import { assertOneLine, checkOptions, recordOf, systemClock } from '@axios-authorizer/core/extend';
import type { ClientInfo, TokenRequest, TokenSource } from '@axios-authorizer/core';
import type { GivenAnswer } from './answers.js';
import { cancelled, isExpiredChallenge } from './challenge.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import { isUnknownDevice } from '../pool/error.js';
import { tokenOf } from '../cognito-token.js';
import type { CognitoDevice, CognitoToken } from '../cognito-token.js';
import { deviceKey, deviceOf } from './device.js';
import { KnownDevices } from './known-devices.js';
import { PoolSession } from '../pool/session.js';
import { SignIn } from './sign-in.js';
import { appClient, assertSrpOptions, noPassword, SRP_OPTIONS } from './srp-options.js';
import type { SRPOptions } from './srp-options.js';
import { UserPool } from '../pool/user-pool.js';
import type { PoolAnswer } from '../pool/user-pool.js';

/**
 * The sign-in behind {@link SRPAuthorizer}, for an `Authorizer` of your own.
 *
 * @example
 * ```ts
 * const signIn = new SRPSource({ clientId }, { userPoolId: 'eu-west-1_AbCdEfGhI', username: 'ada', password });
 * const authorizer = new Authorizer(signIn);
 * ```
 */
export class SRPSource implements TokenSource<CognitoToken> {
  readonly #options: SRPOptions;
  readonly #pool: UserPool;
  readonly #session: PoolSession;
  readonly #devices: KnownDevices;
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
    this.#devices = new KnownDevices(options);
    this.#pool = new UserPool(options);
    this.#session = new PoolSession(this.#pool, client, options);
  }

  /** The next `authorize` goes on from here instead of beginning anew. */
  answer(challenge: Challenge, answer: ChallengeAnswer): void {
    this.#pending = { challenge, answer };
  }

  /**
   * @throws CognitoError, ChallengeRequiredError; AuthenticationError `not_authenticated` when there is nothing to sign in with,
   *   `sign_in_cancelled` when a person's function threw
   */
  async authorize({ signal }: Pick<TokenRequest, 'signal'>): Promise<CognitoToken> {
    const kept = this.#kept?.signal === signal ? this.#kept : undefined;
    const answered = this.#pending ?? kept?.answered;
    const isRepeated = this.#pending === undefined && answered !== undefined;
    this.#pending = undefined;
    this.#kept = { signal, password: kept?.password };
    const username = answered?.challenge.username ?? this.#options.username;
    const device = await this.#devices.of(username);
    const signIn = this.#signIn(signal, device);
    try {
      const token = await this.#tokenIn(await this.#answer(signIn, answered), { signal, device });
      this.#kept = undefined;
      return token;
    } catch (error) {
      const isOver = (await this.#forgets({ username, device }, error)) || (isRepeated && isExpiredChallenge(error));
      if (isOver) return this.authorize({ signal });
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
    if (token.device) this.#devices.hold(this.#namesOf(token), token.device);
    const { refreshToken } = token;
    if (refreshToken === undefined) return this.authorize(request);
    if (this.#pending || this.#kept?.signal === request.signal)
      return this.authorize(request).catch((error: unknown) => Promise.reject(leavingTheSession(error)));
    const { signal } = request;
    const username = token.username || this.#options.username;
    const device = token.device ?? (await this.#devices.of(username));
    try {
      const answer = await this.#refreshed(refreshToken, { username, device, signal });
      return { refreshToken, ...(await this.#tokenIn(answer, { signal, device })) };
    } catch (error) {
      await this.#forgets({ username, device }, error);
      throw error;
    }
  }

  /** Where the pool does not take the access token any more, this session at least is ended; the device outlives it. */
  async revoke(token: CognitoToken, { signal }: TokenRequest): Promise<void> {
    const { accessToken, refreshToken, device } = token;
    if (device) this.#devices.hold(this.#namesOf(token), device);
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

  #signIn(signal: AbortSignal, device: CognitoDevice | undefined): SignIn {
    const { clock = systemClock } = this.#options;
    const now = (): number => clock.now();
    const password = (): Promise<string | undefined> => this.#password();
    const { name: poolName } = this.#pool;
    return new SignIn({ session: this.#session, poolName, options: this.#options, device, signal, now, password });
  }

  async #answer(signIn: SignIn, answered: GivenAnswer | undefined): Promise<PoolAnswer> {
    if (answered) return signIn.from(answered.challenge, answered.answer);
    const { username } = this.#options;
    if (username === undefined) throw noPassword();
    return signIn.begin(username);
  }

  /** Asked for once an acquisition. */
  async #password(): Promise<string | undefined> {
    const { password } = this.#options;
    const kept = this.#kept;
    if (kept?.password !== undefined) return kept.password;
    if (typeof password !== 'function') return password;
    const secret = await askedFor(password);
    if (typeof secret === 'string') assertOneLine(secret, 'password');
    if (kept !== undefined && this.#kept === kept && secret) this.#kept = { ...kept, password: secret };
    return secret;
  }

  /** Whether the pool no longer knows the device, which is then forgotten here too. */
  async #forgets({ username, device }: Omit<From, 'signal'>, error: unknown): Promise<boolean> {
    const { exception, message } = recordOf(error);
    if (device === undefined || !isUnknownDevice(exception, message)) return false;
    await this.#devices.forget(this.#namesOf({ username }), device);
    return true;
  }

  async #tokenIn(answer: PoolAnswer, { signal, device }: Omit<From, 'username'>): Promise<CognitoToken> {
    const token = this.#read(answer);
    const { NewDeviceMetadata: named } = recordOf(answer.members['AuthenticationResult']);
    if (!named) return device ? { ...token, device } : token;
    const added = await deviceOf(this.#session, named, { ...token, signal, options: this.#options });
    if (added) await this.#devices.keep(this.#namesOf(token), added);
    return added ? { ...token, device: added } : token;
  }

  /** The names under which a user's device is found again: as the sign-in is given it, and within the pool. */
  #namesOf({ username }: { readonly username: string | undefined }): readonly string[] {
    const { username: given = '' } = this.#options;
    return [...new Set([given, username ?? ''])].filter((name) => name !== '');
  }

  /** REFRESH_TOKEN_AUTH is refused by pools that rotate, so it is for those that know no better, and never after a lost answer. */
  async #refreshed(refreshToken: string, { username, device, signal }: From): Promise<PoolAnswer> {
    try {
      if (!this.#isLegacy) return await this.#session.refresh(refreshToken, device, signal);
    } catch (error) {
      if (!isAuthenticationError(error) || error.code !== 'unsupported_operation') throw error;
      this.#isLegacy = true;
    }
    const parameters = { REFRESH_TOKEN: refreshToken, ...deviceKey(device) };
    return this.#session.initiate('REFRESH_TOKEN_AUTH', parameters, { purpose: 'refresh', signal, username });
  }

  #read({ members, sentAt }: PoolAnswer): CognitoToken {
    return tokenOf(members['AuthenticationResult'], { sentAt, tokenUse: this.#options.tokenUse ?? 'access' });
  }
}

interface From {
  readonly username: string | undefined;
  readonly signal: AbortSignal;
  /** What the step came from. */
  readonly device: CognitoDevice | undefined;
}

interface KeptFromTry {
  readonly signal: AbortSignal;
  readonly answered?: GivenAnswer | undefined;
  readonly password?: string | undefined;
}

async function askedFor(password: () => string | Promise<string>): Promise<string> {
  try {
    return await password();
  } catch (error) {
    throw cancelled(error, '`password`');
  }
}

/** Of kind `session` would end the session that is held, which had no part in it. */
function leavingTheSession(error: unknown): unknown {
  if (!isAuthenticationError(error) || error.kind !== 'session') return error;
  const { message, code } = error;
  return new AuthenticationError(message, { code, kind: 'credentials', cause: error.cause });
}
