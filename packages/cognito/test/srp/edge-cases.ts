// Numbers that need, or must not have, a leading zero, made for this project: both sides of each sign-in are known, so a
// clone that stands alone still checks the whole of SRP.
import cases from './fixtures/edge-cases.json' with { type: 'json' };
import type { Identity, ServerChallenge } from '../../src/srp/srp.js';

export interface EdgeCase {
  readonly label: string;
  readonly identity: Identity;
  readonly challenge: ServerChallenge;
  readonly a: bigint;
  /** The server's random number. */
  readonly b: bigint;
  readonly expected: {
    readonly A: string;
    readonly u: string;
    readonly x: string;
    readonly S: string;
    readonly key: string;
    readonly timestamp: string;
    readonly claim: string;
  };
}

interface Numbers {
  readonly label: string;
  readonly a_hex: string;
  readonly b_hex: string;
  readonly A_hex: string;
  readonly SRP_B_hex: string;
  readonly SALT_hex: string;
  readonly u_hex: string;
  readonly x_hex: string;
  readonly S_hex: string;
  readonly key_hex: string;
  readonly SECRET_BLOCK_b64: string;
  readonly TIMESTAMP: string;
  readonly PASSWORD_CLAIM_SIGNATURE: string;
}

function edgeCase(given: Numbers, identity: Identity): EdgeCase {
  const { SRP_B_hex: B, SALT_hex: salt, SECRET_BLOCK_b64: secretBlock, TIMESTAMP: timestamp } = given;
  const { A_hex: A, u_hex: u, x_hex: x, S_hex: S, key_hex: key, PASSWORD_CLAIM_SIGNATURE: claim } = given;
  return {
    label: given.label,
    identity,
    challenge: { B, salt, secretBlock },
    a: BigInt(`0x${given.a_hex}`),
    b: BigInt(`0x${given.b_hex}`),
    expected: { A, u, x, S, key, timestamp, claim },
  };
}

export const passwordCases: readonly EdgeCase[] = cases.password.map((given) =>
  edgeCase(given, { group: given.poolName, user: given.USER_ID_FOR_SRP, password: given.password }),
);

export const deviceCases: readonly EdgeCase[] = cases.device.map((given) =>
  edgeCase(given, { group: given.deviceGroupKey, user: given.deviceKey, password: given.devicePassword }),
);

export const verifiers: readonly string[] = cases.password.map((given) => given.verifier_hex);

/** What ConfirmDevice sends for each of `deviceCases`. */
export const confirmations: readonly { readonly salt: string; readonly verifier: string }[] = cases.device.map(
  (given) => ({ salt: given.confirm_Salt_b64, verifier: given.confirm_PasswordVerifier_b64 }),
);
