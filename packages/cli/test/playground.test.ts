// The command `playground`: what it prints can be pasted, what comes is shown, and Ctrl-C ends it with its ports closed.
import * as core from '@axios-authorizer/core';
import * as dpop from '@axios-authorizer/core/dpop';
import axios from 'axios';
import { until } from '@axios-authorizer/test-kit';
import { assertNoSecrets } from '@axios-authorizer/testing';
import { run } from '../src/program.js';
import { cli, clockAhead, freshFolder, testTerminal } from './test-terminal.js';
import type { TestTerminal } from './test-terminal.js';

interface Playground {
  readonly terminal: TestTerminal;
  readonly env: Readonly<Record<string, string>>;
  /** Presses Ctrl-C. @returns the exit code */
  readonly end: () => Promise<number>;
}

async function started(
  args: readonly string[] = [],
  given: Parameters<typeof testTerminal>[0] = {},
): Promise<Playground> {
  const terminal = testTerminal(given);
  const ended = run(['playground', ...args], terminal);
  await until(() => terminal.printed().out.includes('Requests:'), 'the playground');
  const lines = [...terminal.printed().out.matchAll(/^export (\w+)=(.*)$/gm)];
  const env = Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
  const end = (): Promise<number> => {
    terminal.signal('SIGINT');
    return ended;
  };
  return { terminal, env, end };
}

/** The printed program, run here: its imports are what this test imports. */
async function runSample(printed: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const [, code = ''] = /axios:\n(import axios[\s\S]*?\n}\n)/.exec(printed) ?? [];
  const names = [...code.matchAll(/^import {(.*)} from '@axios-authorizer\/core(?:\/dpop)?';$/gm)].flatMap(
    ([, list = '']) => list.split(',').map((name) => name.trim()),
  );
  const said: string[] = [];
  const { constructor: make } = Object.getPrototypeOf(async () => undefined) as { constructor: FunctionConstructor };
  const program = make('axios', 'process', 'console', 'setTimeout', ...names, code.replace(/^import .*$/gm, '')) as (
    ...args: unknown[]
  ) => Promise<void>;
  const console = { log: (line: string) => said.push(line) };
  const atOnce = (wake: () => void): unknown => setImmediate(wake);
  const all = { ...core, ...dpop };
  await program(
    axios,
    { env: { ...env, SECONDS: '3' } },
    console,
    atOnce,
    ...names.map((name) => Reflect.get(all, name) as unknown),
  );
  return said;
}

it.each([[[]], [['--rotation', '--ttl', '1h']], [['--dpop']], [['--dpop-nonce', '--rotation']]])(
  'the sample that is printed runs as printed, with %j',
  async (args) => {
    const { terminal, env, end } = await started(args);
    const said = await runSample(terminal.printed().out, env);
    expect(said).toEqual(['second 1: 200', 'second 2: 200', 'second 3: 200']);
    expect(await end()).toBe(0);
    expect(terminal.printed().out).toMatch(
      /\d\d:\d\d:\d\d POST \/token 200 (?:client_credentials|password), token #1\n/,
    );
    expect(terminal.printed().out).toMatch(/\d\d:\d\d:\d\d GET \/items 200 (?:DPoP, )?token #1\n/);
  },
);

it('no token is printed, whatever comes', async () => {
  const { terminal, env, end } = await started();
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: `${env['CLIENT_ID']}`,
    client_secret: `${env['CLIENT_SECRET']}`,
  });
  const { data } = await axios.post<{ access_token: string }>(`${env['TOKEN_URL']}`, form);
  const accepted = await axios.get(`${env['API_URL']}/a`, {
    headers: { Authorization: `Bearer ${data.access_token}` },
  });
  const rejected = await axios.get(`${env['API_URL']}/b`, {
    headers: { Authorization: 'Bearer of-somebody-else' },
    validateStatus: null,
  });
  await axios.post(`${env['TOKEN_URL']}`, 'grant_type=%1b[2Jevil', { validateStatus: null });
  await end();
  expect([accepted.status, rejected.status]).toEqual([200, 401]);
  expect(terminal.printed().out).toMatch(/GET \/b 401 Bearer unknown: invalid_token\n/);
  expect(terminal.printed().out).toMatch(/POST \/token 401 \?\[2Jevil: invalid_client\n/);
  assertNoSecrets(terminal.printed(), [data.access_token, 'of-somebody-else']);
});

it('no other machine can reach it: it listens on 127.0.0.1', async () => {
  const { env, end } = await started();
  for (const name of ['TOKEN_URL', 'API_URL']) {
    const url = new URL(`${env[name]}`);
    expect(url.hostname).toBe('127.0.0.1');
    url.hostname = '127.0.0.2'; // answers where all addresses are listened to
    await expect(axios.get(url.href, { validateStatus: null })).rejects.toThrow(/^connect /);
  }
  await end();
});

it('its ports are closed when it has ended', async () => {
  const { env, end } = await started();
  expect(await end()).toBe(0);
  for (const name of ['TOKEN_URL', 'API_URL'])
    await expect(axios.get(`${env[name]}`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('with --dpop-nonce it shows what each server wants of a proof, and no line that would not work', async () => {
  const { terminal, env, end } = await started(['--dpop-nonce']);
  await runSample(terminal.printed().out, env);
  await axios.get(`${env['API_URL']}/a`, { validateStatus: null });
  await end();
  const { out } = terminal.printed();
  expect(out).not.toContain('axios-authorizer token');
  const requests = out.slice(out.indexOf('Requests:')).split('\n').slice(1, -1);
  expect(requests.map((line) => line.slice('00:00:00 '.length))).toEqual([
    'POST /token 400 client_credentials: use_dpop_nonce',
    'POST /token 200 client_credentials, token #1',
    'GET /items 401 DPoP, token #1: use_dpop_nonce',
    'GET /items 200 DPoP, token #1',
    'GET /items 200 DPoP, token #1',
    'GET /items 200 DPoP, token #1',
    'GET /a 401 none: unauthorized',
  ]);
});

it.each([
  ['in the browser', '', /GET \/authorize 303\n(?:.*\n)*.*POST \/token 200 authorization_code, token #1\n/],
  ['on another device', '--device', /GET \/device 200\n(?:.*\n)*.*POST \/token 200 device_code, token #1\n/],
])('a person signs in %s by the line that is printed, and the next line uses the token', async (_, flag, shown) => {
  const { terminal, env, end } = await started();
  const lines = [...terminal.printed().out.matchAll(/^axios-authorizer (login .*)$/gm)].map(([, line = '']) => line);
  const line = lines.find((one) => one.endsWith('--device') === (flag !== '')) ?? '';
  const home = freshFolder();
  const approve = async (url: string): Promise<boolean> => (await fetch(`${url}&approve`)).ok;
  const person = testTerminal({ env, home, clock: clockAhead(0), open: (_command, args) => approve(`${args.at(-1)}`) });
  const signedIn = run(line.split(' '), person);
  if (flag) {
    await until(() => person.printed().err.includes('or open'), 'the code');
    await approve(/or open (\S+)/.exec(person.printed().err)?.[1] ?? '');
  }
  expect(await signedIn).toBe(0);
  const [, token = ''] = /^axios-authorizer (token .*) \|/m.exec(terminal.printed().out) ?? [];
  const ran = await cli(token.split(' '), { env, home });
  const [name = '', value = ''] = ran.out.trim().split(': ');
  expect((await axios.get(`${env['API_URL']}/items`, { headers: { [name]: value } })).status).toBe(200);
  await end();
  expect(terminal.printed().out).toMatch(shown);
  expect(terminal.printed().out).toMatch(/GET \/items 200 token #1\n/);
  assertNoSecrets(terminal.printed(), [value.replace('Bearer ', '')]);
});

it('the other commands work with the lines that it prints', async () => {
  const { terminal, env, end } = await started();
  const commands = [
    ...terminal.printed().out.matchAll(/^axios-authorizer ((?:token|doctor) [^|\n]+)(?: \| .+)?$/gm),
  ].map(([, line = '']) => line.split(' '));
  const codes: number[] = [];
  for (const command of commands) codes.push((await cli(command, { env })).code);
  await end();
  expect(codes).toEqual([0, 0]);
});

it('--port is the port of the server, and the next one that of the API; a port that is taken is said', async () => {
  const port = 20_000 + (process.pid % 9_000); // below those that systems give out
  const { env, end } = await started(['--port', String(port)]);
  expect([env['TOKEN_URL'], env['API_URL']]).toEqual([
    `http://127.0.0.1:${port}/token`,
    `http://127.0.0.1:${port + 1}`,
  ]);
  const second = await cli(['playground', '--port', String(port)]);
  expect(second.code).toBe(2);
  expect(second.err).toContain('take another --port');
  expect(await end()).toBe(0);
});

it.each([
  ['a lifetime that is none', ['--ttl', 'soon'], /--ttl/],
  ['a lifetime of nothing', ['--ttl', '0s'], /--ttl/],
  ['a port that is none', ['--port', 'http'], /--port/],
  ['the last port, which leaves none to the API', ['--port', '65535'], /--port/],
])('%s ends with 2 and names the option', async (_name, args, words) => {
  const ran = await cli(['playground', ...args]);
  expect(ran).toMatchObject({ code: 2, out: '' });
  expect(ran.err).toMatch(words);
});

it('the lines for the environment are PowerShell on Windows', async () => {
  const { terminal, end } = await started([], { platform: 'win32' });
  await end();
  expect(terminal.printed().out).toMatch(/^\$env:TOKEN_URL = 'http:\/\/127\.0\.0\.1:\d+\/token'$/m);
});
