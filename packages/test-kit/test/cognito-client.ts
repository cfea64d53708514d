// What the suites about the user pool need: a client that computes SRP's other half by itself, and that can do every
// single thing wrong.

import { createHash, createHmac } from 'node:crypto';
import { pad, power, srpGroup, srpSignature, toBigInt } from '../src/cognito/steps/srp.js';
import { formatTimestamp } from '../src/cognito/steps/timestamp.js';
import { ask } from './ask.js';
import type { CognitoPool, CognitoPoolClient } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';

export type Parameters = Readonly<Record<string, unknown>>;
export type Texts = Readonly<Record<string, string>>;

export const secret = toBigInt(createHash('sha256').update('a client secret of 32 bytes').digest());
export const clientValue = power(2n, secret).toString(16);
export const plainClient: CognitoPoolClient = { clientId: 'test-client' };

/** One operation, as the service wants it. */
export function call(pool: CognitoPool, operation: string, body: Parameters): Promise<Asked> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
  };
  return ask(pool.endpoint, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** InitiateAuth USER_SRP_AUTH. */
export function initiate(pool: CognitoPool, USERNAME: string, more: Parameters = {}): Promise<Asked> {
  return begin(pool, 'USER_SRP_AUTH', { USERNAME, SRP_A: clientValue, ...more });
}

/** InitiateAuth. */
export function begin(pool: CognitoPool, AuthFlow: string, AuthParameters: Parameters): Promise<Asked> {
  return call(pool, 'InitiateAuth', { AuthFlow, ClientId: plainClient.clientId, AuthParameters });
}

/** RespondToAuthChallenge. */
export function respond(
  pool: CognitoPool,
  name: string,
  { Session, ...responses }: Parameters,
  { clientId } = plainClient,
): Promise<Asked> {
  return call(pool, 'RespondToAuthChallenge', {
    ChallengeName: name,
    ClientId: clientId,
    Session,
    ChallengeResponses: responses,
  });
}

export interface Known {
  readonly group: string;
  readonly id: string;
  readonly password: string;
  /** Milliseconds; default now. */
  readonly at?: number;
  /** Default what `at` says. */
  readonly timestamp?: string;
}

/** The answer to an SRP challenge with those parameters. */
export function claim(parameters: Texts, { group, id, password, at, timestamp }: Known): Texts {
  const { SALT = '', SRP_B = '', SECRET_BLOCK = '' } = parameters;
  const stamp = timestamp ?? formatTimestamp(at ?? Date.now());
  const secretBlock = Buffer.from(SECRET_BLOCK, 'base64');
  const key = clientKey({ salt: BigInt(`0x${SALT}`), serverValue: BigInt(`0x${SRP_B}`) }, { group, id, password });
  return {
    USERNAME: id,
    PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
    TIMESTAMP: stamp,
    PASSWORD_CLAIM_SIGNATURE: srpSignature(key, { group, id, secretBlock, timestamp: stamp }).toString('base64'),
  };
}

/** Both halves of a password's proof; `at` is the pool's time, default now. */
export async function signIn(
  pool: CognitoPool,
  username: string,
  { password, at = Date.now(), device }: { readonly password: string; readonly at?: number; readonly device?: string },
): Promise<Asked> {
  const named = device === undefined ? {} : { DEVICE_KEY: device };
  return prove(pool, await initiate(pool, username), { password, at, named });
}

/** The second half of a password's proof, with the Session if there is one. */
export function prove(
  pool: CognitoPool,
  asked: Asked,
  {
    password,
    at = Date.now(),
    named = {},
  }: { readonly password: string; readonly at?: number; readonly named?: Texts },
): Promise<Asked> {
  const parameters = parametersOf(asked);
  const known = { group: poolName(pool), id: parameters['USER_ID_FOR_SRP'] ?? '', password, at };
  return respond(pool, 'PASSWORD_VERIFIER', { ...claim(parameters, known), ...named, Session: sessionOf(asked) });
}

export function poolName({ poolId }: CognitoPool): string {
  return poolId.slice(poolId.indexOf('_') + 1);
}

export function parametersOf({ json }: Asked): Texts {
  return json?.['ChallengeParameters'] as Texts;
}

export function sessionOf({ json }: Asked): string {
  return json?.['Session'] as string;
}

export interface Tokens extends Texts {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly RefreshToken: string;
}

export function tokensOf({ json }: Asked): Tokens {
  return json?.['AuthenticationResult'] as Tokens;
}

/** Every operation that arrived, with the challenge that it answered. */
export function names({ operations }: CognitoPool): string[] {
  return operations.map(({ name, body }) => [name, body['ChallengeName']].filter(Boolean).join(' '));
}

/** What was refused, and how it was said. */
export function fault({ status, json }: Asked): string {
  return `${status} ${String(json?.['__type'])}: ${String(json?.['message'])}`;
}

export const incorrect = '400 NotAuthorizedException: Incorrect username or password.';

export function secretHash({ clientId, clientSecret = '' }: CognitoPoolClient, username: string): string {
  return createHmac('sha256', clientSecret).update(`${username}${clientId}`).digest('base64');
}

interface Challenge {
  readonly salt: bigint;
  readonly serverValue: bigint;
}

/** S = (B - kg^x)^(a + ux), and Cognito's HKDF written out. */
function clientKey({ salt, serverValue }: Challenge, { group, id, password }: Omit<Known, 'at' | 'timestamp'>): Buffer {
  const x = sum(pad(salt), createHash('sha256').update(`${group}${id}:${password}`).digest());
  const u = sum(pad(BigInt(`0x${clientValue}`)), pad(serverValue));
  const k = sum(pad(srpGroup), pad(2n));
  const base = (((serverValue - k * power(2n, x)) % srpGroup) + srpGroup) % srpGroup;
  const shared = power(base, secret + u * x);
  const extracted = createHmac('sha256', pad(u)).update(pad(shared)).digest();
  return createHmac('sha256', extracted).update('Caldera Derived Key\u0001').digest().subarray(0, 16);
}

function sum(...parts: readonly Uint8Array[]): bigint {
  return toBigInt(createHash('sha256').update(Buffer.concat(parts)).digest());
}
