// Files that are the user's own, and their folder. Where others can make files, as in /tmp, there may be a link, a named pipe or
// a file of theirs under our name: links are not followed, pipes not waited for, and nothing of another's is read or changed.
// What is judged is the opened file, since a name can be given to another between two calls. A folder that is not there is made
// for its owner only; one that is, is taken as it is, unless others could put a file of theirs in the token's place.
import { constants } from 'node:fs';
import { ConfigurationError } from '../index.js';
import { makeFolder } from './make-folder.js';
import { unlessCode } from './platform.js';
import type { FileStatus, FileSystem, OpenFile } from './platform.js';
import { dirname } from 'node:path';

/** Far more than a lock holds, or the tokens of some hundred names. */
export const MOST_BYTES: number = 1024 * 1024;

/** Opening a pipe waits for a writer, in a thread that Node has four of. Windows has neither of the flags. */
const READ_OWNED = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const ROOT = 0;

/**
 * What `work` makes of a regular file of the effective user; undefined when there is no such file.
 * @throws ConfigurationError for anything else under that name; the file system's errors, such as EISDIR; what `work` throws
 */
export async function withOwnedFile<R>(
  fs: FileSystem,
  path: string,
  work: (handle: OpenFile, status: FileStatus) => Promise<R>,
): Promise<R | undefined> {
  const seen = await unlessCode('ENOENT', fs.lstat(path));
  if (seen === undefined) return undefined;
  assertOwnedFile(path, seen); // opening a device may already do something
  const handle = await unlessCode('ENOENT', fs.open(path, READ_OWNED));
  if (handle === undefined) return undefined;
  try {
    const status = await handle.stat();
    assertOwnedFile(path, status);
    return await work(handle, status);
  } finally {
    await handle.close();
  }
}

/** The text of a file; undefined for more than `MOST_BYTES`, of which no more is read. */
export async function contentOf(handle: OpenFile, { size }: FileStatus): Promise<string | undefined> {
  const bytes = Buffer.alloc(Math.min(size, MOST_BYTES) + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < bytes.length; length += read)
    ({ bytesRead: read } = await handle.read(bytes, length, bytes.length - length, length));
  return length > MOST_BYTES ? undefined : bytes.toString('utf8', 0, length);
}

/** @throws ConfigurationError for a link, and for what is neither the effective user's nor root's; no folder fails by itself */
function assertOwnedFolder(path: string, status: FileStatus): void {
  if (status.isSymbolicLink() || !isOwn(status, ROOT))
    throw foreign(path, status, `a folder of ${userName()} or of root`);
}

/** @throws ConfigurationError unless it belongs to the effective user or to root, whatever it is */
function assertOwned(path: string, status: FileStatus): void {
  if (!isOwn(status, ROOT)) throw foreign(path, status, `something of ${userName()} or of root`);
}

function assertOwnedFile(path: string, status: FileStatus): void {
  if (status.isDirectory() && isOwn(status)) throw isFolder(path);
  if (!status.isFile() || !isOwn(status)) throw foreign(path, status, `a regular file of ${userName()}`);
}

/** A folder of the user's own is no danger, but a mistake: the file system's own error. */
function isFolder(path: string): Error {
  return Object.assign(new Error(`EISDIR: ${path} is a folder, where a file is needed`), { code: 'EISDIR' });
}

function isOwn({ uid }: FileStatus, ...others: readonly number[]): boolean {
  const own = process.geteuid?.();
  return own === undefined || [own, ...others].includes(uid);
}

function foreign(path: string, status: FileStatus, wanted: string): ConfigurationError {
  return new ConfigurationError(
    `${path} is ${kindOf(status)} of uid ${status.uid}, where ${wanted} is needed, and is left alone: remove it, or keep the token file in a folder that only you can write to, by its real path`,
  );
}

function kindOf(status: FileStatus): string {
  if (status.isSymbolicLink()) return 'a symbolic link';
  if (status.isDirectory()) return 'a folder';
  if (status.isFIFO()) return 'a named pipe';
  if (status.isSocket()) return 'a socket';
  return status.isFile() ? 'a regular file' : 'a device';
}

function userName(): string {
  const own = process.geteuid?.();
  return own === undefined ? 'yours' : `uid ${own}`;
}

const MODE = 0o700;
const MODE_BITS = 0o7777;
const WRITE = { group: 0o020, others: 0o002 };
/** In a folder like /tmp everybody may write, but nobody may replace another's file. */
const STICKY = 0o1000;

/** @throws ConfigurationError when it is not the user's or root's, or others can write there and replace files */
export async function makePrivateFolder(fs: FileSystem, file: string): Promise<void> {
  await assertPrivateFolder(fs, file); // else it might be made behind another's link
  await makeFolder(dirname(file), MODE, (...one) => fs.mkdir(...one));
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
