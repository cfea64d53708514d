// What holds for every command: how it ends, and what it says when it fails.
import { cli } from './test-terminal.js';

it('shows its commands and its version on stdout', async () => {
  const help = await cli(['--help']);
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('Exit codes:');
  expect(await cli(['--version'])).toMatchObject({ code: 0, out: '1.2.3\n' });
});

it('a command that does not exist ends with 2 and names the nearest', async () => {
  const ran = await cli(['tokn']);
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toContain('token');
});

it('a secret that was given as an argument is not repeated, and the error says where it belongs', async () => {
  const ran = await cli(['token', 'oauth2', '--client-secret=hunter2hunter2']);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('A secret is no argument');
  expect(ran.err).not.toContain('hunter2');
});
