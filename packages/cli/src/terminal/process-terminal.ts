// The terminal of this process. The only file, beside the program itself, that touches `process`.
import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isatty } from 'node:tty';
import { Interrupted } from './failure.js';
import { inquirerPrompts } from './prompts.js';
import type { Opener, Output, Terminal } from './terminal.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param own what only the program itself knows of its package */
export function processTerminal(own: Pick<Terminal, 'version' | 'ownModule'>): Terminal {
  const { stdout, stderr, env, platform } = process;
  const interruption = new AbortController();
  const interrupted = interruption.signal;
  const asking = { isOpen: false, onOpen: undefined };
  return {
    stdout: outputOf(stdout, 1),
    stderr: outputOf(stderr, 2),
    env,
    cwd: process.cwd(),
    home: homedir(),
    platform,
    ...own,
    isInteractive: isatty(0) && isatty(2),
    prompts: inquirerPrompts(interrupted, asking),
    asking,
    clock: { now: () => Date.now(), sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }) },
    interrupted,
    takeSignals: signalsOf((name) => interruption.abort(new Interrupted(name))),
    open: openProgram,
    secrets: new Set(),
  };
}

function outputOf(stream: NodeJS.WriteStream, descriptor: number): Output {
  stream.on('error', () => undefined); // the write itself rejects
  return {
    isTerminal: isatty(descriptor),
    columns: stream.columns,
    write: (written) =>
      new Promise((resolve, reject) => {
        stream.write(written, (error) => (error ? reject(error) : resolve()));
      }),
  };
}

/** Signals end the command, until a listener takes them over. */
function signalsOf(interrupt: (name: NodeJS.Signals) => void): Terminal['takeSignals'] {
  let current: ((name: NodeJS.Signals) => void) | undefined;
  for (const name of SIGNALS) process.on(name, () => (current ?? interrupt)(name));
  return (listener) => {
    current = listener;
    return () => {
      current = undefined;
    };
  };
}

const openProgram: Opener = (command, args) =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
