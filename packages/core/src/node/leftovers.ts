// What processes that were killed have left beside a lock: files named after them that nobody will ever ask for again.
import { basename, dirname, join } from 'node:path';
import { ownerOf } from './lock-owner.js';
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
