// InitiateAuth and RespondToAuthChallenge: from a proven password through the challenges to the tokens.

import { clientOf, demandSecretHash } from '../state/clients.js';
import { CognitoFault, demandAuthorized } from '../fault.js';
import { FirstFactors } from './first-factors.js';
import { PasswordDesk } from './password.js';
import { refreshByInitiateAuth } from './refresh.js';
import { stepsAfterPassword } from './steps.js';
import type { CognitoContext } from '../context.js';
import type { Members } from '../members.js';
import type { Operations } from '../operation.js';
import type { CognitoPoolClient } from '../options.js';
import type { Begun } from './first-factors.js';
import type { ProvenUser } from './password.js';
import type { SignIn, Step } from '../state/sessions.js';

export function signInOperations(context: CognitoContext): Operations {
  const desk = new SignInDesk(context);
  return {
    InitiateAuth: (body) => desk.initiate(body),
    RespondToAuthChallenge: (body) => desk.respond(body),
  };
}

class SignInDesk {
  readonly #context: CognitoContext;
  readonly #passwords: PasswordDesk;
  readonly #factors: FirstFactors;

  constructor(context: CognitoContext) {
    this.#context = context;
    this.#passwords = new PasswordDesk(context);
    this.#factors = new FirstFactors(context, this.#passwords);
  }

  initiate(body: Members): object {
    const flow = body.text('AuthFlow');
    const client = clientOf(this.#context, body);
    const parameters = body.inner('AuthParameters');
    switch (flow) {
      case 'USER_SRP_AUTH':
        return this.#passwords.open(client, parameters);
      case 'CUSTOM_AUTH':
        return this.#open(this.#factors.ask(client, parameters));
      case 'USER_AUTH':
        return this.#open(this.#factors.choose(client, parameters));
      case 'USER_PASSWORD_AUTH':
        return this.#begin(client, flow, this.#passwords.compare(client, parameters));
      case 'REFRESH_TOKEN_AUTH':
      case 'REFRESH_TOKEN':
        return refreshByInitiateAuth(this.#context, client, parameters);
      default:
        throw new CognitoFault('InvalidParameterException', `Unknown AuthFlow ${flow}`);
    }
  }

  respond(body: Members): object {
    const client = clientOf(this.#context, body);
    const isBare = body.text('ChallengeName') === 'PASSWORD_VERIFIER' && body.optional('Session') === undefined;
    return isBare
      ? this.#begin(client, 'USER_SRP_AUTH', this.#passwords.verify(client, body.inner('ChallengeResponses')))
      : this.#answer(client, body);
  }

  #open({ signIn, steps }: Begun): object {
    return this.#next(signIn, steps);
  }

  #begin(client: CognitoPoolClient, flow: string, { user, device }: ProvenUser): object {
    user.demandActive();
    const signIn = { user, client, flow, device: undefined };
    return this.#next(signIn, stepsAfterPassword(this.#context, signIn, device));
  }

  #answer(client: CognitoPoolClient, body: Members): object {
    const { sessions } = this.#context;
    const session = body.text('Session');
    const answers = body.inner('ChallengeResponses');
    const { signIn, step, rest } = sessions.find(session);
    const username = answers.text('USERNAME');
    // the name within the pool was told with every challenge but this one
    const isNamed = step.name === 'SELECT_CHALLENGE' ? signIn.user.is(username) : signIn.user.name === username;
    demandSecretHash(client, isNamed ? username : signIn.user.name, answers);
    const isFor = signIn.client === client && isNamed && step.name === body.text('ChallengeName');
    demandAuthorized(isFor, 'Invalid session for the user.');
    return this.#next(signIn, [...sessions.answer(session, answers), ...rest]);
  }

  #next(signIn: SignIn, [step, ...rest]: readonly Step[]): object {
    if (step === undefined) {
      return { ChallengeParameters: {}, AuthenticationResult: this.#tokens(signIn) };
    }
    const ChallengeParameters = step.parameters();
    const Session = this.#context.sessions.open({ signIn, step, rest });
    return { ChallengeName: step.name, ChallengeParameters, Session, ...step.beside };
  }

  #tokens({ user, client, device }: SignIn): object {
    const { devices, refreshTokens, mint } = this.#context;
    const added = devices.tracked && device === undefined ? devices.add(user) : undefined;
    const deviceKey = (added ?? device)?.key;
    const { origin, refreshToken } = refreshTokens.found({ user, clientId: client.clientId, deviceKey });
    const metadata = added && { NewDeviceMetadata: { DeviceKey: added.key, DeviceGroupKey: added.groupKey } };
    return { ...mint.issue(origin), RefreshToken: refreshToken, ...metadata };
  }
}
