// Runs programs the way users do: in a process of their own, in a folder of their own.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ChildProcess } from 'node:child_process';

const execute = promisify(execFile);

export interface Place {
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What the program printed. Rejects with its whole output when it fails. */
export async function run(program: string, args: readonly string[], { cwd, env = {} }: Place): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { cwd, env: { ...process.env, ...env } });
    return stdout.trim();
  } catch (error) {
    const [stdout, stderr] = ['stdout', 'stderr'].map((name) => written(error, name));
    throw new Error(`${program} ${args.join(' ')} failed\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** What execFile keeps of a program that failed; nothing of one that never began. */
function written(error: unknown, name: string): string {
  const text: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof text === 'string' ? text : '';
}

/** What runs a program, by its command; beside Node those that are on the PATH (`npm run test:runtimes` brings them). */
const runtimes: Readonly<Record<Runtime, readonly [string, ...string[]]>> = {
  Node: [process.execPath],
  Bun: ['bun'],
  Deno: ['deno', 'run', '--quiet', '--allow-all', '--no-lock'],
};

export type Runtime = 'Node' | 'Bun' | 'Deno';
export const otherRuntimes: readonly Runtime[] = ['Bun', 'Deno'];

/** The same with one of the runtimes; `args` begin with the path of the program. */
export function runOn(runtime: Runtime, args: readonly string[], place: Place): Promise<string> {
  const [program, ...first] = runtimes[runtime];
  return run(program, [...first, ...args], place);
}

/** The same with the Node that runs this. */
export function runNode(args: readonly string[], place: Place): Promise<string> {
  return runOn('Node', args, place);
}

/**
 * Ends a process at once, as a crash would; resolves when it is gone.
 * @param options `group`: with all the processes that it began, when it was started `detached`; default false
 */
export async function killed(child: ChildProcess, { group = false }: { readonly group?: boolean } = {}): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(group ? -child.pid : child.pid, 'SIGKILL');
  await ended;
}

/** Gives `work` an empty folder and removes it afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
