// Machines for the file store: one whose file system does something else at one call, one whose time is moved by hand.
import { thisPlatform } from '../../src/node/platform.js';
import type { FileSystem, Platform } from '../../src/node/platform.js';
import type { Clock } from '../../src/index.js';

export function platformWith(fs: Partial<FileSystem>): Platform {
  return { ...thisPlatform, fs: { ...thisPlatform.fs, ...fs } };
}

/** A process that is paused: its time goes on only when it is told to. */
export function platformAt(clock: Clock): Platform {
  return { ...thisPlatform, clock };
}

/** A disk on which nothing can be written any more; reading and removing work. */
export function fullDisk(): Platform {
  const full = (): Promise<never> => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
  return platformWith({
    link: full,
    open: (path, flags, mode) => (flags === 'wx' ? full() : thisPlatform.fs.open(path, flags, mode)),
  });
}
