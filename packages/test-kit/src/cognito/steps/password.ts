// How a password is proven: by SRP in two halves, or in plain words. What is refused first, and for which reason, follows
// what the real service was seen to answer.

import { demandSecretHash } from '../state/clients.js';
import { demandAuthorized, incorrect, incorrectPassword, unknownDevice } from '../fault.js';
import type { CognitoContext, UserProof } from '../context.js';
import type { Device } from '../state/devices.js';
import type { Members } from '../members.js';
import type { CognitoPoolClient } from '../options.js';
import type { OpenProof } from './proofs.js';
import type { PoolUser } from '../state/user.js';

export interface ProvenUser {
  readonly user: PoolUser;
  /** The confirmed device that the client has named. */
  readonly device: Device | undefined;
}

export class PasswordDesk {
  readonly #context: CognitoContext;

  constructor(context: CognitoContext) {
    this.#context = context;
  }

  /** The challenge PASSWORD_VERIFIER, without a Session. */
  open(client: CognitoPoolClient, parameters: Members): object {
    return { ChallengeName: 'PASSWORD_VERIFIER', ChallengeParameters: this.opened(client, parameters) };
  }

  /** What it tells the client. */
  opened(client: CognitoPoolClient, parameters: Members): Readonly<Record<string, string>> {
    const { users, userProofs } = this.#context;
    const user = this.#userOf(client, parameters);
    const subject = user?.subject ?? users.simulated(parameters.text('USERNAME'));
    const about = { user, clientId: client.clientId, deviceKey: parameters.optional('DEVICE_KEY') };
    const opened = userProofs.open(subject, parameters.text('SRP_A'), about);
    return { ...opened, USERNAME: subject.id, USER_ID_FOR_SRP: subject.id };
  }

  /** Whom a flow that begins without a password is for. @throws CognitoFault for a name that nobody has */
  named(client: CognitoPoolClient, parameters: Members): ProvenUser {
    const user = this.#userOf(client, parameters);
    if (user === undefined) {
      throw incorrectPassword();
    }
    return { user, device: this.#deviceNamed(user, parameters.optional('DEVICE_KEY')) };
  }

  /** The answer to PASSWORD_VERIFIER. */
  verify(client: CognitoPoolClient, answers: Members): ProvenUser {
    const { userProofs, lockout } = this.#context;
    const block = answers.text('PASSWORD_CLAIM_SECRET_BLOCK');
    const username = answers.text('USERNAME');
    const proof = userProofs.find(block);
    demandSecretHash(client, proof?.subject.id ?? username, answers);
    demandAuthorized(proof?.subject.id === username && proof.about.clientId === client.clientId, incorrect);
    lockout?.admit(username);
    const user = this.#provenUser(block, proof, answers);
    const device = this.#deviceNamed(user, deviceKeyIn(answers, proof.about));
    userProofs.close(block);
    lockout?.clear(username);
    return { user, device };
  }

  /** USER_PASSWORD_AUTH. */
  compare(client: CognitoPoolClient, parameters: Members): ProvenUser {
    const { lockout } = this.#context;
    const user = this.#userOf(client, parameters);
    const name = user?.name ?? parameters.text('USERNAME');
    lockout?.admit(name);
    if (user === undefined || parameters.text('PASSWORD') !== user.password) {
      lockout?.fail(name);
      throw incorrectPassword();
    }
    lockout?.clear(name);
    return { user, device: this.#deviceNamed(user, parameters.optional('DEVICE_KEY')) };
  }

  /** Undefined for a name that nobody has, when that must not be told. */
  #userOf(client: CognitoPoolClient, parameters: Members): PoolUser | undefined {
    const { users, options } = this.#context;
    const sent = parameters.text('USERNAME');
    demandSecretHash(client, sent, parameters);
    const isHidden = options.preventUserExistenceErrors !== false && !users.isSub(sent);
    return isHidden ? users.find(sent) : users.existing(sent);
  }

  #provenUser(block: string, proof: OpenProof<UserProof>, answers: Members): PoolUser {
    const { userProofs, lockout } = this.#context;
    const { user } = proof.about;
    if (userProofs.holds(proof, answers) && user?.subject === proof.subject) {
      return user;
    }
    userProofs.close(block);
    lockout?.fail(proof.subject.id);
    throw incorrectPassword();
  }

  /** A device that is not known is refused while the SECRET_BLOCK is still good: clients repeat their answer without it. */
  #deviceNamed(user: PoolUser, key: string | undefined): Device | undefined {
    const { devices } = this.#context;
    if (key === undefined || !devices.tracked) {
      return undefined;
    }
    const device = devices.of(user, key);
    if (device.subject === undefined) {
      throw unknownDevice();
    }
    return device;
  }
}

/** That of the answer, where null means none; else that of InitiateAuth. */
function deviceKeyIn(answers: Members, { deviceKey }: UserProof): string | undefined {
  return answers.has('DEVICE_KEY') ? answers.optional('DEVICE_KEY') : deviceKey;
}
