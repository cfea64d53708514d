// `exec`: how another program gets the token, and what it does not get.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { environmentFor } from '../src/services/secret-variables.js';
import { oauth2Stage, privateFile } from './stage.js';
import { cli } from './test-terminal.js';
import type { Given } from './test-terminal.js';

it('ends as the command does', async () => {
  const { args, env, home } = await oauth2Stage();
  const own = { ...env, PATH: process.env['PATH'] ?? '' };
  const script = 'process.exit(process.env.ACCESS_TOKEN ? 42 : 1)';
  const ran = await cli(['exec', ...args, '--', process.execPath, '-e', script], { env: own, home });
  expect(ran).toMatchObject({ code: 42, out: '', err: '' });
});

/** The environment of a command that exec runs. */
async function environmentIn(argv: readonly string[], given: Given): Promise<Readonly<Record<string, string>>> {
  const file = join(given.home ?? '', 'environment.json');
  const script = `require('node:fs').writeFileSync(${JSON.stringify(file)}, JSON.stringify(process.env))`;
  expect(await cli([...argv, '--', process.execPath, '-e', script], given)).toMatchObject({ code: 0 });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the command has written
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
}

it('leaves what the token was got with out of the environment of the command, and keeps the rest', async () => {
  const { args, env, home, endpoint, issued } = await oauth2Stage();
  const ours = [
    'AXIOS_AUTHORIZER_PASSPHRASE',
    'AXIOS_AUTHORIZER_PASSWORD',
    'AXIOS_AUTHORIZER_REFRESH_TOKEN',
    'ITKDB_ACCESS_CODE1',
    'ITKDB_ACCESS_CODE2',
  ];
  const others = { CLIENT_SECRET: 'of-another-program', AXIOS_AUTHORIZER_DEBUG: '1' };
  const all = { ...env, ...others, ...Object.fromEntries(ours.map((name) => [name, `the-${name}`])) };
  const environment = await environmentIn(['exec', ...args], { env: all, home });
  expect(environment).toMatchObject({ ...others, ACCESS_TOKEN: issued()[0] });
  assertNoSecrets(environment, [endpoint.clientSecret, ...ours.map((name) => `the-${name}`)]);
});

it('leaves out what the service of a configuration names, the key of the store as well', async () => {
  const { env, home, endpoint } = await oauth2Stage();
  const { url: tokenUrl, clientId, clientSecret } = endpoint;
  const service = { kind: 'oauth2', tokenUrl, clientId, clientSecret: 'env:API_SECRET', scope: 'env:SCOPE' };
  const text = JSON.stringify({ services: { api: service }, storeKey: 'env:STORE_KEY' });
  privateFile(home, 'axios-authorizer.config.json', text);
  const own = { API_SECRET: clientSecret, STORE_KEY: Buffer.alloc(32, 7).toString('base64'), SCOPE: 'is no secret' };
  for (let run = 0; run < 2; run += 1) {
    const environment = await environmentIn(['exec', 'api'], { env: { ...env, ...own }, home }); // then a stored token
    expect(environment).toMatchObject({ SCOPE: 'is no secret' });
    assertNoSecrets(environment, [clientSecret, own.STORE_KEY]);
  }
});

it('the variable of the token stays, whatever its name', async () => {
  const { args, env, home, issued } = await oauth2Stage();
  const variable = 'AXIOS_AUTHORIZER_CLIENT_SECRET';
  const environment = await environmentIn(['exec', ...args, '--variable', variable], { env, home });
  expect(environment[variable]).toBe(issued()[0]);
});

it.each([
  ['win32', ['PATH']],
  ['linux', ['itkdb_access_code1', 'access_token', 'PATH']],
] as const)('on %s the case of a name counts as the system has it', (platform, left) => {
  const env = { itkdb_access_code1: 'a', ITKDB_ACCESS_CODE2: 'b', access_token: 'of before', PATH: '/bin' };
  const service = { settings: { kind: 'itkdb' }, storeKey: undefined } as const;
  expect(Object.keys(environmentFor(service, 'ACCESS_TOKEN', { env, platform }))).toEqual(left);
});

it.each([
  ['no token', 125, ['exec', 'nobody', '--', 'true']],
  ['an option behind the name', 125, ['exec', 'api', '--refresh', '--', 'true']],
  ['wrong usage', 125, ['exec', 'nobody', '--no-such-option']],
])('%s is %i', async (_what, code, argv) => {
  expect((await cli(argv)).code).toBe(code);
});

it('takes a service of a configuration, with -- before the command', async () => {
  const { endpoint, env, home } = await oauth2Stage();
  const { url: tokenUrl, clientId } = endpoint;
  const service = { kind: 'oauth2', tokenUrl, clientId, clientSecret: 'env:AXIOS_AUTHORIZER_CLIENT_SECRET' };
  privateFile(home, 'axios-authorizer.config.json', JSON.stringify({ services: { api: service } }));
  const command = [process.execPath, '-e', 'process.exit(process.env.ACCESS_TOKEN ? 42 : 1)'];
  for (const before of [['--'], []])
    expect((await cli(['exec', 'api', ...before, ...command], { env, home })).code).toBe(42);
});

it('a command that is not there is 127, and one that cannot be run 126', async () => {
  const { args, env, home } = await oauth2Stage();
  expect((await cli(['exec', ...args, '--', './not-there'], { env, home })).code).toBe(127);
  expect((await cli(['exec', ...args, '--', home], { env, home })).code).toBe(126);
});

it('a command that a signal ends is 128 and its number', async () => {
  const { args, env, home } = await oauth2Stage();
  const script = 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 10_000)';
  const ran = await cli(['exec', ...args, '--', process.execPath, '-e', script], { env, home });
  expect(ran.code).toBe(143);
});
