// What an authorizer does to the process it lives in: does it keep it alive, let it die, or kill it? Each script runs in
// a process of its own, against the built package.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { until } from '@axios-authorizer/test-kit';

interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

// Far below the 30 s of a forgotten acquisition limit, far above what a start takes.
const patienceMs = 15_000;
const names = 'Authorizer, AuthenticationError, memoryTokenStore, clientCredentialsSource, publicClient';

function run(script: string, type: 'module' | 'commonjs' = 'module'): Promise<Ended> {
  const from = '@axios-authorizer/core';
  const first = type === 'module' ? `import { ${names} } from '${from}';` : `const { ${names} } = require('${from}');`;
  const options = { cwd: dirname(__dirname), timeout: patienceMs };
  return new Promise((resolve) => {
    execFile(process.execPath, [`--input-type=${type}`, '-e', first + script], options, (error, stdout, stderr) => {
      resolve({ code: error?.signal ?? error?.code ?? 0, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
}

function quiet(stdout: string): Ended {
  return { code: 0, stdout, stderr: '' };
}

/** A clock that the script moves by hand, and a token that is stale at 80 s, ended at 100 s. */
const byHand = `
  let now = 0;
  const sleep = (ms, signal) => new Promise((_, no) => signal?.addEventListener('abort', () => no(signal.reason)));
  const clock = { now: () => now, sleep };
  const observer = (event) => event.type === 'failed' && console.log(event.reason, event.code);
  const initialToken = { accessToken: 'old', issuedAt: new Date(0), expiresAt: new Date(100_000) };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  let fail;
  const hook = () => new Promise((_, reject) => (fail = () => reject(new Error('away'))));
`;

it.each([
  [
    'a background refresh fails after the token has ended',
    `const auth = new Authorizer(hook, { clock, observer, initialToken });
     now = 80_000;
     await auth.getToken();
     await turn();
     now = 200_000;
     fail();
     await turn();`,
    'stale source_failed',
  ],
  [
    'everybody who waited has left before the failure',
    `const auth = new Authorizer(hook, { clock, observer });
     const leaving = new AbortController();
     const calls = [auth.getToken({ signal: leaving.signal }), auth.getToken({ force: true, signal: leaving.signal })];
     await turn();
     leaving.abort();
     await Promise.allSettled(calls);
     fail();
     await turn();
     fail();
     await turn();`,
    'missing source_failed\nforced source_failed',
  ],
  [
    'a refresh is discarded by a logout, and its source fails later',
    `const auth = new Authorizer(hook, { clock, observer, initialToken });
     now = 80_000;
     await auth.getToken();
     await turn();
     await auth.logout();
     fail();
     await turn();`,
    'stale logged_out',
  ],
  [
    'a store rejects each of its calls after they were given up',
    `const store = { load: () => late(), save: () => late(), clear: () => late(), exclusive: () => late() };
     const rejects = [];
     const late = () => new Promise((_, reject) => rejects.push(() => reject(new Error('late'))));
     const auth = new Authorizer(async () => 'new', { observer, store, storeTimeoutMs: 1 });
     console.log((await auth.getToken()).accessToken);
     rejects.forEach((reject) => reject());
     await turn();`,
    'new',
  ],
  [
    'a token is refused again and again by a failing source',
    `const auth = new Authorizer(async () => { throw new Error('away'); }, { clock, observer, initialToken });
     const rejected = auth.token;
     await Promise.allSettled(Array.from({ length: 100 }, () => auth.getToken({ rejected })));
     await turn();`,
    'unauthorized source_failed',
  ],
])('no rejection goes unhandled when %s (C13)', async (_when, script, told) => {
  expect(await run(byHand + script)).toEqual(quiet(told));
});

it('a rejection that nobody handles would be seen by these tests', async () => {
  expect(await run(`Promise.reject(new Error('loose'));`)).toMatchObject({ code: 1 });
});

it.each([
  ['holds a live token', `await new Authorizer(async () => 'token').getToken();`],
  ['holds nothing', `new Authorizer(async () => 'token');`],
  [
    'rests after a failure',
    `await new Authorizer(async () => { throw new Error('away'); }).getToken().catch(() => 0);`,
  ],
  [
    'has a refresh hanging in the background',
    `const issuedAt = new Date(Date.now() - 3_000_000);
     const initialToken = { accessToken: 'old', issuedAt, expiresAt: new Date(Date.now() + 200_000) };
     let asked = 0;
     const auth = new Authorizer(() => { asked += 1; return new Promise(() => undefined); }, { initialToken });
     await auth.getToken();
     await new Promise((resolve) => setImmediate(resolve));
     if (asked !== 1) throw new Error('no refresh has begun');`,
  ],
  [
    'was left by all who waited for a hanging refresh',
    `const auth = new Authorizer(() => new Promise(() => undefined));
     const leaving = new AbortController();
     const call = auth.getToken({ signal: leaving.signal }).catch(() => undefined);
     setImmediate(() => leaving.abort());
     await call;`,
  ],
  [
    'backs off in the background',
    `const issuedAt = new Date(Date.now() - 3_000_000);
     const initialToken = { accessToken: 'old', issuedAt, expiresAt: new Date(Date.now() + 200_000) };
     const later = { code: 'network', kind: 'unavailable', transient: true, retryAfterMs: 20_000 };
     const auth = new Authorizer(async () => { throw new AuthenticationError('away', later); }, { initialToken });
     await auth.getToken();
     await new Promise((resolve) => setImmediate(resolve));`,
  ],
])('a process whose authorizer %s ends by itself (C13)', async (_what, script) => {
  expect(await run(`${script}\nconsole.log('done');`)).toEqual(quiet('done'));
});

/** A token after a moment that does not by itself keep the process alive. */
const faint = `const faint = (answer) => new Promise((resolve) => setTimeout(resolve, 50, answer).unref());`;
const tell = `.then((token) => console.log(token.accessToken), (error) => console.log(error.code));`;

it.each([
  ['the source', `new Authorizer(() => faint('token')).getToken()${tell}`, 'token'],
  [
    'a backoff',
    `const later = { code: 'network', kind: 'unavailable', transient: true, retryAfterMs: 50 };
     let asked = 0;
     const hook = async () => { if (asked++ === 0) throw new AuthenticationError('away', later); return 'token'; };
     new Authorizer(hook).getToken()${tell}`,
    'token',
  ],
  [
    'a store that is given up',
    `const store = { ...memoryTokenStore(), load: () => new Promise(() => undefined) };
     new Authorizer(async () => 'token', { store, storeTimeoutMs: 50 }).getToken()${tell}`,
    'token',
  ],
  [
    'the refresh queued behind another',
    `const auth = new Authorizer(() => faint('token'));
     void auth.getToken();
     auth.getToken({ force: true })${tell}`,
    'token',
  ],
  [
    'a source that never answers, until the limit',
    `new Authorizer(() => new Promise(() => undefined), { timeoutMs: 50 }).getToken()${tell}`,
    'timeout',
  ],
  [
    'the revocation of a logout',
    `const source = { authorize: async () => ({ accessToken: 'token' }), revoke: () => faint() };
     const auth = new Authorizer(source);
     auth.getToken().then(() => auth.logout()).then(() => ({ accessToken: 'out' }))${tell}`,
    'out',
  ],
  [
    'a logout whose store is given up',
    `const store = { ...memoryTokenStore(), clear: () => new Promise(() => undefined) };
     new Authorizer(async () => 'token', { store, storeTimeoutMs: 50 }).logout()${tell}`,
    'timeout',
  ],
])('a process whose caller waits does not end before the caller is told: %s (C13)', async (_what, script, told) => {
  expect(await run(faint + script)).toEqual(quiet(told));
});

it('the moment those tests wait for would not keep a process alive by itself', async () => {
  expect(await run(`${faint} faint('token').then(console.log);`)).toEqual(quiet(''));
});

it('the CommonJS build behaves the same (C13)', async () => {
  const script = `${faint} new Authorizer(() => faint('token')).getToken()${tell}`;
  expect(await run(script, 'commonjs')).toEqual(quiet('token'));
});

function isAlive(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
}

it.each([
  ['SIGTERM', `process.kill(process.pid, 'SIGTERM')`, 'SIGTERM'],
  ['SIGINT', `process.kill(process.pid, 'SIGINT')`, 'SIGINT'],
  ['SIGKILL', `process.kill(process.pid, 'SIGKILL')`, 'SIGKILL'],
  ['an exit', `process.exit(3)`, 3],
  ['an error that nobody handles', `throw new Error('oops')`, 1],
])('a program that is asked for a token ends with a process that %s ends (C27)', async (_what, end, code) => {
  const ended = await run(`
    const { execSource } = await import('@axios-authorizer/core/node');
    const { writeFileSync, existsSync, readFileSync, mkdtempSync } = await import('node:fs');
    const file = mkdtempSync((await import('node:os')).tmpdir() + '/program-') + '/pid';
    const args = ['-e', 'require("node:fs").writeFileSync(process.argv[1], process.pid + "\\\\n"); setInterval(() => 0, 1000)', file];
    void new Authorizer(execSource({ command: process.execPath, args })).getToken();
    const look = () => {
      if (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('\\n')) return setImmediate(look);
      process.stdout.write(readFileSync(file, 'utf8'), () => { ${end}; });
    };
    look();`);
  expect(ended.code).toBe(code);
  const pid = Number(ended.stdout);
  expect(pid).toBeGreaterThan(1);
  await until(() => !isAlive(pid), 'the program to end');
});
