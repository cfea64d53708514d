// The suites of the SMART server sign with node:crypto and nothing else, so that what they prove does not depend on the
// packages whose signatures the server is there to judge. Any part of an assertion can be made wrong.

import { createHash, randomUUID, sign } from 'node:crypto';
import { ecKeyPair, rsaKeyPair } from '@axios-authorizer/test-kit';
import { postForm } from './ask.js';
import type { SmartServer } from '@axios-authorizer/test-kit';
import type { Asked } from './ask.js';
import type { KeyObject } from 'node:crypto';

export interface SigningKey {
  readonly alg: 'RS384' | 'ES384';
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: Readonly<Record<string, unknown>>;
}

export interface AssertionParts {
  readonly key: SigningKey;
  /** Milliseconds, default the system's time. */
  readonly now?: number;
  /** Members that replace the right ones; undefined takes one away. */
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Default r and s one behind the other, as JWS wants it. */
  readonly dsaEncoding?: 'ieee-p1363' | 'der';
}

export const clientId = 'the-client';
export const scope = 'system/*.rs';

export function newKey(alg: SigningKey['alg'], modulusLength = 2048): SigningKey {
  const { publicKey, privateKey } = alg === 'RS384' ? rsaKeyPair(modulusLength) : ecKeyPair('P-384');
  const bare = publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify(bare)).digest('base64url');
  return { alg, kid, privateKey, jwk: { ...bare, kid, alg, use: 'sig', key_ops: ['verify'] } };
}

/** A proper assertion but for what `parts` replaces. */
export function assertionFor(tokenUrl: string, parts: AssertionParts): string {
  const { key, now = Date.now(), header = {}, claims = {}, dsaEncoding = 'ieee-p1363' } = parts;
  const exp = Math.floor(now / 1000) + 240;
  const payload = { iss: clientId, sub: clientId, aud: tokenUrl, exp, jti: randomUUID(), ...claims };
  const signed = `${encode({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })}.${encode(payload)}`;
  const signature = sign('sha384', Buffer.from(signed), { key: key.privateKey, dsaEncoding });
  return `${signed}.${signature.toString('base64url')}`;
}

export function formFor(assertion: string): Record<string, string> {
  return {
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}

export function askToken(
  server: SmartServer,
  parts: AssertionParts,
  form: Record<string, string> = {},
): Promise<Asked> {
  return postForm(server.tokenUrl, { ...formFor(assertionFor(server.tokenUrl, parts)), ...form });
}

/** The access token of a proper request. */
export async function tokenOf(server: SmartServer, parts: AssertionParts): Promise<string> {
  return String((await askToken(server, parts)).json?.['access_token']);
}

/** What a token answer objects to; '' when it grants. */
export function objectionIn(json: Asked['json']): string {
  const { error_description: description } = json ?? {};
  return typeof description === 'string' ? description : '';
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
