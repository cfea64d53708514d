// Programs that save their login without end are killed at any moment: is there always a whole login in the file? They run
// the built package, as users do.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { User } from '@axios-authorizer/itkdb-user';
import { inFolder, startItkdb } from '@axios-authorizer/test-kit';
import type { Itkdb } from '@axios-authorizer/test-kit';
import type { ChildProcess } from 'node:child_process';

const kills = 100;
/** So many at once that the file is replaced while others are killed. */
const writers = 2;
/** A hundred programs have to start, on a machine that may be busy. */
const patienceMs = 300_000;
const packageFolder = join(__dirname, '..');

/** Logs in for ever, which saves each time, and says when it did. */
const program = `
  import { User } from '@axios-authorizer/itkdb-user';
  const [prefixUrl, saveAuth] = process.argv.slice(1);
  const user = new User({ accessCode1: 'code-1', accessCode2: 'code-2', prefixUrl, saveAuth });
  for (;;) {
    await user.authorizer.getToken({ force: true });
    process.stdout.write('.');
  }`;

interface SavedFile {
  readonly entries: { readonly default: { readonly token: { readonly idToken: string } } };
}

function startWriter({ authUrl }: Itkdb, path: string): ChildProcess {
  const args = ['--input-type=module', '-e', program, authUrl, path];
  return spawn(process.execPath, args, { cwd: packageFolder, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Kills the writer at no particular moment after its first save. */
async function killed(writer: ChildProcess): Promise<void> {
  const ended = once(writer, 'exit');
  if (writer.stdout) await Promise.race([once(writer.stdout, 'data'), ended]);
  for (let turns = Math.random() * 500; turns > 0; turns -= 1) await turn();
  writer.kill('SIGKILL');
  const [, signal] = (await ended) as [unknown, unknown];
  expect(signal).toBe('SIGKILL');
}

/** Whether the file holds a whole login that the service made. */
async function expectWhole(itkdb: Itkdb, path: string): Promise<string> {
  const { entries } = JSON.parse(await readFile(path, 'utf8')) as SavedFile;
  const { idToken } = entries.default.token;
  expect(itkdb.valid(idToken)).toBe(true);
  return idToken;
}

async function killAll(itkdb: Itkdb, path: string): Promise<number> {
  const seen = new Set<string>();
  for (let count = 0; count < kills; count += writers) {
    const running = Array.from({ length: writers }, () => startWriter(itkdb, path));
    for (const writer of running) {
      await killed(writer);
      seen.add(await expectWhole(itkdb, path));
    }
  }
  return seen.size;
}

async function expectFolderInOrder(folder: string): Promise<void> {
  const left = await readdir(folder);
  const modes = await Promise.all(left.map(async (name) => (await stat(join(folder, name))).mode & 0o777));
  expect(left).toContain('auth.json');
  expect(new Set(modes)).toEqual(new Set([0o600]));
}

async function withService(work: (itkdb: Itkdb) => Promise<void>): Promise<void> {
  const itkdb = await startItkdb();
  try {
    await work(itkdb);
  } finally {
    await itkdb.stop();
  }
}

it(
  'whenever one of several programs that save is killed, the old login or the new one is there, whole (I2)',
  () =>
    withService((itkdb) =>
      inFolder(async (folder) => {
        const path = join(folder, 'auth.json');
        expect(await killAll(itkdb, path)).toBeGreaterThan(kills / 2);
        await expectFolderInOrder(folder);
        const child = new User({ prefixUrl: itkdb.authUrl, saveAuth: path });
        expect(await child.authenticate()).toBe(true);
        expect(child.bearer).toBe(await expectWhole(itkdb, path));
      }),
    ),
  patienceMs,
);
