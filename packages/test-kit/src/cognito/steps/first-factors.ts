// USER_AUTH: the user begins with what the client prefers, or chooses among what is there. CUSTOM_AUTH: an application's own
// questions, after a proof of the password by SRP or in its place. Both have a Session from the first step on.

import { demand, demandAuthorized, incorrect } from '../fault.js';
import { credentialOptions, isAssertion } from './passkey.js';
import { codeStep, stepsAfterPassword } from './steps.js';
import type { CognitoContext } from '../context.js';
import type { Members } from '../members.js';
import type { CognitoFirstFactor, CognitoPoolClient } from '../options.js';
import type { PasswordDesk, ProvenUser } from './password.js';
import type { SignIn, Step } from '../state/sessions.js';

export interface Begun {
  readonly signIn: SignIn;
  readonly steps: readonly Step[];
}

const always: readonly CognitoFirstFactor[] = ['PASSWORD_SRP', 'PASSWORD'];

export class FirstFactors {
  readonly #context: CognitoContext;
  readonly #passwords: PasswordDesk;

  constructor(context: CognitoContext, passwords: PasswordDesk) {
    this.#context = context;
    this.#passwords = passwords;
  }

  /** USER_AUTH. */
  choose(client: CognitoPoolClient, parameters: Members): Begun {
    const { user } = this.#passwords.named(client, parameters);
    const signIn: SignIn = { user, client, flow: 'USER_AUTH', device: undefined };
    const factors = user.profile.firstFactors ?? always;
    const preferred = factors.find((factor) => factor === parameters.optional('PREFERRED_CHALLENGE'));
    const steps =
      preferred === undefined ? [this.#select(signIn, factors)] : this.#begin(signIn, preferred, parameters);
    return { signIn, steps };
  }

  /** CUSTOM_AUTH. */
  ask(client: CognitoPoolClient, parameters: Members): Begun {
    const { user, device } = this.#passwords.named(client, parameters);
    const signIn: SignIn = { user, client, flow: 'CUSTOM_AUTH', device: undefined };
    if (parameters.optional('CHALLENGE_NAME') === 'SRP_A') {
      return { signIn, steps: [this.#verifier(signIn, parameters)] };
    }
    demandAuthorized((user.profile.custom ?? []).length > 0, incorrect);
    return { signIn, steps: stepsAfterPassword(this.#context, signIn, device) };
  }

  /** What is chosen is begun in the same answer; the client may still go by the name that it began with. */
  #select(signIn: SignIn, factors: readonly CognitoFirstFactor[]): Step {
    return {
      name: 'SELECT_CHALLENGE',
      parameters: () => ({}),
      beside: { AvailableChallenges: factors },
      answer: (answers) => {
        const chosen = factors.find((factor) => factor === answers.text('ANSWER'));
        demand(chosen !== undefined, 'InvalidParameterException', 'Invalid challenge selected');
        if (chosen === 'PASSWORD' || chosen === 'PASSWORD_SRP') {
          answers.text(chosen === 'PASSWORD' ? 'PASSWORD' : 'SRP_A');
        }
        return this.#begin(signIn, chosen, answers);
      },
    };
  }

  #begin(signIn: SignIn, factor: CognitoFirstFactor, given: Members): readonly Step[] {
    if (factor === 'WEB_AUTHN') {
      return [passkeyStep(signIn)];
    }
    if (factor === 'EMAIL_OTP' || factor === 'SMS_OTP') {
      return [codeStep(signIn.user, factor)];
    }
    if (!given.has(factor === 'PASSWORD' ? 'PASSWORD' : 'SRP_A')) {
      return [this.#later(signIn, factor)];
    }
    return factor === 'PASSWORD' ? this.#compare(signIn, given) : [this.#verifier(signIn, given)];
  }

  /** The factor is asked for by its own name. */
  #later(signIn: SignIn, factor: 'PASSWORD' | 'PASSWORD_SRP'): Step {
    return {
      name: factor,
      parameters: () => ({ USERNAME: signIn.user.name }),
      answer: (answers) => (factor === 'PASSWORD' ? this.#compare(signIn, answers) : [this.#verifier(signIn, answers)]),
    };
  }

  #compare(signIn: SignIn, given: Members): readonly Step[] {
    return this.#proven(signIn, this.#passwords.compare(signIn.client, given));
  }

  #verifier(signIn: SignIn, given: Members): Step {
    const opened = this.#passwords.opened(signIn.client, given);
    return {
      name: 'PASSWORD_VERIFIER',
      parameters: () => opened,
      answer: (answers) => this.#proven(signIn, this.#passwords.verify(signIn.client, answers)),
    };
  }

  #proven(signIn: SignIn, { user, device }: ProvenUser): readonly Step[] {
    user.demandActive();
    return stepsAfterPassword(this.#context, signIn, device);
  }
}

function passkeyStep({ user }: SignIn): Step {
  const { passkey } = user.profile;
  demand(passkey !== undefined, 'WebAuthnCredentialNotSupportedException', 'The user has no passkey');
  const options = credentialOptions(passkey);
  return {
    name: 'WEB_AUTHN',
    parameters: () => ({ USERNAME: user.name, CREDENTIAL_REQUEST_OPTIONS: JSON.stringify(options) }),
    answer: (answers) => {
      demandAuthorized(isAssertion(answers.text('CREDENTIAL'), passkey, options.challenge), 'Invalid credential');
      user.demandActive();
      return [];
    },
  };
}
