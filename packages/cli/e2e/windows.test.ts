// The branches for Windows, as far as another system can run them: the platform says so, nobody has a user id, modes say nothing,
// and folders are written with a drive and backslashes.
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoSecrets, startTokenEndpoint } from '@axios-authorizer/testing';
import type { TokenEndpoint } from '@axios-authorizer/testing';
import { until } from '@axios-authorizer/test-kit';
import { cli, freshHome, startCli } from './program.js';
import type { Ended, Place } from './program.js';

const LOCAL = String.raw`C:\Users\ada\AppData\Local`;
const PRELOAD = `Object.defineProperty(process, 'platform', { value: 'win32' });
for (const name of ['getuid', 'geteuid', 'getgid', 'getegid', 'getgroups', 'setuid', 'setgid']) process[name] = undefined;
`;

let endpoint: TokenEndpoint;
beforeAll(async () => {
  endpoint = await startTokenEndpoint();
});
afterAll(() => endpoint.close());

/** A folder of its own; what is written below a drive lies in it. */
function windows(more: Readonly<Record<string, string>> = {}): Place {
  const home = freshHome();
  const preload = join(home, 'windows.mjs');
  writeFileSync(preload, PRELOAD);
  const env = { NODE_OPTIONS: `--import=${preload}`, LOCALAPPDATA: LOCAL, ...more };
  return { home, env };
}

const secret = (): Readonly<Record<string, string>> => ({ AXIOS_AUTHORIZER_CLIENT_SECRET: endpoint.clientSecret });
const service = (): readonly string[] => ['oauth2', '--token-url', endpoint.url, '--client-id', endpoint.clientId];

/** One after the other in the same folder; each must end with 0. */
async function all(place: Place, ...lines: readonly (readonly string[])[]): Promise<readonly Ended[]> {
  const ran: Ended[] = [];
  for (const line of lines) ran.push(await cli(line, place));
  expect(ran.map(({ code }, index) => [lines[index]?.[0], code])).toEqual(lines.map(([command]) => [command, 0]));
  return ran;
}

it('keeps tokens below LOCALAPPDATA, shows them, and forgets them', async () => {
  const place = windows(secret());
  const token = ['token', ...service()];
  const [first, second, status] = await all(place, token, token, ['status'], ['logout', '--all']);
  expect(first?.out).toBe(second?.out);
  expect(status?.out).toContain(endpoint.clientId);
  const folders = readdirSync(place.home).filter((name) => name.startsWith('C:'));
  expect(folders).toEqual([String.raw`${LOCAL}\axios-authorizer`]);
  expect((await cli(['status'], place)).err).toContain('no token is stored');
});

it('without LOCALAPPDATA they are below AppData of the user', async () => {
  const place = windows({ ...secret(), LOCALAPPDATA: '' });
  await all(place, ['token', ...service()]);
  expect(readdirSync(place.home)).toContainEqual(expect.stringMatching(/\\AppData\\Local\\axios-authorizer$/));
});

it('makes, shows and rotates keys', async () => {
  const keys = ['show', 'jwks', 'rotate'].map((command) => ['keys', command, 'keys']);
  const [made] = await all(windows(), ['keys', 'generate', 'keys'], ...keys);
  expect(JSON.parse(made?.out ?? '')).toMatchObject({ keys: [{ alg: 'ES384' }] });
});

it('takes a configuration and a secret whose modes say nothing there', async () => {
  const place = windows();
  const api = { kind: 'oauth2', tokenUrl: endpoint.url, clientId: endpoint.clientId, clientSecret: 'file:secret.txt' };
  const config = join(place.home, 'axios-authorizer.config.mjs');
  writeFileSync(config, `export default ${JSON.stringify({ services: { api } })};`);
  writeFileSync(join(place.home, 'secret.txt'), `${endpoint.clientSecret}\r\n`);
  for (const name of ['axios-authorizer.config.mjs', 'secret.txt']) chmodSync(join(place.home, name), 0o666);
  const [ran] = await all(place, ['token', 'api'], ['token', 'api', '--config', config], ['doctor', 'api']);
  expect(ran?.out).toMatch(/^\S+\r?\n$/);
});

it('exec ends as the command does, and says how a .cmd is run where there is no such command', async () => {
  const place = windows(secret());
  const ran = await cli(['exec', ...service(), '--', process.execPath, '-e', 'process.exit(7)'], place);
  expect(ran).toMatchObject({ code: 7, err: '' });
  const missing = await cli(['exec', ...service(), '--', 'nowhere'], place);
  expect([missing.code, missing.err]).toEqual([127, expect.stringContaining('cmd /c NAME')]);
});

it('opens the browser by rundll32, with the whole URL as one argument that nothing reads as a command', async () => {
  const place = windows();
  const seen = join(place.home, 'seen');
  const opener = join(place.home, 'rundll32');
  writeFileSync(
    opener,
    `#!/bin/sh\nfor word in "$@"; do echo "$word"; done > '${seen}.new'; mv '${seen}.new' '${seen}'\n`,
  );
  chmodSync(opener, 0o700);
  const url = 'http://127.0.0.1:1/authorize?tenant=a%26calc&next=%25PATH%25';
  const args = ['login', 'oauth2', '--token-url', endpoint.url, '--client-id', 'a', '--authorization-url', url];
  const env = { ...place.env, PATH: `${place.home}:${process.env['PATH'] ?? ''}` };
  const running = startCli(args, { ...place, env });
  await running.seen('code_challenge_method=S256');
  await until(() => existsSync(seen));
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  const [, printed] = /^ {2}(http:\S+)$/m.exec(running.printed()) ?? [];
  const [handler, opened, ...rest] = readFileSync(seen, 'utf8').trimEnd().split('\n');
  expect([handler, rest]).toEqual(['url.dll,FileProtocolHandler', []]);
  expect(opened).toBe(printed);
  expect(opened).toContain('?tenant=a%26calc&next=%25PATH%25&');
});

it('no command fails for want of what only POSIX has', async () => {
  const place = windows(secret());
  const ran = [
    await cli(['--help'], place),
    await cli(['completion', 'bash'], place),
    await cli(['doctor', ...service(), '--report', 'page.md'], place),
    await cli(['login', 'itkdb', '--auth-url', 'http://127.0.0.1:1/'], place),
  ];
  expect(ran.map(({ code }) => code)).toEqual([0, 0, 0, 2]);
  assertNoSecrets(ran, [endpoint.clientSecret]);
});
