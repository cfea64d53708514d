// What Tab offers, asked of the shells that are installed.
import { execFileSync } from 'node:child_process';
import { allOf, programOf } from '../src/program.js';
import { privateFile } from './stage.js';
import { cli, freshFolder, testTerminal } from './test-terminal.js';

it.each(['bash', 'zsh', 'fish'])('the script for %s knows every command and option', async (shell) => {
  const { out, code } = await cli(['completion', shell]);
  expect(code).toBe(0);
  const commands = allOf(programOf(testTerminal()));
  const words = commands.flatMap(({ options, commands: below }) => [
    ...below.map((one) => one.name()),
    ...options.flatMap(({ long }) => long ?? []),
  ]);
  expect(words.filter((word) => !out.includes(word))).toEqual([]);
});

it('another shell is 2, with those that there are', async () => {
  const ran = await cli(['completion', 'cmd']);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('bash, zsh, fish');
});

describe('in bash', () => {
  /** What is offered behind these words. */
  async function offered(...words: readonly string[]): Promise<readonly string[]> {
    const { out } = await cli(['completion', 'bash']);
    const script = privateFile(freshFolder(), 'completion.bash', out);
    const list = ['axios-authorizer', ...words].map((word) => `'${word}'`).join(' ');
    const asked = `. ${script}; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _axios_authorizer; echo "\${COMPREPLY[*]}"`;
    return execFileSync('bash', ['-c', asked], { encoding: 'utf8' }).trim().split(' ');
  }

  it.each([
    [['to'], ['token']],
    [['token', 'oa'], ['oauth2']],
    [['token', 'oauth2', '--token-u'], ['--token-url']],
    [['token', 'oauth2', '--client-id', 'x', '--format', 'he'], ['header']],
    [['keys', 'ro'], ['rotate']],
    [
      ['keys', 'generate', '--alg', ''],
      ['ES384', 'RS384'],
    ],
    [['completion', 'z'], ['zsh']],
  ])('%j is completed to %j', async (words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });
});
