import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerKeys(program: Command, _terminal: Terminal): void {
  program.command('keys').action(() => {
    throw new UsageError('`keys` is not there yet');
  });
}
