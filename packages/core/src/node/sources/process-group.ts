// A program and all that it started live no longer than they are wanted, and no longer than this process. A signal that ends this
// process (SIGTERM, Ctrl-C, even SIGKILL) runs nothing here, and a listener for it would change what it does to the application.
// So a shell beside the program waits for the end of a pipe, which the system closes when this process is gone.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/** Windows has no process groups, and would open a window for a detached program. */
export const HAS_GROUPS: boolean = process.platform !== 'win32';
/** Node warns of an eleventh; of so many programs at once the shells see to the others. */
const MOST_LISTENERS = 10;
const SHELL = '/bin/sh';
/** Its only argument is the number of the group. */
const GUARD = 'read -r line; kill -s KILL -- "-$1"';

/**
 * Ends the program and all that it started, at once: whoever asked does not wait any more. On Windows the program alone is
 * ended, since Node knows no group there; what it started ends by itself.
 */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (!HAS_GROUPS) {
    child.kill('SIGKILL');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it is over already
  }
}

/** Ends the group of `child` when this process ends, until the result is called. */
export function endWithThisProcess(child: ChildProcess): () => void {
  const end = (): void => killGroup(child);
  if (process.listenerCount('exit') < MOST_LISTENERS) process.once('exit', end);
  const guard = guardOf(child);
  return () => {
    process.removeListener('exit', end);
    guard?.kill('SIGKILL');
  };
}

/** Undefined on Windows, and where nothing else may be started; without a shell it ends at once. */
function guardOf({ pid }: ChildProcess): ChildProcess | undefined {
  if (!HAS_GROUPS || pid === undefined) return undefined;
  try {
    const guard = spawn(SHELL, ['-c', GUARD, SHELL, String(pid)], {
      detached: true,
      env: {},
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    guard.on('error', () => undefined);
    guard.unref();
    if (guard.stdin instanceof Socket) guard.stdin.unref();
    return guard;
  } catch {
    return undefined;
  }
}
