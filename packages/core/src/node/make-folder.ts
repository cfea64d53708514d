// Makes a folder and those above it. `mkdir` of Node 20 with `recursive` never returns where the system answers ENOENT in a folder
// that is there, as it does below /proc, and keeps a thread of the pool for itself.
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { recordOf } from '../internal/records.js';

/**
 * Makes a folder, and those above it, where they are not there. What is there is left as it is.
 * @param mode of the folders that are made, such as 0o700
 * @param makeOne default: that of Node
 * @throws what the system says of the place: `EACCES`; `EEXIST` for a file in its place, `ENOTDIR` below one; `ENOENT` where nothing can be made, as in /proc
 *
 * @example
 * ```ts
 * await makeFolder('/run/user/1000/my-tokens', 0o700);
 * ```
 */
export async function makeFolder(
  folder: string,
  mode: number,
  makeOne: (path: string, options: { readonly mode: number }) => Promise<unknown> = mkdir,
): Promise<void> {
  try {
    await unlessThere(folder, makeOne(folder, { mode }));
  } catch (error) {
    const above = dirname(folder);
    if (recordOf(error)['code'] !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above, mode, makeOne);
    await unlessThere(folder, makeOne(folder, { mode }));
  }
}

async function unlessThere(folder: string, making: Promise<unknown>): Promise<void> {
  try {
    await making;
  } catch (error) {
    if (recordOf(error)['code'] !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  }
}
