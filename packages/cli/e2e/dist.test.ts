// The built program as people run it: in a pipe, in a terminal, killed, interrupted and with a full disk.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assertNoSecrets, startApi, startTokenEndpoint } from '@axios-authorizer/testing';
import type { TokenEndpoint } from '@axios-authorizer/testing';
import { bin, cli, freshHome, shell, startCli, startInTerminal } from './program.js';
import type { Place } from './program.js';

const stops: (() => unknown)[] = [];

afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

interface Stage {
  readonly endpoint: TokenEndpoint;
  /** After `token`, `login` or `exec`. */
  readonly args: readonly string[];
  readonly place: Place;
}

async function stage(): Promise<Stage> {
  const endpoint = await startTokenEndpoint();
  stops.push(() => endpoint.close());
  const env = { AXIOS_AUTHORIZER_CLIENT_SECRET: endpoint.clientSecret };
  const args = ['oauth2', '--token-url', endpoint.url, '--client-id', endpoint.clientId];
  return { endpoint, args, place: { home: freshHome(), env } };
}

/** The texts of all files below a folder. */
function textsIn(folder: string): string {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8')).join('\n');
}

/** The arguments of every process of this machine. */
function processList(): string {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.map((id) => readIfThere(`/proc/${id}/cmdline`)).join('\n');
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

describe('in a pipe', () => {
  it('the token is all that stdout gets', async () => {
    const { args, place, endpoint } = await stage();
    const ended = await cli(['token', ...args], place);
    expect(ended).toEqual({ code: 0, out: `${endpoint.issued[0]}\n`, err: '' });
  });

  it('curl takes the configuration that is made for it', async () => {
    const { args, place, endpoint } = await stage();
    const api = await startApi({ accepts: endpoint });
    stops.push(() => api.close());
    const line = `curl -s -o /dev/null -w '%{http_code}' -K <(axios-authorizer token ${args.join(' ')} --format curl-config) ${api.url}`;
    expect(await shell(line, place)).toMatchObject({ code: 0, out: '200', err: '' });
  });

  it('a reader that has enough is no failure', async () => {
    const { args, place } = await stage();
    const { out, err } = await shell(`axios-authorizer token ${args.join(' ')} | true; echo \${PIPESTATUS[0]}`, place);
    expect({ out, err }).toEqual({ out: '0\n', err: '' });
  });

  it('nobody is asked, and the error says what to set', async () => {
    const { args, place } = await stage();
    const ended = await cli(['token', ...args], { home: place.home });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toContain('AXIOS_AUTHORIZER_CLIENT_SECRET');
  });
});

describe('in a terminal', () => {
  it('the token is hidden unless --show', async () => {
    const { args, place, endpoint } = await stage();
    const hidden = await startInTerminal(['token', ...args], place).ended;
    expect(hidden.code).toBe(0);
    expect(hidden.out).toContain('hidden on a screen');
    assertNoSecrets(hidden, endpoint.secrets);
    const shown = await startInTerminal(['token', ...args, '--show'], place).ended;
    expect(shown.out).toContain(endpoint.issued[0]);
  });

  it('a secret is asked for, and what is typed is not shown', async () => {
    const { args, place, endpoint } = await stage();
    const running = startInTerminal(['token', ...args], { home: place.home });
    await running.seen("The client's secret:");
    running.type(`${endpoint.clientSecret}\r`);
    const ended = await running.ended;
    expect(ended.code).toBe(0);
    assertNoSecrets(ended, endpoint.secrets);
  });

  it('status has colours, and none with NO_COLOR', async () => {
    const { args, place } = await stage();
    await cli(['token', ...args], place);
    const coloured = await startInTerminal(['status'], place).ended;
    expect(coloured.out).toContain('\u001B[');
    const plain = await startInTerminal(['status'], { ...place, env: { NO_COLOR: '1' } }).ended;
    expect(plain.out).not.toContain('\u001B[');
  });
});

describe('stopped', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s while the server hangs is %i', async (signal, code) => {
    const { args, place, endpoint } = await stage();
    const held = endpoint.hangNext();
    const running = startCli(['token', ...args], place);
    await held.arrived;
    running.child.kill(signal);
    expect(await running.ended).toEqual({ code, out: '', err: '' });
  });

  it('kill -9 leaves the stored token as it was', async () => {
    const { args, place, endpoint } = await stage();
    const before = await cli(['token', ...args], place);
    const held = endpoint.hangNext();
    const running = startCli(['token', ...args, '--refresh'], place);
    await held.arrived;
    running.child.kill('SIGKILL');
    await running.ended;
    expect(await cli(['token', ...args], place)).toEqual(before);
  });
});

describe('without what it needs', () => {
  it('a full disk is 5 and says so', async () => {
    const { args, place } = await stage();
    const ended = await shell(`axios-authorizer token ${args.join(' ')} >/dev/full`, place);
    expect(ended).toMatchObject({ code: 5, out: '' });
    expect(ended.err).toContain('The disk is full');
    for (const command of [
      '--help',
      'keys generate keys',
      'keys show keys',
      'keys jwks keys',
      'status --json',
      'completion bash',
    ])
      expect([command, (await shell(`axios-authorizer ${command} >/dev/full`, place)).code]).toEqual([command, 5]);
  });

  it('a state folder that cannot be made is no reason to give no token', async () => {
    const { args, place, endpoint } = await stage();
    writeFileSync(join(place.home, 'file'), '');
    const env = { ...place.env, XDG_STATE_HOME: join(place.home, 'file') };
    const ended = await cli(['token', ...args], { ...place, env });
    expect(ended).toMatchObject({ code: 0, out: `${endpoint.issued[0]}\n` });
    expect(ended.err).toContain('the token could not be stored (ENOTDIR)');
  });
});

describe('exec', () => {
  it('gives the token to the command alone, in its environment', async () => {
    const { args, place, endpoint } = await stage();
    const ended = await cli(['exec', ...args, '--', 'printenv', 'ACCESS_TOKEN'], place);
    expect(ended).toEqual({ code: 0, out: `${endpoint.issued[0]}\n`, err: '' });
  });

  it('passes signals on, and ends as the command does', async () => {
    const { args, place } = await stage();
    const script = "process.on('SIGTERM', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 1000)";
    const running = startCli(['exec', ...args, '--', process.execPath, '-e', script], place);
    await running.seen('ready');
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(7);
  });
});

it('no secret is in the process list, in a message or in a file that others could read', async () => {
  const { args, place, endpoint } = await stage();
  const first = await cli(['token', ...args], place);
  const held = endpoint.hangNext();
  const asking = startCli(['token', ...args, '--refresh'], place);
  const script = "console.log('ready'); setInterval(() => {}, 1000)";
  const child = startCli(['exec', ...args, '--', process.execPath, '-e', script], place);
  await Promise.all([held.arrived, child.seen('ready')]);
  assertNoSecrets(processList(), endpoint.secrets);
  held.release();
  child.child.kill('SIGTERM');
  await Promise.all([asking.ended, child.ended]);
  assertNoSecrets([first.err, textsIn(place.home).replaceAll(/"accessToken":"[^"]*"/g, '')], endpoint.secrets);
  expect(await shell(`find . -type f -perm /077`, place)).toMatchObject({ out: '' });
});

it.each([
  ['mjs', (text: string) => `export default ${text};`],
  [
    'ts',
    (text: string) => `import { defineConfig } from '@axios-authorizer/cli'; export default defineConfig(${text});`,
  ],
])('a configuration in .%s is loaded where nothing is installed', async (ending, made) => {
  const { place, endpoint } = await stage();
  const { url: tokenUrl, clientId } = endpoint;
  const service = { kind: 'oauth2', tokenUrl, clientId, clientSecret: 'env:AXIOS_AUTHORIZER_CLIENT_SECRET' };
  const text = made(JSON.stringify({ services: { api: service } }));
  writeFileSync(join(place.home, `axios-authorizer.config.${ending}`), text, { mode: 0o600 });
  expect(await cli(['token', 'api'], place)).toMatchObject({ code: 0, out: `${endpoint.issued[0]}\n` });
});

/** Time in which ten seconds are over soon. */
const SHORT_WAITS = `import timers from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';
const { setTimeout } = timers;
timers.setTimeout = (ms, ...rest) => setTimeout(Math.min(ms, 200), ...rest);
syncBuiltinESMExports();
`;

it.each(['mjs', 'ts'])('a configuration in .%s that awaits what never comes is 2, and says so', async (ending) => {
  const home = freshHome();
  const preload = join(home, 'short-waits.mjs');
  writeFileSync(preload, SHORT_WAITS);
  const text = 'await new Promise(() => {}); export default { services: {} };';
  writeFileSync(join(home, `axios-authorizer.config.${ending}`), text, { mode: 0o600 });
  const ended = await cli(['token', 'api'], { home, env: { NODE_OPTIONS: `--import=${preload}` } });
  expect(ended).toMatchObject({ code: 2, out: '' });
  expect(ended.err).toContain('its code has not ended within 10 s; is there an `await` of what never comes?');
});

it('what --help loads needs commander and nothing else that is installed', () => {
  expect([...packagesOf(bin)].filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
});

/** The packages that a file of the build imports before it runs, by itself or by its parts. */
function packagesOf(file: string, seen: Set<string> = new Set()): ReadonlySet<string> {
  const found = new Set<string>();
  seen.add(file);
  for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(
    /^(?:import|export) ?(?:[^;]*? ?from ?)?"([^"]+)";/gm,
  )) {
    const part = join(dirname(file), name);
    if (!name.startsWith('.')) found.add(name);
    else if (!seen.has(part)) packagesOf(part, seen).forEach((one) => found.add(one));
  }
  return found;
}
