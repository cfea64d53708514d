// Where may a key be kept, and under which name?
import { chmod, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { generateEcKeyPair } from '../../src/index.js';
import { modeOf, temporaryFolder } from './folder.js';
import { failureOf, problemOf } from './problem.js';

it.each(['', '.', '..', 'a/b', '../a', '/a', 'a\\b', '.hidden', 'a b', 'a\n', 'é', 'a'.repeat(129), 'a\0'])(
  'the kid %j cannot name a file, and nothing is written (S4)',
  async (kid) => {
    const folder = join(await temporaryFolder(), 'keys');
    expect(await problemOf(() => generateEcKeyPair(folder, { kid }))).toBe('kid');
    expect(await failureOf(() => readdir(folder))).toMatchObject({ code: 'ENOENT' });
  },
);

it.each(['755', '750', '701', '770'])('a folder of mode %s is refused, and anyMode takes it (S4)', async (mode) => {
  const folder = join(await temporaryFolder(), 'keys');
  await mkdir(folder);
  await chmod(folder, Number.parseInt(mode, 8));
  expect(await problemOf(() => generateEcKeyPair(folder, { kid: 'a' }))).toBe('permissions');
  await expect(readdir(folder)).resolves.toEqual([]);
  await generateEcKeyPair(folder, { kid: 'a', anyMode: true });
  await expect(modeOf(join(folder, 'a.json'))).resolves.toBe('600');
  await expect(modeOf(folder)).resolves.toBe(mode);
});

it('the umask of the process opens nothing (S4)', async () => {
  const before = process.umask(0);
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' }).finally(() => process.umask(before));
  await expect(modeOf(join(folder, 'a.json'))).resolves.toBe('600');
  await expect(modeOf(folder)).resolves.toBe('700');
});

it('a folder that is a file is told to its caller (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' });
  expect(await failureOf(() => generateEcKeyPair(join(folder, 'a.json'), { kid: 'b' }))).toMatchObject({
    code: 'EEXIST',
  });
});
