// amazon-cognito-identity-js, the client that AWS itself wrote, with promises for callbacks. Where it signs in, the pool
// is right; its own types are marked deprecated, so what is used of them is written down here.

import type { CognitoPool } from '@axios-authorizer/test-kit';

interface Token {
  getJwtToken(): string;
  decodePayload(): Readonly<Record<string, unknown>>;
}

export interface ReferenceSession {
  getAccessToken(): Token;
  getIdToken(): Token;
  getRefreshToken(): { getToken(): string };
}

type Settle = (value: unknown) => void;

interface Callbacks {
  readonly onSuccess: (session: ReferenceSession, userConfirmationNecessary?: boolean) => void;
  readonly onFailure: (error: unknown) => void;
  readonly [challenge: string]: (...told: never[]) => void;
}

interface ReferenceUser {
  challengeName?: string;
  setAuthenticationFlowType(flow: string): void;
  initiateAuth(details: object, callbacks: Callbacks): void;
  authenticateUser(details: object, callbacks: Callbacks): void;
  completeNewPasswordChallenge(password: string, attributes: object, callbacks: Callbacks): void;
  sendMFACode(code: string, callbacks: Callbacks, kind?: string): void;
  sendMFASelectionAnswer(kind: string, callbacks: Callbacks): void;
  sendCustomChallengeAnswer(answer: string, callbacks: Callbacks): void;
  associateSoftwareToken(callbacks: { associateSecretCode: Settle; onFailure: Settle }): void;
  verifySoftwareToken(code: string, name: string, callbacks: Callbacks): void;
  setDeviceStatusRemembered(callbacks: { onSuccess: Settle; onFailure: Settle }): void;
  globalSignOut(callbacks: { onSuccess: Settle; onFailure: Settle }): void;
  refreshSession(token: object, callback: (error: unknown, session: ReferenceSession) => void): void;
  getUserAttributes(callback: (error: unknown, attributes: object[]) => void): void;
}

interface Library {
  readonly CognitoUserPool: new (data: object) => object;
  readonly CognitoUser: new (data: object) => ReferenceUser;
  readonly AuthenticationDetails: new (data: object) => object;
}

const library = jest.requireActual<Library>('amazon-cognito-identity-js');

export interface Outcome {
  readonly session?: ReferenceSession;
  readonly userConfirmationNecessary?: boolean | undefined;
  /** Name and message. */
  readonly failure?: string;
  /** The callback that was called in place of success and failure. */
  readonly challenge?: string;
}

/** One device with a storage of its own. */
export class ReferenceClient {
  readonly storage = new Map<string, string>();
  readonly user: ReferenceUser;
  readonly #username: string;

  constructor({ poolId, endpoint }: CognitoPool, username: string, storage?: Map<string, string>) {
    this.storage = storage ?? this.storage;
    const Storage = storageOf(this.storage);
    const Pool = new library.CognitoUserPool({ UserPoolId: poolId, ClientId: 'test-client', endpoint, Storage });
    this.user = new library.CognitoUser({ Username: username, Pool, Storage });
    this.#username = username;
  }

  signIn(password: string, flow = 'USER_SRP_AUTH'): Promise<Outcome> {
    this.user.setAuthenticationFlowType(flow);
    const details = new library.AuthenticationDetails({ Username: this.#username, Password: password });
    return this.does((user, callbacks) => user.authenticateUser(details, callbacks));
  }

  /** CUSTOM_AUTH without a password. */
  askFirst(): Promise<Outcome> {
    const details = new library.AuthenticationDetails({ Username: this.#username });
    return this.does((user, callbacks) => user.initiateAuth(details, callbacks));
  }

  /** Whatever of the user's functions takes callbacks. */
  does(act: (user: ReferenceUser, callbacks: Callbacks) => void): Promise<Outcome> {
    return new Promise((resolve) => act(this.user, callbacksFor(resolve)));
  }
}

const challenges = [
  'newPasswordRequired',
  'mfaRequired',
  'totpRequired',
  'customChallenge',
  'mfaSetup',
  'selectMFAType',
];

function callbacksFor(resolve: (outcome: Outcome) => void): Callbacks {
  const named = challenges.map((challenge) => [challenge, () => resolve({ challenge })] as const);
  return {
    ...Object.fromEntries(named),
    onSuccess: (session, userConfirmationNecessary) => resolve({ session, userConfirmationNecessary }),
    onFailure: (error) => resolve({ failure: String(error) }),
  };
}

function storageOf(map: Map<string, string>): object {
  return {
    setItem: (key: string, value: string) => map.set(key, value),
    getItem: (key: string) => map.get(key) ?? null,
    removeItem: (key: string) => map.delete(key),
    clear: () => map.clear(),
  };
}
