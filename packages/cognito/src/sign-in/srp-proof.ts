// The two halves of a proof by SRP, as the steps of a sign-in carry them: of a user's password, and of a device's.
import type { Challenge } from './challenge.js';
import { randomBytes } from './device.js';
import { numberOfBytes } from '../srp/bytes.js';
import { passwordClaim, publicValue } from '../srp/srp.js';
import type { Identity } from '../srp/srp.js';
import { srpTimestamp } from '../srp/timestamp.js';

/** What is kept of the first half. */
export interface SrpStart {
  readonly a: bigint;
  readonly A: bigint;
}

const RANDOM_BYTES = 32;

/** @param random 32 bytes; default: WebCrypto's. @throws AuthenticationError when A would be 0 */
export function startSrp(random?: () => Uint8Array): SrpStart {
  const a = numberOfBytes(random?.() ?? randomBytes(RANDOM_BYTES));
  return { a, A: publicValue(a) };
}

/** SRP_A. */
export function firstHalf({ A }: SrpStart): Readonly<Record<string, string>> {
  return { SRP_A: A.toString(16) };
}

/** What answers a PASSWORD_VERIFIER or DEVICE_PASSWORD_VERIFIER. @param now by the pool's clock, in ms */
export async function secondHalf(
  { parameters, username }: Challenge,
  { a, A }: SrpStart,
  { identity, now }: { readonly identity: Identity; readonly now: number },
): Promise<Readonly<Record<string, string>>> {
  const { SRP_B: B = '', SALT: salt = '', SECRET_BLOCK: secretBlock = '' } = parameters;
  const timestamp = srpTimestamp(now);
  const signature = await passwordClaim(identity, a, { challenge: { A, B, salt, secretBlock }, timestamp });
  return {
    USERNAME: username,
    PASSWORD_CLAIM_SECRET_BLOCK: secretBlock,
    TIMESTAMP: timestamp,
    PASSWORD_CLAIM_SIGNATURE: signature,
  };
}
