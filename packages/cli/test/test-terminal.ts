// A terminal that a test holds in its hands: what was printed, and what a person answers.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../src/program.js';
import type { Output, Prompts, Terminal } from '../src/terminal/terminal.js';

export interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly home?: string;
  readonly platform?: NodeJS.Platform;
  /** Whether stdout is a screen. */
  readonly screen?: boolean;
  /** Whether stderr is one. */
  readonly errorScreen?: boolean;
  /** How wide it is. Default: 80. */
  readonly columns?: number;
  /** What a person answers, in order; without them nobody is there. An answer may be a function, such as one that presses Ctrl-C. */
  readonly answers?: readonly (string | boolean | ((message: string) => string | boolean))[];
  readonly clock?: Terminal['clock'];
  readonly open?: Terminal['open'];
  readonly interrupted?: AbortSignal;
  /** What writing to stdout throws. */
  readonly full?: Error;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The prompts that were shown. */
  readonly asked: readonly string[];
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of this test's own, which is removed after all of them. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'axios-authorizer-cli-'));
  folders.push(folder);
  return folder;
}

export interface TestTerminal extends Terminal {
  printed(): Omit<Ran, 'code'>;
  signal(name: NodeJS.Signals): void;
}

export function testTerminal(given: Given = {}): TestTerminal {
  const home = given.home ?? freshFolder();
  const written = { out: '', err: '' };
  const asked: string[] = [];
  let listener: ((name: NodeJS.Signals) => void) | undefined;
  const outputOf = (name: 'out' | 'err', isTerminal: boolean): Output => ({
    isTerminal,
    columns: isTerminal ? (given.columns ?? 80) : undefined,
    write: async (text) => {
      if (name === 'out' && given.full) throw given.full;
      written[name] += text;
    },
  });
  return {
    stdout: outputOf('out', given.screen ?? false),
    stderr: outputOf('err', given.errorScreen ?? false),
    env: given.env ?? {},
    cwd: given.cwd ?? home,
    home,
    platform: given.platform ?? process.platform,
    version: '1.2.3',
    ownModule: join(__dirname, '../src/index.ts'),
    isInteractive: given.answers !== undefined,
    prompts: scripted(given.answers ?? [], asked),
    asking: { isOpen: false, onOpen: undefined },
    clock: given.clock ?? {
      now: () => Date.now(),
      sleep: (ms, signal) => sleep(ms, undefined, { ...(signal && { signal }) }),
    },
    interrupted: given.interrupted ?? new AbortController().signal,
    takeSignals: (taken) => {
      listener = taken;
      return () => (listener = undefined);
    },
    open: given.open ?? (async () => false),
    secrets: new Set(),
    printed: () => ({ ...written, asked }),
    signal: (name) => listener?.(name),
  };
}

function scripted(answers: NonNullable<Given['answers']>, asked: string[]): Prompts {
  const left = [...answers];
  const next = (message: string): string | boolean => {
    asked.push(message);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`nobody answers: ${message}`);
    return typeof answer === 'function' ? answer(message) : answer;
  };
  return {
    secret: async (message) => String(next(message)),
    text: async (message) => String(next(message)),
    confirm: async (message) => next(message) === true,
    choose: async (message) => String(next(message)),
  };
}

/** A clock that is ahead, and whose waits between tries are short; limits last as long as they say. */
export function clockAhead(aheadMs: number): Terminal['clock'] {
  return {
    now: () => Date.now() + aheadMs,
    sleep: async (ms, signal) => sleep(ms >= 10_000 ? ms : 20, undefined, { ref: false, ...(signal && { signal }) }),
  };
}

/** Runs one command line in this process. */
export async function cli(argv: readonly string[], given: Given = {}): Promise<Ran> {
  const terminal = testTerminal(given);
  const code = await run(argv, terminal);
  return { code, ...terminal.printed() };
}
