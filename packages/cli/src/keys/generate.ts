// `keys generate`: a key pair in a folder that only its owner can enter. Nothing that is there is written over.
import { stat } from 'node:fs/promises';
import { generateKeyPair, publicJwks, SupportedAlg } from '@axios-authorizer/smart-backend';
import { readSecret, secretPlace } from '../secrets/secret-source.js';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { keyPath } from './key-folder.js';

export interface GenerateOptions {
  readonly alg: 'ES384' | 'RS384';
  readonly kid?: string;
  readonly format?: 'jwk' | 'pem';
  readonly bits?: number;
  /** Where the passphrase is. */
  readonly passphraseFrom?: string;
}

/** Prints the public key set, which is what a server is told; where the private key is, is said on stderr. */
export async function generateKeys(folder: string, options: GenerateOptions, terminal: Terminal): Promise<void> {
  const { alg, kid, format, bits, passphraseFrom } = options;
  await assertNoFile(keyPath(folder, terminal));
  const passphrase = await passphraseOf(passphraseFrom, terminal);
  const key = await generateKeyPair(SupportedAlg[alg], {
    keyDirectory: keyPath(folder, terminal),
    ...(kid !== undefined && { kid }),
    ...(format !== undefined && { format }),
    ...(bits !== undefined && { modulusLength: bits }),
    ...(passphrase !== undefined && { passphrase }),
  });
  await terminal.stderr.write(`axios-authorizer: new ${alg} key ${key.kid} in ${keyPath(folder, terminal)}\n`);
  await terminal.stdout.write(`${JSON.stringify(await publicJwks(key), undefined, 2)}\n`);
}

async function assertNoFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isDirectory())
    throw new UsageError(`${path} is no folder`, 'Name a folder; it is made where it is not there.');
}

/** The passphrase of keys, where something says where it is. */
export async function passphraseOf(from: string | undefined, terminal: Terminal): Promise<string | undefined> {
  if (from === undefined) return undefined;
  const question = { what: 'the passphrase', instead: 'Give --passphrase-from env:NAME, file:PATH or command:LINE.' };
  return readSecret(secretPlace(from, '--passphrase-from'), question, terminal);
}
