// What stands in a folder after a file was written there, whoever was killed or wrote at the same time?
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../../src/node/index.js';
import { unfinishedName } from '../../src/node/leftovers.js';
import { newOwner } from '../../src/node/lock-owner.js';
import type { LockOwner } from '../../src/node/lock-owner.js';
import { temporaryFolder } from './folder.js';

const DAY_MS = 86_400_000;

/** What a writer has left that was begun so long ago. */
async function begun(folder: string, change: (owner: LockOwner) => string, agoMs = 0): Promise<string> {
  const id = change(await newOwner());
  const name = unfinishedName({ ...(await newOwner()), id });
  const at = new Date(Date.now() - agoMs);
  await writeFile(join(folder, name), 'half of a secr');
  await utimes(join(folder, name), at, at);
  return name;
}

const sameProcess = ({ id }: LockOwner): string => id;
const deadProcess = ({ id, pid }: LockOwner): string => id.replace(`-${pid}-`, '-4194305-'); // above every pid of Linux
const otherMachine = ({ id }: LockOwner): string => id.replace(/^[0-9a-f]{8}/, '00000000');

it('a file is written whole, 0600 in a folder made 0700, over what stands there or not (C6)', async () => {
  const folder = join(await temporaryFolder(), 'deep', 'er');
  const path = join(folder, 'a.json');
  await writePrivateFile(path, 'one');
  await writePrivateFile(path, 'two');
  await expect(writePrivateFile(path, 'three', { overwrite: false })).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(readFile(path, 'utf8')).resolves.toBe('two');
  await expect(readdir(folder)).resolves.toEqual(['a.json']);
  expect([(await stat(path)).mode & 0o777, (await stat(folder)).mode & 0o777]).toEqual([0o600, 0o700]);
});

it.each([
  ['a process that has ended', deadProcess, 0],
  ['a process of another machine, of the day before', otherMachine, DAY_MS + 60_000],
])('what %s has left is removed by whoever writes there next (C6)', async (_who, change, agoMs) => {
  const folder = await temporaryFolder();
  await begun(folder, change, agoMs);
  await writePrivateFile(join(folder, 'b.json'), 'whole');
  await expect(readdir(folder)).resolves.toEqual(['b.json']);
});

it.each([
  ['a process that still runs, however slow it is', sameProcess, DAY_MS + 60_000],
  ['a process of another machine, of today', otherMachine, DAY_MS - 60_000],
])('what %s is about to put in place stays (C6)', async (_who, change, agoMs) => {
  const folder = await temporaryFolder();
  const name = await begun(folder, change, agoMs);
  await writePrivateFile(join(folder, 'b.json'), 'whole');
  expect((await readdir(folder)).toSorted()).toEqual([name, 'b.json'].toSorted());
});

it('files of others that look alike stay (C6)', async () => {
  const folder = await temporaryFolder();
  const names = ['.notes.new', 'draft.new', '.1234-5-6-7.new'];
  for (const name of names) await writeFile(join(folder, name), '');
  await writePrivateFile(join(folder, 'b.json'), 'whole');
  expect((await readdir(folder)).toSorted()).toEqual([...names, 'b.json'].toSorted());
});

it('of many that write one file at once each is whole, and where none may be replaced one is first (C6)', async () => {
  const path = join(await temporaryFolder(), 'c.json');
  const texts = Array.from({ length: 8 }, (_, index) => `${index}`.repeat(10_000));
  const ends = await Promise.allSettled(texts.map((text) => writePrivateFile(path, text, { overwrite: false })));
  const written = texts.filter((_, index) => ends[index]?.status === 'fulfilled');
  await expect(readFile(path, 'utf8')).resolves.toBe(written[0]);
  expect(written).toHaveLength(1);
  await Promise.all(texts.map((text) => writePrivateFile(path, text)));
  expect(texts).toContain(await readFile(path, 'utf8'));
});
