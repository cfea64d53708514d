// Keys from wherever they are kept: a file, a directory of them, a secret in an environment variable, a JWK in memory.
import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkOptions, recordOf } from '@axios-authorizer/core/extend';
import { thumbprintOf } from './jose-keys.js';
import { privateMembers } from './jwk.js';
import type { Jwk, Jwks } from './jwk.js';
import { assertAges, oldestFirst, signingFirst } from './key-age.js';
import type { LoadedKey } from './key-age.js';
import { assertPrivate, KEY_FILE, readKeyFile } from './key-file.js';
import type { KeyFileOptions } from './key-file.js';
import { keyMaterialOf } from './key-material.js';
import { isKeyText, keysInJson, keysInText } from './key-text.js';
import type { FoundKey, KeyFile } from './key-text.js';
import { SmartBackendKeys } from './smart-backend-keys.js';
import { SmartKeyError } from './smart-key-error.js';

/** The options of {@link loadKeys}. */
export interface LoadKeysOptions extends KeyFileOptions {
  /** Of an encrypted PEM. Default: none. */
  readonly passphrase?: string | undefined;
  /** The key id, when there is one key. Default: what stands with the key, else its RFC 7638 thumbprint. */
  readonly kid?: string | undefined;
  /** The key id of the key that signs, wherever the server takes its algorithm; it comes first. Default: the oldest. */
  readonly signWith?: string | undefined;
}

/**
 * The private keys in a file (PEM, JWK or JWK Set), in the files of a directory, in a text or its bytes, or in an object.
 * The oldest comes first: a key's age is its `created`, else the time at which its file was changed last.
 * @returns at least one; of a JWK Set with a public and a private key under one kid, the private
 * @throws SmartKeyError `ambiguous` also when two files of a directory have one age and there is no `signWith`
 *
 * @example
 * ```ts
 * const keys = await loadKeys('keys'); // a file, a folder, a PEM, a JWK or a key set
 * ```
 */
export async function loadKeys(
  from: string | URL | Uint8Array | Jwk | Jwks,
  given?: LoadKeysOptions,
): Promise<readonly SmartBackendKeys[]> {
  const table = { passphrase: 'any', kid: 'any', signWith: 'string', anyMode: 'any' } as const;
  const options = checkOptions(given, 'loadKeys', table);
  const { kid, signWith } = options;
  const found = oldestFirst(await (isObject(from) ? keysInJson(from) : foundIn(from, options)));
  if (kid !== undefined && found.length > 1)
    throw new SmartKeyError('ambiguous', `\`kid\` was given, but there are ${found.length} private keys`);
  const loaded = withoutTwins(await Promise.all(found.map((one) => loadedKey(one, kid))));
  if (signWith === undefined) assertAges(loaded);
  const keys = loaded.map(({ key }) => key);
  return signWith === undefined ? keys : signingFirst(keys, signWith);
}

async function foundIn(from: unknown, options: LoadKeysOptions): Promise<readonly FoundKey[]> {
  if (typeof recordOf(from)['then'] === 'function')
    throw new SmartKeyError('missing', 'That is a promise of a key; is an `await` missing?');
  const text = textIn(from);
  if (text === undefined || text.trim() === '')
    throw new SmartKeyError('missing', 'The key, or the path of its file, is empty; where is it read from?');
  return isKeyText(text) ? keysInText(text, options.passphrase) : foundAt(text, options);
}

/** A text, the bytes of one, or the path that a file URL names. */
function textIn(from: unknown): string | undefined {
  if (typeof from === 'string') return from;
  if (ArrayBuffer.isView(from)) return new TextDecoder().decode(from);
  const { protocol, href } = recordOf(from);
  return protocol === 'file:' ? fileURLToPath(String(href)) : undefined;
}

async function foundAt(path: string, options: LoadKeysOptions): Promise<readonly FoundKey[]> {
  const isDirectory = (await stat(path).catch(() => undefined))?.isDirectory();
  return isDirectory ? foundInDirectory(path, options) : foundInFile(path, options);
}

async function foundInFile(path: string, options: LoadKeysOptions): Promise<readonly FoundKey[]> {
  const text = await readKeyFile(path, options);
  try {
    const { mtimeMs } = await stat(path);
    return keysInText(text, options.passphrase).map((key) => ({ ...key, file: { path, mtimeMs } }));
  } catch (error) {
    throw error instanceof SmartKeyError ? new SmartKeyError(error.problem, `${path}: ${error.message}`, error) : error;
  }
}

/**
 * Files without a private key (a key set, a public key) are passed over, whoever may read them. Of two private keys under one
 * name the newest, which was to replace the other, counts.
 */
async function foundInDirectory(directory: string, options: LoadKeysOptions): Promise<readonly FoundKey[]> {
  const found: FoundKey[] = [];
  for (const path of await keyFilesIn(directory)) {
    const inFile = await foundInFile(path, { ...options, anyMode: true }).catch(noneIfPublic);
    if (inFile.length > 0 && !options.anyMode) await assertPrivate(path, 'chmod 600');
    found.push(...inFile);
  }
  if (found.length === 0) throw await noKeyIn(directory);
  const newest = new Map(oldestFirst(found).map(({ file }) => [nameOf(file), file?.path]));
  return found.filter(({ file }) => newest.get(nameOf(file)) === file?.path);
}

const FOREIGN_FILE = /\.(?:p12|pfx|der|jks)$/i;

async function noKeyIn(directory: string): Promise<SmartKeyError> {
  const foreign = (await readdir(directory)).find((name) => FOREIGN_FILE.test(name));
  const advice =
    foreign === undefined
      ? 'generateKeyPair makes one'
      : `${foreign} is not read, as PKCS#12, DER and Java key stores are not: make a PEM of it with openssl`;
  return new SmartKeyError('missing', `There is no private key in ${directory}; ${advice}`);
}

function nameOf(file: KeyFile | undefined): string {
  return parse(file?.path ?? '').name;
}

async function keyFilesIn(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => KEY_FILE.test(name) && !name.startsWith('.')).toSorted();
  const paths = names.map((name) => join(directory, name));
  const areFiles = await Promise.all(paths.map(isFile));
  return paths.filter((_, index) => areFiles[index]);
}

/** Not what is gone meanwhile, nor a directory. */
async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

function noneIfPublic(error: unknown): readonly FoundKey[] {
  if (error instanceof SmartKeyError && error.problem === 'public') return [];
  throw error;
}

async function loadedKey(found: FoundKey, given: string | undefined): Promise<LoadedKey> {
  const { jwk: privateJwk } = found;
  keyMaterialOf(privateMembers(privateJwk)); // a thumbprint of something else would not say what is wrong with it
  const kid = given ?? found.kid ?? (await thumbprintOf(privateJwk));
  return { ...found, key: new SmartBackendKeys({ privateJwk, kid }) };
}

function isObject(from: unknown): from is Jwk | Jwks {
  const isPlain = typeof from === 'object' && from !== null && !ArrayBuffer.isView(from);
  return isPlain && ('kty' in from || 'keys' in from || 'd' in from);
}

/** One key that stands in two places is one, of the age of the older. @throws SmartKeyError when two keys have one kid */
function withoutTwins(keys: readonly LoadedKey[]): readonly LoadedKey[] {
  const byKid = new Map<string, LoadedKey>();
  for (const loaded of keys) {
    const { kid, publicKeyPem } = loaded.key;
    const standing = byKid.get(kid);
    if (standing && standing.key.publicKeyPem !== publicKeyPem)
      throw new SmartKeyError('ambiguous', `Two private keys have the kid ${JSON.stringify(kid)}`);
    byKid.set(kid, standing ?? loaded);
  }
  return [...byKid.values()];
}
