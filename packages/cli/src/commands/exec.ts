import { Argument } from 'commander';
import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import type { ExecOptions } from '../tokens/exec.js';
import { TOKEN_VARIABLE } from '../tokens/format-names.js';
import { serviceCommand } from './service-command.js';

const ABOUT =
  'run a command with a token in its environment, and nowhere else; the variables that hold secrets of axios-authorizer ' +
  '(AXIOS_AUTHORIZER_CLIENT_SECRET and the like, and those that the service names as env:NAME) are left out of it';

const NOTES = `
It ends with the exit code of the command, or 128 and the number of the signal that ended it.
Its own exit codes: 125 no token or wrong usage, 126 the command cannot be run, 127 there is no such command.

Example:
  axios-authorizer exec fhir -- sh -c 'curl -H "Authorization: Bearer $ACCESS_TOKEN" https://ehr.example.org/fhir/Patient'`;

export function registerExec(program: Command, terminal: Terminal): void {
  const command = serviceCommand(program, {
    name: 'exec',
    about: 'run a command with a token in its environment, and nowhere else',
    rest: new Argument('<command...>', 'the command and its arguments, after --'),
    options: (to) =>
      to
        .option('--variable <name>', 'the variable that holds the token', TOKEN_VARIABLE)
        .option('--refresh', 'ask for a new token, however good the stored one is')
        .passThroughOptions(),
    act: async (selection, options, rest) => {
      const { execWithToken } = await import('../tokens/exec.js');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options that are added above
      await execWithToken(selection, rest, { options: options as unknown as ExecOptions, terminal });
    },
  });
  command.summary(command.description()).description(ABOUT).addHelpText('after', NOTES);
}
