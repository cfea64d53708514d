// What Tab offers, asked of the shells that are installed.
import { execFileSync, spawnSync } from 'node:child_process';
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

const place = freshFolder();

/** The script of a shell, in a file. */
async function scriptOf(shell: string): Promise<string> {
  const { out } = await cli(['completion', shell]);
  return privateFile(place, `completion.${shell}`, out);
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
const linesOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** What each shell offers behind these words, asked of the shell itself. */
const OFFERED: Readonly<Record<string, (script: string, words: readonly string[]) => readonly string[]>> = {
  bash: (script, words) => {
    const line = `COMP_WORDS=(axios-authorizer ${quoted(words)}); COMP_CWORD=${words.length}; _axios_authorizer`;
    return linesOf(asked('bash', ['--norc', '-c', `. ${script}; ${line}; echo "\${COMPREPLY[*]}"`]));
  },
  // The functions of a completion run in a line editor alone: here they say what they would add, and to what.
  zsh: (script, words) => {
    const stubs = 'compdef() { }; _files() { }; compadd() { shift; print -l -- ${(M)@:#${words[CURRENT]}*} }';
    const line = `words=(axios-authorizer ${quoted(words)}); CURRENT=${words.length + 1}; _axios_authorizer`;
    return linesOf(asked('zsh', ['-f', '-c', `${stubs}; . ${script}; ${line}`]));
  },
  fish: (script, words) => {
    const line = ['axios-authorizer', ...words].join(' ');
    const offers = asked('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`]);
    return offers.split('\n').flatMap((offer) => offer.split('\t')[0] || []);
  },
};

/** What it prints; it has a home of its own. */
function asked(shell: string, args: readonly string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', HOME: place };
  return execFileSync(shell, args, { encoding: 'utf8', env, cwd: place });
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['--version'], { stdio: 'ignore' }).status === 0;
}

const shells = Object.keys(OFFERED);
const installed = shells.filter(isInstalled);
for (const shell of shells)
  if (!installed.includes(shell)) process.stderr.write(`SKIPPED, ${shell} is not installed: what it offers on Tab\n`);

describe.each(installed)('in %s', (shell) => {
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
    [['exec', 'oauth2', '--client-authentication', 'no'], ['none']],
    [['keys', 'generate', '--format', 'pem', '--al'], ['--alg']],
  ])('%j is completed to %j', async (words, expected) => {
    expect(OFFERED[shell]?.(await scriptOf(shell), words)).toEqual(expected);
  });
});
