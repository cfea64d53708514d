// A file that holds a secret. One that others can read is refused where the platform says who can.
import { open } from 'node:fs/promises';
import { codeOf, UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

const GROUP_AND_OTHERS = 0o077;
const MOST_BYTES = 64 * 1024;
/** Where orchestrators mount secrets, readable by all in the container. */
const MOUNTS = /^\/(?:run|var\/run)\//;

/** The text of the file. @throws UsageError when others can read it, or it is no small file */
export async function readSecretFile(path: string, { platform }: Pick<Terminal, 'platform'>): Promise<string> {
  const file = await opened(path);
  try {
    const { mode, size } = await file.stat();
    if (size > MOST_BYTES) throw new UsageError(`${path} is too large for a secret`);
    const isOpen = platform !== 'win32' && (mode & GROUP_AND_OTHERS) !== 0 && !MOUNTS.test(path) && size > 0;
    if (isOpen)
      throw new UsageError(`Others than its owner can get at ${path} (mode ${shownMode(mode)})`, `chmod 600 ${path}`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function opened(path: string): Promise<Awaited<ReturnType<typeof open>>> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = codeOf(error) ?? 'unknown';
    throw new UsageError(
      `${path} cannot be read (${code})`,
      'Name a file that holds the secret and nothing else.',
      error,
    );
  }
}

function shownMode(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}
