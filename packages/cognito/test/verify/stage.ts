// A pool's key set on a real socket, and tokens signed by node:crypto, so that no library judges its own work.
import { sign } from 'node:crypto';
import { ManualClock, rsaKeyPair, startLoopback } from '@axios-authorizer/test-kit';
import { cognitoVerifier } from '../../src/node/verify.js';
import type { KeyObject } from 'node:crypto';
import type { AuthenticationError } from '@axios-authorizer/core';
import type { LoopbackServer } from '@axios-authorizer/test-kit';
import type { CognitoClaims, CognitoVerifierOptions } from '../../src/node/verify.js';

export const userPoolId = 'eu-west-1_AbC123';
export const clientId = 'the-app';
export const issuer = `https://cognito-idp.eu-west-1.amazonaws.com/${userPoolId}`;
/** How long a key set that was read is not read again. */
export const readIntervalMs = 60_000;
/** How long it is left alone after a reading that failed. */
export const retryIntervalMs = 5_000;

export type Claims = Readonly<Record<string, unknown>>;

export interface PoolKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As the pool publishes it. */
  readonly jwk: Claims;
}

export function poolKey(kid: string): PoolKey {
  const { privateKey, publicKey } = rsaKeyPair();
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, publicKey, jwk };
}

/** The two keys that each pool has; this file's own. */
export const keys: readonly [PoolKey, PoolKey] = [poolKey('key-1'), poolKey('key-2')];

export function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** A JWT: RS256 by the first key, unless said otherwise. */
export function jwtOf(
  claims: unknown,
  header: Claims = {},
  signer: (input: Buffer) => Buffer = signerOf(keys[0]),
): string {
  const input = `${part({ alg: 'RS256', kid: keys[0].kid, ...header })}.${part(claims)}`;
  return `${input}.${signer(Buffer.from(input)).toString('base64url')}`;
}

export function signerOf({ privateKey }: Pick<PoolKey, 'privateKey'>, digest = 'sha256') {
  return (input: Buffer): Buffer => sign(digest, input, privateKey);
}

interface JwksAnswer {
  readonly status?: number;
  readonly text: string;
  /** Held until then. */
  readonly after?: Promise<unknown>;
}

export interface World {
  readonly clock: ManualClock;
  /** What the key set answers from now on, and how often it was asked. */
  readonly jwks: LoopbackServer & { answer: JwksAnswer; readonly url: string };
  readonly options: CognitoVerifierOptions;
  readonly verify: (token: string) => Promise<CognitoClaims>;
  /** The claims of a token that is good for an hour. */
  readonly accessClaims: (changed?: Claims) => Claims;
  readonly idClaims: (changed?: Claims) => Claims;
}

const stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

export function jwksOf(...given: readonly Pick<PoolKey, 'jwk'>[]): { readonly text: string } {
  return { text: JSON.stringify({ keys: given.map(({ jwk }) => jwk) }) };
}

async function jwksServer(): Promise<World['jwks']> {
  const script: { answer: JwksAnswer } = { answer: jwksOf(...keys) };
  const server = await startLoopback(async (_, response) => {
    const { status = 200, text, after } = script.answer;
    await after;
    response.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  stops.push(() => server.stop());
  return {
    ...server,
    url: `${server.origin}/.well-known/jwks.json`,
    get answer() {
      return script.answer;
    },
    set answer(answer) {
      script.answer = answer;
    },
  };
}

/** A verifier of access tokens, and the key set that it reads. */
export async function world(given: Partial<CognitoVerifierOptions> = {}): Promise<World> {
  const clock = new ManualClock();
  const jwks = await jwksServer();
  const options: CognitoVerifierOptions = {
    userPoolId,
    clientId,
    tokenUse: 'access',
    jwksUri: jwks.url,
    clock,
    ...given,
  };
  const common = (): Claims => {
    const iat = Math.floor(clock.now() / 1000);
    return { sub: 'a2c2e290', iss: issuer, iat, exp: iat + 3600, auth_time: iat, jti: 'a-jti' };
  };
  return {
    clock,
    jwks,
    options,
    verify: cognitoVerifier(options),
    accessClaims: (changed) => ({ ...common(), token_use: 'access', client_id: clientId, username: 'bob', ...changed }),
    idClaims: (changed) => ({ ...common(), token_use: 'id', aud: clientId, 'cognito:username': 'bob', ...changed }),
  };
}

/** An access token that is signed by `key` and says so. */
export function tokenBy(key: PoolKey, { accessClaims }: Pick<World, 'accessClaims'>): string {
  return jwtOf(accessClaims(), { kid: key.kid }, signerOf(key));
}

/** What the promise is rejected with. */
export function failureOf(promise: Promise<unknown>): Promise<AuthenticationError> {
  return promise.then(
    () => Promise.reject(new Error('It should have failed, and did not')),
    (error: AuthenticationError) => error,
  );
}

/** The error of a token that is not accepted. */
export const invalid = { code: 'token_invalid', kind: 'credentials', transient: false } as const;
/** The error of a key set that cannot be read. */
export const unavailable = { kind: 'unavailable', transient: true } as const;
