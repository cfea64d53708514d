// What every test of an assertion needs: a token endpoint, the assertion that arrived there, and a judge of its signature
// that knows nothing but node:crypto.
import { createPublicKey, verify } from 'node:crypto';
import { Authorizer } from '@axios-authorizer/core';
import { requestToken } from '@axios-authorizer/core/extend';
import { startTokenEndpoint, until } from '@axios-authorizer/test-kit';
import { privateKeyJwt, SmartBackendKeys } from '../../src/index.js';
import { ecKey, jwkOf, rsaKey } from '../keys/material.js';
import type { ClientAuth, Token, TokenSource } from '@axios-authorizer/core';
import type { ManualClock, TokenEndpoint, TokenEndpointOptions } from '@axios-authorizer/test-kit';
import type { PrivateKeyJwtOptions } from '../../src/index.js';
import type { KeyObject } from 'node:crypto';

export const [rsa, ec] = [rsaKey(), ecKey()] as const;
export const rs384 = new SmartBackendKeys({ privateJwk: jwkOf(rsa), kid: 'rsa-1' });
export const es384 = new SmartBackendKeys({ privateJwk: jwkOf(ec), kid: 'ec-1' });
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const started: TokenEndpoint[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((endpoint) => endpoint.stop()));
});

/** A token endpoint that is stopped when its test is over. */
export async function tokenEndpoint(options?: TokenEndpointOptions): Promise<TokenEndpoint> {
  const endpoint = await startTokenEndpoint(options);
  started.push(endpoint);
  return endpoint;
}

export interface Assertion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

/** The parts of a compact JWS (RFC 7515 section 7.1). */
export function decoded(jws: string | null): Assertion {
  const [header = '', claims = '', signature = '', ...rest] = String(jws).split('.');
  expect([rest, `${header}${claims}${signature}`]).toEqual([[], expect.stringMatching(/^[\w-]+$/)]);
  const [head, body] = [header, claims].map((part) => objectOf(Buffer.from(part, 'base64url').toString()));
  const bytes = Buffer.from(signature, 'base64url');
  return { header: head ?? {}, claims: body ?? {}, signed: `${header}.${claims}`, signature: bytes };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

/** The assertions that arrived, in order. */
export function assertionsAt(endpoint: TokenEndpoint): readonly Assertion[] {
  return endpoint.bodies.map((body) => decoded(body.get('client_assertion')));
}

/** RFC 7518 sections 3.3 and 3.4: PKCS #1 v1.5, or r and s of 48 bytes each. */
export function verifies({ header, signed, signature }: Assertion, key: KeyObject): boolean {
  const publicKey = key.type === 'public' ? key : createPublicKey(key);
  expect(header['alg']).toBe(publicKey.asymmetricKeyType === 'rsa' ? 'RS384' : 'ES384');
  return verify('sha384', Buffer.from(signed), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature);
}

export const grant: URLSearchParams = new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/*.rs' });

/** One token request of core's, authenticated with `clientAuth`. */
export function asked(endpoint: { readonly url: string }, clientAuth: ClientAuth, body = grant): Promise<Token> {
  return requestToken({ url: endpoint.url, body, clientAuth });
}

/** The assertion of one token request, sent to a server and read there. */
export async function sent(options: Partial<PrivateKeyJwtOptions> = {}): Promise<Assertion> {
  const endpoint = await tokenEndpoint();
  await asked(endpoint, privateKeyJwt({ clientId: 'my-app', keys: es384, ...options }));
  return assertionsAt(endpoint)[0] ?? decoded(null);
}

/** The assertion alone, without a request. */
export async function made(clientAuth: ClientAuth, url = 'https://fhir.example.org/token'): Promise<Assertion> {
  const body = new URLSearchParams();
  await clientAuth({ url, headers: {}, body });
  return decoded(body.get('client_assertion'));
}

/** A token by way of an Authorizer, where time passes only while it waits before trying again. */
export async function authorized(source: TokenSource, clock: ManualClock): Promise<Token> {
  const progress = { over: false };
  const end = (): void => void (progress.over = true);
  const token = new Authorizer(source, { clock }).getToken();
  token.then(end, end);
  while (!progress.over) {
    await until(() => progress.over || clock.sleepers > 1, 'an answer or a sleep');
    if (!progress.over) await clock.advance(1_000);
  }
  return token;
}
