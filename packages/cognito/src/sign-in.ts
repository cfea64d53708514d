// One sign-in, from the password to the tokens, through whatever the pool asks on the way.
import {
  AuthenticationError,
  ConfigurationError,
  isAuthenticationError,
  membersOf,
  textOf,
} from '@axios-authorizer/core';
import { ChallengeRequiredError, emptyAnswer, responsesOf } from './challenge.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import type { CognitoDevice } from './cognito-token.js';
import { randomBytes } from './device.js';
import { challengeIn } from './pool-session.js';
import type { PoolSession } from './pool-session.js';
import type { SRPOptions } from './srp-options.js';
import { numberOfBytes } from './srp/bytes.js';
import { passwordClaim, publicValue } from './srp/srp.js';
import type { Identity } from './srp/srp.js';
import { srpTimestamp } from './srp/timestamp.js';
import type { PoolAnswer } from './user-pool.js';

export interface GivenAnswer {
  readonly challenge: Challenge;
  readonly answer: ChallengeAnswer;
}

export interface SignInTask {
  readonly session: PoolSession;
  /** What follows "_" in the pool's id. */
  readonly poolName: string;
  readonly options: SRPOptions;
  readonly device: CognitoDevice | undefined;
  readonly signal: AbortSignal;
  /** By the clock of the authorizer, in ms. */
  readonly now: () => number;
}

const RANDOM_BYTES = 32;
/** A hook that goes on answering wrongly is stopped; the pool stops earlier. */
const MOST_ANSWERS = 20;

export class SignIn {
  readonly #task: SignInTask;
  #answers = 0;
  #given: GivenAnswer | undefined;

  constructor(task: SignInTask) {
    this.#task = task;
  }

  /** The answer that was given last, so that one whose fate is not known need not be asked for again. */
  get given(): GivenAnswer | undefined {
    return this.#given;
  }

  /** @returns the answer that holds the tokens. @throws CognitoError, ChallengeRequiredError, ConfigurationError */
  async withPassword(username: string, password: string): Promise<PoolAnswer> {
    const { session, device, signal } = this.#task;
    const a = this.#random();
    const A = publicValue(a);
    const parameters = { USERNAME: username, SRP_A: A.toString(16), ...deviceKey(device) };
    const answer = await session.initiate('USER_SRP_AUTH', parameters, { purpose: 'sign-in', signal });
    const challenge = challengeIn(answer, username);
    if (challenge?.name !== 'PASSWORD_VERIFIER') return this.#follow(answer, username);
    const identity = { group: this.#task.poolName, user: challenge.username, password };
    return this.#follow(
      await this.#prove(challenge, { identity, a, A, name: 'PASSWORD_VERIFIER' }),
      challenge.username,
    );
  }

  /** Goes on where a challenge was left. */
  async from(challenge: Challenge, answer: ChallengeAnswer): Promise<PoolAnswer> {
    return this.#follow(await this.#answered(challenge, answer), challenge.username);
  }

  async #follow(answer: PoolAnswer, username: string): Promise<PoolAnswer> {
    const challenge = challengeIn(answer, username);
    if (challenge === undefined) return answer;
    const next = challenge.name === 'DEVICE_SRP_AUTH' ? this.#proveDevice(challenge) : this.#ask(challenge);
    return this.#follow(await next, challenge.username);
  }

  /** Answers a PASSWORD_VERIFIER or DEVICE_PASSWORD_VERIFIER. */
  async #prove(challenge: Challenge, { identity, a, A, name }: Proof): Promise<PoolAnswer> {
    const { session, device, signal, now } = this.#task;
    const { SRP_B: B = '', SALT: salt = '', SECRET_BLOCK: secretBlock = '' } = challenge.parameters;
    const timestamp = srpTimestamp(now());
    const signature = await passwordClaim(identity, a, { challenge: { A, B, salt, secretBlock }, timestamp });
    const responses = {
      USERNAME: challenge.username,
      PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
      TIMESTAMP: timestamp,
      PASSWORD_CLAIM_SIGNATURE: signature,
      ...deviceKey(device),
    };
    return session.respond({ name, responses, session: challenge.session, purpose: 'sign-in' }, signal);
  }

  async #proveDevice({ username, session: begun }: Challenge): Promise<PoolAnswer> {
    const { session, device, signal } = this.#task;
    if (device === undefined) throw new ConfigurationError('The pool asks for a device that was never remembered here');
    const a = this.#random();
    const A = publicValue(a);
    const responses = { USERNAME: username, SRP_A: A.toString(16), ...deviceKey(device) };
    const step = { name: 'DEVICE_SRP_AUTH', responses, session: begun, purpose: 'sign-in' } as const;
    const challenge = challengeIn(await session.respond(step, signal), username);
    if (challenge?.name !== 'DEVICE_PASSWORD_VERIFIER') throw unexpected(challenge?.name);
    const identity = { group: device.groupKey, user: device.key, password: device.password };
    return this.#prove({ ...challenge, username }, { identity, a, A, name: 'DEVICE_PASSWORD_VERIFIER' });
  }

  /** The hook's answer; a wrong code is asked for again, with the same session. */
  async #ask(challenge: Challenge): Promise<PoolAnswer> {
    const asked = challenge.name === 'MFA_SETUP' ? await this.#withSecret(challenge) : challenge;
    const answer = await this.#task.options.onChallenge?.(asked);
    if (answer === undefined || ++this.#answers > MOST_ANSWERS) throw new ChallengeRequiredError(asked);
    try {
      return await this.#answered(asked, answer);
    } catch (error) {
      if (!isWrongCode(error)) throw error;
      return this.#ask({ ...asked, refused: true });
    }
  }

  async #answered(challenge: Challenge, answer: ChallengeAnswer): Promise<PoolAnswer> {
    const { session, device, signal } = this.#task;
    const { name } = challenge;
    this.#given = { challenge, answer };
    if (name === 'MFA_SETUP' && 'SECRET_CODE' in challenge.parameters) return this.#setUp(challenge, answer);
    const responses = { ...responsesOf(challenge, answer), ...deviceKey(device) };
    return session.respond({ name, responses, session: challenge.session, purpose: 'challenge' }, signal);
  }

  /** An authenticator app is set up with a secret, which the pool hands out for the challenge's session. */
  async #withSecret(challenge: Challenge): Promise<Challenge> {
    if ('SECRET_CODE' in challenge.parameters) return challenge;
    const { session, signal } = this.#task;
    const { members } = await session.perform(
      'AssociateSoftwareToken',
      { Session: challenge.session },
      signal,
      'challenge',
    );
    const SECRET_CODE = textOf(members['SecretCode']) ?? '';
    return {
      ...challenge,
      session: textOf(members['Session']) ?? challenge.session,
      parameters: { ...challenge.parameters, SECRET_CODE },
    };
  }

  /** The answer is the first code of the app. */
  async #setUp(challenge: Challenge, answer: ChallengeAnswer): Promise<PoolAnswer> {
    const { session, signal } = this.#task;
    const { USERNAME: _name, ...given } = responsesOf(challenge, answer);
    const UserCode = given['ANSWER'] ?? given['SOFTWARE_TOKEN_MFA_CODE'];
    if (UserCode === undefined) throw emptyAnswer(challenge.name);
    const verified = await session.perform(
      'VerifySoftwareToken',
      { Session: challenge.session, UserCode },
      signal,
      'challenge',
    );
    const responses = { USERNAME: challenge.username };
    const next = textOf(verified.members['Session']) ?? challenge.session;
    return session.respond({ name: 'MFA_SETUP', responses, session: next, purpose: 'challenge' }, signal);
  }

  #random(): bigint {
    return numberOfBytes(this.#task.options.random?.() ?? randomBytes(RANDOM_BYTES));
  }
}

interface Proof {
  readonly identity: Identity;
  readonly a: bigint;
  readonly A: bigint;
  readonly name: 'PASSWORD_VERIFIER' | 'DEVICE_PASSWORD_VERIFIER';
}

function deviceKey(device: CognitoDevice | undefined): Readonly<Record<string, string>> {
  return device ? { DEVICE_KEY: device.key } : {};
}

function isWrongCode(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'wrong_code' && membersOf(error)['exception'] !== undefined;
}

function unexpected(name: string | undefined): AuthenticationError {
  return new AuthenticationError(`The user pool answered DEVICE_SRP_AUTH with ${name ?? 'no challenge'}`, {
    code: 'invalid_response',
    kind: 'unavailable',
  });
}
