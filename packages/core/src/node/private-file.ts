// A file that only its owner can read, written whole or not at all: whoever looks, and whatever is killed, there is the old file
// or the new one. What a killed writer leaves is named after its process, and is removed by the next one that writes there.
import { dirname, join, resolve } from 'node:path';
import { checkOptions } from '../extend.js';
import { removeUnfinished, unfinishedName } from './leftovers.js';
import { makeFolder } from './make-folder.js';
import { thisPlatform } from './platform.js';
import type { Platform } from './platform.js';

export interface WritePrivateFileOptions {
  /** Whether it replaces a file of that name. Default: true. */
  readonly overwrite?: boolean | undefined;
}

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Writes a file of mode 0600 in one step, and makes its folder (0700) where it is not there: a full disk or a kill at any moment
 * leaves what stood there before. What killed processes have left in the folder is removed: at once where it is known that they
 * have ended, else after a day.
 * @param text what is written, in UTF-8
 * @throws what the system says: `ENOSPC`, `EACCES`; `EEXIST` where a file is there and `overwrite` is false
 *
 * @example
 * ```ts
 * import { writePrivateFile } from '@axios-authorizer/core/node';
 * await writePrivateFile('/var/lib/reports/session.json', JSON.stringify({ user: 'ada' }));
 * ```
 */
export async function writePrivateFile(path: string, text: string, options?: WritePrivateFileOptions): Promise<void> {
  const { overwrite = true } = checkOptions(options, 'writePrivateFile', { overwrite: 'any' });
  const file = resolve(path);
  await makeFolder(dirname(file), FOLDER_MODE);
  await placeFile(thisPlatform, { path: file, text, overwrite });
}

/**
 * Removes what killed processes have left in a folder: files of `writePrivateFile` and `fileTokenStore` that are not in their place,
 * and may hold secrets. Where nobody writes to the folder again, such as after a sign-out, nothing else removes them. What cannot be
 * removed stays; a folder that is not there is empty. It never rejects.
 *
 * @example
 * ```ts
 * await removeUnfinishedFiles('/var/lib/reports');
 * ```
 */
export async function removeUnfinishedFiles(folder: string): Promise<void> {
  await removeUnfinished(thisPlatform, folder);
}

interface Placed {
  readonly path: string;
  readonly text: string;
  readonly overwrite: boolean;
}

/** The same in a folder that is there. */
export async function placeFile(platform: Platform, { path, text, overwrite }: Placed): Promise<void> {
  const { fs, newOwner } = platform;
  const folder = dirname(path);
  await removeUnfinished(platform, folder);
  const next = join(folder, unfinishedName(await newOwner()));
  try {
    await writeThrough(platform, next, text);
    await (overwrite ? fs.rename(next, path) : fs.link(next, path)); // unlike a rename, a link fails when the name is taken
  } finally {
    await fs.rm(next, { force: true });
  }
  await syncFolder(platform, folder);
}

/** It is on the disk when this resolves. */
export async function writeThrough({ fs }: Platform, path: string, text: string): Promise<void> {
  const handle = await fs.open(path, 'wx', FILE_MODE);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a new name survive a power cut, where the system lets a folder be written through. */
export async function syncFolder({ fs }: Platform, folder: string): Promise<void> {
  const handle = await fs.open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
