import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';

export function registerStatus(program: Command, terminal: Terminal): void {
  program
    .command('status')
    .description('show what is stored, for whom, how long it is good and what renews it')
    .option('--json', 'for programs')
    .action(async (options: { readonly json?: boolean }) => {
      const { printStatus } = await import('../tokens/status.js');
      await printStatus(options, terminal);
    });
}
