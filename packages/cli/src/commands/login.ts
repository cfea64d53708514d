import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';

export function registerLogin(program: Command, _terminal: Terminal): void {
  program.command('login').action(() => {
    throw new UsageError('`login` is not there yet');
  });
}
