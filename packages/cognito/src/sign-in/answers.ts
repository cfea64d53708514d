// The answers of one sign-in to what the pool asks besides the password: whose they are, how each is handed in, and what was
// answered last.
import { isAuthenticationError } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import { cancelled, ChallengeRequiredError, responsesOf } from './challenge.js';
import type { Challenge, ChallengeAnswer, ChallengeRefusal } from './challenge.js';
import type { CognitoDevice } from '../cognito-token.js';
import { deviceKey } from './device.js';
import { chosenMfa, offeredMfa, setUpMfa } from './mfa-setup.js';
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
  /** Adds to the responses what only the sign-in itself knows. */
  readonly complete: (
    name: string,
    responses: Readonly<Record<string, string>>,
  ) => Promise<Readonly<Record<string, string>>>;
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

  /** The hook's answer, or else `otherwise`; what the pool refuses but may be corrected is asked for again, with the same session. */
  async ask(challenge: Challenge, otherwise?: ChallengeAnswer): Promise<PoolAnswer> {
    const asked = challenge.name === 'MFA_SETUP' ? await offeredMfa(challenge, this.#task) : challenge;
    const answer = (await this.#hook(asked)) ?? otherwise;
    if (answer === undefined || ++this.#count > MOST_ANSWERS) throw new ChallengeRequiredError(asked);
    try {
      return await this.give(asked, answer);
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal === undefined || this.#given?.challenge !== asked) throw error;
      return this.ask({ ...asked, refusal });
    }
  }

  /** Hands an answer in. */
  async give(challenge: Challenge, answer: ChallengeAnswer): Promise<PoolAnswer> {
    const { session, device, signal, complete } = this.#task;
    const { name } = challenge;
    const chosen = chosenMfa(challenge, answer);
    if (chosen) return this.ask(chosen);
    this.#given = { challenge, answer };
    if (name === 'MFA_SETUP') return setUpMfa(challenge, answer, this.#task);
    const responses = { ...(await complete(name, responsesOf(challenge, answer))), ...deviceKey(device) };
    const purpose = 'PASSWORD' in responses ? 'sign-in' : 'challenge';
    return session.respond({ name, responses, session: challenge.session, purpose }, signal);
  }

  async #hook(challenge: Challenge): Promise<ChallengeAnswer | undefined> {
    try {
      return await this.#task.options.onChallenge?.(challenge);
    } catch (error) {
      throw cancelled(error, '`onChallenge`');
    }
  }
}

/** Why the pool refused an answer that may be given again; undefined for what ends the sign-in. */
function refusalIn(error: unknown): ChallengeRefusal | undefined {
  const { exception, said } = recordOf(error);
  if (!isAuthenticationError(error) || exception === undefined) return undefined;
  const { code } = error;
  return code === 'wrong_code' || code === 'invalid_new_password'
    ? { code, message: String(said) || error.message }
    : undefined;
}
