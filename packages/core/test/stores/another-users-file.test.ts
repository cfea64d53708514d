// A folder in which everybody can make files, such as /tmp: what does the store do with what another has put under its name?
import { execFile, execFileSync } from 'node:child_process';
import {
  chmod,
  chown,
  copyFile,
  lchown,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { Authorizer, ConfigurationError } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';

const run = promisify(execFile);
const token = { accessToken: 'own', refreshToken: 'own-refresh' };
/** Any two users but root; they need no account. */
const [victim, attacker] = [54_321, 54_322];
const isRoot = process.geteuid?.() === 0;
// Only root can make files that belong to others.
const asRoot = isRoot ? describe : describe.skip;
if (!isRoot) process.stderr.write('SKIPPED, only root can make files of other users: files of others (C6)\n');
const isUnix = process.platform !== 'win32';
// Windows has no owners and modes of this kind.
const onUnix = isUnix ? describe : describe.skip;
if (!isUnix) process.stderr.write('SKIPPED, Windows has no owners and modes of this kind: files of others (C6)\n');

/** As /tmp is. */
async function stickyFolder(): Promise<string> {
  const folder = join(await temporaryFolder(), 'sticky');
  await mkdir(folder);
  await chmod(folder, 0o1777);
  await chmod(dirname(folder), 0o755);
  return folder;
}

type Planted = (path: string) => Promise<unknown>;

const fifo: Planted = (path) => run('mkfifo', [path]);
const socket: Planted = async (path) => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(path, resolve));
  server.unref();
};
/** A link to a file that its owner means to be read by all. */
const linkToPublicFile: Planted = async (path) => {
  await writeFile(`${path}.public`, 'for all', { mode: 0o644 });
  await symlink(`${path}.public`, path);
};
const hardLink: Planted = async (path) => {
  await writeFile(`${path}.public`, 'for all', { mode: 0o644 });
  await link(`${path}.public`, path);
};
const storedToken: Planted = (path) => fileTokenStore(path).save({ accessToken: 'planted' });

const kinds: readonly [what: string, plant: Planted][] = [
  ['a symbolic link', linkToPublicFile],
  ['a symbolic link', (path) => symlink('/nowhere', path)],
  ['a named pipe', fifo],
  ['a socket', socket],
];

onUnix('what is no regular file', () => {
  it.each(kinds)(
    '%s under the name of the token file is refused by every call, and left as it is (C6)',
    async (what, plant) => {
      const file = join(await stickyFolder(), 'token.json');
      await plant(file);
      const before = await readdir(dirname(file));
      const store = fileTokenStore(file);
      const calls = [() => store.load(), () => store.save(token), () => store.clear()];
      for (const call of calls) {
        await expect(call()).rejects.toThrow(ConfigurationError);
        await expect(call()).rejects.toThrow(new RegExp(`${file} is ${what} of uid \\d+, where a regular file`));
      }
      await expect(readdir(dirname(file))).resolves.toEqual(before);
    },
  );

  it.each(kinds)('%s under the name of a lock is refused, and left as it is (C6)', async (what, plant) => {
    const file = join(await stickyFolder(), 'token.json');
    await plant(`${file}.lock`);
    await plant(`${file}.write.lock`);
    const before = await readdir(dirname(file));
    const store = fileTokenStore(file);
    const refused = new RegExp(`lock is ${what} of uid \\d+, where a regular file`);
    await expect(store.exclusive?.(() => Promise.resolve())).rejects.toThrow(refused);
    await expect(store.save(token)).rejects.toThrow(refused);
    await expect(readdir(dirname(file))).resolves.toEqual(before);
  });

  it('a link is not followed: what it leads to keeps its mode and its content (C6)', async () => {
    const file = join(await stickyFolder(), 'token.json');
    await linkToPublicFile(file);
    await expect(fileTokenStore(file).load()).rejects.toThrow(ConfigurationError);
    await expect(fileTokenStore(file).save(token)).rejects.toThrow(ConfigurationError);
    expect((await stat(`${file}.public`)).mode & 0o777).toBe(0o644);
    await expect(readFile(`${file}.public`, 'utf8')).resolves.toBe('for all');
  });

  it('a file that has another name as well keeps its mode and its content: others may have linked it (C6)', async () => {
    const file = join(await stickyFolder(), 'token.json');
    await hardLink(file);
    await expect(fileTokenStore(file).load()).rejects.toThrow(/hard links/);
    await expect(fileTokenStore(file).save(token)).rejects.toThrow(ConfigurationError);
    expect((await stat(`${file}.public`)).mode & 0o777).toBe(0o644);
  });

  it('a pipe that nobody writes to keeps no thread: files are read and names resolved as before (C6)', async () => {
    const file = join(await stickyFolder(), 'token.json');
    await fifo(file);
    const store = fileTokenStore(file);
    await Promise.allSettled(Array.from({ length: 16 }, () => store.load()));
    const authorizer = new Authorizer(() => Promise.resolve('fresh'), { store });
    await Promise.allSettled(Array.from({ length: 16 }, () => authorizer.getToken()));
    await expect(readFile(__filename, 'utf8')).resolves.toContain('keeps no thread');
  });

  it('a folder that is a link is refused, and nothing is made behind it (C6)', async () => {
    const folder = await stickyFolder();
    await mkdir(join(folder, 'real'));
    for (const [name, to] of [
      ['link', 'real'],
      ['dangling', 'none'],
    ] as const) {
      await symlink(join(folder, to), join(folder, name));
      const store = fileTokenStore(join(folder, name, 'token.json'));
      for (const call of [() => store.load(), () => store.save(token), () => store.exclusive?.(() => store.load())])
        await expect(call()).rejects.toThrow(/is a symbolic link of uid \d+, where a folder/);
    }
    await expect(readdir(join(folder, 'real'))).resolves.toEqual([]);
    expect((await readdir(folder)).toSorted()).toEqual(['dangling', 'link', 'real']);
  });

  it('a link of the user’s own on the way to the folder is followed (C6)', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real'));
    await symlink('real', join(folder, 'link'));
    await fileTokenStore(join(folder, 'link', 'deep', 'token.json')).save(token);
    await expect(fileTokenStore(join(folder, 'real', 'deep', 'token.json')).load()).resolves.toEqual(token);
  });
});

const copies: string[] = [];
afterAll(() => Promise.all(copies.map((folder) => rm(folder, { recursive: true }))));

/** This Node where every user can run it: it may have been installed in a folder of root's. */
async function nodeForAll(): Promise<string> {
  try {
    await run(process.execPath, ['--version'], { uid: victim, gid: victim, cwd: '/', env: {} });
    return process.execPath;
  } catch {
    const folder = await mkdtemp(join(tmpdir(), 'node-for-all-'));
    copies.push(folder);
    await chmod(folder, 0o755);
    const copy = join(folder, 'node');
    await copyFile(process.execPath, copy);
    await chmod(copy, 0o755);
    return copy;
  }
}

describe('what is too large', () => {
  it('a file of 1 MiB is read (C6)', async () => {
    const file = join(await temporaryFolder(), 'token.json');
    await fileTokenStore(file).save(token);
    await writeFile(file, (await readFile(file, 'utf8')).padEnd(1_048_576, ' '));
    await expect(fileTokenStore(file).load()).resolves.toEqual(token);
  });

  it.each([1_048_577, 2 ** 40])('a file of %i bytes is damaged, and replaced by the next token (C6)', async (size) => {
    const file = join(await temporaryFolder(), 'token.json');
    await fileTokenStore(file).save(token);
    await writeFile(file, (await readFile(file, 'utf8')).padEnd(1_048_577, ' '));
    await truncate(file, size);
    const store = fileTokenStore(file);
    await expect(store.load()).rejects.toMatchObject({ code: 'store_unreadable' });
    await store.save({ accessToken: 'next' });
    await expect(store.load()).resolves.toEqual({ accessToken: 'next' });
  });

  it('a lock file of a terabyte is not read: it is nobody’s, and replaced after its lease (C6)', async () => {
    const file = join(await temporaryFolder(), 'token.json');
    await writeFile(`${file}.write.lock`, '');
    await truncate(`${file}.write.lock`, 2 ** 40);
    execFileSync('touch', ['-d', '2020-01-01', `${file}.write.lock`]);
    await fileTokenStore(file).save(token);
    await expect(readdir(dirname(file))).resolves.toEqual(['token.json']);
  });

  it('more than could be read again is not written, and what stands stays (C6)', async () => {
    const file = join(await temporaryFolder(), 'token.json');
    await fileTokenStore(file).save(token);
    const other = fileTokenStore(file, { name: 'other' });
    await expect(other.save({ accessToken: 'x'.repeat(1_048_576) })).rejects.toThrow(
      /larger than 1048576 bytes.*2 names/,
    );
    await expect(fileTokenStore(file).load()).resolves.toEqual(token);
  });
});

asRoot('files of others', () => {
  const plants: readonly [what: string, plant: Planted][] = [
    ['a symbolic link', linkToPublicFile],
    ['a named pipe', fifo],
    ['a folder', (path) => mkdir(path)],
    ['a regular file', storedToken],
  ];

  it.each(plants)('%s of another is refused by root as well (C6)', async (what, plant) => {
    const file = join(await stickyFolder(), 'token.json');
    await plant(file);
    await lchown(file, attacker, attacker);
    const store = fileTokenStore(file);
    const refused = new RegExp(`${file} is ${what} of uid ${attacker}, where a regular file of uid 0 is needed`);
    await expect(store.load()).rejects.toThrow(refused);
    await expect(store.save(token)).rejects.toThrow(refused);
    await expect(new Authorizer(() => Promise.resolve('new'), { store }).getToken()).rejects.toThrow(refused);
  });

  it.each(['.lock', '.write.lock'])('another’s lock (%s) is refused by root as well (C6)', async (name) => {
    const file = join(await stickyFolder(), 'token.json');
    await writeFile(`${file}${name}`, '{}', { mode: 0o644 });
    await chown(`${file}${name}`, attacker, attacker);
    const store = fileTokenStore(file);
    const work = store.exclusive?.(() => store.save(token));
    await expect(work).rejects.toThrow(new RegExp(`lock is a regular file of uid ${attacker}`));
  });

  it.each([
    ['closed', 0o700],
    ['that others can enter', 0o755],
    ['as /tmp', 0o1777],
  ])('another’s folder, %s, is refused by root as well (C6)', async (_how, mode) => {
    const folder = join(await stickyFolder(), 'folder');
    await mkdir(folder);
    await chmod(folder, mode);
    await chown(folder, attacker, attacker);
    const store = fileTokenStore(join(folder, 'token.json'));
    const refused = new RegExp(
      `${folder} is a folder of uid ${attacker}, where a folder of uid 0 or of root is needed`,
    );
    for (const call of [() => store.load(), () => store.save(token), () => store.exclusive?.(() => store.load())])
      await expect(call()).rejects.toThrow(refused);
  });

  it('below a folder in which everybody can make files, another’s folder or link on the way is refused (C6)', async () => {
    const folder = await stickyFolder();
    const real = join(folder, 'real');
    await mkdir(join(real, 'own'), { recursive: true });
    await symlink(real, join(folder, 'link'));
    await fileTokenStore(join(folder, 'link', 'own', 'token.json')).save(token);
    await lchown(join(folder, 'link'), attacker, attacker);
    await expect(fileTokenStore(join(folder, 'link', 'own', 'token.json')).load()).rejects.toThrow(
      /link is a symbolic link/,
    );
    await chown(real, attacker, attacker);
    await expect(fileTokenStore(join(real, 'own', 'token.json')).load()).rejects.toThrow(/real is a folder of uid/);
    await symlink(real, join(dirname(folder), 'outside'));
    const outside = fileTokenStore(join(dirname(folder), 'outside', 'own', 'token.json'));
    await expect(outside.load()).rejects.toThrow(/real is a folder of uid/);
  });

  describe('as a user who is not root', () => {
    let program: string;
    let node: string;
    beforeAll(async () => {
      node = await nodeForAll();
      const { outputFiles } = buildSync({
        stdin: { contents: probe, resolveDir: join(__dirname, '../..'), loader: 'ts' },
        bundle: true,
        platform: 'node',
        write: false,
      });
      program = outputFiles[0]?.text ?? '';
    });

    /** What load and save answer in a process of the victim. */
    async function asVictim(file: string): Promise<readonly string[]> {
      const [script, user] = [join(dirname(file), '..', 'probe.cjs'), { uid: victim, gid: victim }];
      await writeFile(script, program, { mode: 0o644 });
      const { stdout } = await run(node, [script, file], { ...user, cwd: '/', env: {} });
      return JSON.parse(stdout) as readonly string[];
    }

    it('in a sticky folder of root’s a token is kept, and read again (C6)', async () => {
      const file = join(await stickyFolder(), 'token.json');
      await expect(asVictim(file)).resolves.toEqual(['none', 'saved', 'leased']);
      await expect(asVictim(file)).resolves.toEqual(['probe', 'saved', 'leased']);
      const { uid, mode } = await stat(file);
      expect([uid, mode & 0o777]).toEqual([victim, 0o600]);
    });

    it.each([...plants, ['a regular file', (path: string) => writeFile(path, '', { mode: 0o600 })] as const])(
      '%s of another is refused (C6)',
      async (what, plant) => {
        const file = join(await stickyFolder(), 'token.json');
        await plant(file);
        await lchown(file, attacker, attacker);
        const refused = expect.stringContaining(
          `${file} is ${what} of uid ${attacker}, where a regular file of uid ${victim} is needed`,
        ) as string;
        expect((await asVictim(file)).slice(0, 2)).toEqual([refused, refused]);
      },
    );

    it('another’s link to a file of the user’s own does not change its mode (C6)', async () => {
      const file = join(await stickyFolder(), 'token.json');
      await linkToPublicFile(file);
      await lchown(file, attacker, attacker);
      await chown(`${file}.public`, victim, victim);
      expect((await asVictim(file))[0]).toContain('is a symbolic link');
      expect((await stat(`${file}.public`)).mode & 0o777).toBe(0o644);
    });

    it('a file and a folder of root’s: the folder may be, the file may not (C6)', async () => {
      const file = join(await stickyFolder(), 'token.json');
      await storedToken(file);
      const refused = expect.stringContaining(`regular file of uid 0, where a regular file of uid ${victim}`) as string;
      await expect(asVictim(file)).resolves.toEqual([refused, refused, 'leased']);
    });
  });
});

/** Bundled with the store, since a user without an account cannot read the sources everywhere. */
const probe = `
import { fileTokenStore } from './src/node/index.js';
const store = fileTokenStore(String(process.argv[2]));
const calls = [
  async () => (await store.load())?.accessToken ?? 'none',
  async () => (await store.save({ accessToken: 'probe' }), 'saved'),
  async () => store.exclusive?.(async () => 'leased'),
];
void (async () => {
  const answers: unknown[] = [];
  for (const call of calls) answers.push(await call().catch((error) => error.message));
  process.stdout.write(JSON.stringify(answers));
})();
`;
