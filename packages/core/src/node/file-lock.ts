// A lock between processes: a small file with the name of its owner. It is linked from a file that is already written, so it
// is whole from the first moment, and link(2) lets in one only. It is renewed while its holder works; who dies is replaced at
// once, who is paused only where the lock says so.
//
// Nobody takes a lock away from under another: whoever wants to change the lock file of owner O first takes its turn, a lock
// of its own named after O, and looks whether O still stands there. Names are never used twice, and O itself takes the turn
// before it leaves, so what is seen there cannot change before the turn is given back.
import { randomInt } from 'node:crypto';
import { AuthenticationError } from '../index.js';
import { removeLeftovers } from './leftovers.js';
import { ownerAsText, ownerFromText } from './lock-owner.js';
import type { LockOwner } from './lock-owner.js';
import { contentOf, withOwnedFile } from './owned-file.js';
import { unlessCode } from './platform.js';
import type { Platform } from './platform.js';

export interface HeldLock {
  readonly id: string;
  /** Whether it is still ours at this moment. */
  isOurs(): Promise<boolean>;
}

/** A lease is waited for while its holder works, who may be a person that signs in; to write takes no time. */
const PATIENCE_MS = { lease: 600_000, write: 30_000 };
const POLL_MS = { least: 5, most: 25, longest: 250 };
/** Who has waited long looks less often: a twentieth more does not matter. */
const POLLS_PER_WAIT = 20;
const RENEWALS_PER_LEASE = 3;
/** Another's turn at our lock takes a few file operations. */
const RELEASE_TRIES = 10;

/**
 * `work` while the lock is held.
 * @throws AuthenticationError `lease_unavailable` after 10 minutes where owners lapse, else after 30 s; ConfigurationError for
 *   a lock that is another user's; the file system's errors; what `work` throws
 */
export async function underFileLock<R>(options: FileLockOptions, work: (held: HeldLock) => Promise<R>): Promise<R> {
  const claim = await makeClaim(options);
  try {
    await acquire(claim);
    return await renewing(claim, () => work({ id: claim.owner.id, isOurs: () => isOurs(claim) }));
  } finally {
    await release(claim).catch(() => undefined); // it lapses, or ends with this process
    await remove(claim, claim.file).catch(() => undefined);
  }
}

/** What was waited is counted in pauses: clocks are set, and machines sleep. */
async function acquire(claim: Claim): Promise<void> {
  const patienceMs = claim.lapses ? PATIENCE_MS.lease : PATIENCE_MS.write;
  for (let waitedMs = 0; ;) {
    await showLife(claim);
    if (await take(claim, claim.path)) return;
    if (waitedMs >= patienceMs) throw unavailable();
    const pauseMs = pauseAfter(waitedMs);
    await claim.platform.clock.sleep(pauseMs);
    waitedMs += pauseMs;
  }
}

function pauseAfter(waitedMs: number): number {
  const most = Math.min(Math.max(POLL_MS.most, Math.ceil(waitedMs / POLLS_PER_WAIT)), POLL_MS.longest);
  return randomInt(POLL_MS.least, most);
}

/** Whether `name` is ours now: nobody had it, or its owner could be replaced. */
async function take(claim: Claim, name: string): Promise<boolean> {
  if (await link(claim, name)) return true;
  const seen = await look(claim, name);
  if (!seen?.isReplaceable) return false;
  return (await inTurn(claim, `${name}.${seen.id}`, () => replace(claim, name, seen.id))) ?? false;
}

/** `work` while nobody else may change the lock that `turn` is named after; undefined when it is another's turn. */
async function inTurn<R>(claim: Claim, turn: string, work: () => Promise<R>): Promise<R | undefined> {
  if (!(await take(claim, turn))) return undefined;
  try {
    return await work();
  } finally {
    await remove(claim, turn);
  }
}

async function replace(claim: Claim, name: string, id: string): Promise<boolean> {
  const standing = await look(claim, name);
  if (standing?.id !== id || !standing.isReplaceable) return false;
  await linkOver(claim, name);
  if (name === claim.path) await removeLeftovers(claim.platform, { lock: name, holder: claim.owner.id });
  return true;
}

async function release(claim: Claim): Promise<void> {
  for (let tries = 0; tries < RELEASE_TRIES; tries += 1) {
    if ((await left(claim)) === 'left') return;
    await claim.platform.clock.sleep(POLL_MS.least);
  }
}

/** A full disk has no room for a turn, but a file can be removed from it. */
function left(claim: Claim): Promise<'left' | undefined> {
  const leave = async (): Promise<'left'> => {
    if (await isOurs(claim)) await remove(claim, claim.path);
    return 'left';
  };
  return inTurn(claim, `${claim.path}.${claim.owner.id}`, leave).catch(leave);
}

async function isOurs(claim: Claim): Promise<boolean> {
  return (await look(claim, claim.path))?.id === claim.owner.id;
}

async function renewing<R>(claim: Claim, work: () => Promise<R>): Promise<R> {
  const done = new AbortController();
  renew(claim, done.signal).catch(() => undefined); // the lease lapses, and its successor decides
  try {
    return await work();
  } finally {
    done.abort();
  }
}

async function renew(claim: Claim, signal: AbortSignal): Promise<never> {
  for (;;) {
    await claim.platform.clock.sleep(claim.leaseMs / RENEWALS_PER_LEASE, signal);
    await showLife(claim);
  }
}

function unavailable(): AuthenticationError {
  return new AuthenticationError('Another holds the lock of the token file and does not give it back; try later', {
    code: 'lease_unavailable',
    kind: 'unavailable',
    transient: true,
  });
}

export interface FileLockOptions {
  readonly path: string;
  /** How long an owner is believed that shows no sign of life, in milliseconds. */
  readonly leaseMs: number;
  /** Whether an owner that runs, but has let its lease lapse, is replaced; else only one of whom nothing is known. */
  readonly lapses: boolean;
  readonly platform: Platform;
}

interface Claim extends FileLockOptions {
  readonly owner: LockOwner;
  /** The file that the lock is a link to. */
  readonly file: string;
}

/** What is seen of a lock. */
interface Seen {
  readonly id: string;
  readonly isReplaceable: boolean;
}

interface Found {
  readonly owner: LockOwner | undefined;
  readonly inode: number;
  readonly renewedAt: number;
}

const MODE = 0o600;

async function makeClaim(options: FileLockOptions): Promise<Claim> {
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
async function showLife({ file, platform }: Claim): Promise<void> {
  const now = new Date(platform.clock.now());
  await platform.fs.utimes(file, now, now);
}

/** Whether the claim stands under `name` now; false when another stands there. */
async function link({ file, platform }: Claim, name: string): Promise<boolean> {
  const linked = platform.fs.link(file, name).then(() => true);
  return (await unlessCode('EEXIST', linked)) ?? false;
}

/** Puts the claim in the place of whatever stands under `name`. */
async function linkOver(claim: Claim, name: string): Promise<void> {
  const next = `${claim.path}.${claim.owner.id}.next.claim`;
  await remove(claim, next);
  await claim.platform.fs.link(claim.file, next);
  await claim.platform.fs.rename(next, name);
}

function remove({ platform }: Claim, file: string): Promise<void> {
  return platform.fs.rm(file, { force: true });
}

/** Who stands under `name`, and whether they may be replaced by `claim`. @throws ConfigurationError for another's file */
async function look(claim: Claim, name: string): Promise<Seen | undefined> {
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
