// The operations of one app client on one user pool: who the client is goes into each of them the way that it wants.
import { membersOf } from '@axios-authorizer/core';
import type { ClientInfo } from '@axios-authorizer/core';
import type { Challenge } from './challenge.js';
import type { Purpose } from './cognito-error.js';
import type { CognitoDevice } from './cognito-token.js';
import type { SRPOptions } from './srp-options.js';
import { base64, utf8 } from './srp/bytes.js';
import { hmacSha256 } from './srp/hashes.js';
import type { PoolAnswer, Question, UserPool } from './user-pool.js';

type Parameters = Readonly<Record<string, string>>;

export interface Step {
  readonly name: string;
  readonly responses: Parameters;
  readonly session?: string | undefined;
  readonly purpose: Purpose;
}

export class PoolSession {
  readonly #pool: UserPool;
  readonly #client: ClientInfo;
  readonly #options: Pick<SRPOptions, 'clientMetadata'>;

  constructor(pool: UserPool, client: ClientInfo, options: Pick<SRPOptions, 'clientMetadata'>) {
    this.#pool = pool;
    this.#client = client;
    this.#options = options;
  }

  async initiate(AuthFlow: string, parameters: Parameters, { purpose, signal, username }: Asking): Promise<PoolAnswer> {
    const AuthParameters = { ...parameters, ...(await this.#secretHash(username ?? parameters['USERNAME'] ?? '')) };
    return this.#ask('InitiateAuth', { AuthFlow, AuthParameters, ...this.#metadata() }, { purpose, signal });
  }

  /** The secret hash of an answer is that of the user's internal name, which is the USERNAME of the challenge. */
  async respond({ name, responses, session, purpose }: Step, signal: AbortSignal): Promise<PoolAnswer> {
    const ChallengeResponses = { ...responses, ...(await this.#secretHash(responses['USERNAME'] ?? '')) };
    const step = { ChallengeName: name, ChallengeResponses, ...(session && { Session: session }) };
    return this.#ask('RespondToAuthChallenge', { ...step, ...this.#metadata() }, { purpose, signal });
  }

  /** Refreshes with or without rotation; here the secret goes in plain. */
  refresh(RefreshToken: string, device: CognitoDevice | undefined, signal: AbortSignal): Promise<PoolAnswer> {
    const parameters = { RefreshToken, ...this.#plainSecret(), ...(device && { DeviceKey: device.key }) };
    return this.#ask(
      'GetTokensFromRefreshToken',
      { ...parameters, ...this.#metadata() },
      { purpose: 'refresh', signal },
    );
  }

  async revoke(Token: string, signal: AbortSignal): Promise<void> {
    await this.#ask('RevokeToken', { Token, ...this.#plainSecret() }, { purpose: 'other', signal });
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
    const { clientId, clientSecret } = this.#client;
    if (!clientSecret) return {};
    return { SECRET_HASH: base64(await hmacSha256(utf8(clientSecret), utf8(username + clientId))) };
  }

  #plainSecret(): Parameters {
    const { clientSecret } = this.#client;
    return clientSecret ? { ClientSecret: clientSecret } : {};
  }

  #metadata(): Readonly<Record<string, unknown>> {
    const { clientMetadata } = this.#options;
    return clientMetadata ? { ClientMetadata: clientMetadata } : {};
  }
}

export interface Asking {
  readonly purpose: Purpose;
  readonly signal: AbortSignal;
  /** Whose secret hash it takes, where that is no parameter. */
  readonly username?: string | undefined;
}

/** The challenge in an answer, if there is one. */
export function challengeIn({ members }: PoolAnswer, username: string): Challenge | undefined {
  const { ChallengeName: name, ChallengeParameters: parameters, Session: session } = members;
  if (typeof name !== 'string' || name === '') return undefined;
  const texts = Object.entries(membersOf(parameters)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const given = Object.fromEntries(texts);
  return {
    name,
    username: given['USER_ID_FOR_SRP'] ?? given['USERNAME'] ?? username,
    parameters: given,
    session: typeof session === 'string' ? session : '',
  };
}
