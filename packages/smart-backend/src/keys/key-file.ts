// Key files: readable by their owner only (0600 in 0700), written whole or not at all, never over another by accident.
import { readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { recordOf } from '@axios-authorizer/core/extend';
import { makeFolder, writePrivateFile } from '@axios-authorizer/core/node';
import { SmartKeyError } from './smart-key-error.js';

/** How strictly a key file is looked at. */
export interface KeyFileOptions {
  /** Accepts a file or directory that others may read, as orchestrators mount secrets. Default: false. */
  readonly anyMode?: boolean | undefined;
}

export interface WriteKeyFileOptions extends KeyFileOptions {
  /** Replaces what stands there. Default: that is an error. */
  readonly overwrite?: boolean | undefined;
  /** The same key in another format, which counts as well. Default: none. */
  readonly insteadOf?: string | undefined;
}

const DIRECTORY_MODE = 0o700;
const OTHERS = 0o077;
/** Shorter than a private number. */
const LONGEST_SHOWN = 40;
export const KEY_FILE: RegExp = /^[^{"'\n]{1,200}\.(?:pem|key|json|jwk|jwks)$/;

/** The text of a key file. @throws SmartKeyError `missing`, `permissions` or `malformed` */
export async function readKeyFile(path: string, { anyMode = false }: KeyFileOptions = {}): Promise<string> {
  if (!anyMode) await assertPrivate(path, 'chmod 600');
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = String(recordOf(error)['code']);
    throw new SmartKeyError('missing', `The key file ${shownPath(path)} cannot be read (${code})`);
  }
}

/**
 * Writes a key file in one step: whoever looks, and whatever crashes, there is the old file or the new one.
 * @throws SmartKeyError `exists` unless `overwrite`, `permissions` when others can get at the directory
 */
export async function writeKeyFile(
  path: string,
  text: string,
  { overwrite = false, anyMode = false, insteadOf }: WriteKeyFileOptions = {},
): Promise<void> {
  await makeFolder(dirname(path), DIRECTORY_MODE);
  if (!anyMode) await assertPrivate(dirname(path), 'chmod 700');
  if (!overwrite && insteadOf !== undefined) await assertFree(insteadOf);
  await written(path, text, overwrite);
  if (insteadOf !== undefined) await rm(insteadOf, { force: true });
}

async function written(path: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await writePrivateFile(path, text, { overwrite });
  } catch (cause) {
    throw recordOf(cause)['code'] === 'EEXIST' ? exists(path) : cause;
  }
}

async function assertFree(path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) throw exists(path);
}

function exists(path: string): SmartKeyError {
  const advice = 'servers may know its public key; say `overwrite: true` to replace it';
  return new SmartKeyError('exists', `${path} is there already, and ${advice}`);
}

/** What looks like no path may be a key that was mangled on its way here. */
function shownPath(path: string): string {
  return path.length <= LONGEST_SHOWN ||
    KEY_FILE.test(path) ||
    /^(?:[.~]{0,2}\/|[A-Za-z]:\\)[^{"'\n]{1,4096}$/.test(path)
    ? path
    : 'such file';
}

export async function assertPrivate(path: string, fix: string): Promise<void> {
  const { mode } = await stat(path).catch(() => {
    throw new SmartKeyError('missing', `There is no ${shownPath(path)}; a path or a key is wanted`);
  });
  if (process.platform === 'win32' || (mode & OTHERS) === 0) return;
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  throw new SmartKeyError(
    'permissions',
    `Others than its owner can get at ${path} (mode ${shown}): ${fix} it, or say \`anyMode: true\``,
  );
}
