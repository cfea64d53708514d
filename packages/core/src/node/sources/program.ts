// Runs a program without a shell, in a process group of its own, and ends the whole group when it has its limit, says too much,
// or has ended itself and left others behind.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  readonly cwd: string | undefined;
}

export interface Ended {
  readonly stdout: string;
  /** Its end. */
  readonly stderr: string;
  readonly exitCode: number | null;
  /** What ended it, when that was a signal. */
  readonly exitSignal: string | null;
  /** Whether it was ended for saying more than `MOST_BYTES`. */
  readonly isTooLong: boolean;
}

const MOST_BYTES = 1024 * 1024;
/** Node warns of an eleventh; of so many programs at once the others end by themselves when this process does. */
const MOST_LISTENERS = 10;
const STDERR_CHARACTERS = 4_096;
/** Windows has no process groups, and would open a window for a detached program. */
const HAS_GROUPS = process.platform !== 'win32';

/**
 * What a program says until it ends. It has no terminal and nothing to read; it does not keep this process alive.
 * @throws the error of Node when it cannot be started; the reason of `signal` when that aborts, after the group was killed
 */
export function runProgram({ command, args, env, cwd }: Program, signal: AbortSignal): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(command, args, {
    env: env && { ...env },
    cwd,
    detached: HAS_GROUPS,
    shell: false,
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const end = (): void => killGroup(child);
  release(child);
  return new Promise<Ended>((done, fail) => {
    const said = listen(child, end);
    const abort = (): void => {
      end();
      fail(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    if (process.listenerCount('exit') < MOST_LISTENERS) process.once('exit', end);
    const over = (): void => {
      signal.removeEventListener('abort', abort);
      process.removeListener('exit', end);
    };
    child.once('error', (error) => (over(), fail(error)));
    child.once('exit', end); // what it left behind holds its output open
    child.once('close', (exitCode, exitSignal) => (over(), done({ ...said(), exitCode, exitSignal })));
  });
}

/** Who waits for a token holds the process; a refresh in the background does not. */
function release(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref();
}

/** Collects what it says. @param end is called when that is too much */
function listen(
  { stdout, stderr }: ChildProcess,
  end: () => void,
): () => Pick<Ended, 'stdout' | 'stderr' | 'isTooLong'> {
  const chunks: Buffer[] = [];
  let [length, errors] = [0, ''];
  stdout?.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MOST_BYTES) end();
    else chunks.push(chunk);
  });
  const decoder = new StringDecoder('utf8');
  stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + decoder.write(chunk)).slice(-STDERR_CHARACTERS);
  });
  return () => ({
    stdout: Buffer.concat(chunks).toString('utf8'),
    stderr: errors,
    isTooLong: length > MOST_BYTES,
  });
}

/**
 * Ends the program and all that it started, at once: whoever asked does not wait any more. On Windows the program alone is
 * ended, since Node knows no group there; what it started ends by itself.
 */
function killGroup(child: ChildProcess): void {
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
