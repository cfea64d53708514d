// A pool of cognito-local with one client and one user, made through its own API; and how that user signs in there, which
// is not by SRP: the emulator does not know it.
import { createHmac } from 'node:crypto';
import { SRPAuthorizer } from '../../src/index.js';
import type { Challenge, SRPAuthorizerOptions } from '../../src/index.js';
import type { CognitoLocal } from './server.js';

type Members = Readonly<Record<string, unknown>>;

export const email = 'alice@example.org';
export const password = 'Correct-Horse-1';

export interface LocalPool {
  readonly local: CognitoLocal;
  readonly userPoolId: string;
  readonly clientId: string;
}

/** The user must change the password at first unless it is `permanent`. */
export async function localPool(local: CognitoLocal, permanent = true): Promise<LocalPool> {
  const settings = { PoolName: 'tests', UsernameAttributes: ['email'], MfaConfiguration: 'OPTIONAL' };
  const { UserPool } = await local.ask('CreateUserPool', settings);
  const userPoolId = String(members(UserPool)['Id']);
  const { UserPoolClient } = await local.ask('CreateUserPoolClient', { UserPoolId: userPoolId, ClientName: 'tests' });
  const user = { UserPoolId: userPoolId, Username: email };
  const UserAttributes = [{ Name: 'email', Value: email }];
  await local.ask('AdminCreateUser', { ...user, MessageAction: 'SUPPRESS', UserAttributes });
  await local.ask('AdminSetUserPassword', { ...user, Password: password, Permanent: permanent });
  return { local, userPoolId, clientId: String(members(UserPoolClient)['ClientId']) };
}

/** By the password in plain. */
export function signInPlainly({ local, clientId }: LocalPool): Promise<Members> {
  const AuthParameters = { USERNAME: email, PASSWORD: password };
  return local.ask('InitiateAuth', { ClientId: clientId, AuthFlow: 'USER_PASSWORD_AUTH', AuthParameters });
}

/** The tokens of such a sign-in. */
export async function plainTokens(pool: LocalPool): Promise<{ readonly access: string; readonly refresh: string }> {
  const { AuthenticationResult } = await signInPlainly(pool);
  const { AccessToken, RefreshToken } = members(AuthenticationResult);
  return { access: String(AccessToken), refresh: String(RefreshToken) };
}

/** What such a sign-in asks for, as another process would hand it on. */
export async function plainChallenge(pool: LocalPool): Promise<Challenge> {
  const { ChallengeName, ChallengeParameters, Session } = await signInPlainly(pool);
  const parameters = members(ChallengeParameters) as Readonly<Record<string, string>>;
  const username = String(parameters['USER_ID_FOR_SRP']);
  return { name: String(ChallengeName), username, parameters, session: String(Session) };
}

/** Only the endpoint says where the pool is: its id names no region. */
export function authorizerOf(
  { local, userPoolId, clientId }: LocalPool,
  options: Partial<SRPAuthorizerOptions> = {},
): SRPAuthorizer {
  return new SRPAuthorizer({ clientId }, { userPoolId, endpoint: local.endpoint, ...options });
}

export function members(value: unknown): Members {
  return value as Members;
}

/** What an authenticator app shows (RFC 6238, SHA-1, 30 s). */
export function totp(secretCode: string, ms: number): string {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(ms / 30_000)));
  const mac = createHmac('sha1', base32(secretCode)).update(step).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

function base32(text: string): Buffer {
  const bits = Array.from(text.replace(/=+$/, ''), (letter) => {
    return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  });
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
