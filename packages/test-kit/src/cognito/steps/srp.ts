// The server's half of Cognito's SRP-6a, from the formulae alone (RFC 5054 with Java's BigInteger bytes and an HKDF of its
// own): BigInt and node:crypto, sharing no line with what clients compute with.

import { createDiffieHellman, createHash, createHmac, hkdfSync } from 'node:crypto';

/** RFC 3526's 3072-bit group, generator 2. */
const groupHex =
  'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b' +
  '302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe6' +
  '49286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d' +
  '670c354e4abc9804f1746c08ca18217c32905e462e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718' +
  '3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7d' +
  'b3970f85a6e1e4c7abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864d87602733ec86a64521f2b18177b200c' +
  'bbe117577a615d6c770988c0bad946e208e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff';
export const srpGroup: bigint = BigInt(`0x${groupHex}`);
const generator = 2n;
const generatorByte = Buffer.of(2);
/** With N padded like any other number; without its leading zero byte k would be another one. */
const multiplier = hash(pad(srpGroup), pad(generator));

/** Who proves knowledge of a password: a user in a pool, or a device in its group. */
export interface SrpIdentity {
  /** What follows "_" in the pool id, or the DeviceGroupKey. */
  readonly group: string;
  /** USER_ID_FOR_SRP, or the DeviceKey. */
  readonly id: string;
}

export interface SrpExchange {
  readonly clientValue: bigint;
  readonly serverValue: bigint;
  readonly serverSecret: bigint;
  readonly verifier: bigint;
}

export interface SrpMessage extends SrpIdentity {
  readonly secretBlock: Uint8Array;
  readonly timestamp: string;
}

/** From Node 22 on every base is checked first, for longer than the power takes; from 23 on the prime too, for a second. */
const checksFirst = Number.parseInt(process.versions.node, 10) >= 22;

/** base^exponent mod N: by OpenSSL, which takes a fifth of the time, but refuses what no honest side sends (0, 1, N - 1). */
export function power(base: bigint, exponent: bigint): bigint {
  if (checksFirst || exponent === 0n) return plainPower(base, exponent); // some OpenSSL takes a private key of 0 for none
  try {
    const group = createDiffieHellman(pad(srpGroup), generatorByte);
    group.setPrivateKey(pad(exponent));
    return toBigInt(group.computeSecret(pad(base % srpGroup)));
  } catch {
    return plainPower(base, exponent);
  }
}

function plainPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let factor = base % srpGroup;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) {
      result = (result * factor) % srpGroup;
    }
    factor = (factor * factor) % srpGroup;
  }
  return result;
}

/** v = g^x, x = H(pad(salt) | H(group id ":" password)). */
export function srpVerifier({ group, id }: SrpIdentity, password: string, salt: bigint): bigint {
  const inner = createHash('sha256').update(`${group}${id}:${password}`, 'utf8').digest();
  return power(generator, hash(pad(salt), inner));
}

/** B = kv + g^b. */
export function srpServerValue(verifier: bigint, serverSecret: bigint): bigint {
  return (multiplier * verifier + power(generator, serverSecret)) % srpGroup;
}

/** The 16 bytes both sides sign with: HKDF of S = (A v^u)^b, salted with u; undefined when u is 0. */
export function srpKey({ clientValue, serverValue, serverSecret, verifier }: SrpExchange): Buffer | undefined {
  const scrambler = hash(pad(clientValue), pad(serverValue));
  if (scrambler === 0n) {
    return undefined;
  }
  const shared = power(clientValue * power(verifier, scrambler), serverSecret);
  return Buffer.from(hkdfSync('sha256', pad(shared), pad(scrambler), 'Caldera Derived Key', 16));
}

/** HMAC over group, id, SECRET_BLOCK and TIMESTAMP. */
export function srpSignature(key: Uint8Array, { group, id, secretBlock, timestamp }: SrpMessage): Buffer {
  return createHmac('sha256', key).update(`${group}${id}`).update(secretBlock).update(timestamp).digest();
}

/** Minimal two's-complement bytes, big-endian: a zero byte in front when the highest bit is set. */
export function pad(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

export function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
}

function hash(...parts: readonly Uint8Array[]): bigint {
  const sum = createHash('sha256');
  parts.forEach((part) => sum.update(part));
  return toBigInt(sum.digest());
}
