// The folder of a token file: made for its owner only; one that is there already is taken as it is, unless others could put a
// file of theirs in the token's place.
import { dirname } from 'node:path';
import { ConfigurationError } from '../index.js';
import { assertOwned, assertOwnedFolder } from './owned-file.js';
import { unlessCode } from './platform.js';
import type { FileStatus, FileSystem } from './platform.js';

const MODE = 0o700;
const MODE_BITS = 0o7777;
const WRITE = { group: 0o020, others: 0o002 };
/** In a folder like /tmp everybody may write, but nobody may replace another's file. */
const STICKY = 0o1000;

/** @throws ConfigurationError when it is not the user's or root's, or others can write there and replace files */
export async function makePrivateFolder(fs: FileSystem, file: string): Promise<void> {
  await assertPrivateFolder(fs, file); // else it might be made behind another's link
  await fs.mkdir(dirname(file), { recursive: true, mode: MODE });
  await assertPrivateFolder(fs, file);
}

/** @throws ConfigurationError as above; a folder that is not there is none of others */
export async function assertPrivateFolder(fs: FileSystem, file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = dirname(file);
  await assertOwnWay(fs, dirname(folder));
  const found = await unlessCode('ENOENT', fs.lstat(folder));
  if (found === undefined) return;
  assertOwnedFolder(folder, found);
  if (canBeReplacedIn(found)) throw openToOthers(folder, found);
}

function canBeReplacedIn({ mode, gid }: FileStatus): boolean {
  if ((mode & STICKY) !== 0) return false;
  const isOwnGroup = gid === process.getgid?.();
  return (mode & WRITE.others) !== 0 || (!isOwnGroup && (mode & WRITE.group) !== 0);
}

/** Below a folder in which everybody can make files, each folder on the way is the user's or root's, and each link as well. */
async function assertOwnWay(fs: FileSystem, folder: string): Promise<void> {
  await assertOwnBelowShared(fs, folder);
  const real = await unlessCode('ENOENT', fs.realpath(folder));
  if (real !== undefined && real !== folder) await assertOwnBelowShared(fs, real);
}

async function assertOwnBelowShared(fs: FileSystem, path: string): Promise<void> {
  let isShared = false;
  for (const each of wayTo(path)) {
    const found = await unlessCode('ENOENT', fs.lstat(each));
    if (found === undefined) return;
    if (isShared) assertOwned(each, found);
    isShared ||= found.isDirectory() && (found.mode & WRITE.others) !== 0;
  }
}

/** `/a/b` as `/`, `/a`, `/a/b`. */
function wayTo(path: string): readonly string[] {
  const above = dirname(path);
  return above === path ? [path] : [...wayTo(above), path];
}

function openToOthers(folder: string, { mode }: FileStatus): ConfigurationError {
  return new ConfigurationError(
    `Others can write to ${folder} (mode ${(mode & MODE_BITS).toString(8)}) and so replace the token file; run chmod go-w on it, or keep the file in a folder of its own`,
  );
}
