// What the file store asks of the machine: files, time, and who else is running. Tests hand in a full disk, a slow one, or a
// process that stands still.
import fs from 'node:fs/promises';
import { systemClock } from '../clock.js';
import type { Clock } from '../clock.js';
import { fateOf, newOwner } from './lock-owner.js';
import type { Fate, LockOwner } from './lock-owner.js';

export type FileSystem = Pick<
  typeof fs,
  'link' | 'mkdir' | 'open' | 'readdir' | 'readFile' | 'readlink' | 'rename' | 'rm' | 'stat' | 'utimes'
>;

export interface Platform {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** This process under a name that nobody had before. */
  readonly newOwner: () => Promise<LockOwner>;
  readonly fateOf: (owner: LockOwner) => Promise<Fate>;
}

export const thisPlatform: Platform = { fs, clock: systemClock, newOwner, fateOf };
