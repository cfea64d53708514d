// What is generated of the command line, by the names of its files.
import { programOf } from '../program.js';
import { configSchema } from '../config/schema.js';
import type { Terminal } from '../terminal/terminal.js';
import { referenceOf } from './reference.js';

export function documents(): Readonly<Record<string, string>> {
  return {
    'REFERENCE.md': referenceOf(programOf(nowhere())),
    'schema.json': `${JSON.stringify(configSchema(), undefined, 2)}\n`,
  };
}

/** Nothing is run: the commands are only looked at. */
function nowhere(): Terminal {
  const output = { isTerminal: false, columns: 80, write: () => Promise.resolve() };
  return {
    stdout: output,
    stderr: output,
    env: {},
    cwd: '/',
    home: '/',
    platform: 'linux',
    version: '0.0.0',
    ownModule: '',
    isInteractive: false,
    prompts: { secret: never, text: never, confirm: never, choose: never },
    clock: { now: () => 0, sleep: never },
    interrupted: new AbortController().signal,
    takeSignals: never,
    open: never,
    asking: { isOpen: false, onOpen: undefined },
    secrets: new Set(),
  };
}

function never(): never {
  throw new Error('nothing is run here');
}
