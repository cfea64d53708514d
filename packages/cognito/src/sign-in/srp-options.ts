// The options of a sign-in by SRP, and what is made of them once.
import { AuthenticationError, ConfigurationError } from '@axios-authorizer/core';
import {
  assertNoControls,
  assertOneLine,
  AUTHORIZER_OPTIONS,
  checkOptions,
  clientInfoOf,
} from '@axios-authorizer/core/extend';
import type { AuthorizerOptions, ClientInfo, ClientOptions, Observer, TokenStore } from '@axios-authorizer/core';
import type { OptionTable } from '@axios-authorizer/core/extend';
import type { OnChallenge } from './challenge.js';
import { isDevice } from '../cognito-token.js';
import type { CognitoDevice, CognitoToken, TokenUse } from '../cognito-token.js';
import type { DeviceStore } from './device-store.js';
import type { UserPoolOptions } from '../pool/user-pool.js';

/** How a sign-in begins (InitiateAuth). */
export type AuthFlow = 'USER_SRP_AUTH' | 'CUSTOM_AUTH' | 'USER_AUTH' | 'USER_PASSWORD_AUTH';

/** What USER_AUTH is to begin with. */
export type PreferredChallenge = 'PASSWORD_SRP' | 'PASSWORD' | 'EMAIL_OTP' | 'SMS_OTP' | 'WEB_AUTHN';

/** What threat protection judges a sign-in by. */
export interface UserContextData {
  /** Of a browser's or phone's fingerprint, as AWS's script for it makes it. */
  readonly encodedData?: string | undefined;
  /** The user's address, where a server signs in for the user. */
  readonly ipAddress?: string | undefined;
}

/** The options of a sign-in at a user pool: who signs in, how, and who answers what the pool asks. */
export interface SRPOptions extends UserPoolOptions {
  /** The user's name, or an alias of it. Default: only what is held or answered elsewhere can go on. */
  readonly username?: string | undefined;
  /** The password, or a function that asks for it when a sign-in needs it, so that it need not be kept. Default: as above. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /**
   * How a sign-in begins: by SRP; with an application's own questions (CUSTOM_AUTH), after SRP where a `password` is given; with what
   * the user chooses (USER_AUTH); with the password in plain (USER_PASSWORD_AUTH, for migrations and emulators). Default: "USER_SRP_AUTH".
   */
  readonly authFlow?: AuthFlow | undefined;
  /** What USER_AUTH begins with. Default: the pool asks SELECT_CHALLENGE; where the hook chooses nothing, the `password` is used. */
  readonly preferredChallenge?: PreferredChallenge | undefined;
  /** Which token is attached to requests. Default: "access". */
  readonly tokenUse?: TokenUse | undefined;
  /** Answers what the pool asks besides the password. Default: a `ChallengeRequiredError`. */
  readonly onChallenge?: OnChallenge | undefined;
  /** Where the pool lets users choose: whether this device is remembered. Default: false. */
  readonly rememberDevice?: boolean | undefined;
  /** A name for the device, at most 131 072 characters. Default: none. */
  readonly deviceName?: string | undefined;
  /** Keeps devices beyond a sign-out, so that none of them needs a second factor at the next sign-in. Default: memory. */
  readonly devices?: DeviceStore | undefined;
  /** A device that the pool remembers already. Default: what `devices` or the token says. */
  readonly device?: CognitoDevice | undefined;
  /** For threat protection, or a function that makes it for each step of a sign-in. Default: nothing. */
  readonly userContextData?:
    | UserContextData
    | ((username: string) => UserContextData | undefined | Promise<UserContextData | undefined>)
    | undefined;
  /** Handed to the pool's Lambda triggers with each sign-in step. Default: nothing. */
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
  /** What logout ends: this session (RevokeToken), or all sessions of the user (GlobalSignOut). Default: "session". */
  readonly signOut?: 'session' | 'everywhere' | undefined;
  /** 32 random bytes, for tests. Default: WebCrypto's. */
  readonly random?: (() => Uint8Array) | undefined;
  /** Told of what goes on. Default: nobody. */
  readonly observer?: Observer | undefined;
}

/** The options of an `SRPAuthorizer`: those of a sign-in and of an authorizer. */
export interface SRPAuthorizerOptions
  extends
    SRPOptions,
    Omit<AuthorizerOptions<CognitoToken>, keyof ClientOptions | 'observer' | 'clock' | 'allowInsecure' | 'store'> {
  /** Where the token is kept between runs, such as `fileTokenStore(path)`. Default: in memory only. */
  readonly store?: TokenStore<CognitoToken> | TokenStore | undefined;
}

export const SRP_OPTIONS: OptionTable<SRPOptions> = {
  userPoolId: 'string',
  endpoint: 'string',
  allowInsecure: 'any',
  transport: 'object',
  clock: 'clock',
  username: 'string',
  password: 'any',
  authFlow: ['USER_SRP_AUTH', 'CUSTOM_AUTH', 'USER_AUTH', 'USER_PASSWORD_AUTH'],
  preferredChallenge: ['PASSWORD_SRP', 'PASSWORD', 'EMAIL_OTP', 'SMS_OTP', 'WEB_AUTHN'],
  tokenUse: ['access', 'id'],
  onChallenge: 'function',
  rememberDevice: 'any',
  deviceName: 'string',
  devices: 'object',
  device: 'object',
  userContextData: 'any',
  clientMetadata: 'object',
  signOut: ['session', 'everywhere'],
  random: 'function',
  observer: 'function',
};

export const USER_CONTEXT: OptionTable<UserContextData> = { encodedData: 'string', ipAddress: 'string' };

/** Of an authorizer, less the client, which stands beside the options. */
export function authorizerTable(): OptionTable<Omit<AuthorizerOptions, keyof ClientOptions>> {
  const { clientId: _id, clientSecret: _secret, apiKey: _key, clientInfo: _info, ...table } = AUTHORIZER_OPTIONS;
  return table;
}

export function srpAuthorizerTable(): OptionTable<SRPAuthorizerOptions> {
  return { ...authorizerTable(), ...SRP_OPTIONS };
}

/** The app client. @throws ConfigurationError when it is not said, or its id holds a control character */
export function appClient(clientInfo: ClientInfo, where: string): ClientInfo {
  const { clientId, ...info } = clientInfoOf({ clientInfo }, where);
  if (!clientId)
    throw new ConfigurationError(
      `${where} needs the \`clientId\` of the app client, and it is empty; where is it read from?`,
    );
  assertNoControls(clientId, 'clientInfo.clientId');
  return { clientId, ...info };
}

/** @throws ConfigurationError when the client or the user is only half said, or holds a control character */
export function assertSrpOptions({ clientSecret }: ClientInfo, options: SRPOptions): void {
  const { username, password, authFlow, preferredChallenge, device, devices, userContextData } = options;
  if (typeof clientSecret === 'string') assertNoControls(clientSecret, 'clientInfo.clientSecret');
  if (username !== undefined) assertOneLine(username, 'username');
  if (typeof password === 'string') assertOneLine(password, 'password');
  if (username === '' || password === '')
    throw new ConfigurationError('username or password is empty; where is it read from?');
  if (password !== undefined && username === undefined) throw new ConfigurationError('A password needs a username');
  if (preferredChallenge !== undefined && authFlow !== 'USER_AUTH')
    throw new ConfigurationError("preferredChallenge is for authFlow: 'USER_AUTH' only");
  if (device !== undefined && !isDevice(device))
    throw new ConfigurationError('device must be { key, groupKey, password }, as texts');
  if (devices !== undefined && (typeof devices.load !== 'function' || typeof devices.save !== 'function'))
    throw new ConfigurationError('devices must be { load(username), save(username, device) }');
  if (typeof userContextData !== 'function') checkOptions(userContextData, 'userContextData', USER_CONTEXT);
}

/** Of kind `session`: a person must sign in, or give username and password. */
export function noPassword(missing = 'username and password'): AuthenticationError {
  const message = `No session is left, and no ${missing} is given to sign in with`;
  return new AuthenticationError(message, { code: 'not_authenticated', kind: 'session' });
}
