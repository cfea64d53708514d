import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerDoctor(program: Command, _terminal: Terminal): void {
  program.command('doctor').action(() => {
    throw new UsageError('`doctor` is not there yet');
  });
}
