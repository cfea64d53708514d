// What a test can say to the user pool and read from it: the whole of its public face in one place, so that the rules
// themselves can be read without it.

import type { Answer, LoopbackServer } from '@axios-authorizer/testing/extend';

export interface CognitoPoolClient {
  readonly clientId: string;
  /** With one, SECRET_HASH is wanted, and ClientSecret where an operation takes it in plain; default none. */
  readonly clientSecret?: string;
}

export type CognitoMfa = 'SMS_MFA' | 'SOFTWARE_TOKEN_MFA' | 'EMAIL_OTP';

/** What USER_AUTH can begin with. */
export type CognitoFirstFactor = 'PASSWORD' | 'PASSWORD_SRP' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN';

/** What a pool keeps of a passkey. */
export interface CognitoPasskey {
  /** In base64url. */
  readonly id: string;
  /** Of a key on P-256, as PEM. */
  readonly publicKey: string;
}

export interface CognitoCustomRound {
  /** The challenge's parameters; USERNAME is added. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly answer: string;
}

/** What is asked after the password comes in the order of the members below. */
export interface CognitoPoolUser {
  readonly username: string;
  readonly password: string;
  /** Default a random UUID. */
  readonly sub?: string;
  /** An alias. */
  readonly email?: string;
  /** An alias. */
  readonly phone?: string;
  /** USER_ID_FOR_SRP; default `username`. */
  readonly internalUsername?: string;
  /** Refused once the password is proven: NotAuthorizedException. */
  readonly disabled?: boolean;
  /** False is refused once the password is proven: UserNotConfirmedException. Default true. */
  readonly confirmed?: boolean;
  /** Refused once the password is proven: PasswordResetRequiredException. */
  readonly mustResetPassword?: boolean;
  /** NEW_PASSWORD_REQUIRED; a password under 8 characters is an InvalidPasswordException that leaves the Session good. */
  readonly mustChangePassword?: boolean;
  /** In USER_AUTH, in that order; default PASSWORD_SRP and PASSWORD. */
  readonly firstFactors?: readonly CognitoFirstFactor[];
  /** For WEB_AUTHN at the relying party `localhost`. */
  readonly passkey?: CognitoPasskey;
  /** Rounds of CUSTOM_CHALLENGE, in CUSTOM_AUTH alone. */
  readonly custom?: readonly CognitoCustomRound[];
  /** A challenge of that name, which takes ANSWER 'yes'. */
  readonly unknownChallenge?: string;
  /** SELECT_MFA_TYPE, unless a remembered device takes the place of MFA. */
  readonly mfaChoices?: readonly CognitoMfa[];
  /** Asked when there is no choice. */
  readonly mfa?: CognitoMfa;
  /**
   * MFA_SETUP, when there is neither, with that MFAS_CAN_SETUP (true: an app). By AssociateSoftwareToken, VerifySoftwareToken and an
   * answer it is SOFTWARE_TOKEN_MFA from then on; by an answer with EMAIL it is EMAIL_OTP, whose code is asked for at once.
   */
  readonly mfaSetup?: boolean | readonly CognitoMfa[];
}

/** Pages and endpoints of a domain, at the pool's own origin: /oauth2/authorize, /oauth2/token, /oauth2/revoke, /logout. */
export interface CognitoHostedUi {
  /** Compared letter for letter. */
  readonly redirectUris: readonly string[];
  /** Compared letter for letter; default none. */
  readonly logoutUris?: readonly string[];
  /** Who is signed in at once. */
  readonly username: string;
  /** What may be asked for; default openid, profile, email and things/read. */
  readonly scopes?: readonly string[];
  /** `iss` in the callback (RFC 9207), which the service does not send; default none. */
  readonly answersIssuer?: string;
}

export interface CognitoPoolOptions {
  /** Default 'eu-west-1_TestPool1'. */
  readonly poolId?: string;
  /** Default one without secret: `test-client`. */
  readonly clients?: readonly CognitoPoolClient[];
  /** Default none. */
  readonly users?: readonly CognitoPoolUser[];
  /** Default the system's. */
  readonly clock?: { now(): number };
  /** Of access and id tokens; default 300. Refresh tokens live 30 days. */
  readonly accessTokenSeconds?: number;
  /** With it every refresh hands out a new refresh token, and the old one is good for that long (0–60); default false. */
  readonly refreshRotation?: false | { readonly graceSeconds: number };
  /** 'always' remembers a device when it is confirmed, 'optIn' when UpdateDeviceStatus says so; default false. */
  readonly deviceTracking?: false | 'always' | 'optIn';
  /** True: an unknown user gets an SRP challenge like any other. False: UserNotFoundException. Default true. */
  readonly preventUserExistenceErrors?: boolean;
  /** The 5th wrong password locks for 1 s, each further attempt for twice as long, up to 15 min; default true. */
  readonly lockout?: boolean;
  /** An emulator that does not know GetTokensFromRefreshToken; true is UnknownOperationException with 400. Default false. */
  readonly legacyRefreshOnly?: boolean | { readonly status?: number; readonly type?: string };
  /** Default none. */
  readonly hostedUi?: CognitoHostedUi;
  /** Answers preflights and lets every page read, as the service does; default true. */
  readonly cors?: boolean;
  /** Bytes for salts and for SRP's b, so that a test can choose them; default node:crypto's randomBytes. */
  readonly randomBytes?: (size: number) => Uint8Array;
}

export interface CognitoOperation {
  /** Without `AWSCognitoIdentityProviderService.` */
  readonly name: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface CognitoDevice {
  readonly key: string;
  readonly groupKey: string;
  readonly remembered: boolean;
}

export interface CognitoPool extends LoopbackServer {
  readonly poolId: string;
  /** Where operations are posted to. */
  readonly endpoint: string;
  /** The tokens' `iss`: origin and pool id. */
  readonly issuer: string;
  /** Two RSA keys: one signs id tokens, the other one access tokens. */
  readonly jwksUrl: string;
  /** Every operation that arrived, in order, refused ones too. */
  readonly operations: readonly CognitoOperation[];
  /** How often an operation arrived; of 'jwks' how often the key set was read. */
  count(operation: string): number;
  /** The code that the user's phone, mailbox or authenticator shows now. */
  code(username: string): string;
  /** Answers for the next calls of that operation, of 'jwks' or of a path of the hosted UI: scripted, before any check; undefined for a normal one. */
  next(operation: string, ...answers: (Answer | undefined)[]): void;
  /** The next `times` operations are refused with TooManyRequestsException, unless an answer of their own awaits them. */
  throttle(times: number): void;
  /** Every access, id and refresh token is revoked, as if everyone had signed out everywhere. */
  revokeAll(): void;
  /** Access and id tokens alone: a refresh gives new ones. */
  revokeAccessTokens(): void;
  disable(username: string): void;
  enable(username: string): void;
  /** New keys sign from now on; the old ones leave the key set, and what they signed is no longer valid. */
  rotateKeys(): void;
  forgetDevice(deviceKey: string): void;
  /** Every challenge Session lapses. */
  dropSessions(): void;
  setPassword(username: string, password: string): void;
  /** Signed by the key of its use, issuer, life by the pool's clock, not revoked. */
  valid(accessToken: string): boolean;
  validId(idToken: string): boolean;
  /** The devices that the user has confirmed. */
  devices(username: string): readonly CognitoDevice[];
}
