// Who is in the pool, under which names, and what is left of them when they are not: with existence errors prevented an
// unknown name has a salt and an id too, always the same ones (RFC 5054, 2.5.1.3).

import { createHmac, randomUUID } from 'node:crypto';
import { CognitoFault } from '../fault.js';
import { srpVerifier, toBigInt } from '../steps/srp.js';
import { PoolUser, saltBytes } from './user.js';
import type { CognitoPoolUser } from '../options.js';
import type { SrpSubject } from '../steps/proofs.js';
import type { UserOptions } from './user.js';

export class UserDirectory {
  readonly #options: UserOptions;
  readonly #users: readonly PoolUser[];
  readonly #pepper = randomUUID();

  constructor(users: readonly CognitoPoolUser[], options: UserOptions) {
    this.#options = options;
    this.#users = users.map((profile) => new PoolUser(profile, options));
  }

  /** By user name, internal user name or alias; a sub is none of them. */
  find(sent: string): PoolUser | undefined {
    return this.#users.find((user) => user.is(sent));
  }

  isSub(sent: string): boolean {
    return this.#users.some(({ sub }) => sub === sent);
  }

  /** @throws Error when a test names a user who is not there */
  named(username: string): PoolUser {
    const user = this.find(username);
    if (user === undefined) {
      throw new Error(`The pool has no user ${username}`);
    }
    return user;
  }

  /** @throws CognitoFault UserNotFoundException */
  existing(sent: string): PoolUser {
    const user = this.find(sent);
    if (user === undefined) {
      throw new CognitoFault('UserNotFoundException', 'User does not exist.');
    }
    return user;
  }

  /** The salt and id of somebody who does not exist, and a verifier that no password leads to. */
  simulated(sent: string): SrpSubject {
    const identity = { group: this.#options.poolName, id: uuidOf(this.#derived(`id ${sent}`)) };
    const salt = toBigInt(this.#derived(`salt ${sent}`).subarray(0, saltBytes));
    return { ...identity, salt, verifier: srpVerifier(identity, this.#derived(sent).toString('hex'), salt) };
  }

  #derived(text: string): Buffer {
    return createHmac('sha256', this.#pepper).update(text).digest();
  }
}

function uuidOf(bytes: Buffer): string {
  return bytes.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
