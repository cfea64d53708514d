// Every command with every secret that it takes, in success and in failure: no secret is anywhere but where it was asked for.
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { allOf, programOf } from '../src/program.js';
import { generateKeyPair } from '@axios-authorizer/smart-backend';
import { cognitoStage, filesIn, itkdbStage, oauth2Stage, privateFile, smartStage } from './stage.js';
import type { Stage } from './stage.js';
import { cli, freshFolder, testTerminal } from './test-terminal.js';

const random = (): string => randomBytes(18).toString('base64url');

/** What a command is run with. */
interface Row {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly secrets: () => readonly string[];
}

const stageOf: Readonly<Record<string, () => Promise<Stage>>> = {
  oauth2: oauth2Stage,
  smart: smartStage,
  itkdb: itkdbStage,
  cognito: cognitoStage,
};
const REST: Readonly<Record<string, readonly string[]>> = { exec: ['--', 'true'], login: ['--no-browser'] };
const GRANT: Readonly<Record<string, readonly string[]>> = { login: ['--grant', 'client_credentials'] };

/** A command on a kind of service. */
async function onKind(command: string, kind: string): Promise<Row> {
  const stage = await stageOf[kind]?.();
  if (stage === undefined) throw new Error(`there is no stage for ${kind}`);
  const more = kind === 'oauth2' ? (GRANT[command] ?? []) : [];
  return { ...stage, argv: [command, ...stage.args, ...more, ...(REST[command] ?? [])] };
}

/** A command on a service of a configuration. */
async function named(command: string): Promise<Row> {
  const { endpoint, home } = await oauth2Stage({ clientSecret: random() });
  const service = {
    kind: 'oauth2',
    tokenUrl: endpoint.url,
    clientId: endpoint.clientId,
    clientSecret: 'env:SECRET',
    grant: 'client_credentials',
  };
  privateFile(home, 'axios-authorizer.config.json', JSON.stringify({ services: { api: service } }));
  const argv = [command, 'api', ...(REST[command] ?? [])];
  return { argv, env: { SECRET: endpoint.clientSecret }, home, secrets: () => endpoint.secrets };
}

/** A command on a folder with an encrypted key. */
async function onKeys(command: string): Promise<Row> {
  const [home, passphrase] = [freshFolder(), random()];
  const { privateJwk } = await generateKeyPair('ES384', { keyDirectory: join(home, 'keys'), passphrase });
  const from = ['--passphrase-from', 'env:PASSPHRASE'];
  const secrets = [passphrase, String(privateJwk['d'])];
  return { argv: ['keys', command, 'keys', ...from], env: { PASSPHRASE: passphrase }, home, secrets: () => secrets };
}

async function plain(...argv: readonly string[]): Promise<Row> {
  return { argv, env: { AXIOS_AUTHORIZER_CLIENT_SECRET: random() }, home: freshFolder(), secrets: () => [] };
}

const ON_SERVICES = ['token', 'login', 'logout', 'exec', 'doctor'];
const KINDS = ['smart', 'itkdb', 'cognito', 'oauth2'];
const TABLE: Readonly<Record<string, () => Promise<Row>>> = {
  ...Object.fromEntries(ON_SERVICES.map((command) => [command, () => named(command)])),
  ...Object.fromEntries(
    ON_SERVICES.flatMap((command) => KINDS.map((kind) => [`${command} ${kind}`, () => onKind(command, kind)])),
  ),
  ...Object.fromEntries(
    ['generate', 'show', 'jwks', 'rotate'].map((command) => [`keys ${command}`, () => onKeys(command)]),
  ),
  status: () => plain('status'),
  completion: () => plain('completion', 'bash'),
};
/** Those that last until Ctrl-C, whose own tests look for secrets. */
const LASTING = ['keys serve', 'playground'];

const commands = allOf(programOf(testTerminal()))
  .filter((command) => command.commands.length === 0 || command.registeredArguments.length > 0)
  .filter((command) => command.parent !== null)
  .map((command) => {
    const names = [command.name()];
    for (let { parent } = command; parent?.parent; { parent } = parent) names.unshift(parent.name());
    return names.join(' ');
  });

it('every command is in the table', () => {
  const known = [...Object.keys(TABLE), ...LASTING];
  expect(commands.filter((name) => !known.includes(name))).toEqual([]);
});

/** The files below the home, less those that are there to hold a secret and that only their owner can read. */
function othersIn(home: string): readonly { readonly path: string; readonly text: string }[] {
  const own = /\.token$|\.devices$|\/keys\/|\/key\.json$/;
  return filesIn(home).filter(({ path }) => !own.test(path));
}

/** Runs it as a person would, with all that it starts written down. */
async function looked({ argv, env, home, secrets }: Row, isDebug: boolean): Promise<number> {
  const opened: unknown[] = [];
  const given = isDebug ? { ...env, AXIOS_AUTHORIZER_DEBUG: '1' } : env;
  const open = async (...started: readonly unknown[]): Promise<boolean> => {
    opened.push(started);
    return true;
  };
  const ran = await cli(argv, { env: given, home, screen: true, open });
  const own = [...secrets(), ...Object.values(env)];
  assertNoSecrets([argv, ran, opened, othersIn(home)], own); // argv stands for the process list and the shell's history
  expect(filesIn(home).filter(({ mode, path }) => (mode & 0o077) !== 0 && !path.endsWith('.md'))).toEqual([]);
  return ran.code;
}

describe.each(Object.entries(TABLE))('%s', (name, make) => {
  const isDoctor = name.startsWith('doctor');

  it('shows no secret when all is well', async () => {
    const row = await make();
    const argv = isDoctor ? [...row.argv, '--report', 'report.md'] : row.argv;
    expect(await looked({ ...row, argv }, true)).toBe(name === 'doctor itkdb' ? 5 : 0); // 5: its API is not on this machine
  });

  it('shows no secret when what it was given is wrong', async () => {
    const row = await make();
    const env = Object.fromEntries(Object.keys(row.env).map((variable) => [variable, random()]));
    const argv = isDoctor ? [...row.argv, '--report', 'report.md'] : row.argv;
    for (const isDebug of [false, true]) expect(await looked({ ...row, argv, env }, isDebug)).not.toBe(1);
  });
});

it('token shows the token in a pipe, and no other secret', async () => {
  for (const kind of KINDS) {
    const { argv, env, home } = await onKind('token', kind);
    const ran = await cli(argv, { env, home });
    expect([kind, ran.code, ran.err]).toEqual([kind, 0, '']);
    assertNoSecrets(ran.out, [random(), ...Object.values(env)]);
  }
});

/** Writes the arguments of every process of this machine down, and then does its work. */
const LOOKS = 'for file in /proc/[0-9]*/cmdline; do tr "\\0" " " < "$file"; echo; done > "$HOME/seen" 2>/dev/null';

// Linux alone shows every process's arguments in /proc.
const hasProc = process.platform === 'linux';
if (!hasProc) process.stderr.write('SKIPPED, only Linux has /proc: the arguments of what a command starts\n');
(hasProc ? describe : describe.skip)('what a command starts', () => {
  /** A service whose secret comes from such a place, and a helper of the keyring that is there. */
  async function place(clientSecret: string): Promise<Row> {
    const { endpoint, home } = await oauth2Stage({ clientSecret: random() });
    const { url: tokenUrl, clientId } = endpoint;
    const service = { kind: 'oauth2', tokenUrl, clientId, clientSecret };
    privateFile(home, 'axios-authorizer.config.json', JSON.stringify({ services: { api: service } }));
    privateFile(home, 'the-secret', endpoint.clientSecret);
    const answer = `printf '{"Secret":"%s"}' "$(cat "$HOME/the-secret")"`;
    const helper = privateFile(home, 'docker-credential-looking', `#!/bin/sh\n${LOOKS}\n${answer}\n`);
    chmodSync(helper, 0o700);
    const env = { HOME: home, PATH: `${home}:${process.env['PATH'] ?? ''}` };
    return { argv: ['api'], env, home, secrets: () => endpoint.secrets };
  }

  it.each([
    ['a command that prints the secret', `command:${LOOKS}; cat "$HOME/the-secret"`, ['token'], []],
    ['a helper of the keyring', 'keyring:looking:the-entry', ['token'], []],
    ['the command of exec', 'file:the-secret', ['exec'], ['--', 'sh', '-c', LOOKS]],
  ] as const)('%s finds no secret in the process list', async (_what, clientSecret, [command], rest) => {
    const { argv, env, home, secrets } = await place(clientSecret);
    expect(await cli([command, ...argv, ...rest], { env, home })).toMatchObject({ code: 0 });
    const seen = readFileSync(join(home, 'seen'), 'utf8');
    expect(seen).toContain(process.execPath);
    assertNoSecrets(seen, secrets());
  });
});
