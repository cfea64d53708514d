import type { Command } from 'commander';
import type { Terminal } from '../terminal/terminal.js';
import { serviceCommand } from './service-command.js';

const EXAMPLES = `
Examples:
  axios-authorizer doctor fhir
  axios-authorizer doctor fhir --report - > ticket.md
  axios-authorizer doctor smart --base-url https://ehr.example.org/fhir --client-id reports --keys keys

Each check is one line: ✔ well, ! works and should be looked at, ✖ does not work, – not looked at. What to do stands below it.`;

export function registerDoctor(program: Command, terminal: Terminal): void {
  const command = serviceCommand(program, {
    name: 'doctor',
    about: 'find out why there is no token: network, clock, keys, registration, token, a call',
    options: addOptions,
    timeout: 'how long each check waits (default: 10)',
    act: async (selection, options) => {
      const { printDoctor } = await import('./doctor/print-doctor.js');
      await printDoctor(selection, options, terminal);
    },
  });
  command.addHelpText('after', EXAMPLES);
}

function addOptions(command: Command): void {
  command.option(
    '--call <url>',
    'what is read with the token (default: checkUrl of the service, else something harmless)',
  );
  command.option('--jwks-url <url>', "where the server reads the client's key set (default: jku of the service)");
  command.option('--json', 'for programs');
  command.option('--report <file>', 'a page for a ticket, with nothing secret on it; - for stdout');
}
