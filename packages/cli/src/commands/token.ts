import { Option } from 'commander';
import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { FORMATS, TOKEN_VARIABLE } from '../tokens/format-names.js';
import type { PrintOptions } from '../tokens/print-token.js';
import { serviceCommand } from './service-command.js';

const EXAMPLES = `
Examples:
  axios-authorizer token fhir | head -c 20
  curl -K <(axios-authorizer token fhir --format curl-config) https://ehr.example.org/fhir/Patient
  axios-authorizer token oauth2 --token-url https://auth.example.org/token --client-id reports`;

export function registerToken(program: Command, terminal: Terminal): void {
  const command = serviceCommand(program, {
    name: 'token',
    about: 'print a good token: the stored one, or a new one',
    options: addOptions,
    act: async (selection, options) => {
      const { printToken } = await import('../tokens/print-token.js');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options that are added below
      await printToken(selection, options as unknown as PrintOptions, terminal);
    },
  });
  command.addHelpText('after', EXAMPLES);
}

function addOptions(command: Command): void {
  const formats = new Option('--format <form>', 'how it is printed').choices(FORMATS).default('text');
  command.addOption(formats);
  command.option('--variable <name>', 'the variable of the form `env`', TOKEN_VARIABLE);
  command.option('--show', 'show it on a screen too');
  command.option('--refresh', 'ask for a new one, however good the stored one is');
}
