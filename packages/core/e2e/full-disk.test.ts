// A disk that is really full: a file system in memory of a few pages, filled to its last byte. Only root may mount one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authorizer, membersOf } from '@axios-authorizer/core';
import { fileTokenStore } from '@axios-authorizer/core/node';
import type { AuthEvent } from '@axios-authorizer/core';

const disk = mkdtempSync(join(tmpdir(), 'full-disk-'));
const file = join(disk, 'token.json');
const filler = join(disk, 'filler');

function isMounted(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'none', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Writes until nothing more fits. @returns the code that says so */
async function fill(): Promise<unknown> {
  return writeFile(filler, Buffer.alloc(65_536)).then(
    () => 'all of it fits',
    (error: unknown) => membersOf(error)['code'],
  );
}

const mounted = isMounted();
if (!mounted) process.stderr.write('SKIPPED, this user may not mount a file system: a disk that is really full\n');
afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

(mounted ? describe : describe.skip)('a full disk', () => {
  it('keeps the old token, is told, and takes the next one once there is room (C6)', async () => {
    const store = fileTokenStore(file);
    await store.save({ accessToken: 'stored', expiresAt: new Date(0) });
    expect(await fill()).toBe('ENOSPC');
    await expect(store.save({ accessToken: 'lost' })).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await store.load()).toMatchObject({ accessToken: 'stored' });
    const failures: string[] = [];
    const observer = (event: AuthEvent): void => {
      if (event.type === 'store' && event.failure) failures.push(`${event.action}: ${event.failure}`);
    };
    const authorizer = new Authorizer(() => Promise.resolve('fresh'), { store: fileTokenStore(file), observer });
    expect(await authorizer.getToken()).toMatchObject({ accessToken: 'fresh' });
    expect(failures).toEqual(['lease: ENOSPC', 'save: ENOSPC']);
    expect((await readdir(disk)).toSorted()).toEqual(['filler', 'token.json']);
    await rm(filler);
    await authorizer.getToken({ force: true });
    expect(await fileTokenStore(file).load()).toMatchObject({ accessToken: 'fresh' });
  });
});
