// Another process changes the file of a token: who hears of it, who does not, and what does listening cost?
import fs from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ManualClock, until } from '@axios-authorizer/test-kit';
import { Authorizer } from '../../src/index.js';
import { fileTokenStore } from '../../src/node/index.js';
import { temporaryFolder } from './folder.js';

interface Ear {
  heard: number;
  readonly end: () => void;
}

function listen(store: ReturnType<typeof fileTokenStore>): Ear {
  const ear = { heard: 0, end: (): void => undefined };
  ear.end = store.subscribe?.(() => void (ear.heard += 1)) ?? ear.end;
  return ear;
}

/** Resolves when all news of what was done so far has come: what is done now comes after it. */
async function newsPassed(path: string): Promise<void> {
  const [writer, listener] = [fileTokenStore(path, { name: 'last' }), fileTokenStore(path, { name: 'last' })];
  const ear = listen(listener);
  await writer.save({ accessToken: `last-${Math.random()}` });
  await until(() => ear.heard > 0, 'the last news');
  ear.end();
}

async function place(): Promise<string> {
  return join(await temporaryFolder(), 'token.json');
}

it('what another saves or clears is news, what one has done oneself and what happens beside it is none (C18)', async () => {
  const path = await place();
  const [own, other] = [fileTokenStore(path), fileTokenStore(path)];
  const ear = listen(own);
  await own.save({ accessToken: 'a' });
  await own.exclusive?.(() => Promise.resolve());
  await fileTokenStore(path, { name: 'another' }).save({ accessToken: 'x' });
  await writeFile(join(path, '..', 'beside'), '');
  await newsPassed(path);
  expect(ear.heard).toBe(0);
  await other.save({ accessToken: 'b' });
  await until(() => ear.heard === 1, 'news of the save');
  await other.clear();
  await until(() => ear.heard === 2, 'news of the sign-out');
  ear.end();
  await other.save({ accessToken: 'c' }, undefined, { newSession: true });
  await newsPassed(path);
  expect(ear.heard).toBe(2);
});

it('several who share one store object hear of each other (C18)', async () => {
  const path = await place();
  const store = fileTokenStore(path);
  const [one, two] = [listen(store), listen(store)];
  await store.clear();
  await until(() => one.heard > 0 && two.heard > 0, 'news for both');
  expect([one.heard, two.heard]).toEqual([1, 1]);
  one.end();
  two.end();
});

it('a folder that is made later, removed, or put in the place of another is watched all the same (C18)', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'deep', 'below', 'token.json');
  const ear = listen(fileTokenStore(path));
  await fileTokenStore(path).save({ accessToken: 'a' });
  await until(() => ear.heard === 1, 'news from a new folder');
  await rm(join(folder, 'deep'), { recursive: true });
  await fileTokenStore(path).save({ accessToken: 'b' });
  await until(() => ear.heard === 2, 'news from the folder made anew');
  await mkdir(join(folder, 'next', 'below'), { recursive: true, mode: 0o700 });
  await fileTokenStore(join(folder, 'next', 'below', 'token.json')).save({ accessToken: 'c' });
  await rename(join(folder, 'deep', 'below'), join(folder, 'before'));
  await rename(join(folder, 'next', 'below'), join(folder, 'deep', 'below'));
  await fileTokenStore(path).save({ accessToken: 'd' });
  await until(() => ear.heard >= 3, 'news from the folder in its place');
  expect((await fileTokenStore(path).load())?.accessToken).toBe('d');
  ear.end();
});

it('a hundred stores in a folder share one watcher, which holds no process and ends with the last of them (C13, C18)', async () => {
  const folder = await temporaryFolder();
  const watch = jest.spyOn(fs, 'watch');
  const ears = Array.from({ length: 100 }, (_, index) => listen(fileTokenStore(join(folder, `${index % 10}.json`))));
  expect(watch).toHaveBeenCalledTimes(1);
  expect(process.getActiveResourcesInfo()).not.toContain('FSEventWrap');
  const watcher = watch.mock.results[0]?.value as fs.FSWatcher;
  const closed = jest.fn();
  watcher.on('close', closed);
  for (const ear of ears) ear.end();
  for (const ear of ears) ear.end();
  await until(() => closed.mock.calls.length === 1, 'the end of the watcher');
  watch.mockRestore();
});

it('an authorizer of another process signs out: the session here is over at once, and told (C17, C18)', async () => {
  const path = await place();
  const clock = new ManualClock();
  const ends: string[] = [];
  const source = (): Promise<string> => Promise.resolve('ada');
  const options = { clock, onSessionEnd: ({ code }: { code: string }) => void ends.push(code) };
  const here = new Authorizer(source, { ...options, store: fileTokenStore(path) });
  await here.getToken();
  await new Authorizer(source, { clock, store: fileTokenStore(path) }).logout();
  await until(() => here.token === undefined, 'the end of the session');
  await until(() => ends.length > 0, 'the hook');
  expect(ends).toEqual(['logged_out']);
  here.close();
});

it('where no watcher can be had, subscribe says so, and an authorizer does without (C18)', async () => {
  const watch = jest.spyOn(fs, 'watch').mockImplementation(() => {
    throw Object.assign(new Error('no more watches'), { code: 'ENOSPC' });
  });
  const notices: string[] = [];
  const auth = new Authorizer(() => Promise.resolve('ada'), {
    store: fileTokenStore(await place()),
    observer: (event) => void (event.type === 'notice' && notices.push(event.message)),
  });
  expect((await auth.getToken()).accessToken).toBe('ada');
  await auth.getToken({ force: true });
  expect(notices).toEqual([expect.stringContaining('ENOSPC')]);
  watch.mockRestore();
});
