// One sign-in, from the password to the tokens, through whatever the pool asks on the way.
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import { Answers } from './answers.js';
import type { AnswersTask, GivenAnswer } from './answers.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import { deviceKey, randomBytes } from './device.js';
import { challengeIn } from '../pool/session.js';
import type { SRPOptions } from './srp-options.js';
import { numberOfBytes } from '../srp/bytes.js';
import { passwordClaim, publicValue } from '../srp/srp.js';
import type { Identity } from '../srp/srp.js';
import { srpTimestamp } from '../srp/timestamp.js';
import type { PoolAnswer } from '../pool/user-pool.js';

export interface SignInTask extends AnswersTask {
  /** What follows "_" in the pool's id. */
  readonly poolName: string;
  readonly options: SRPOptions;
  /** By the clock of the authorizer, in ms. */
  readonly now: () => number;
}

const RANDOM_BYTES = 32;

export class SignIn {
  readonly #task: SignInTask;
  readonly #answers: Answers;

  constructor(task: SignInTask) {
    this.#task = task;
    this.#answers = new Answers(task);
  }

  /** The answer that was given last, so that one whose fate is not known need not be asked for again. */
  get given(): GivenAnswer | undefined {
    return this.#answers.given;
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
    return this.#follow(await this.#answers.give(challenge, answer), challenge.username);
  }

  async #follow(answer: PoolAnswer, username: string): Promise<PoolAnswer> {
    const challenge = challengeIn(answer, username);
    if (challenge === undefined) return answer;
    const next = challenge.name === 'DEVICE_SRP_AUTH' ? this.#proveDevice(challenge) : this.#answers.ask(challenge);
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

function unexpected(name: string | undefined): AuthenticationError {
  return new AuthenticationError(`The user pool answered DEVICE_SRP_AUTH with ${name ?? 'no challenge'}`, {
    code: 'invalid_response',
    kind: 'unavailable',
  });
}
