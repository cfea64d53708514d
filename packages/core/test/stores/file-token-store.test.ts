// What lies on the disk, for whom, and what comes back from it?
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';

const token = {
  accessToken: 'access',
  refreshToken: 'refresh',
  tokenType: 'Bearer',
  scope: 'a b',
  issuedAt: new Date(Date.UTC(2026, 0, 1)),
  expiresAt: new Date(Date.UTC(2026, 0, 2)),
};

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

it('a file that is not there is no token (C6)', async () => {
  const file = join(await temporaryFolder(), 'none', 'token.json');
  await expect(fileTokenStore(file).load()).resolves.toBeUndefined();
});

it('what was saved comes back, dates as dates, also to another store (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  await fileTokenStore(file).save(token);
  await expect(fileTokenStore(file).load()).resolves.toEqual(token);
});

it('members that a package adds come back too (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const device = { key: 'k', group: 'g', expiresAt: 'a word' };
  await fileTokenStore<typeof token & { device: { key: string } }>(file).save({ ...token, device });
  await expect(fileTokenStore(file).load()).resolves.toMatchObject({ device: { key: 'k', group: 'g' } });
});

it('the file is for its owner only, and so is a folder that has to be made (C6)', async () => {
  const folder = join(await temporaryFolder(), 'deep', 'er');
  const file = join(folder, 'token.json');
  await fileTokenStore(file).save(token);
  await expect(modeOf(file)).resolves.toBe('600');
  await expect(modeOf(folder)).resolves.toBe('700');
});

it('a file that others could read is closed to them when it is read or written (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  await fileTokenStore(file).save(token);
  await chmod(file, 0o644);
  await fileTokenStore(file).load();
  await expect(modeOf(file)).resolves.toBe('600');
  await chmod(file, 0o644);
  await fileTokenStore(file).save(token);
  await expect(modeOf(file)).resolves.toBe('600');
});

it('writing and leasing leave nothing but the token file behind (C6)', async () => {
  const folder = await temporaryFolder();
  const store = fileTokenStore(join(folder, 'token.json'));
  await Promise.all(Array.from({ length: 5 }, () => store.save(token)));
  await store.exclusive?.(() => store.save(token));
  await expect(readdir(folder)).resolves.toEqual(['token.json']);
});

it('clear leaves nothing of the token, twice without harm, and the store goes on (C6)', async () => {
  const folder = await temporaryFolder();
  const store = fileTokenStore(join(folder, 'token.json'));
  await store.save(token);
  await store.clear();
  await store.clear();
  await expect(store.load()).rejects.toMatchObject({ code: 'logged_out' });
  await expect(readFile(join(folder, 'token.json'), 'utf8')).resolves.not.toMatch(/access|refresh|token"/i);
  await store.save(token, undefined, { newSession: true });
  await expect(store.load()).resolves.toEqual(token);
});

it('clear where nothing is leaves a mark without a secret, and nothing else (C17)', async () => {
  const folder = join(await temporaryFolder(), 'none');
  await fileTokenStore(join(folder, 'token.json')).clear();
  await expect(readdir(folder)).resolves.toEqual(['token.json']);
  await expect(modeOf(join(folder, 'token.json'))).resolves.toBe('600');
});

it('what another saved since this store looked is not replaced, but returned (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const [slow, quick] = [fileTokenStore(file), fileTokenStore(file)];
  await slow.load();
  const newer = { ...token, accessToken: 'newer', issuedAt: new Date(Date.UTC(2026, 0, 1, 1)) };
  await quick.load();
  await quick.save(newer);
  await expect(slow.save(token)).resolves.toMatchObject({ accessToken: 'newer' });
  await expect(fileTokenStore(file).load()).resolves.toEqual(newer);
});

it('what another saved since this store looked is not replaced by a token that claims to be newer either (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const [slow, quick] = [fileTokenStore(file), fileTokenStore(file)];
  await slow.load();
  await quick.load();
  await quick.save(token);
  const ahead = { ...token, accessToken: 'ahead', issuedAt: new Date(Date.UTC(2026, 0, 1, 1)) };
  await expect(slow.save(ahead)).resolves.toEqual(token);
  await expect(fileTokenStore(file).load()).resolves.toEqual(token);
});

it('a relative path means the folder of the moment it was made (C6)', async () => {
  const folder = await temporaryFolder();
  const before = process.cwd();
  process.chdir(folder);
  const store = fileTokenStore('token.json');
  process.chdir(before);
  await store.save(token);
  await expect(readFile(join(folder, 'token.json'), 'utf8')).resolves.toContain('access');
});

it('an empty path is a ConfigurationError (C6)', () => {
  expect(() => fileTokenStore('')).toThrow(ConfigurationError);
});

it.each(['load', 'clear'] as const)('%s of a path below a regular file is told to its caller (C6)', async (call) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'file'), '');
  const store = fileTokenStore(join(folder, 'file', 'token.json'));
  await expect(store[call]()).rejects.toMatchObject({ code: 'ENOTDIR' });
});

it('a folder where the file should be is told to its caller (C6)', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'token.json'));
  await expect(fileTokenStore(join(folder, 'token.json')).save(token)).rejects.toMatchObject({ code: 'EISDIR' });
  await expect(readdir(folder)).resolves.toEqual(['token.json']);
});
