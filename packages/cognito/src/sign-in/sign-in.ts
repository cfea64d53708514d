// One sign-in, from its first step to the tokens, through whatever the pool asks on the way.
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import { Answers } from './answers.js';
import type { AnswersTask, GivenAnswer } from './answers.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import { deviceKey } from './device.js';
import { challengeIn } from '../pool/session.js';
import { noPassword } from './srp-options.js';
import type { SRPOptions } from './srp-options.js';
import { firstHalf, secondHalf, startSrp } from './srp-proof.js';
import type { SrpStart } from './srp-proof.js';
import type { PoolAnswer } from '../pool/user-pool.js';

export interface SignInTask extends Omit<AnswersTask, 'complete'> {
  /** What follows "_" in the pool's id. */
  readonly poolName: string;
  readonly options: SRPOptions;
  /** Asks for the password, where there is one. */
  readonly password: () => Promise<string | undefined>;
  /** By the clock of the authorizer, in ms. */
  readonly now: () => number;
}

type Parameters = Readonly<Record<string, string>>;

export class SignIn {
  readonly #task: SignInTask;
  readonly #answers: Answers;
  /** The first half of a proof of the password. */
  #begun: { readonly start: SrpStart; readonly password: string } | undefined;

  /** What the password has answered by itself. */
  readonly #asked = new Set<string>();

  constructor(task: SignInTask) {
    this.#task = task;
    this.#answers = new Answers({ ...task, complete: (name, responses) => this.#complete(name, responses) });
  }

  /** The answer that was given last, so that one whose fate is not known need not be asked for again. */
  get given(): GivenAnswer | undefined {
    return this.#answers.given;
  }

  /** @returns the answer that holds the tokens. @throws CognitoError, ChallengeRequiredError, AuthenticationError, ConfigurationError */
  async begin(username: string): Promise<PoolAnswer> {
    const { session, device, signal, options } = this.#task;
    const { authFlow = 'USER_SRP_AUTH' } = options;
    const parameters = { USERNAME: username, ...(await this.#opening(authFlow)), ...deviceKey(device) };
    return this.#follow(await session.initiate(authFlow, parameters, { purpose: 'sign-in', signal }), username);
  }

  /** Goes on where a challenge was left. */
  async from(challenge: Challenge, answer: ChallengeAnswer): Promise<PoolAnswer> {
    return this.#follow(await this.#answers.give(challenge, answer), challenge.username);
  }

  /** What InitiateAuth takes besides the name. */
  async #opening(flow: NonNullable<SRPOptions['authFlow']>): Promise<Parameters> {
    const { password, preferredChallenge } = this.#task.options;
    if (flow === 'USER_SRP_AUTH') return this.#first('PASSWORD_SRP');
    if (flow === 'USER_PASSWORD_AUTH') return this.#first('PASSWORD');
    const hasPassword = password !== undefined;
    if (flow === 'CUSTOM_AUTH')
      return hasPassword ? { CHALLENGE_NAME: 'SRP_A', ...(await this.#first('PASSWORD_SRP')) } : {};
    if (preferredChallenge === undefined) return {};
    return { PREFERRED_CHALLENGE: preferredChallenge, ...(hasPassword && (await this.#first(preferredChallenge))) };
  }

  /** What begins with a way to sign in. @param typed the password, where a hook was asked for it */
  async #first(way: string | undefined, typed?: string): Promise<Parameters> {
    if (way !== 'PASSWORD' && way !== 'PASSWORD_SRP') return {};
    const password = typed ?? (await this.#task.password());
    if (password === undefined || password === '') throw noPassword();
    if (way === 'PASSWORD') return { PASSWORD: password };
    const start = startSrp(this.#task.options.random);
    this.#begun = { start, password };
    return firstHalf(start);
  }

  /** The ways to sign in by a password are begun in the answer that chooses them; by SRP the password itself stays here. */
  async #complete(name: string, responses: Parameters): Promise<Parameters> {
    const { PASSWORD, ...others } = responses;
    const way = name === 'SELECT_CHALLENGE' ? responses['ANSWER'] : name;
    if ('SRP_A' in responses) return responses;
    return way === 'PASSWORD' || way === 'PASSWORD_SRP'
      ? { ...others, ...(await this.#first(way, PASSWORD)) }
      : responses;
  }

  async #follow(answer: PoolAnswer, username: string): Promise<PoolAnswer> {
    const challenge = challengeIn(answer, username);
    if (challenge === undefined) return answer;
    return this.#follow(await this.#next(challenge, answer), challenge.username);
  }

  #next(challenge: Challenge, { aheadMs }: PoolAnswer): Promise<PoolAnswer> {
    const { name } = challenge;
    if (name === 'DEVICE_SRP_AUTH') return this.#proveDevice(challenge);
    if (name === 'PASSWORD_VERIFIER' && this.#begun) return this.#provePassword(challenge, this.#begun, aheadMs);
    const hasPassword = this.#task.options.password !== undefined;
    if (!hasPassword || this.#asked.has(name)) return this.#answers.ask(challenge);
    this.#asked.add(name);
    const isPassword = name === 'PASSWORD' || name === 'PASSWORD_SRP';
    return isPassword ? this.#answers.give(challenge, {}) : this.#answers.ask(challenge, passwordOf(challenge));
  }

  async #provePassword(
    challenge: Challenge,
    { start, password }: { readonly start: SrpStart; readonly password: string },
    aheadMs: number,
  ): Promise<PoolAnswer> {
    this.#begun = undefined; // a proof is given once: who asks for another is no pool
    const identity = { group: this.#task.poolName, user: challenge.username, password };
    const proof = await secondHalf(challenge, start, { identity, now: this.#task.now() + aheadMs });
    return this.#respond(challenge, 'PASSWORD_VERIFIER', proof);
  }

  async #proveDevice(challenge: Challenge): Promise<PoolAnswer> {
    const { device, options, now } = this.#task;
    if (device === undefined) throw new ConfigurationError('The pool asks for a device that was never remembered here');
    const { username } = challenge;
    const start = startSrp(options.random);
    const answer = await this.#respond(challenge, 'DEVICE_SRP_AUTH', { USERNAME: username, ...firstHalf(start) });
    const verifier = challengeIn(answer, username);
    if (verifier?.name !== 'DEVICE_PASSWORD_VERIFIER') throw unexpected(verifier?.name);
    const identity = { group: device.groupKey, user: device.key, password: device.password };
    const own = { ...verifier, username };
    const proof = await secondHalf(own, start, { identity, now: now() + answer.aheadMs });
    return this.#respond(own, 'DEVICE_PASSWORD_VERIFIER', proof);
  }

  #respond({ session: begun }: Challenge, name: string, proof: Parameters): Promise<PoolAnswer> {
    const { session, device, signal } = this.#task;
    const responses = { ...proof, ...deviceKey(device) };
    return session.respond({ name, responses, session: begun, purpose: 'sign-in' }, signal);
  }
}

/** The way that a password which is given takes, where nobody chooses another one. */
function passwordOf({ name, choices = [] }: Challenge): string | undefined {
  return name === 'SELECT_CHALLENGE' ? ['PASSWORD_SRP', 'PASSWORD'].find((way) => choices.includes(way)) : undefined;
}

function unexpected(name: string | undefined): AuthenticationError {
  return new AuthenticationError(`The user pool answered DEVICE_SRP_AUTH with ${name ?? 'no challenge'}`, {
    code: 'invalid_response',
    kind: 'unavailable',
  });
}
