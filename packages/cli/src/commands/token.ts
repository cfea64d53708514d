import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerToken(program: Command, _terminal: Terminal): void {
  program.command('token').action(() => {
    throw new UsageError('`token` is not there yet');
  });
}
