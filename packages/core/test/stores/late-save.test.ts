// A save that takes longer than anybody waits for it: does its token come back after a logout, or over a newer one?
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gate, ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { fileTokenStoreOn } from '../../src/node/file-token-store.js';
import { thisPlatform } from '../../src/node/platform.js';
import { temporaryFolder } from './folder.js';
import { platformWith } from './platforms.js';
import type { Platform } from '../../src/node/platform.js';

const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour));

/** Its disk keeps the first `call` waiting until the gate is opened. */
function slow(call: 'mkdir' | 'rename'): { platform: Platform; reached: () => boolean; open: () => void } {
  const { opened, open } = gate();
  let isReached = false;
  const wait = async (): Promise<void> => {
    const isFirst = !isReached;
    isReached = true;
    if (isFirst) await opened;
  };
  const { fs } = thisPlatform;
  const mkdir: typeof fs.mkdir = async (path, options) => {
    await wait();
    return fs.mkdir(path, options);
  };
  const rename: typeof fs.rename = async (from, to) => {
    if (from.endsWith('.new')) await wait();
    return fs.rename(from, to);
  };
  return { platform: platformWith(call === 'mkdir' ? { mkdir } : { rename }), reached: () => isReached, open };
}

it.each([
  ['mkdir', 'before the save goes on'],
  ['rename', 'behind the save'],
] as const)(
  'a save whose %s hangs beyond storeTimeoutMs, then a logout that ends %s: the token does not come back (C6)',
  async (call, _how) => {
    const file = join(await temporaryFolder(), 'token.json');
    const disk = slow(call);
    const clock = new ManualClock();
    const base = fileTokenStoreOn(disk.platform, file);
    const ended: unknown[] = [];
    const save = (token: Parameters<typeof base.save>[0]): ReturnType<typeof base.save> =>
      base.save(token).finally(() => ended.push('save'));
    const store = { load: () => base.load(), save, clear: () => base.clear() };
    const authorizer = new Authorizer(() => Promise.resolve('late'), { store, clock });
    const asked = authorizer.getToken();
    await until(disk.reached, 'the save');
    await clock.advance(2_000);
    await expect(asked).resolves.toMatchObject({ accessToken: 'late' });
    const left = authorizer.logout();
    if (call === 'mkdir') await left;
    disk.open();
    await left;
    await until(() => ended.length === 1, 'the late save');
    await expect(fileTokenStore(file).load()).rejects.toMatchObject({ code: 'logged_out' });
  },
);

it('a token that was loaded before another process logged out is not saved over the logout (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const [one, other] = [fileTokenStore(file), fileTokenStore(file)];
  await one.save({ accessToken: 'old', issuedAt: at(0) });
  await other.load();
  await one.clear();
  await expect(other.save({ accessToken: 'late', issuedAt: at(1) })).rejects.toMatchObject({ code: 'logged_out' });
  await expect(readFile(file, 'utf8')).resolves.not.toContain('late');
  await other.save({ accessToken: 'signed in again', issuedAt: at(2) }, undefined, { newSession: true });
  await expect(one.load()).resolves.toMatchObject({ accessToken: 'signed in again' });
});

it('a late save does not replace the token of a sign-in that came after the logout (C6)', async () => {
  const file = join(await temporaryFolder(), 'token.json');
  const [one, other] = [fileTokenStore(file), fileTokenStore(file)];
  await one.save({ accessToken: 'old', issuedAt: at(0) });
  await other.load();
  await one.clear();
  await one.save({ accessToken: 'new', issuedAt: at(1) }, undefined, { newSession: true });
  await expect(other.save({ accessToken: 'late', issuedAt: at(2) })).resolves.toMatchObject({ accessToken: 'new' });
  await expect(one.load()).resolves.toMatchObject({ accessToken: 'new' });
});
