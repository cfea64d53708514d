import { Option } from 'commander';
import type { Command } from 'commander';
import type { PlaygroundOptions } from '../playground/playground.js';
import type { Terminal } from '../terminal/terminal.js';

const EXAMPLES = `
Examples:
  axios-authorizer playground --ttl 5s
  axios-authorizer playground --rotation --port 4000
  axios-authorizer playground --dpop-nonce

Both servers listen on this machine only. Every client and token of them is made up; Ctrl-C ends them.`;

export function registerPlayground(program: Command, terminal: Terminal): void {
  program
    .command('playground')
    .description('start an OAuth 2 server and an API on this machine, to try things out')
    .option('--ttl <time>', 'how long tokens are good, such as 5s, 2m or 1h', '60s')
    .option('--rotation', 'a user signs in, and each refresh token is good once')
    .option('--dpop', 'tokens are bound to a key, and each request carries a proof (RFC 9449)')
    .option('--dpop-nonce', 'the same, and proofs hold a nonce of each server')
    .addOption(
      new Option('--port <port>', 'of the OAuth 2 server; the API takes the next one (default: free ones)').argParser(
        Number,
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (options: PlaygroundOptions) => {
      const { playground } = await import('../playground/playground.js');
      await playground(options, terminal);
    });
}
