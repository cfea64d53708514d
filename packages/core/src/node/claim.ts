// One wish for a lock, as files: what is linked to become the lock, what shows that its owner lives, and what is seen of
// another's.
import { ownerAsText, ownerFromText } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import { contentOf, withOwnedFile } from './owned-file.js';
import { unlessCode } from './platform.js';
import type { Platform } from './platform.js';

export interface FileLockOptions {
  readonly path: string;
  /** How long an owner is believed that shows no sign of life, in milliseconds. */
  readonly leaseMs: number;
  /** Whether an owner that runs, but has let its lease lapse, is replaced; else only one of whom nothing is known. */
  readonly lapses: boolean;
  readonly platform: Platform;
}

export interface Claim extends FileLockOptions {
  readonly owner: LockOwner;
  /** The file that the lock is a link to. */
  readonly file: string;
}

/** What is seen of a lock. */
export interface Seen {
  readonly id: string;
  readonly isReplaceable: boolean;
}

interface Found {
  readonly owner: LockOwner | undefined;
  readonly inode: number;
  readonly renewedAt: number;
}

const MODE = 0o600;

export async function makeClaim(options: FileLockOptions): Promise<Claim> {
  const owner = await options.platform.newOwner();
  const claim = { ...options, owner, file: `${options.path}.${owner.id}.claim` };
  const handle = await options.platform.fs.open(claim.file, 'wx', MODE);
  try {
    await handle.writeFile(ownerAsText(owner));
  } catch (error) {
    await remove(claim, claim.file).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  return claim;
}

/** The lock is a link to the claim's file: they have one time. */
export async function showLife({ file, platform }: Claim): Promise<void> {
  const now = new Date(platform.clock.now());
  await platform.fs.utimes(file, now, now);
}

/** Whether the claim stands under `name` now; false when another stands there. */
export async function link({ file, platform }: Claim, name: string): Promise<boolean> {
  const linked = platform.fs.link(file, name).then(() => true);
  return (await unlessCode('EEXIST', linked)) ?? false;
}

/** Puts the claim in the place of whatever stands under `name`. */
export async function linkOver(claim: Claim, name: string): Promise<void> {
  const next = `${claim.path}.${claim.owner.id}.next.claim`;
  await remove(claim, next);
  await claim.platform.fs.link(claim.file, next);
  await claim.platform.fs.rename(next, name);
}

export function remove({ platform }: Claim, file: string): Promise<void> {
  return platform.fs.rm(file, { force: true });
}

/** Who stands under `name`, and whether they may be replaced by `claim`. @throws ConfigurationError for another's file */
export async function look(claim: Claim, name: string): Promise<Seen | undefined> {
  const found = await read(claim.platform, name);
  if (found === undefined) return undefined;
  const { owner, inode, renewedAt } = found;
  const fate = owner === undefined ? 'unknown' : await claim.platform.fateOf(owner);
  const hasLapsed = Math.abs(claim.platform.clock.now() - renewedAt) > claim.leaseMs; // clocks are set back, too
  const mayLapse = fate === 'unknown' || (claim.lapses && name === claim.path);
  return { id: owner?.id ?? `${inode}`, isReplaceable: fate === 'dead' || (mayLapse && hasLapsed) };
}

/** @throws ConfigurationError for what is no regular file of ours: nobody who shares our lock has made it */
function read({ fs }: Platform, name: string): Promise<Found | undefined> {
  return withOwnedFile(fs, name, async (handle, status) => ({
    owner: ownerFromText((await contentOf(handle, status)) ?? ''),
    inode: status.ino,
    renewedAt: status.mtimeMs,
  }));
}
