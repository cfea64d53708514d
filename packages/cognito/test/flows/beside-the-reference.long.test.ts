// amazon-cognito-identity-js, the client that AWS itself wrote, beside ours at one pool: the same ways in, step by step.
import { afterwards, another, asked, clientId, textsOf, world } from '../stage.js';
import { custom } from './stage.js';
import { webDeviceStore } from '../../src/index.js';
import type { CognitoOperation, CognitoPool } from '@axios-authorizer/test-kit';
import type { SRPAuthorizerOptions } from '../../src/index.js';
import type { World } from '../stage.js';

interface Callbacks {
  onSuccess(session: unknown): void;
  onFailure(error: unknown): void;
  customChallenge(parameters: unknown): void;
  mfaRequired(name: unknown): void;
}

interface User {
  setAuthenticationFlowType(flow: string): void;
  authenticateUser(details: object, callbacks: Callbacks): void;
  initiateAuth(details: object, callbacks: Callbacks): void;
  sendCustomChallengeAnswer(answer: string, callbacks: Callbacks): void;
  sendMFACode(code: string, callbacks: Callbacks): void;
  signOut(): void;
}

type Made<T> = new (data: object) => T;

/** Its own types are marked as deprecated, so what is used of them is written down here. */
const library = jest.requireActual<{
  readonly AuthenticationDetails: Made<object>;
  readonly CognitoUser: Made<User>;
  readonly CognitoUserPool: Made<object>;
}>('amazon-cognito-identity-js');

class Theirs {
  readonly #user: User;
  readonly #pool: CognitoPool;

  constructor(pool: CognitoPool, memory: Map<string, string>) {
    const Storage = storageOf(memory);
    const Pool = new library.CognitoUserPool({
      UserPoolId: pool.poolId,
      ClientId: clientId,
      endpoint: pool.endpoint,
      Storage,
    });
    this.#user = new library.CognitoUser({ Username: 'alice', Pool, Storage });
    this.#pool = pool;
  }

  /** Signs in, answers what is asked, and returns what was. @param Password undefined for a sign-in without one */
  signIn(flow: string, Password?: string): Promise<readonly string[]> {
    const questions: string[] = [];
    const details = new library.AuthenticationDetails({ Username: 'alice', Password });
    const user = this.#user;
    user.setAuthenticationFlowType(flow);
    return new Promise((resolve, reject) => {
      const callbacks: Callbacks = {
        onSuccess: () => resolve(questions),
        onFailure: reject,
        customChallenge: () => {
          questions.push('CUSTOM_CHALLENGE');
          user.sendCustomChallengeAnswer('42', callbacks);
        },
        mfaRequired: (name) => {
          questions.push(String(name));
          user.sendMFACode(this.#pool.code('alice'), callbacks);
        },
      };
      if (Password === undefined) user.initiateAuth(details, callbacks);
      else user.authenticateUser(details, callbacks);
    });
  }

  signOut(): void {
    this.#user.signOut();
  }
}

function storageOf(memory: Map<string, string>): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  return {
    setItem: (key, value) => void memory.set(key, value),
    getItem: (key) => memory.get(key) ?? null,
    removeItem: (key) => void memory.delete(key),
  };
}

const password = 'Correct-Horse-1';

/** What of the operations does not depend on chance: names, and the names of what is sent. */
function shape(operations: readonly CognitoOperation[]): readonly unknown[] {
  return operations.map((operation) => [
    asked({ operations: [operation] })[0],
    Object.keys(textsOf(operation)).toSorted(),
  ]);
}

it.each<[flow: SRPAuthorizerOptions['authFlow'], given: string | undefined]>([
  ['CUSTOM_AUTH', password],
  ['CUSTOM_AUTH', undefined],
  ['USER_PASSWORD_AUTH', password],
])('%s with the password %s: both send the same, step by step (G7)', async (authFlow, given) => {
  const options = { authFlow, password: given, onChallenge: () => '42' };
  const { pool, authorizer } = await world({ user: { custom }, clock: 'system', options });
  await authorizer.getToken();
  const ours = pool.operations.length;
  await new Theirs(pool, new Map()).signIn(String(authFlow), given);
  expect(shape(pool.operations.slice(ours))).toEqual(shape(pool.operations.slice(0, ours)));
});

interface Seen {
  readonly codes: number;
  readonly devices: number;
}

const pageLoads = 4;
const tracking = { deviceTracking: 'always' } as const;

async function theirPages(): Promise<Seen> {
  const { pool } = await world({ user: { mfa: 'SMS_MFA' }, pool: tracking, clock: 'system' });
  const memory = new Map<string, string>();
  let codes = 0;
  for (let page = 0; page < pageLoads; page += 1) {
    const theirs = new Theirs(pool, memory);
    codes += (await theirs.signIn('USER_SRP_AUTH', password)).length;
    theirs.signOut();
  }
  return { codes, devices: pool.devices('alice').length };
}

async function ourPages(): Promise<Seen> {
  let codes = 0;
  const onChallenge = (): string => {
    codes += 1;
    return here.pool.code('alice');
  };
  const options = { onChallenge, devices: webDeviceStore() };
  const here: World = await world({ user: { mfa: 'SMS_MFA' }, pool: tracking, clock: 'system', options });
  for (let page = 0; page < pageLoads; page += 1) {
    const authorizer = another(here);
    await authorizer.getToken();
    await authorizer.logout();
  }
  return { codes, devices: here.pool.devices('alice').length };
}

it('four page loads, each with a sign-in and a sign-out: one code and one device, as theirs (G8)', async () => {
  Reflect.set(globalThis, 'localStorage', storageOf(new Map()));
  afterwards(() => Reflect.deleteProperty(globalThis, 'localStorage'));
  expect(await theirPages()).toEqual({ codes: 1, devices: 1 });
  expect(await ourPages()).toEqual({ codes: 1, devices: 1 });
});
