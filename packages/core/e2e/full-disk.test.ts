// A disk that is really full, or really read-only: a file system in memory of a few pages. Only root may mount one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Authorizer } from '@axios-authorizer/core';
import { recordOf } from '@axios-authorizer/core/extend';
import { fileTokenStore } from '@axios-authorizer/core/node';
import { mountSmallDisk } from '@axios-authorizer/test-kit';
import type { AuthEvent } from '@axios-authorizer/core';

const disk = mkdtempSync(join(tmpdir(), 'full-disk-'));
const file = join(disk, 'token.json');
const filler = join(disk, 'filler');

/** Writes until nothing more fits. @returns the code that says so */
async function fill(): Promise<unknown> {
  return writeFile(filler, Buffer.alloc(65_536)).then(
    () => 'all of it fits',
    (error: unknown) => recordOf(error)['code'],
  );
}

function remount(how: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${how}`, disk]);
}

function watched(): { readonly authorizer: Authorizer; readonly failures: readonly string[] } {
  const failures: string[] = [];
  const observer = (event: AuthEvent): void => {
    if (event.type === 'store' && event.failure) failures.push(`${event.action}: ${event.failure}`);
  };
  const source = (): Promise<string> => Promise.resolve('fresh');
  return { authorizer: new Authorizer(source, { store: fileTokenStore(file), observer }), failures };
}

const mounted = mountSmallDisk(disk);
if (!mounted)
  process.stderr.write('SKIPPED, this user may not mount a file system: disks that are really full or read-only\n');
afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
});

// Only a user who may mount has such a disk; who may not is told above.
(mounted ? describe : describe.skip)('a real disk', () => {
  it('that is full keeps the old token, is told, and takes the next one once there is room (C6)', async () => {
    const store = fileTokenStore(file);
    await store.save({ accessToken: 'stored', expiresAt: new Date(0) });
    expect(await fill()).toBe('ENOSPC');
    await expect(store.save({ accessToken: 'lost' })).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(await store.load()).toMatchObject({ accessToken: 'stored' });
    const { authorizer, failures } = watched();
    expect(await authorizer.getToken()).toMatchObject({ accessToken: 'fresh' });
    expect(failures).toEqual(['lease: ENOSPC', 'save: ENOSPC']);
    expect((await readdir(disk)).toSorted()).toEqual(['filler', 'token.json']);
    await rm(filler);
    await authorizer.getToken({ force: true });
    expect(await fileTokenStore(file).load()).toMatchObject({ accessToken: 'fresh' });
  });

  it('that is read-only serves what it holds, is told of the rest, and takes the next token once it is not (C6)', async () => {
    await fileTokenStore(file).save({ accessToken: 'stored' }, undefined, { newSession: true });
    remount('ro');
    const { authorizer, failures } = watched();
    expect(await authorizer.getToken()).toMatchObject({ accessToken: 'stored' });
    expect(await authorizer.getToken({ force: true })).toMatchObject({ accessToken: 'fresh' });
    expect(failures).toEqual(['lease: EROFS', 'save: EROFS']);
    remount('rw');
    await authorizer.getToken({ force: true });
    expect(await fileTokenStore(file).load()).toMatchObject({ accessToken: 'fresh' });
  });
});
