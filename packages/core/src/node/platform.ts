// What the file store asks of the machine: files, time, and who else is running. Tests hand in a full disk, a slow one, or a
// process that is paused.
import fs from 'node:fs/promises';
import { systemClock } from '../internal/clock.js';
import type { Clock } from '../internal/clock.js';
import { recordOf } from '../internal/records.js';
import { folderWatchers } from './folder-watch.js';
import type { WatchFile } from './folder-watch.js';
import { fateOf, newOwner } from './lock-owner.js';
import type { Fate, LockOwner } from './lock-owner.js';

/** Node's fs/promises, as far as it is used; written down, so that nobody needs the types of Node to compile against this. */
export interface FileSystem {
  link(existing: string, name: string): Promise<void>;
  mkdir(path: string, options: { readonly mode: number }): Promise<unknown>;
  lstat(path: string): Promise<FileStatus>;
  open(path: string, flags: string | number, mode?: number): Promise<OpenFile>;
  readdir(path: string): Promise<string[]>;
  realpath(path: string): Promise<string>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { readonly force: true }): Promise<void>;
  utimes(path: string, readAt: Date, writtenAt: Date): Promise<void>;
}

export interface OpenFile {
  chmod(mode: number): Promise<void>;
  close(): Promise<void>;
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  stat(): Promise<FileStatus>;
  sync(): Promise<void>;
  writeFile(text: string): Promise<void>;
}

export interface FileStatus {
  readonly gid: number;
  readonly ino: number;
  readonly mode: number;
  readonly mtimeMs: number;
  readonly nlink: number;
  readonly size: number;
  readonly uid: number;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isFile(): boolean;
  isSocket(): boolean;
  isSymbolicLink(): boolean;
}

export interface Platform {
  readonly fs: FileSystem;
  readonly clock: Clock;
  /** This process under a name that nobody had before. */
  readonly newOwner: () => Promise<LockOwner>;
  readonly fateOf: (owner: LockOwner) => Promise<Fate>;
  readonly watch: WatchFile;
}

export const thisPlatform: Platform = { fs, clock: systemClock, newOwner, fateOf, watch: folderWatchers() };

/** What `call` promises; undefined when it fails with this code. */
export async function unlessCode<R>(code: string, call: Promise<R>): Promise<R | undefined> {
  try {
    return await call;
  } catch (error) {
    if (recordOf(error)['code'] === code) return undefined;
    throw error;
  }
}
