import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerCompletion(program: Command, _terminal: Terminal): void {
  program.command('completion').action(() => {
    throw new UsageError('`completion` is not there yet');
  });
}
