// Keys from wherever they are kept: a file, a directory of them, a secret in an environment variable, a JWK in memory.
import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { membersOf } from '@axios-authorizer/core';
import { thumbprintOf } from './jose-keys.js';
import { privateMembers } from './jwk.js';
import type { Jwk, Jwks } from './jwk.js';
import { KEY_FILE, readKeyFile } from './key-file.js';
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
 * The private keys in a file (PEM, JWK or JWK Set), in the files of a directory (the oldest first), in a text, or in an object.
 * @returns at least one; of a JWK Set with a public and a private key under one kid, the private
 * @throws SmartKeyError
 */
export async function loadKeys(
  from: string | Jwk | Jwks,
  options: LoadKeysOptions = {},
): Promise<readonly SmartBackendKeys[]> {
  const found = await (isObject(from) ? keysInJson(from) : foundIn(from, options));
  if (options.kid !== undefined && found.length > 1)
    throw new SmartKeyError('ambiguous', `\`kid\` was given, but there are ${found.length} private keys`);
  const keys = await Promise.all(found.map((key) => keysOf(key, options.kid)));
  return withoutTwins(keys);
}

async function foundIn(from: unknown, options: LoadKeysOptions): Promise<readonly FoundKey[]> {
  if (typeof membersOf(from)['then'] === 'function')
    throw new SmartKeyError('missing', 'That is a promise of a key; is an `await` missing?');
  if (typeof from !== 'string' || from.trim() === '')
    throw new SmartKeyError('missing', 'The key, or the path of its file, is empty; where is it read from?');
  return isKeyText(from) ? keysInText(from, options.passphrase) : foundAt(from, options);
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

/** Files without a private key (a key set, a public key) are passed over. */
async function foundInDirectory(directory: string, options: LoadKeysOptions): Promise<readonly FoundKey[]> {
  const found: FoundKey[] = [];
  for (const path of await keyFilesIn(directory)) found.push(...(await foundInFile(path, options).catch(noneIfPublic)));
  if (found.length === 0)
    throw new SmartKeyError('missing', `There is no private key in ${directory}; generateKeyPair makes one`);
  return found;
}

/** The oldest first; of two with one name but for the ending only the newest, which was to replace the other. */
async function keyFilesIn(directory: string): Promise<readonly string[]> {
  const names = (await readdir(directory)).filter((name) => KEY_FILE.test(name) && !name.startsWith('.')).toSorted();
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  );
  const byAge = aged.toSorted((one, other) => one.at - other.at).map(({ name }) => name);
  const newest = new Map(byAge.map((name) => [parse(name).name, name]));
  return byAge.filter((name) => newest.get(parse(name).name) === name).map((name) => join(directory, name));
}

function noneIfPublic(error: unknown): readonly FoundKey[] {
  if (error instanceof SmartKeyError && error.problem === 'public') return [];
  throw error;
}

async function keysOf({ jwk, kid }: FoundKey, given: string | undefined): Promise<SmartBackendKeys> {
  keyMaterialOf(privateMembers(jwk)); // a thumbprint of something else would not say what is wrong with it
  return new SmartBackendKeys({ privateJwk: jwk, kid: given ?? kid ?? (await thumbprintOf(jwk)) });
}

function isObject(from: unknown): from is Jwk | Jwks {
  return typeof from === 'object' && from !== null && !('then' in from);
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
