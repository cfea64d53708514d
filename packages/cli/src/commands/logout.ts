import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerLogout(program: Command, _terminal: Terminal): void {
  program.command('logout').action(() => {
    throw new UsageError('`logout` is not there yet');
  });
}
