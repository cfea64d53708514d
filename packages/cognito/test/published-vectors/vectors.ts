// What the published Cognito clients test their SRP with. The files lie beside the repository, not in it: a clone that
// stands alone runs without them, and says so.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../../../../../shared/data/srp');
const isThere = existsSync(folder);

/** Said by one file of tests for all of them. */
export function tellWhenSkipped(): void {
  if (!isThere) process.stderr.write(`SKIPPED: the published SRP vectors are not at ${folder}\n`);
}

/** `describe` where the vectors are at hand, else its skipping twin. */
export const withVectors: jest.Describe = isThere ? describe : describe.skip;

interface Files {
  readonly constants: Constants;
  readonly 'amplify-android': AndroidVector;
  readonly 'cognito-srp-helper': HelperVectors;
  readonly 'dart-cognito': DartVectors;
  readonly 'padhex-amplify-js': PaddedIntegers;
  readonly timestamps: Timestamps;
  readonly 'edge-cases': unknown;
}

/** One file of vectors, for use inside a test of `withVectors`. */
export function published<N extends keyof Files>(name: N): Files[N] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Files[N];
}

export interface Constants {
  readonly N_hex: string;
  readonly g_hex: string;
  readonly k_hex: string;
  readonly k_dec: string;
  readonly hkdf_info_utf8: string;
  readonly hkdf_info_suffix_hex: string;
  readonly hkdf_out_bytes: number;
  readonly wrong_k_if_N_not_padded_hex: string;
}

/** Of amplify-android. Its own M1 is keyed with base64 text, an artefact; the right one was derived. */
export interface AndroidVector {
  readonly poolId: string;
  readonly username: string;
  readonly password: string;
  readonly a_dec: string;
  readonly A_dec: string;
  readonly SRP_B_hex: string;
  readonly SALT_hex: string;
  readonly u_dec: string;
  readonly x_dec: string;
  readonly S_dec: string;
  readonly key_b64: string;
  readonly SECRET_BLOCK_b64: string;
  readonly TIMESTAMP: string;
  readonly M1_b64_in_their_test_keyed_with_base64_text_of_key: string;
  readonly derived_by_us_PASSWORD_CLAIM_SIGNATURE_with_raw_key: string;
}

/** Of cognito-srp-helper. Its `…Bytes` of the device are artefacts of how they are decoded there. */
export interface HelperVectors {
  readonly data: {
    readonly sub: string;
    readonly username: string;
    readonly password: string;
    readonly passwordHash: string;
    readonly poolId: string;
    readonly poolIdAbbr: string;
    readonly clientId: string;
    readonly secretId: string;
    readonly secretHash: string;
    readonly timestamp: string;
    readonly smallA: string;
    readonly largeA: string;
    readonly largeB: string;
    readonly salt: string;
    readonly secret: string;
    readonly passwordSignature: string;
    readonly deviceKey: string;
    readonly deviceGroupKey: string;
    readonly deviceRandomPassword: string;
    readonly devicePasswordVerifier: string;
    readonly deviceSalt: string;
  };
  readonly notes: { readonly timestamp_ms: number };
  readonly derived_by_us: {
    readonly u_hex: string;
    readonly x_hex: string;
    readonly S_hex: string;
    readonly key_hex: string;
    readonly sig_if_message_user_is_username: string;
    readonly sig_if_message_user_is_sub: string;
  };
  readonly device_derived_by_us: {
    readonly salt_int_hex: string;
    readonly x_hex: string;
    readonly verifier_hex: string;
    readonly verifier_padded_b64: string;
    readonly salt_padded_b64: string;
  };
}

export interface DartVectors {
  readonly hexHash: { readonly hex: string; readonly sha256_hex: string };
  readonly hkdf: { readonly ikm_utf8: string; readonly salt_utf8: string; readonly out_b64: string };
  readonly u: { readonly A_hex: string; readonly B_hex: string; readonly u_hex: string };
  readonly padHex: Readonly<Record<string, string>>;
}

export interface PaddedIntegers {
  readonly cases: readonly { readonly int: number; readonly hex: string }[];
}

export interface Timestamps {
  readonly cases: readonly (readonly [instant: string, timestamp: string])[];
}

/** A number as the vectors write it: hex without a sign, read as an integer. */
export function hexNumber(hex: string): bigint {
  return BigInt(`0x${hex}`);
}
