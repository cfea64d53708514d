// A disk that is really full: a file system in memory of a few pages. Only a user who may mount has one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mountSmallDisk } from '@axios-authorizer/test-kit';
import { filesIn, itkdbStage, oauth2Stage, privateFile } from './stage.js';
import { cli, testTerminal } from './test-terminal.js';

const disk = mkdtempSync(join(tmpdir(), 'axios-authorizer-full-disk-'));
const clock = testTerminal().clock;

/** Writes until nothing more fits. */
function fill(): void {
  expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(131_072))).toThrow('ENOSPC');
}

/** What is on the disk beside what fills it, with its text. A lock of somebody who is gone says nothing. */
function kept(): Readonly<Record<string, string>> {
  const files = filesIn(disk).filter(({ path }) => !/filler$|\.lock$/.test(path));
  return Object.fromEntries(files.map(({ path, text }) => [path, text]));
}

const mounted = mountSmallDisk(disk);
if (!mounted)
  process.stderr.write('SKIPPED, this user may not mount a file system: commands on a disk that is really full\n');
afterEach(() => {
  if (mounted) execFileSync('find', [disk, '-mindepth', '1', '-delete']);
});
afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

const full: unknown = expect.stringContaining('The disk is full: make room and run it again. Nothing is half-written.');

// Only a user who may mount has a disk that is really full; who may not is told above.
(mounted ? describe : describe.skip)('on a full disk', () => {
  it('token gives the token, and says that it could not be stored', async () => {
    const { args, env, issued } = await oauth2Stage();
    fill();
    const ran = await cli(['token', ...args], { env, home: disk, clock });
    expect(ran).toMatchObject({ code: 0, out: `${issued()[0]}\n` });
    expect(ran.err).toContain('the token could not be stored (ENOSPC)');
    expect(kept()).toEqual({});
  });

  it('token --refresh leaves the stored token whole', async () => {
    const { args, env, issued } = await oauth2Stage();
    await cli(['token', ...args], { env, home: disk, clock });
    const before = kept();
    fill();
    expect(await cli(['token', ...args, '--refresh'], { env, home: disk, clock })).toMatchObject({ code: 0 });
    expect(kept()).toEqual(before);
    expect((await cli(['token', ...args], { env, home: disk, clock })).out.trim()).toBe(issued()[0]);
  });

  it('login is 5, and no session is kept', async () => {
    const { args, env } = await itkdbStage();
    fill();
    const ran = await cli(['login', ...args], { env, home: disk, clock });
    expect(ran).toMatchObject({ code: 5, out: '', err: full });
    expect(kept()).toEqual({});
  });

  it('logout forgets what is stored', async () => {
    const { args, env } = await oauth2Stage();
    await cli(['token', ...args], { env, home: disk, clock });
    fill();
    expect(await cli(['logout', '--all'], { home: disk, clock })).toMatchObject({ code: 0 });
    expect(Object.keys(kept()).filter((path) => path.endsWith('.token'))).toEqual([]);
  });

  it('keys generate is 5, and no key is there', async () => {
    fill();
    expect(await cli(['keys', 'generate', 'keys'], { home: disk })).toMatchObject({ code: 5, out: '', err: full });
    expect(kept()).toEqual({});
  });

  it('keys rotate is 5, and the old key signs', async () => {
    await cli(['keys', 'generate', 'keys'], { home: disk });
    const before = kept();
    fill();
    expect(await cli(['keys', 'rotate', 'keys'], { home: disk })).toMatchObject({ code: 5, err: full });
    expect(kept()).toEqual(before);
  });

  it('doctor --report is 5, and the page that was there is whole', async () => {
    const { args, env } = await oauth2Stage();
    const page = privateFile(disk, 'page.md', 'the page of before');
    fill();
    const ran = await cli(['doctor', ...args, '--report', 'page.md'], { env, home: disk, clock });
    expect(ran).toMatchObject({ code: 5, err: full });
    expect(readFileSync(page, 'utf8')).toBe('the page of before');
  });
});
