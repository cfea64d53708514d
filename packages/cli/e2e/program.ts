// Runs the built program, in a pipe or in a terminal.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@axios-authorizer/test-kit';

export const bin: string = join(__dirname, '../dist/esm/bin.js');

export interface Place {
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly child: ChildProcess;
  /** What was printed so far, both outputs. */
  printed(): string;
  /** Resolves when that text has been printed. */
  seen(text: string): Promise<void>;
  type(text: string): void;
  readonly ended: Promise<Ended>;
}

const homes: string[] = [];

afterAll(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

/** A folder of this test's own, which is removed after all of them. */
export function freshHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'axios-authorizer-e2e-'));
  homes.push(home);
  return home;
}

/** Any program. */
function start(command: string, args: readonly string[], { home, env = {}, cwd = home }: Place): Running {
  const own = { PATH: process.env['PATH'] ?? '', HOME: home, TERM: 'xterm-256color', ...env };
  const child = spawn(command, args, { cwd, env: own, stdio: ['pipe', 'pipe', 'pipe'] });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, ...written }));
  });
  const printed = (): string => written.out + written.err;
  return {
    child,
    printed,
    seen: (text) => until(() => printed().includes(text)),
    type: (text) => child.stdin.write(text),
    ended,
  };
}

/** The program in a pipe. */
export function startCli(args: readonly string[], place: Place): Running {
  return start(process.execPath, [bin, ...args], place);
}

/** The program in a pipe, until it ends, with nothing to read. */
export function cli(args: readonly string[], place: Place): Promise<Ended> {
  return run(process.execPath, [bin, ...args], place);
}

/** Any program, until it ends, with nothing to read. */
export function run(command: string, args: readonly string[], place: Place): Promise<Ended> {
  const running = start(command, args, place);
  running.child.stdin?.end();
  return running.ended;
}

/** The program in a terminal of its own, by script(1). All that it prints is in `out`. */
export function startInTerminal(args: readonly string[], place: Place): Running {
  return lineInTerminal(quoted([process.execPath, bin, ...args]), place);
}

/** What `startWithState` prints when the program has left the terminal as it was. */
export const AS_IT_WAS = 'the terminal is as it was';

/** The same, which says afterwards whether the terminal is as it was. */
export function startWithState(args: readonly string[], place: Place): Running {
  const line = quoted([process.execPath, bin, ...args]);
  const compare = `[ "$(stty -g)" = "$before" ] && echo '${AS_IT_WAS}'`;
  return lineInTerminal(`before=$(stty -g); ${line}; code=$?; ${compare}; exit $code`, place);
}

function lineInTerminal(line: string, place: Place): Running {
  return start('script', ['--quiet', '--return', '--echo', 'never', '--command', line, '/dev/null'], place);
}

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
}

/** A shell line in which `axios-authorizer` is the program. */
export function shell(line: string, place: Place): Promise<Ended> {
  const running = start('bash', ['-c', `axios-authorizer() { '${process.execPath}' '${bin}' "$@"; }; ${line}`], place);
  running.child.stdin?.end();
  return running.ended;
}
