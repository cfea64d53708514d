// The authentication JWT, rule by rule, as SMART App Launch 2.2 lays them down under client-confidential-asymmetric. No
// leeway is given: what passes here passes everywhere.

import { demandClient } from './refusal.js';
import { unknownClient } from './words.js';
import type { SmartWords } from './words.js';
import type { SmartAssertion, SmartClientRegistration } from '../options.js';

export interface DecodedAssertion extends SmartAssertion {
  /** What the signature is over. */
  readonly signed: string;
  readonly signature: Buffer;
}

interface Circumstances {
  /** Milliseconds. */
  readonly now: number;
  /** What `aud` must be. */
  readonly audience: string;
}

const base64url = /^[A-Za-z0-9_-]+$/;
const longestLifeSeconds = 300;

/** Three parts of base64url, the first two JSON objects; undefined for anything else (RFC 7515, 7.1). */
export function decodeAssertion(text: string): DecodedAssertion | undefined {
  const parts = text.split('.');
  const [first = '', second = '', third = ''] = parts;
  const [header, claims] = [readObject(first), readObject(second)];
  if (parts.length !== 3 || header === undefined || claims === undefined || !base64url.test(third)) {
    return undefined;
  }
  const signature = Buffer.from(third, 'base64url');
  return { header, claims, signed: `${first}.${second}`, signature, signatureLength: signature.length };
}

/** Throws a Refusal for a header that no JWS of this profile may have. */
export function checkHeader({ header }: SmartAssertion, allowed: readonly string[]): void {
  const { typ, alg, kid, crit } = header;
  demandClient(typ === 'JWT', "The header's typ must be JWT");
  demandClient(typeof alg === 'string' && allowed.includes(alg), `Algorithm not allowed: ${String(alg)}`);
  demandClient(typeof kid === 'string' && kid !== '', 'The header must name a kid');
  demandClient(crit === undefined, 'The header has critical parameters that are not understood here');
}

/** The client that the assertion names as its issuer and subject. */
export function clientOf(
  { claims }: SmartAssertion,
  clients: ReadonlyMap<string, SmartClientRegistration>,
  words?: SmartWords,
): SmartClientRegistration {
  const { iss, sub } = claims;
  demandClient(typeof iss === 'string' && iss !== '', 'iss must be the client_id');
  const client = clients.get(iss);
  if (client === undefined) {
    throw unknownClient(words, iss);
  }
  demandClient(sub === iss, 'sub must be the same client_id as iss');
  return client;
}

/** RFC 7515, 4.1.2: the URL is a claim of the sender's, good only when it is the registered one. */
export function checkKeyUrl({ header }: SmartAssertion, { jwksUrl }: SmartClientRegistration): void {
  const { jku } = header;
  demandClient(jku === undefined || jku === jwksUrl, 'jku does not match the registered JWKS URL');
}

/** Throws a Refusal for claims that are not about this server and this moment. */
export function checkClaims({ claims }: SmartAssertion, { now, audience }: Circumstances): void {
  const { aud, exp, jti } = claims;
  demandClient(aud === audience, `Invalid audience: aud is ${JSON.stringify(aud)}, this is ${audience}`);
  demandClient(typeof exp === 'number' && Number.isInteger(exp), 'exp must be an integer');
  demandClient(exp * 1000 > now, 'The assertion has expired (exp)');
  demandClient(exp * 1000 <= now + longestLifeSeconds * 1000, 'exp is too far in the future: more than five minutes');
  checkNotAhead(claims, 'iat', now);
  checkNotAhead(claims, 'nbf', now);
  demandClient(typeof jti === 'string' && jti !== '', 'jti must be a string that is not empty');
}

function checkNotAhead(claims: SmartAssertion['claims'], name: string, now: number): void {
  const { [name]: value = 0 } = claims;
  demandClient(typeof value === 'number', `${name} must be a number`);
  demandClient(value * 1000 <= now, `${name} is in the future`);
}

function readObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = base64url.test(part) ? JSON.parse(Buffer.from(part, 'base64url').toString()) : undefined;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
