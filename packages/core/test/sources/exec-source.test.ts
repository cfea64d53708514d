// A program that prints a token: what may it print, what of one that fails, and does anything of it stay behind?
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer, ConfigurationError } from '../../src/index.js';
import type { AuthorizerOptions } from '../../src/index.js';
import { execSource } from '../../src/node/index.js';
import type { ExecSourceOptions } from '../../src/node/index.js';
import { failureOf } from '../lifecycle/stage.js';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'exec-source-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** A program in JavaScript. */
function program(script: string, more: Partial<ExecSourceOptions> = {}): ExecSourceOptions {
  return { command: process.execPath, args: ['-e', script], cwd: folder, ...more };
}

/** One that prints a value as JSON. */
function printing(value: unknown): ExecSourceOptions {
  return { command: '/bin/echo', args: [JSON.stringify(value)] };
}

function running(given: ExecSourceOptions, options: AuthorizerOptions = {}): Authorizer {
  const clock = new ManualClock(0);
  return new Authorizer(execSource({ clock, ...given }), { clock, maxRetries: 0, ...options });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The process id that a program wrote. */
async function pidIn(name: string): Promise<number> {
  const file = join(folder, name);
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'), `the process id in ${name}`);
  return Number(readFileSync(file, 'utf8'));
}

/** A program that starts another and then waits for ever, as does the other; both write down who they are. */
const family = `
  const { spawn } = require('node:child_process');
  const { writeFileSync } = require('node:fs');
  spawn(process.execPath, ['-e', 'require("node:fs").writeFileSync("child", process.pid + "\\\\n"); setInterval(() => {}, 1000)'], { stdio: 'inherit' });
  writeFileSync('parent', process.pid + '\\n');
  process.on('SIGTERM', () => {});
`;

const v1 = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential' };

it.each([
  ['v1', { ...v1, status: { token: 'the-token', expirationTimestamp: '1970-01-01T00:10:00Z' } }],
  [
    'v1beta1, with a certificate beside it',
    {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      kind: 'ExecCredential',
      spec: {},
      status: { token: 'the-token', expirationTimestamp: '1970-01-01T02:10:00+02:00', clientCertificateData: 'PEM' },
    },
  ],
  ['an answer of a token endpoint', { access_token: 'the-token', expires_in: 600, refresh_token: 'kept-out' }],
  ['an answer with a lifetime as text', { access_token: 'the-token', token_type: 'bearer', expires_in: '600' }],
])('%s is read, with its expiry (C27)', async (_what, printed) => {
  const token = await running(printing(printed)).getToken();
  expect(token).toMatchObject({ accessToken: 'the-token', expiresAt: new Date(600_000) });
  expect(token.refreshToken).toBeUndefined();
});

it.each([
  ['an ExecCredential', { ...v1, status: { token: 'the-token' } }],
  ['an ExecCredential with an empty one', { ...v1, status: { token: 'the-token', expirationTimestamp: null } }],
  ['an answer', { access_token: 'the-token' }],
])('%s without an expiry is good until it is rejected (C27)', async (_what, printed) => {
  expect(await running(printing(printed)).getToken()).toEqual({ accessToken: 'the-token', issuedAt: new Date(0) });
});

it.each([
  [
    'an ExecCredential with a certificate alone',
    { ...v1, status: { clientCertificateData: 'PEM' } },
    'certificate and no token',
  ],
  ['an ExecCredential without a status', { ...v1 }, 'without `status.token`'],
  ['an ExecCredential with an empty token', { ...v1, status: { token: '' } }, 'without `status.token`'],
  [
    'an ExecCredential of another version',
    { ...v1, apiVersion: 'client.authentication.k8s.io/v1alpha1', status: { token: 'secret-token' } },
    'of client.authentication.k8s.io/v1 or v1beta1',
  ],
  ['another kind', { ...v1, kind: 'TokenReview', status: { token: 'secret-token' } }, 'is no ExecCredential'],
  [
    'an ExecCredential with a time that is none',
    { ...v1, status: { token: 'secret-token', expirationTimestamp: 'tomorrow' } },
    'no time of RFC 3339',
  ],
  [
    'a number for a time',
    { ...v1, status: { token: 'secret-token', expirationTimestamp: 600 } },
    'no time of RFC 3339',
  ],
  ['a lifetime that is none', { access_token: 'secret-token', expires_in: 'soon' }, 'no number of seconds'],
  ['a token of another type', { access_token: 'secret-token', token_type: 'mac' }, 'not Bearer'],
  [
    'another JSON',
    { token: 'secret-token' },
    'neither an ExecCredential nor { "access_token", "expires_in" } (it has token)',
  ],
  ['a token with a line break', { access_token: 'secret\ntoken' }, 'a line break'],
  ['a list', ['secret-token'], 'is no JSON object'],
])('%s is a ConfigurationError that repeats no token (C11, C27)', async (_what, printed, message) => {
  const error = await failureOf(running(printing(printed)).getToken());
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain(message);
  expect(error.message).not.toContain('secret');
});

it.each([
  ['nothing', ''],
  ['a bare token', 'secret-token'],
  ['words before the JSON', 'Logging in\n{"access_token":"secret-token"}'],
])('%s in place of JSON is a ConfigurationError that says what to print (C11, C27)', async (_what, text) => {
  const error = await failureOf(running({ command: '/bin/echo', args: [text] }).getToken());
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toMatch(
    /^What the program "\/bin\/echo" printed is no JSON object; it must be an ExecCredential or/,
  );
  expect(error.message).not.toContain('secret');
});

it('one run is shared by all who wait, and a token that is due is had by another run (C2, C27)', async () => {
  const script = `
    require('node:fs').appendFileSync('runs', 'x');
    const { length } = require('node:fs').readFileSync('runs', 'utf8');
    console.log(JSON.stringify({ access_token: 'run-' + length, expires_in: 600 }));`;
  const clock = new ManualClock(0);
  const auth = running(program(script, { clock }), { clock });
  const tokens = await Promise.all(Array.from({ length: 20 }, () => auth.getToken()));
  expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['run-1']));
  clock.set(599_999);
  expect(await auth.getToken()).toMatchObject({ accessToken: 'run-2', expiresAt: new Date(1_199_999) });
});

it('arguments and environment reach the program as they are, and no shell reads them (C27)', async () => {
  const script = `
    const [, ...args] = process.argv;
    console.log(JSON.stringify({ access_token: Buffer.from(JSON.stringify([args, process.env.OWN, Object.keys(process.env).includes('HOME')])).toString('hex') }));`;
  const args = ['-e', script, '$HOME', '; touch here', '`id`', 'a b', '*', ''];
  const given = { command: process.execPath, args, env: { OWN: '$(touch there)' }, cwd: folder };
  const { accessToken } = await running(given).getToken();
  expect(JSON.parse(Buffer.from(accessToken, 'hex').toString())).toEqual([args.slice(2), '$(touch there)', false]);
  expect([existsSync(join(folder, 'here')), existsSync(join(folder, 'there'))]).toEqual([false, false]);
});

it('by default the program has this process’s environment, and nothing to read (C27)', async () => {
  const script = `
    process.stdin.on('data', () => {}).on('end', () =>
      console.log(JSON.stringify({ access_token: String(process.env.PATH !== undefined) + process.stdin.isTTY })));`;
  expect(await running(program(script)).getToken()).toMatchObject({ accessToken: 'trueundefined' });
});

it.each([
  ['a program that is nowhere', { command: 'no-such-program-anywhere' }, 'not found in PATH'],
  ['a folder', { command: tmpdir() }, 'EACCES'],
  ['a working folder that is not there', { command: '/bin/echo', cwd: '/no/such/folder' }, '`cwd` is not there'],
])('%s is a ConfigurationError that names it (C27)', async (_what, given, message) => {
  const error = await failureOf(running(given).getToken());
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain(JSON.stringify(given.command));
  expect(error.message).toContain(message);
});

it('a program that fails: its exit code and the end of what it said stand in the error, on one line (C27)', async () => {
  const script = `
    process.stderr.write('x'.repeat(10000) + '\\n\\u001b[31mError:\\u001b[0m not\\r\\nlogged in\\u0007; run corp login\\n');
    process.exitCode = 3;`;
  const error = await failureOf(running(program(script)).getToken());
  expect(error).toMatchObject({ code: 'source_failed', kind: 'unavailable', transient: false });
  expect(error.message).toMatch(
    /^The program ".*" ended with the exit code 3: … x+ Error: not logged in ; run corp login$/,
  );
  expect(error.message.length).toBeLessThan(700);
});

it('a program that fails without a word, and one that is ended by a signal (C27)', async () => {
  const silent = await failureOf(running({ command: '/bin/false' }).getToken());
  expect(silent.message).toBe('The program "/bin/false" ended with the exit code 1');
  const killed = await failureOf(
    running(program("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 1000)")).getToken(),
  );
  expect(killed.message).toMatch(/was ended by SIGTERM$/);
});

it('what a program says of its secrets does not come out: of its environment, its arguments, its output, any JWT (C11, C27)', async () => {
  const script = `
    const said = [process.env.CLIENT_SECRET, process.argv.slice(1).join(' '), 'printed-token-0123456789'];
    console.log(JSON.stringify({ access_token: 'printed-token-0123456789' }));
    console.error('failed with', ...said, Buffer.from(process.env.CLIENT_SECRET).toString('base64'), 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.');
    process.exitCode = 1;`;
  const args = ['-e', script, '--', '--password', 'pass-in-args', '--token=token-in-args', 'shown'];
  const env = { CLIENT_SECRET: 'secret-in-environment' };
  const error = await failureOf(running({ command: process.execPath, args, env }).getToken());
  expect(error.message).toContain('failed with [redacted] ');
  expect(error.message).toContain('shown');
  for (const secret of [
    'secret-in-environment',
    'pass-in-args',
    'token-in-args',
    'printed-token',
    'eyJ',
    'c2VjcmV0LWlu',
  ])
    expect(`${error.message}${error.stack}`).not.toContain(secret);
});

it('a secret that is inherited from this process’s environment does not come out either (C11, C27)', async () => {
  process.env['EXEC_SOURCE_TEST_TOKEN'] = 'inherited-secret';
  const error = await failureOf(
    running(program('console.error("inherited-secret"); process.exitCode = 1')).getToken(),
  ).finally(() => delete process.env['EXEC_SOURCE_TEST_TOKEN']);
  expect(error.message).toMatch(/exit code 1: \[redacted\]$/);
});

it('at its limit the whole process group is killed, and the error names the program (C4, C27)', async () => {
  const clock = new ManualClock(0);
  const auth = running(program(family), { clock, timeoutMs: 5_000 });
  const failed = failureOf(auth.getToken());
  const pids = [await pidIn('parent'), await pidIn('child')];
  expect(pids.map(isAlive)).toEqual([true, true]);
  await clock.advance(5_000);
  const error = await failed;
  expect(error).toMatchObject({ code: 'timeout', kind: 'unavailable', transient: true });
  expect(error.message).toContain('had not ended within `timeoutMs`');
  await until(() => !pids.some(isAlive), 'both processes to end');
});

it('at a logout the whole process group is killed (C27)', async () => {
  const auth = running(program(family));
  const failed = failureOf(auth.getToken());
  const pids = [await pidIn('parent'), await pidIn('child')];
  await auth.logout();
  expect(await failed).toMatchObject({ code: 'logged_out' });
  await until(() => !pids.some(isAlive), 'both processes to end');
});

it('a caller that leaves does not end a run that others wait for (C4, C27)', async () => {
  const script = `
    require('node:fs').writeFileSync('parent', process.pid + '\\n');
    const timer = setInterval(() => {
      if (!require('node:fs').existsSync('go')) return;
      clearInterval(timer);
      console.log('{"access_token":"the-token"}');
    }, 5);`;
  const auth = running(program(script));
  const leaving = new AbortController();
  const [left, stayed] = [failureOf(auth.getToken({ signal: leaving.signal })), auth.getToken()];
  await pidIn('parent');
  leaving.abort();
  expect(await left).toMatchObject({ code: 'ERR_CANCELED' });
  writeFileSync(join(folder, 'go'), '');
  expect(await stayed).toMatchObject({ accessToken: 'the-token' });
});

it('what a program leaves behind in its group is ended with it, and does not hold up its token (C27)', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
    require('node:fs').writeFileSync('child', child.pid + '\\n');
    console.log('{"access_token":"the-token"}');
    child.unref();`;
  expect(await running(program(script)).getToken()).toMatchObject({ accessToken: 'the-token' });
  const pid = await pidIn('child');
  await until(() => !isAlive(pid), 'the process to end');
});

it('a daemon that keeps the output open does not hold up the token, and lives on (C27)', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true });
    require('node:fs').writeFileSync('child', child.pid + '\\n');
    console.log('{"access_token":"the-token"}');
    child.unref();`;
  const clock = new ManualClock(0);
  const asked = running(program(script, { clock }), { clock }).getToken();
  const pid = await pidIn('child');
  await clock.sleeping(2); // the limit of the acquisition, and the rest of the output
  await clock.advance(500);
  expect(await asked).toMatchObject({ accessToken: 'the-token' });
  expect(isAlive(pid)).toBe(true);
  process.kill(pid);
});

/** Values that differ, by the names under which secrets are kept. */
const byName = Object.fromEntries(
  [
    'DB_PASS',
    'PGPASSWORD',
    'GH_PAT',
    'MYSQL_PWD',
    'DBPWD',
    'AUTH',
    'NPM_CONFIG__AUTH',
    'GOOGLE_CREDENTIALS',
    'AZURE_CREDS',
    'SIGNING_KEY',
    'Bearer',
    'SENTRY_DSN',
  ].map((name, index) => [name, `${index}-a-value-of-theirs`]),
);

it.each([
  ['environment', { env: byName }],
  ['arguments', { args: ['--', ...Object.entries(byName).map(([name, value]) => `--${name}=${value}`)] }],
])('what is secret by its name in its %s does not come out (C11, C27)', async (_where, { env, args = [] }: Given) => {
  const script = `console.error('failed with', ...${JSON.stringify(Object.values(byName))}); process.exitCode = 1;`;
  const given = program(script, { env });
  const error = await failureOf(running({ ...given, args: [...(given.args ?? []), ...args] }).getToken());
  expect(error.message).toMatch(/failed with(?: \[redacted\]){12}$/);
});

type Given = Pick<Partial<ExecSourceOptions>, 'env' | 'args'>;

it.each([
  ['DATABASE_URL', 'postgres://app:a-value-of-theirs@db.example/x'],
  ['HTTPS_PROXY', 'http://:a-value-of-theirs@proxy.example:8080'],
])('neither does the password in the URL of %s (C11, C27)', async (name, url) => {
  const script = `console.error('failed with', process.env[${JSON.stringify(name)}]); process.exitCode = 1;`;
  const error = await failureOf(running(program(script, { env: { [name]: url } })).getToken());
  expect(error.message).toMatch(/failed with .*:\[redacted\]@/);
});

it('where it ran, who wrote it, and which path it has are no secrets (C27)', async () => {
  const env = {
    PWD: '/srv/the-folder',
    PATH: '/opt/the-programs',
    GIT_AUTHOR_NAME: 'the-author',
    SSH_AUTH_SOCK: '/run/agent',
  };
  const script = `console.error(...${JSON.stringify(Object.keys(env))}.map((name) => process.env[name])); process.exitCode = 1;`;
  const error = await failureOf(running(program(script, { env })).getToken());
  expect(error.message).toContain(Object.values(env).join(' '));
});

it('a program that prints without end is killed after 1 MiB (C27)', async () => {
  const script = `
    require('node:fs').writeFileSync('parent', process.pid + '\\n');
    const more = () => process.stdout.write('x'.repeat(65536), more);
    more();`;
  const error = await failureOf(running(program(script)).getToken());
  expect(error).toBeInstanceOf(ConfigurationError);
  expect(error.message).toContain('more than 1 MiB');
  const pid = await pidIn('parent');
  await until(() => !isAlive(pid), 'the process to end');
});

it('a program that complains without end is not kept in memory, and its token is taken (C27)', async () => {
  const script = `
    let left = 100;
    const more = () => (left -= 1) > 0 ? process.stderr.write('x'.repeat(65536), more) : console.log('{"access_token":"the-token"}');
    more();`;
  expect(await running(program(script)).getToken()).toMatchObject({ accessToken: 'the-token' });
});

it('thirty at once leave no listeners, and warn nobody (C13, C27)', async () => {
  const warned: unknown[] = [];
  const note = (warning: unknown): number => warned.push(warning);
  process.on('warning', note);
  const before = process.listenerCount('exit');
  const all = Array.from({ length: 30 }, () => running(printing({ access_token: 'the-token' })).getToken());
  await Promise.all(all);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  expect([warned, process.listenerCount('exit')]).toEqual([[], before]);
});

it.each([
  [undefined, 'needs `command`'],
  [{}, 'needs `command`'],
  [{ command: '' }, 'needs `command`'],
  [{ command: 'x', args: 'y z' }, '`args` of execSource must be a list'],
  [{ command: 'x', args: [1] }, '`args` of execSource must be a list'],
  [{ command: 'x\0' }, 'must hold no NUL'],
  [{ command: 'x', arg: [] }, 'did you mean args?'],
  [{ cmd: 'x' }, 'knows no option cmd'],
])('execSource(%j) is a ConfigurationError (C27)', (given, message) => {
  expect(() => execSource(given as ExecSourceOptions)).toThrow(ConfigurationError);
  expect(() => execSource(given as ExecSourceOptions)).toThrow(message);
});
