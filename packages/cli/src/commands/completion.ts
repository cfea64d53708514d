import { Argument } from 'commander';
import type { Command } from 'commander';
import { SHELLS } from '../completion/shells.js';
import type { Shell } from '../completion/shells.js';
import type { Terminal } from '../terminal/terminal.js';

const NOTES = `
  bash  source <(axios-authorizer completion bash)
  zsh   source <(axios-authorizer completion zsh)
  fish  axios-authorizer completion fish | source`;

export function registerCompletion(program: Command, terminal: Terminal): void {
  program
    .command('completion')
    .description('print the completion script for a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .addHelpText('after', NOTES)
    .action(async (shell: Shell) => {
      const { completionOf } = await import('../completion/completion.js');
      await terminal.stdout.write(completionOf(program, shell));
    });
}
