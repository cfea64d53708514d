import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerStatus(program: Command, _terminal: Terminal): void {
  program.command('status').action(() => {
    throw new UsageError('`status` is not there yet');
  });
}
