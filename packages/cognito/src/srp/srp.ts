// SRP-6a as Cognito speaks it (RFC 5054 with its own hashing; `data` of the published clients agrees). Pure functions: the
// random numbers and the time come from the caller.
import { AuthenticationError } from '@axios-authorizer/core';
import { base64, bytesOfBase64, numberOfBytes, padded, utf8 } from './bytes.js';
import { g, N } from './group.js';
import { derivedKey, hmacSha256, sha256 } from './hashes.js';
import { powerModN } from './modular-power.js';

/** Who proves a password to whom: pool name, USER_ID_FOR_SRP, password; or device group key, device key, device password. */
export interface Identity {
  readonly group: string;
  readonly user: string;
  readonly password: string;
}

/** What the server sent with its challenge. */
export interface ServerChallenge {
  /** SRP_B, in hex. */
  readonly B: string;
  /** SALT, in hex. */
  readonly salt: string;
  /** SECRET_BLOCK, in base64. */
  readonly secretBlock: string;
  /** What was sent to it. Default: computed again. */
  readonly A?: bigint;
}

/** The client's public value of the random `a`. @throws AuthenticationError when it is 0 modulo N */
export function publicValue(a: bigint): bigint {
  const A = powerModN(g, a);
  if (A % N === 0n) throw refused('A is 0');
  return A;
}

/** PASSWORD_CLAIM_SIGNATURE. @param timestamp as it is sent. @throws AuthenticationError for a B or u that would give the password away */
export async function passwordClaim(
  identity: Identity,
  a: bigint,
  { challenge, timestamp }: { readonly challenge: ServerChallenge; readonly timestamp: string },
): Promise<string> {
  const block = secretBlockOf(challenge);
  const key = await sessionKey(identity, a, challenge);
  const { group, user } = identity;
  return base64(await hmacSha256(key, utf8(group + user), block, utf8(timestamp)));
}

/** The 16 bytes that both sides share when the password is right. */
export async function sessionKey(
  identity: Identity,
  a: bigint,
  challenge: ServerChallenge,
): Promise<Uint8Array<ArrayBuffer>> {
  const B = hexNumber(challenge.B);
  if (B % N === 0n) throw refused('B is 0');
  const u = await scramble(challenge.A ?? publicValue(a), B);
  if (u === 0n) throw refused('u is 0');
  const x = await privateValue(identity, hexNumber(challenge.salt));
  return derivedKey(padded(await sharedSecret({ a, B, u, x })), padded(u));
}

/** u = H(A | B). */
export async function scramble(A: bigint, B: bigint): Promise<bigint> {
  return numberOfBytes(await sha256(padded(A), padded(B)));
}

/** x = H(salt | H(group user ":" password)). */
export async function privateValue({ group, user, password }: Identity, salt: bigint): Promise<bigint> {
  return numberOfBytes(await sha256(padded(salt), await sha256(utf8(`${group}${user}:${password}`))));
}

/** The verifier that a server keeps in place of a password: g ^ x. */
export async function verifierOf(identity: Identity, salt: bigint): Promise<bigint> {
  return powerModN(g, await privateValue(identity, salt));
}

interface Numbers {
  readonly a: bigint;
  readonly B: bigint;
  readonly u: bigint;
  readonly x: bigint;
}

/** S = (B - k g^x) ^ (a + u x). */
export async function sharedSecret({ a, B, u, x }: Numbers): Promise<bigint> {
  const k = numberOfBytes(await sha256(padded(N), padded(g)));
  const base = (B - k * powerModN(g, x)) % N;
  return powerModN(base < 0n ? base + N : base, a + u * x);
}

/** @throws AuthenticationError when it is no hex */
function hexNumber(hex: string): bigint {
  if (!/^[0-9a-f]+$/i.test(hex)) throw refused('a number is no hex');
  return BigInt(`0x${hex}`);
}

/** @throws AuthenticationError when it is no base64 */
function secretBlockOf({ secretBlock }: ServerChallenge): Uint8Array {
  try {
    if (secretBlock.trim() !== '') return bytesOfBase64(secretBlock);
  } catch {
    // said below
  }
  throw refused('the secret block is no base64');
}

function refused(why: string): AuthenticationError {
  return new AuthenticationError(`The sign-in was broken off: ${why}, which no honest server sends`, {
    code: 'srp_refused',
    kind: 'configuration',
  });
}
