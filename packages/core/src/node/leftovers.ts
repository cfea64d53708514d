// What processes that were killed have left, beside a lock or in a folder: files named after them that nobody will ever ask for
// again.
import { basename, dirname, join } from 'node:path';
import { ownerOf } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import type { Platform } from './platform.js';

/** What a process keeps under its own name: a claim, or a store file that is not yet in its place. */
const OWN_FILE = /^(?<id>[\w-]+)(?:\.next)?\.(?:claim|new)$/;

/** Called by the holder of the lock, after it replaced another. */
export async function removeLeftovers(
  platform: Platform,
  { lock, holder }: { readonly lock: string; readonly holder: string },
): Promise<void> {
  const [folder, prefix] = [dirname(lock), `${basename(lock)}.`];
  const names = await platform.fs.readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix)))
    if (await isLeft(platform, name.slice(prefix.length), holder))
      await platform.fs.rm(join(folder, name), { force: true }).catch(() => undefined);
}

/** A file of a dead process, or a turn at an owner who is not the holder and, since no name returns, never will be. */
async function isLeft({ fateOf }: Platform, rest: string, holder: string): Promise<boolean> {
  const owner = ownerOf(OWN_FILE.exec(rest)?.groups?.['id'] ?? '');
  if (owner !== undefined) return (await fateOf(owner)) === 'dead';
  const ids = rest.split('.');
  return ids[0] !== holder && ids.every((id) => ownerOf(id) !== undefined);
}

/** A file that its writer has not yet put in its place, in whatever way, or its claim to a lock. */
const UNFINISHED = /^(?:.+\.lock)?\.(?<id>[\w-]+)(?:\.next)?\.(?:claim|new)$/;
/** Of the processes of another machine nothing is known; but none writes for a day. */
const LONGEST_WRITE_MS = 86_400_000;

/** What a file of this writer is called while it is not yet in its place. */
export function unfinishedName({ id }: LockOwner): string {
  return `.${id}.new`;
}

/** Called by whoever writes to the folder next. */
export async function removeUnfinished(platform: Platform, folder: string): Promise<void> {
  const names = await platform.fs.readdir(folder).catch(() => []);
  for (const name of names) {
    const owner = ownerOf(UNFINISHED.exec(name)?.groups?.['id'] ?? '');
    const path = join(folder, name);
    if (owner && (await isAbandoned(platform, path, owner)))
      await platform.fs.rm(path, { force: true }).catch(() => undefined);
  }
}

async function isAbandoned({ fs, clock, fateOf }: Platform, path: string, owner: LockOwner): Promise<boolean> {
  const fate = await fateOf(owner);
  if (fate !== 'unknown') return fate === 'dead';
  const status = await fs.lstat(path).catch(() => undefined);
  return status !== undefined && clock.now() - status.mtimeMs > LONGEST_WRITE_MS;
}
