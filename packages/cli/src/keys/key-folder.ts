// What lies in a folder of keys: those that sign, and those that `keys rotate` has taken out of service and that are still
// published. The names of the files say it, so that a rotation can be gone on with after any stop.
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { loadKeys } from '@axios-authorizer/smart-backend';
import type { SmartBackendKeys } from '@axios-authorizer/smart-backend';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

/** A key and the file that it lies in. */
export interface KeyInFile {
  readonly key: SmartBackendKeys;
  readonly path: string;
  /** When it was made. */
  readonly createdAt: Date;
}

/** A key that signs no more. */
export interface RetiredKey {
  readonly key: SmartBackendKeys;
  readonly path: string;
  readonly retiredAt: Date;
}

export interface KeyFolder {
  readonly folder: string;
  /** The oldest first: it signs. */
  readonly signing: readonly KeyInFile[];
  readonly retired: readonly RetiredKey[];
}

/** `key.json.retired-20261128T120000Z`: no loader takes it for a key that signs. */
const RETIRED = /\.retired-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const KEY_FILE = /\.(?:pem|key|json|jwk|jwks)$/;

/** What a file is renamed to when its key signs no more. */
export function retiredName(path: string, at: Date): string {
  return `${path}.retired-${at.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '')}`;
}

/** @param passphrase of encrypted keys @throws SmartKeyError for what is no key, UsageError for a file with several */
export async function readKeyFolder(folder: string, passphrase: string | undefined): Promise<KeyFolder> {
  const names = (await namesIn(folder)).filter((name) => !name.startsWith('.'));
  const options = passphrase === undefined ? {} : { passphrase };
  const signing: KeyInFile[] = [];
  for (const name of names.filter((one) => KEY_FILE.test(one))) {
    const path = join(folder, name);
    const key = await onlyKey(path, () => loadKeys(path, options));
    if (key !== undefined) signing.push({ key, path, createdAt: await createdAt(path) });
  }
  const retired: RetiredKey[] = [];
  for (const name of names.filter((one) => RETIRED.test(one))) {
    const path = join(folder, name);
    const key = await onlyKey(path, async () => loadKeys(await readFile(path, 'utf8'), options));
    if (key !== undefined) retired.push({ key, path, retiredAt: retiredAt(name) });
  }
  return {
    folder,
    signing: signing.toSorted((one, two) => one.createdAt.getTime() - two.createdAt.getTime()),
    retired,
  };
}

/** The path of a folder of keys, from where the command runs. @throws UsageError for an empty one, as of a variable that is not set */
export function keyPath(given: string, { cwd }: Pick<Terminal, 'cwd'>): string {
  if (given === '') throw new UsageError('The path of the keys is empty', 'Name a folder; "." is where you are.');
  return isAbsolute(given) ? given : join(cwd, given);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (cause) {
    throw new UsageError(`There is no folder ${folder}`, 'Make a key in it: axios-authorizer keys generate.', cause);
  }
}

/** A key set without private keys is none of ours. */
async function onlyKey(
  path: string,
  load: () => Promise<readonly SmartBackendKeys[]>,
): Promise<SmartBackendKeys | undefined> {
  try {
    const [key, second] = await load();
    if (second === undefined) return key;
    throw new UsageError(`${path} holds several private keys; rotation needs a file for each`);
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'problem' in error && error.problem === 'public')
      return undefined;
    throw error;
  }
}

/** As `generateKeyPair` writes it into the file; else the time of the last change. */
async function createdAt(path: string): Promise<Date> {
  const [, written = ''] = /(?:"created"\s*:\s*"|# created: )([\dTZ:.+-]+)/.exec(await readFile(path, 'utf8')) ?? [];
  const date = new Date(written);
  return Number.isNaN(date.getTime()) ? (await stat(path)).mtime : date;
}

function retiredAt(name: string): Date {
  const [, year, month, day, hour, minute, second] = (RETIRED.exec(name) ?? []).map(Number);
  return new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second));
}
