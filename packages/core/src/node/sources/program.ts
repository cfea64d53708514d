// Runs a program without a shell, in a process group of its own, and ends the whole group when it has its limit, says too much,
// or has ended itself and left others behind.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../index.js';
import { endWithThisProcess, HAS_GROUPS, killGroup } from './process-group.js';

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

export interface Limits {
  /** Ends the program. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

const MOST_BYTES = 1024 * 1024;
const STDERR_CHARACTERS = 4_096;
/** What a program said lies in the pipe when it ends; others may hold the pipe open for ever. */
const REST_MS = 500;

/**
 * What a program says until it ends. It has no terminal and nothing to read; it does not keep this process alive. What it started
 * in a group of its own (a daemon) lives on, and is not waited for.
 * @throws the error of Node when it cannot be started; the reason of `signal` when that aborts, after the group was killed
 */
export function runProgram({ command, args, env, cwd }: Program, { signal, clock }: Limits): Promise<Ended> {
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
    const leave = endWithThisProcess(child);
    const over = (): void => {
      signal.removeEventListener('abort', abort);
      leave();
    };
    child.once('error', (error) => (over(), fail(error)));
    child.once('exit', end); // what it left behind in its group
    allSaid(child, clock, (exitCode, exitSignal) => (over(), done({ ...said(), exitCode, exitSignal })));
  });
}

/** Calls `done` once when the program has ended and its output as well, or when that is held open by others. */
function allSaid(
  child: ChildProcess,
  clock: Clock,
  done: (exitCode: number | null, exitSignal: NodeJS.Signals | null) => void,
): void {
  const rest = new AbortController();
  child.once('close', (exitCode, exitSignal) => {
    rest.abort();
    done(exitCode, exitSignal);
  });
  const letGo = (): void => {
    for (const stream of [child.stdout, child.stderr]) stream?.destroy(); // which closes it
  };
  child.once('exit', () => void clock.sleep(REST_MS, rest.signal).then(letGo, () => undefined));
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
