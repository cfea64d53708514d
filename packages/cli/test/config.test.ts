// The configuration and its secrets: which file counts, what it may say, and whose it must be.
import { chmodSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { stateFolder } from '../src/state/folder.js';
import { filesIn, oauth2Stage, privateFile } from './stage.js';
import { cli, freshFolder } from './test-terminal.js';
import type { Given, Ran } from './test-terminal.js';

const FILE = 'axios-authorizer.config.json';

/** A configuration with one service, in a folder of its own. */
async function configured(
  service: object,
  more: Given & { readonly storeKey?: string } = {},
): Promise<Ran & { readonly folder: string; readonly secrets: readonly string[] }> {
  const { endpoint } = await oauth2Stage();
  const { storeKey, ...given } = more;
  const folder = given.home ?? freshFolder();
  const whole = { kind: 'oauth2', tokenUrl: endpoint.url, clientId: endpoint.clientId, ...service };
  privateFile(folder, FILE, JSON.stringify({ services: { api: whole }, storeKey }));
  privateFile(folder, 'secret', `${endpoint.clientSecret}\n`);
  const env = { SECRET: endpoint.clientSecret, PATH: process.env['PATH'] ?? '', ...given.env };
  const ran = await cli(['token', 'api'], { ...given, env, home: folder });
  return { ...ran, folder, secrets: endpoint.secrets };
}

describe('which file counts', () => {
  it('the one in the working folder, whose path is said on stderr', async () => {
    const { code, err, folder } = await configured({ clientSecret: 'env:SECRET' });
    expect({ code, err }).toEqual({ code: 0, err: `axios-authorizer: configuration ${join(folder, FILE)}\n` });
  });

  it('not one further up', async () => {
    const { folder } = await configured({ clientSecret: 'env:SECRET' });
    const below = join(folder, '.local');
    const ran = await cli(['token', 'api'], { home: folder, cwd: below });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('There is no configuration here');
    expect((await cli(['token', 'api', '--config', `../${FILE}`], { home: folder, cwd: below })).code).toBe(0);
  });

  it('two in one folder are refused', async () => {
    const { folder } = await configured({ clientSecret: 'env:SECRET' });
    privateFile(folder, 'axios-authorizer.config.mjs', 'export default {}');
    expect(await cli(['token', 'api'], { home: folder })).toMatchObject({ code: 2 });
  });

  it('a name that it does not have is answered with those that it has', async () => {
    const { folder } = await configured({ clientSecret: 'env:SECRET' });
    const ran = await cli(['token', 'apis'], { home: folder });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('It has: api.');
  });
});

describe('TypeScript', () => {
  it('is loaded with the types of this package, wherever it lies', async () => {
    const { endpoint } = await oauth2Stage();
    const folder = freshFolder();
    const service = { kind: 'oauth2', tokenUrl: endpoint.url, clientId: endpoint.clientId, clientSecret: 'env:SECRET' };
    const text = `import { defineConfig } from '@axios-authorizer/cli';
      export default defineConfig({ services: { api: ${JSON.stringify(service)} as const } });`;
    privateFile(folder, 'axios-authorizer.config.ts', text);
    const ran = await cli(['token', 'api'], { home: folder, env: { SECRET: endpoint.clientSecret } });
    expect({ code: ran.code, out: ran.out.trim() }).toEqual({ code: 0, out: endpoint.issued[0] });
  });

  it('that others can write to is not run', async () => {
    const folder = freshFolder();
    chmodSync(privateFile(folder, 'axios-authorizer.config.ts', 'throw new Error("was run")'), 0o622);
    const ran = await cli(['token', 'api'], { home: folder });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('chmod go-w');
    expect(ran.err).not.toContain('was run');
  });
});

describe('what it may not say', () => {
  it.each([
    ['an unknown option, with the nearest name', { clientsecret: 'env:SECRET' }, 'did you mean clientSecret?'],
    ['a secret in the place of its source', { clientSecret: 'hunter2hunter2' }, 'and is not the secret'],
    ['an unknown kind', { kind: 'oauth3' }, 'must be one of'],
    ['a URL that is none', { tokenUrl: 'auth.example.org' }, 'must be an absolute URL'],
    ['a word that is not among the choices', { grant: 'implicit' }, "'client_credentials' or"],
    ['nothing where something is needed', { clientId: '' }, 'has no `clientId`'],
    ['a port that is none', { redirectPort: 70_000 }, 'must be a port'],
  ])('%s', async (_what, service, said) => {
    const ran = await configured({ clientSecret: 'env:SECRET', ...service });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(said);
    expect(ran.err).not.toContain('hunter2');
  });
});

describe('where secrets come from', () => {
  it.each([
    ['a variable', 'env:SECRET', {}],
    ['a file, without its line end', 'file:secret', {}],
    ['the first line of a command', 'command:cat secret', {}],
  ])('%s', async (_what, clientSecret, given) => {
    const ran = await configured({ clientSecret }, given);
    expect(ran.code).toBe(0);
    assertNoSecrets(ran.err, ran.secrets);
  });

  it('a prompt, and never without a terminal', async () => {
    expect(await configured({ clientSecret: 'prompt' })).toMatchObject({ code: 2, asked: [] });
    const { endpoint } = await oauth2Stage();
    const args = ['oauth2', '--token-url', endpoint.url, '--client-id', endpoint.clientId];
    const answers = [endpoint.clientSecret];
    expect(await cli(['token', ...args, '--client-secret-from', 'prompt'], { answers })).toMatchObject({ code: 0 });
  });

  it('a file that others can read is refused', async () => {
    const { folder } = await configured({ clientSecret: 'file:secret' });
    chmodSync(join(folder, 'secret'), 0o644);
    const ran = await cli(['token', 'api', '--refresh'], { home: folder });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('chmod 600');
  });

  it('a variable that nobody named is not read for a service of a configuration', async () => {
    const ran = await configured({}, { env: { AXIOS_AUTHORIZER_CLIENT_SECRET: 'of-another-service' } });
    expect(ran.code).toBe(2);
  });

  it.each([
    ['a command that fails', 'command:false', 'ended with 1'],
    ['a variable that is not set', 'env:NOT_SET', 'NOT_SET is not set'],
    ['a file that is not there', 'file:not-there', 'ENOENT'],
    ['a helper that is not installed', 'keyring:nobody:entry', 'docker-credential-nobody cannot be started'],
  ])('%s is 2, and says so', async (_what, clientSecret, said) => {
    const ran = await configured({ clientSecret });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(said);
  });

  it('a command in a file that others can write to is not run', async () => {
    const { folder } = await configured({ clientSecret: 'command:cat secret' });
    chmodSync(join(folder, FILE), 0o666);
    const ran = await cli(['token', 'api'], { home: folder });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('A command is not run from');
  });
});

describe('a keyring', () => {
  /** A helper that keeps its entries in a folder, as docker's helpers speak. */
  function helper(folder: string): Readonly<Record<string, string>> {
    const program = `#!/usr/bin/env node
      const { existsSync, readFileSync, writeFileSync } = require('node:fs');
      const input = readFileSync(0, 'utf8').trim();
      const file = (name) => ${JSON.stringify(folder)} + '/' + Buffer.from(name).toString('hex') + '.entry';
      if (process.argv[2] === 'store') { const given = JSON.parse(input); writeFileSync(file(given.ServerURL), input, { mode: 0o600 }); }
      else if (existsSync(file(input))) console.log(readFileSync(file(input), 'utf8'));
      else { console.log('credentials not found in native keychain'); process.exitCode = 1; }`;
    chmodSync(privateFile(folder, 'docker-credential-test', program), 0o700);
    return { PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
  }

  it('keeps a key, made once, that seals the stored token', async () => {
    const keyring = freshFolder();
    const env = helper(keyring);
    const ran = await configured({ clientSecret: 'env:SECRET' }, { env, storeKey: 'keyring:test:store-key' });
    expect(ran.code).toBe(0);
    const token = ran.out.trim();
    expect(filesIn(ran.folder).filter(({ text }) => text.includes(token))).toEqual([]);
    const again = await cli(['token', 'api'], { home: ran.folder, env });
    expect(again.out).toBe(ran.out);
    const [entry] = filesIn(keyring).filter(({ path }) => path.endsWith('.entry'));
    const key = (JSON.parse(entry?.text ?? '') as { Secret: string }).Secret;
    assertNoSecrets([ran.err, again.err, filesIn(ran.folder)], [key]);
  });

  it('that has no such entry is 2', async () => {
    const ran = await configured({ clientSecret: 'keyring:test:not-there' }, { env: helper(freshFolder()) });
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('has no entry');
  });
});

describe('the state folder', () => {
  it.each([
    ['linux', {}, '/home/ada/.local/state/axios-authorizer'],
    ['linux', { XDG_STATE_HOME: '/var/ada' }, '/var/ada/axios-authorizer'],
    ['linux', { XDG_STATE_HOME: 'relative' }, '/home/ada/.local/state/axios-authorizer'],
    ['darwin', {}, '/home/ada/Library/Application Support/axios-authorizer'],
    ['win32', { LOCALAPPDATA: 'C:\\Users\\ada\\Local' }, 'C:\\Users\\ada\\Local\\axios-authorizer'],
    ['win32', {}, '\\home\\ada\\AppData\\Local\\axios-authorizer'],
  ] as const)('on %s with %j is %s', (platform, env, folder) => {
    expect(stateFolder({ platform, env, home: '/home/ada' })).toBe(folder);
  });
});

it('JSON with a byte order mark is read, and JSON with comments is 2 and says where comments may stand', async () => {
  const { home, env, args } = await oauth2Stage();
  const service = { kind: 'oauth2', tokenUrl: args[2], clientId: args[4], clientSecret: 'env:SECRET' };
  const given = { home, env: { SECRET: env['AXIOS_AUTHORIZER_CLIENT_SECRET'] ?? '' } };
  privateFile(home, 'axios-authorizer.config.json', `\uFEFF${JSON.stringify({ services: { api: service } })}`);
  expect((await cli(['token', 'api'], given)).code).toBe(0);
  privateFile(home, 'axios-authorizer.config.json', '{ // mine\n "services": {} }');
  const ran = await cli(['token', 'api'], given);
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('.mjs or .ts');
});

it.each([
  'await new Promise(() => undefined);',
  'await new Promise(() => setInterval(() => undefined, 1000).unref());',
])('a configuration that never ends is 2 and says so: %s', async (code) => {
  const home = freshFolder();
  privateFile(home, 'axios-authorizer.config.ts', `${code}\nexport default { services: {} };`);
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const ran = await cli(['token', 'api'], { home, clock });
  expect([ran.code, ran.err]).toEqual([2, expect.stringContaining('has not ended within 10 s')]);
});
