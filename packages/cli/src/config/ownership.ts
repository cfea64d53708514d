// Whether a configuration is the user's own. Code, and the commands in it, are run for nobody else.
import { stat } from 'node:fs/promises';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

const GROUP_AND_OTHERS_WRITE = 0o022;

/** Why the file is not the user's own; undefined when it is, or the platform cannot say. */
async function whyForeign(path: string, { platform }: Pick<Terminal, 'platform'>): Promise<string | undefined> {
  const user = platform === 'win32' ? undefined : process.geteuid?.();
  if (user === undefined) return undefined;
  const { uid, mode } = await stat(path);
  if (uid !== user && uid !== 0) return `it belongs to another user (uid ${uid})`;
  return (mode & GROUP_AND_OTHERS_WRITE) === 0 ? undefined : 'others than its owner can write to it';
}

/** @param what it would run, such as "The configuration" @throws UsageError that says how to make the file one's own */
export async function assertOwn(path: string, what: string, terminal: Terminal): Promise<void> {
  const why = await whyForeign(path, terminal);
  if (why === undefined) return;
  throw new UsageError(`${what} is not run from ${path}: ${why}`, `chown it to yourself, and: chmod go-w ${path}`);
}
