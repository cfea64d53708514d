import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { GenerateOptions } from '../keys/generate.js';
import type { PublishOptions, ServeOptions } from '../keys/publish.js';
import type { RotateOptions } from '../keys/rotate.js';
import type { Terminal } from '../terminal/terminal.js';

const FOLDER = 'the folder of keys, or a key file';
const PASSPHRASE = [
  '--passphrase-from <where>',
  'where the passphrase of encrypted keys is (env:NAME, file:PATH, …)',
] as const;
const STAGES = `
A rotation goes through four steps, and each run does what is due and says what comes next:
  publish  a new key is made; the key set has it, the old key signs
  wait     until every server has read the key set again (--publish-for)
  switch   the new key signs, the old one stays in the key set
  retire   the old one is removed (--retire-after)
It can be stopped at any moment: the files say where it stands.`;

export function registerKeys(program: Command, terminal: Terminal): void {
  const keys = program
    .command('keys')
    .description('key pairs for SMART Backend Services and any private_key_jwt client');
  addGenerate(keys, terminal);
  addShow(keys, terminal);
  addJwks(keys, terminal);
  addServe(keys, terminal);
  addRotate(keys, terminal);
}

function addGenerate(keys: Command, terminal: Terminal): void {
  keys
    .command('generate')
    .description('make a key pair, and print its public half as a key set')
    .argument('<folder>', 'where it is kept: a file of mode 0600 in a folder of mode 0700')
    .addOption(new Option('--alg <alg>', 'the algorithm').choices(['ES384', 'RS384']).default('ES384'))
    .option('--kid <kid>', 'the key id (default: the RFC 7638 thumbprint)')
    .addOption(new Option('--format <format>', 'how it is written').choices(['jwk', 'pem']))
    .option('--bits <bits>', 'the size of an RSA key', wholeNumber)
    .option('--passphrase-from <where>', 'encrypts the private key (PEM)')
    .action(async (folder: string, options: GenerateOptions) => {
      const { generateKeys } = await import('../keys/generate.js');
      await generateKeys(folder, options, terminal);
    });
}

function addShow(keys: Command, terminal: Terminal): void {
  keys
    .command('show')
    .description('show which keys there are, and which of them signs')
    .argument('<path>', FOLDER)
    .option('--json', 'for programs, with the public keys')
    .option(...PASSPHRASE)
    .action(async (path: string, options: PublishOptions) => {
      const { showKeys } = await import('../keys/publish.js');
      await showKeys(path, options, terminal);
    });
}

function addJwks(keys: Command, terminal: Terminal): void {
  keys
    .command('jwks')
    .description('print the public key set (RFC 7517)')
    .argument('<path>', FOLDER)
    .option(...PASSPHRASE)
    .action(async (path: string, options: PublishOptions) => {
      const { printJwks } = await import('../keys/publish.js');
      await printJwks(path, options, terminal);
    });
}

function addServe(keys: Command, terminal: Terminal): void {
  keys
    .command('serve')
    .description('serve the public key set over http until Ctrl-C; the files are read at each request')
    .argument('<path>', FOLDER)
    .option('--host <host>', 'where it listens', '127.0.0.1')
    .option('--port <port>', 'the port; 0 takes a free one', portNumber, 0)
    .option('--max-age <seconds>', 'how long servers may keep the key set', wholeNumber, 300)
    .option(...PASSPHRASE)
    .action(async (path: string, options: ServeOptions) => {
      const { serveJwks } = await import('../keys/publish.js');
      await serveJwks(path, options, terminal);
    });
}

function addRotate(keys: Command, terminal: Terminal): void {
  keys
    .command('rotate')
    .description('let a new key take the place of the old one, without an outage')
    .argument('<folder>', 'the folder of keys, a file for each')
    .option('--publish-for <time>', 'how long the new key is published before it signs', '24h')
    .option('--retire-after <time>', 'how long the old key stays published after that', '10m')
    .addOption(new Option('--alg <alg>', 'which keys, where there are several kinds').choices(['ES384', 'RS384']))
    .option('--wait', 'stay until it is done')
    .option('--continue', 'go on with a rotation, and begin none')
    .option('--dry-run', 'say where it stands, and do nothing')
    .option(...PASSPHRASE)
    .addHelpText('after', STAGES)
    .action(async (folder: string, options: RotateOptions) => {
      const { rotateKeys } = await import('../keys/rotate.js');
      await rotateKeys(folder, options, terminal);
    });
}

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('It is a port, from 0 to 65535.');
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number.');
}
