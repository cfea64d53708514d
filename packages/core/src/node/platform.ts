// What the file store asks of the machine: files, time, and who else is running. Tests hand in a full disk, a slow one, or a
// process that stands still.
import fs from 'node:fs/promises';
import { systemClock } from '../clock.js';
import type { Clock } from '../clock.js';
import { fateOf, newOwner } from './lock-owner.js';
import type { Fate, LockOwner } from './lock-owner.js';

/** Node's fs/promises, as far as it is used; written down, so that nobody needs the types of Node to compile against this. */
export interface FileSystem {
  link(existing: string, name: string): Promise<void>;
  mkdir(path: string, options: { readonly recursive: true; readonly mode: number }): Promise<string | undefined>;
  open(path: string, flags: string, mode?: number): Promise<OpenFile>;
  readdir(path: string): Promise<string[]>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
  stat(path: string): Promise<FileStatus>;
  utimes(path: string, readAt: Date, writtenAt: Date): Promise<void>;
}

interface OpenFile {
  chmod(mode: number): Promise<void>;
  close(): Promise<void>;
  readFile(encoding: 'utf8'): Promise<string>;
  stat(): Promise<FileStatus>;
  sync(): Promise<void>;
  writeFile(text: string): Promise<void>;
}

interface FileStatus {
  readonly gid: number;
  readonly ino: number;
  readonly mode: number;
  readonly mtimeMs: number;
  isFile(): boolean;
}

export interface Platform {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** This process under a name that nobody had before. */
  readonly newOwner: () => Promise<LockOwner>;
  readonly fateOf: (owner: LockOwner) => Promise<Fate>;
}

export const thisPlatform: Platform = { fs, clock: systemClock, newOwner, fateOf };
