import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerExec(program: Command, _terminal: Terminal): void {
  program.command('exec').action(() => {
    throw new UsageError('`exec` is not there yet');
  });
}
