// The other side of SRP by the formulas of RFC 5054, from powers of BigInt alone, so that it shares no shortcut with the client.
import { numberOfBytes, padded } from '../../src/srp/bytes.js';
import { g, N } from '../../src/srp/group.js';
import { derivedKey, sha256 } from '../../src/srp/hashes.js';
import { bigIntPower } from '../../src/srp/modular-power.js';
import { scramble } from '../../src/srp/srp.js';

/** What a pool keeps of a user, and its random number for one sign-in. */
export interface Server {
  readonly verifier: bigint;
  readonly b: bigint;
}

/** B = k v + g^b. */
export async function serverValue({ verifier, b }: Server): Promise<bigint> {
  const k = numberOfBytes(await sha256(padded(N), padded(g)));
  return (k * verifier + bigIntPower(g, b)) % N;
}

/** S = (A v^u)^b. */
export async function serverSecret({ verifier, b }: Server, A: bigint, u: bigint): Promise<bigint> {
  return bigIntPower(A * bigIntPower(verifier, u), b);
}

export async function serverKey(server: Server, A: bigint): Promise<Uint8Array> {
  const u = await scramble(A, await serverValue(server));
  return derivedKey(padded(await serverSecret(server, A, u)), padded(u));
}
