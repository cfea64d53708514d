// The operations of one app client on one user pool: who the client is goes into each of them the way that it wants.
import {
  asString,
  assertNoControls,
  assertOneLine,
  checkOptions,
  omitUndefined,
  parseObject,
  recordOf,
  readSecret,
} from '@axios-authorizer/core/extend';
import type { ClientInfo } from '@axios-authorizer/core';
import type { Challenge } from '../sign-in/challenge.js';
import type { Purpose } from './error.js';
import type { CognitoDevice } from '../cognito-token.js';
import { USER_CONTEXT } from '../sign-in/srp-options.js';
import type { SRPOptions } from '../sign-in/srp-options.js';
import { base64, utf8 } from '../srp/bytes.js';
import { hmacSha256 } from '../srp/hashes.js';
import type { PoolAnswer, Question, UserPool } from './user-pool.js';

type Parameters = Readonly<Record<string, string>>;

export interface Step {
  readonly name: string;
  readonly responses: Parameters;
  readonly session?: string | undefined;
  readonly purpose: Purpose;
}

type SessionOptions = Pick<SRPOptions, 'clientMetadata' | 'userContextData'>;

export class PoolSession {
  readonly #pool: UserPool;
  readonly #client: ClientInfo;
  readonly #options: SessionOptions;

  constructor(pool: UserPool, client: ClientInfo, options: SessionOptions) {
    this.#pool = pool;
    this.#client = client;
    this.#options = options;
  }

  async initiate(AuthFlow: string, parameters: Parameters, { purpose, signal, username }: Asking): Promise<PoolAnswer> {
    assertSendable(parameters);
    const name = username ?? parameters['USERNAME'] ?? '';
    const AuthParameters = { ...parameters, ...(await this.#secretHash(name)) };
    const about = { ...this.#metadata(), ...(await this.#userContext(name)) };
    return this.#ask('InitiateAuth', { AuthFlow, AuthParameters, ...about }, { purpose, signal });
  }

  /** The secret hash of an answer is that of the user's internal name, which is the USERNAME of the challenge. */
  async respond({ name, responses, session, purpose }: Step, signal: AbortSignal): Promise<PoolAnswer> {
    assertSendable(responses);
    const { USERNAME: username = '' } = responses;
    const ChallengeResponses = { ...responses, ...(await this.#secretHash(username)) };
    const step = { ChallengeName: name, ChallengeResponses, ...(session && { Session: session }) };
    const about = { ...this.#metadata(), ...(await this.#userContext(username)) };
    return this.#ask('RespondToAuthChallenge', { ...step, ...about }, { purpose, signal });
  }

  /** Refreshes with or without rotation; here the secret goes in plain. */
  async refresh(RefreshToken: string, device: CognitoDevice | undefined, signal: AbortSignal): Promise<PoolAnswer> {
    assertNoControls(RefreshToken, 'refreshToken');
    const parameters = { RefreshToken, ...(await this.#plainSecret()), ...(device && { DeviceKey: device.key }) };
    return this.#ask(
      'GetTokensFromRefreshToken',
      { ...parameters, ...this.#metadata() },
      { purpose: 'refresh', signal },
    );
  }

  async revoke(Token: string, signal: AbortSignal): Promise<void> {
    await this.#ask('RevokeToken', { Token, ...(await this.#plainSecret()) }, { purpose: 'other', signal });
  }

  /** An operation on behalf of the user, who is known by an access token or a challenge's session. */
  perform(
    operation: string,
    parameters: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    purpose: Purpose = 'other',
  ): Promise<PoolAnswer> {
    return this.#pool.ask({ operation, parameters, purpose, signal });
  }

  #ask(
    operation: string,
    parameters: Readonly<Record<string, unknown>>,
    how: Pick<Question, 'purpose' | 'signal'>,
  ): Promise<PoolAnswer> {
    const { clientId: ClientId } = this.#client;
    return this.#pool.ask({ operation, parameters: { ClientId, ...parameters }, ...how });
  }

  /** base64(HMAC-SHA256(secret, username + client id)). */
  async #secretHash(username: string): Promise<Parameters> {
    const { clientId } = this.#client;
    const secret = await this.#secret();
    return secret ? { SECRET_HASH: base64(await hmacSha256(utf8(secret), utf8(username + clientId))) } : {};
  }

  async #plainSecret(): Promise<Parameters> {
    const secret = await this.#secret();
    return secret ? { ClientSecret: secret } : {};
  }

  /** Read at each operation, so that it can rotate. */
  async #secret(): Promise<string | undefined> {
    const { clientSecret } = this.#client;
    return clientSecret ? readSecret(clientSecret, 'clientInfo.clientSecret') : undefined;
  }

  #metadata(): Readonly<Record<string, unknown>> {
    const { clientMetadata } = this.#options;
    return clientMetadata ? { ClientMetadata: clientMetadata } : {};
  }

  /** Read at each step: what a browser's script makes of it holds the time. */
  async #userContext(username: string): Promise<Readonly<Record<string, unknown>>> {
    const { userContextData: given } = this.#options;
    const data = (typeof given === 'function' ? await given(username) : given) ?? undefined;
    const { encodedData, ipAddress } = checkOptions(data, 'userContextData', USER_CONTEXT);
    const UserContextData = omitUndefined({ EncodedData: encodedData, IpAddress: ipAddress });
    return Object.keys(UserContextData).length === 0 ? {} : { UserContextData };
  }
}

/** Of a person's own making, but for what an app's own challenge is answered with, which may be anything. */
function assertSendable({ ANSWER: _free, ...parameters }: Parameters): void {
  for (const [name, text] of Object.entries(parameters)) assertOneLine(text, name);
}

export interface Asking {
  readonly purpose: Purpose;
  readonly signal: AbortSignal;
  /** Whose secret hash it takes, where that is no parameter. */
  readonly username?: string | undefined;
}

/** The challenge in an answer, if there is one. */
export function challengeIn({ members }: PoolAnswer, username: string): Challenge | undefined {
  const { ChallengeName: name, ChallengeParameters: parameters, Session: session, AvailableChallenges } = members;
  if (typeof name !== 'string' || name === '') return undefined;
  const texts = Object.entries(recordOf(parameters)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const given = Object.fromEntries(texts);
  return {
    name,
    username: given['USER_ID_FOR_SRP'] ?? given['USERNAME'] ?? username,
    parameters: given,
    session: typeof session === 'string' ? session : '',
    ...omitUndefined({ choices: choicesIn(AvailableChallenges, given) }),
  };
}

/** Of a way to sign in they are a list, of MFA a list as JSON. */
function choicesIn(available: unknown, { MFAS_CAN_CHOOSE, MFAS_CAN_SETUP }: Parameters): string[] | undefined {
  const { list } = parseObject(`{"list":${MFAS_CAN_CHOOSE ?? MFAS_CAN_SETUP ?? 'null'}}`) ?? {};
  const choices: unknown = available ?? list;
  return Array.isArray(choices) ? choices.flatMap((choice) => asString(choice) ?? []) : undefined;
}
