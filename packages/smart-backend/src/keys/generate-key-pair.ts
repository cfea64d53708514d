// Makes key pairs, in memory or in a directory that only their owner can read.
import { join } from 'node:path';
import { ConfigurationError } from '@axios-authorizer/core';
import { checkOptions, systemClock } from '@axios-authorizer/core/extend';
import type { OptionTable } from '@axios-authorizer/core/extend';
import { generateJwk, thumbprintOf } from './jose-keys.js';
import { writeKeyFile } from './key-file.js';
import type { KeyFileOptions } from './key-file.js';
import { privateKeyOf } from './key-material.js';
import { SmartBackendKeys } from './smart-backend-keys.js';
import { SmartKeyError } from './smart-key-error.js';
import { isSupportedAlg, SupportedAlg } from './supported-alg.js';

/** How a new key is made. */
export interface KeyPairOptions {
  /** The key id, unique in the key set. Default: the RFC 7638 thumbprint. */
  readonly kid?: string | undefined;
  /** The size of an RSA key, at least 2048. Default: 3072. */
  readonly modulusLength?: number | undefined;
}

/** The options of {@link generateEcKeyPair} and {@link generateRsaKeyPair}: how a new key is made and written. */
export interface KeyFilesOptions extends KeyPairOptions, KeyFileOptions {
  /** `jwk` writes `<kid>.json`, `pem` writes `<kid>.pem`. Default: jwk; pem with a passphrase. */
  readonly format?: 'jwk' | 'pem' | undefined;
  /** Encrypts the private key (PKCS #8, AES-256). Default: not encrypted. */
  readonly passphrase?: string | undefined;
  /** Replaces a key of the same kid. Default: that is an error. */
  readonly overwrite?: boolean | undefined;
}

/** The options of {@link generateKeyPair}. */
export interface GenerateKeyPairOptions extends KeyFilesOptions {
  /** Where the pair is kept, in one file of mode 0600; made with mode 0700. Default: in memory only. */
  readonly keyDirectory?: string | undefined;
}

const OPTIONS: OptionTable<GenerateKeyPairOptions> = {
  kid: 'any',
  modulusLength: 'any',
  anyMode: 'any',
  format: 'any',
  passphrase: 'any',
  overwrite: 'any',
  keyDirectory: 'string',
};
/** NIST SP 800-57 part 1 asks for as much from 2031 on. */
const DEFAULT_RSA_BITS = 3072;
const LONGEST_RSA_BITS = 16_384;
const FILE_NAME = /^[\w-][\w.-]{0,127}$/;

/**
 * A key pair for `alg`.
 * @throws SmartKeyError `algorithm`, `too_short`; with a directory also `kid`, `exists` and `permissions`
 *
 * @example
 * ```ts
 * const keys = await generateKeyPair('ES384', { keyDirectory: 'keys' });
 * ```
 */
export async function generateKeyPair(alg: SupportedAlg, given?: GenerateKeyPairOptions): Promise<SmartBackendKeys> {
  const options = checkOptions(given, 'generateKeyPair', OPTIONS);
  const { keyDirectory, modulusLength = DEFAULT_RSA_BITS } = options;
  if (!isSupportedAlg(alg)) throw new SmartKeyError('algorithm', 'The algorithm must be RS384 or ES384');
  if (!(modulusLength >= 2048 && modulusLength <= LONGEST_RSA_BITS && modulusLength % 8 === 0))
    throw new SmartKeyError(
      'too_short',
      'modulusLength must be at least 2048 bits (RFC 7518 section 3.3), and a multiple of 8',
    );
  if (options.kid !== undefined && keyDirectory !== undefined) assertFileName(options.kid);
  const privateJwk = await generateJwk(alg, modulusLength);
  const keys = new SmartBackendKeys({
    privateJwk,
    kid: options.kid ?? (await thumbprintOf(privateJwk)),
  });
  if (keyDirectory !== undefined) await keep(keys, keyDirectory, options);
  return keys;
}

/**
 * A P-384 pair for ES384, kept in `keyDirectory`; throws as `generateKeyPair` does.
 *
 * @example
 * ```ts
 * const keys = await generateEcKeyPair('keys'); // ES384, in files only the owner may read
 * ```
 */
export async function generateEcKeyPair(keyDirectory: string, options?: KeyFilesOptions): Promise<SmartBackendKeys> {
  assertDirectory(keyDirectory, 'generateEcKeyPair');
  return generateKeyPair(SupportedAlg.ES384, { ...options, keyDirectory });
}

/**
 * An RSA pair for RS384, kept in `keyDirectory`; throws as `generateKeyPair` does.
 *
 * @example
 * ```ts
 * const keys = await generateRsaKeyPair('keys'); // RS384
 * ```
 */
export async function generateRsaKeyPair(keyDirectory: string, options?: KeyFilesOptions): Promise<SmartBackendKeys> {
  assertDirectory(keyDirectory, 'generateRsaKeyPair');
  return generateKeyPair(SupportedAlg.RS384, { ...options, keyDirectory });
}

function assertDirectory(keyDirectory: unknown, where: string): void {
  if (typeof keyDirectory !== 'string' || keyDirectory === '')
    throw new ConfigurationError(`${where} needs \`keyDirectory\`, the path of a directory`);
}

/** Both halves in one file: no crash can leave a private key beside another's public one. */
async function keep(keys: SmartBackendKeys, directory: string, options: KeyFilesOptions): Promise<void> {
  const { format = options.passphrase === undefined ? 'jwk' : 'pem' } = options;
  if (format !== 'jwk' && format !== 'pem') throw new ConfigurationError('format must be jwk or pem');
  if (options.passphrase === '')
    throw new SmartKeyError('passphrase', 'The passphrase is empty; where is it read from?');
  if (format === 'jwk' && options.passphrase !== undefined)
    throw new SmartKeyError('encrypted', 'A JWK file is not encrypted: say format `pem` with a passphrase');
  const text = format === 'pem' ? pemOf(keys, options.passphrase) : jsonOf(keys);
  const path = join(directory, keys.kid);
  const [own, other] = format === 'pem' ? [`${path}.pem`, `${path}.json`] : [`${path}.json`, `${path}.pem`];
  await writeKeyFile(own, text, { ...options, insteadOf: other });
}

function jsonOf({ privateJwk }: SmartBackendKeys): string {
  const created = new Date(systemClock.now()).toISOString();
  return `${JSON.stringify({ ...privateJwk, use: 'sig', key_ops: ['sign'], created }, undefined, 2)}\n`;
}

/** The kid and the age go before the blocks, where RFC 7468 section 5.2 has room for explanatory text. */
function pemOf(keys: SmartBackendKeys, passphrase: string | undefined): string {
  const cipher = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  const pem = privateKeyOf(keys)?.export({
    type: 'pkcs8',
    format: 'pem',
    ...cipher,
  });
  const words = `kid: ${keys.kid}\nalg: ${keys.alg}\n# created: ${new Date(systemClock.now()).toISOString()}\n`;
  return `${words}${String(pem)}${keys.publicKeyPem}`;
}

function assertFileName(kid: string): void {
  if (!FILE_NAME.test(kid))
    throw new SmartKeyError(
      'kid',
      'A kid that names a file is made of letters, digits, "-", "_" and ".", at most 128 of them',
    );
}
