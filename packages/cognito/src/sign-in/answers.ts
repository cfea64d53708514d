// The answers of one sign-in to what the pool asks besides the password: whose they are, how each is handed in, and what was
// answered last.
import { isAuthenticationError } from '@axios-authorizer/core';
import { recordOf, asString } from '@axios-authorizer/core/extend';
import { ChallengeRequiredError, emptyAnswer, responsesOf } from './challenge.js';
import type { Challenge, ChallengeAnswer } from './challenge.js';
import type { CognitoDevice } from '../cognito-token.js';
import { deviceKey } from './device.js';
import type { PoolSession } from '../pool/session.js';
import type { SRPOptions } from './srp-options.js';
import type { PoolAnswer } from '../pool/user-pool.js';

export interface GivenAnswer {
  readonly challenge: Challenge;
  readonly answer: ChallengeAnswer;
}

export interface AnswersTask {
  readonly session: PoolSession;
  readonly options: Pick<SRPOptions, 'onChallenge'>;
  readonly device: CognitoDevice | undefined;
  readonly signal: AbortSignal;
}

/** A hook that goes on answering wrongly is stopped; the pool stops earlier. */
const MOST_ANSWERS = 20;

export class Answers {
  readonly #task: AnswersTask;
  #count = 0;
  #given: GivenAnswer | undefined;

  constructor(task: AnswersTask) {
    this.#task = task;
  }

  /** The last that was handed in. */
  get given(): GivenAnswer | undefined {
    return this.#given;
  }

  /** The hook's answer; a wrong code is asked for again, with the same session. */
  async ask(challenge: Challenge): Promise<PoolAnswer> {
    const asked = challenge.name === 'MFA_SETUP' ? await this.#withSecret(challenge) : challenge;
    const answer = await this.#task.options.onChallenge?.(asked);
    if (answer === undefined || ++this.#count > MOST_ANSWERS) throw new ChallengeRequiredError(asked);
    try {
      return await this.give(asked, answer);
    } catch (error) {
      if (!isWrongCode(error)) throw error;
      return this.ask({ ...asked, refused: true });
    }
  }

  /** Hands an answer in. */
  async give(challenge: Challenge, answer: ChallengeAnswer): Promise<PoolAnswer> {
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
    const SECRET_CODE = asString(members['SecretCode']) ?? '';
    return {
      ...challenge,
      session: asString(members['Session']) ?? challenge.session,
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
    const next = asString(verified.members['Session']) ?? challenge.session;
    return session.respond({ name: 'MFA_SETUP', responses, session: next, purpose: 'challenge' }, signal);
  }
}

function isWrongCode(error: unknown): boolean {
  return isAuthenticationError(error) && error.code === 'wrong_code' && recordOf(error)['exception'] !== undefined;
}
