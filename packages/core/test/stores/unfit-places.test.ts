// Disks that are full or cannot be written to, and folders that others can write to: what do callers see, and who is told?
import { chmod, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Authorizer, ConfigurationError } from '../../src/index.js';
import { fileTokenStoreOn } from '../../src/node/file-token-store.js';
import { fileTokenStore, makeFolder } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';
import { fullDisk, platformWith } from './platforms.js';
import { thisPlatform } from '../../src/node/platform.js';
import type { AuthEvent, TokenStore } from '../../src/index.js';
import type { Platform } from '../../src/node/platform.js';

const whereProcIs = process.platform === 'win32' ? describe.skip : describe;
if (process.platform === 'win32')
  process.stderr.write('SKIPPED, Windows has no /proc: places where no folder can be made\n');

function failing(code: string): Platform {
  const fail = (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
  const open: Platform['fs']['open'] = (path, flags, mode) =>
    flags === 'wx' ? fail() : thisPlatform.fs.open(path, flags, mode);
  return platformWith({ open, link: fail, rename: fail });
}

function watched(store: TokenStore): { authorizer: Authorizer; failures: () => string[] } {
  const events: AuthEvent[] = [];
  const authorizer = new Authorizer(() => Promise.resolve('fresh'), { store, observer: (event) => events.push(event) });
  const failures = (): string[] =>
    events.flatMap((event) => (event.type === 'store' && event.failure ? [`${event.action}: ${event.failure}`] : []));
  return { authorizer, failures };
}

it.each(['ENOSPC', 'EROFS', 'EACCES', 'EDQUOT', 'EMFILE'])(
  'a disk that answers %s is told to the observer, and the token serves all the same (C6)',
  async (code) => {
    const file = join(await temporaryFolder(), 'token.json');
    const { authorizer, failures } = watched(fileTokenStoreOn(failing(code), file));
    await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'fresh' });
    expect(failures()).toEqual([`lease: ${code}`, `save: ${code}`]);
  },
);

// `mkdir` with `recursive` of Node 20 tries for ever here
whereProcIs('below /proc', () => {
  it('a place where no folder can be made is told, and not waited for (C6)', async () => {
    const { authorizer, failures } = watched(fileTokenStore('/proc/axios-authorizer/token.json'));
    await expect(authorizer.getToken()).resolves.toMatchObject({ accessToken: 'fresh' });
    expect(failures()).toEqual([expect.stringMatching(/^lease: E/), expect.stringMatching(/^save: E/)]);
  });
});

it('makes the folders above as well, for the owner alone (C6)', async () => {
  const folder = await temporaryFolder();
  await makeFolder(join(folder, 'one', 'two'), 0o700);
  await makeFolder(join(folder, 'one', 'two'), 0o755);
  expect((await stat(join(folder, 'one'))).mode & 0o777).toBe(0o700);
  expect((await stat(join(folder, 'one', 'two'))).mode & 0o777).toBe(0o700);
});

it('what was stored before the disk was full is still there, and can be logged out of once it is not (C6)', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'token.json');
  await fileTokenStore(file).save({ accessToken: 'stored' });
  const full = fileTokenStoreOn(fullDisk(), file);
  await expect(full.save({ accessToken: 'new' })).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(full.load()).resolves.toEqual({ accessToken: 'stored' });
  await expect(full.clear()).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(readdir(folder)).resolves.toEqual(['token.json']);
  await fileTokenStore(file).clear();
  await expect(full.load()).rejects.toMatchObject({ code: 'logged_out' });
});

it('a disk that fills up while the token is written keeps the old one whole, and no lock (C6)', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'token.json');
  await fileTokenStore(file).save({ accessToken: 'stored' });
  const rename = (): Promise<never> => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
  const store = fileTokenStoreOn(platformWith({ rename }), file);
  await expect(store.save({ accessToken: 'new' })).rejects.toMatchObject({ code: 'ENOSPC' });
  await expect(readdir(folder)).resolves.toEqual(['token.json']);
  await expect(fileTokenStore(file).load()).resolves.toEqual({ accessToken: 'stored' });
});

it('a disk that fills up while the lease is held gives it back all the same (C6)', async () => {
  const folder = await temporaryFolder();
  let isFull = false;
  const { fs } = thisPlatform;
  const full = platformWith({
    link: (from, to) =>
      isFull ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) : fs.link(from, to),
  });
  await fileTokenStoreOn(full, join(folder, 'token.json')).exclusive?.(async () => {
    isFull = true;
  });
  await expect(readdir(folder)).resolves.toEqual([]);
});

it('logging out where nothing is stored and nothing can be written is no failure (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  await expect(fileTokenStoreOn(failing('EROFS'), file).clear()).resolves.toBeUndefined();
});

it.each(['load', 'save', 'exclusive'] as const)(
  'a folder that everybody can write to is a ConfigurationError that says what to do: %s (C6)',
  async (call) => {
    const folder = await temporaryFolder();
    await chmod(folder, 0o777);
    const store = fileTokenStore(join(folder, 'token.json'));
    const calls = {
      load: () => store.load(),
      save: () => store.save({ accessToken: 'a' }),
      exclusive: () => store.exclusive?.(() => store.load()),
    };
    await expect(calls[call]()).rejects.toThrow(ConfigurationError);
    await expect(calls[call]()).rejects.toThrow(/mode 777.*chmod go-w/);
    await expect(readdir(folder)).resolves.toEqual([]);
  },
);

it.each([
  ['everybody can write to, but not replace others’ files (sticky, as /tmp)', 0o1777],
  ['others can enter and read', 0o755],
  ['its owner’s own group can write to', 0o775],
])('a folder that %s is taken as it is (C6)', async (_what, mode) => {
  const folder = join(await temporaryFolder(), 'folder');
  await mkdir(folder);
  await chmod(folder, mode);
  await fileTokenStore(join(folder, 'token.json')).save({ accessToken: 'kept' });
  await expect(readFile(join(folder, 'token.json'), 'utf8')).resolves.toContain('kept');
});

it('a folder that another group can write to is a ConfigurationError (C6)', async () => {
  const folder = await temporaryFolder();
  const lstat = (async (path: string) =>
    Object.assign(await thisPlatform.fs.lstat(path), { gid: -1, mode: 0o40770 })) as Platform['fs']['lstat'];
  const store = fileTokenStoreOn(platformWith({ lstat }), join(folder, 'token.json'));
  await expect(store.load()).rejects.toThrow(ConfigurationError);
});
