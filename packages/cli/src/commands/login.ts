import type { Command } from 'commander';
import type { SignInOptions } from '../login/oauth2.js';
import type { Terminal } from '../terminal/terminal.js';
import { serviceCommand } from './service-command.js';

const NOTES = `
oauth2 signs in with a browser on this machine (RFC 8252, PKCE), or on another device with --device (RFC 8628).
cognito asks the password and what the pool asks after it; itkdb asks the two access codes; smart needs no person.`;

export function registerLogin(program: Command, terminal: Terminal): void {
  const command = serviceCommand(program, {
    name: 'login',
    about: 'sign in, and keep the session for the other commands',
    options: (to) =>
      to
        .option('--device', 'sign in on another device: a code and a URL are printed')
        .option('--no-browser', 'print the URL, and open no browser'),
    act: async (selection, options) => {
      const { login } = await import('../login/login.js');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the options that are added above
      await login(selection, options as unknown as SignInOptions, terminal);
    },
  });
  command.addHelpText('after', NOTES);
}
