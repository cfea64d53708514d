// Keys from wherever they are kept: a file, a directory of them, a secret in an environment variable, a JWK in memory.
import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkOptions, recordOf } from '@axios-authorizer/core/extend';
import { thumbprintOf } from './jose-keys.js';
import { privateMembers } from './jwk.js';
import type { Jwk, Jwks } from './jwk.js';
import { assertPrivate, KEY_FILE, readKeyFile } from './key-file.js';
import type { KeyFileOptions } from './key-file.js';
import { keyMaterialOf } from './key-material.js';
import { isKeyText, keysInJson, keysInText } from './key-text.js';
import type { FoundKey } from './key-text.js';
import { SmartBackendKeys } from './smart-backend-keys.js';
import { SmartKeyError } from './smart-key-error.js';

export interface LoadKeysOptions extends KeyFileOptions {
  /** Of an encrypted PEM. Default: none. */
  readonly passphrase?: string | undefined;
  /** The key id, when there is one key. Default: what stands with the key, else its RFC 7638 thumbprint. */
  readonly kid?: string | undefined;
}

/**
 * The private keys in a file (PEM, JWK or JWK Set), in the files of a directory (the oldest first), in a text or its bytes, or
 * in an object.
 * @returns at least one; of a JWK Set with a public and a private key under one kid, the private
 * @throws SmartKeyError
 */
export async function loadKeys(
  from: string | URL | Uint8Array | Jwk | Jwks,
  given?: LoadKeysOptions,
): Promise<readonly SmartBackendKeys[]> {
  const table = { passphrase: 'any', kid: 'any', anyMode: 'any' } as const;
  const options = checkOptions(given, 'loadKeys', table);
  const found = await (isObject(from) ? keysInJson(from) : foundIn(from, options));
  if (options.kid !== undefined && found.length > 1)
    throw new SmartKeyError('ambiguous', `\`kid\` was given, but there are ${found.length} private keys`);
  const keys = await Promise.all(found.map((key) => keysOf(key, options.kid)));
  return withoutTwins(keys);
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
    return keysInText(text, options.passphrase);
  } catch (error) {
    throw error instanceof SmartKeyError ? new SmartKeyError(error.problem, `${path}: ${error.message}`, error) : error;
  }
}

/** Files without a private key (a key set, a public key) are passed over, whoever may read them. */
async function foundInDirectory(directory: string, options: LoadKeysOptions): Promise<readonly FoundKey[]> {
  const byName = new Map<string, readonly FoundKey[]>();
  for (const path of await keyFilesIn(directory)) {
    const found = await foundInFile(path, { ...options, anyMode: true }).catch(noneIfPublic);
    if (found.length === 0) continue;
    if (!options.anyMode) await assertPrivate(path, 'chmod 600');
    byName.delete(parse(path).name);
    byName.set(parse(path).name, found);
  }
  if (byName.size === 0)
    throw new SmartKeyError('missing', `There is no private key in ${directory}; generateKeyPair makes one`);
  return [...byName.values()].flat();
}

/** The oldest first, so that of two private keys under one name the newest, which was to replace the other, counts. */
async function keyFilesIn(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => KEY_FILE.test(name) && !name.startsWith('.')).toSorted();
  const aged = await Promise.all(
    names.map(async (name) => ({
      path: join(directory, name),
      at: await ageOf(join(directory, name)),
    })),
  );
  return aged
    .filter(({ at }) => !Number.isNaN(at))
    .toSorted((one, other) => one.at - other.at)
    .map(({ path }) => path);
}

/** NaN for what is gone, or no file. */
async function ageOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.mtimeMs : NaN;
}

function noneIfPublic(error: unknown): readonly FoundKey[] {
  if (error instanceof SmartKeyError && error.problem === 'public') return [];
  throw error;
}

async function keysOf({ jwk, kid }: FoundKey, given: string | undefined): Promise<SmartBackendKeys> {
  keyMaterialOf(privateMembers(jwk)); // a thumbprint of something else would not say what is wrong with it
  return new SmartBackendKeys({
    privateJwk: jwk,
    kid: given ?? kid ?? (await thumbprintOf(jwk)),
  });
}

function isObject(from: unknown): from is Jwk | Jwks {
  const isPlain = typeof from === 'object' && from !== null && !ArrayBuffer.isView(from);
  return isPlain && ('kty' in from || 'keys' in from || 'd' in from);
}

/** One key that stands in two places is one. @throws SmartKeyError when two keys have one kid */
function withoutTwins(keys: readonly SmartBackendKeys[]): readonly SmartBackendKeys[] {
  const byKid = new Map<string, SmartBackendKeys>();
  for (const key of keys) {
    const standing = byKid.get(key.kid);
    if (standing && standing.publicKeyPem !== key.publicKeyPem)
      throw new SmartKeyError('ambiguous', `Two private keys have the kid ${JSON.stringify(key.kid)}`);
    byKid.set(key.kid, standing ?? key);
  }
  return [...byKid.values()];
}
