// Does a test learn what a program printed, also when it fails, and is nothing left behind?
import { existsSync } from 'node:fs';
import { realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inFolder, run, runNode } from '../src/index.js';

it('what a program prints comes without the blanks around it, its folder and environment are what was said', async () => {
  const program = 'console.log(`\\n${process.cwd()} ${process.env.GREETING} ${typeof process.env.PATH}\\n`)';
  const cwd = await realpath(tmpdir());
  expect(await runNode(['-e', program], { cwd, env: { GREETING: 'hello' } })).toBe(`${cwd} hello string`);
});

it('a program that fails is told with all that it wrote', async () => {
  const program = 'console.log("so far"); console.error("no further"); process.exit(3)';
  const failed = runNode(['-e', program], { cwd: tmpdir() });
  await expect(failed).rejects.toThrow(/failed\nso far\n\nno further/);
  await expect(failed).rejects.toMatchObject({ cause: { code: 3 } });
});

it('a program that does not exist is told by its name', async () => {
  await expect(run('no-such-program', ['--help'], { cwd: tmpdir() })).rejects.toThrow('no-such-program --help failed');
});

it('a folder is empty, and gone when the work is over, well or not', async () => {
  const folders: string[] = [];
  const work = async (folder: string): Promise<never> => {
    folders.push(folder);
    await writeFile(join(folder, 'a.txt'), 'a');
    throw new Error('in the middle');
  };
  await expect(inFolder(work)).rejects.toThrow('in the middle');
  expect(await inFolder((folder) => Promise.resolve([folder !== folders[0], existsSync(folder)]))).toEqual([
    true,
    true,
  ]);
  expect(folders.map((folder) => existsSync(folder))).toEqual([false]);
});
