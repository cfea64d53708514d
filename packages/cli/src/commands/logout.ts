import type { Command } from 'commander';
import { UsageError } from '../terminal/failure.js';
import type { Terminal } from '../terminal/terminal.js';
import { addKinds, timeoutOf, timeoutOption } from './service-command.js';

interface LogoutOptions {
  readonly all?: boolean;
  readonly config?: string;
  readonly timeout?: number;
}

export function registerLogout(program: Command, terminal: Terminal): void {
  const command = program
    .command('logout')
    .description('revoke and forget the token of a service')
    .argument('[service]', 'a service of the configuration, or a name that `status` shows')
    .option('--all', 'forget all, and revoke nothing')
    .option('--config <file>', 'the configuration (default: axios-authorizer.config.{ts,mjs,json} here)')
    .addOption(timeoutOption())
    .action(async (name: string | undefined, { all = false, config, ...limit }: LogoutOptions) => {
      const { logout, logoutAll } = await import('../tokens/logout.js');
      if ((name === undefined) !== all) throw new UsageError('logout takes the name of a service, or --all');
      await (name === undefined
        ? logoutAll(terminal)
        : logout({ name, config, timeoutMs: timeoutOf(limit) }, terminal));
    });
  addKinds(command, {
    act: async (selection) => {
      const { logout } = await import('../tokens/logout.js');
      await logout(selection, terminal);
    },
  });
}
