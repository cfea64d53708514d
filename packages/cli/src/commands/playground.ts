import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerPlayground(program: Command, _terminal: Terminal): void {
  program.command('playground').action(() => {
    throw new UsageError('`playground` is not there yet');
  });
}
