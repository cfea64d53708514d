// The folder of the cache: its owner's only, written in one step, and read with suspicion.
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { anotherSession, modeOf, world } from '../stage.js';
import { ask, filesIn, inFolder, isCached, rewrite } from './stage.js';
import { endOf, settled } from '../session/stage.js';

const url = 'cache-control/max-age=60';

it('is 0700, and its files are 0600 (I3)', async () => {
  const folder = await inFolder();
  const { session } = await world({ session: { cache: true } });
  await ask(session, url);
  const [file = ''] = await filesIn(folder);
  expect([await modeOf(folder), await modeOf(file)]).toEqual(['700', '600']);
});

it('is closed to others when it was there before and open to them (I3)', async () => {
  const folder = await inFolder();
  await mkdir(folder);
  await chmod(folder, 0o755);
  const { session } = await world({ session: { cache: true } });
  await ask(session, url);
  expect(await modeOf(folder)).toBe('700');
});

it('is made at the first answer, where the program was when the session was made (I3)', async () => {
  const folder = await inFolder();
  const { session } = await world({ session: { cache: true } });
  expect(await filesIn(folder)).toEqual([]);
  process.chdir(dirname(dirname(folder)));
  await ask(session, url);
  expect(await filesIn(folder)).toHaveLength(1);
});

it('has names of which no question can be read (I3)', async () => {
  const folder = await inFolder();
  const { session } = await world({ session: { cache: true } });
  await ask(session, url, { data: { component: 'my-component' } });
  const [file = ''] = await filesIn(folder);
  expect(file.slice(folder.length)).toMatch(/^[/\\][0-9a-f]{64}\.json$/);
});

const spoilt: readonly (readonly [what: string, change: (text: string) => string])[] = [
  ['nothing', () => ''],
  ['half of it', (text) => text.slice(0, text.length / 2)],
  ['all but its end', (text) => text.slice(0, -1)],
  ['a NUL and noise', () => '\0\0\u0001garbage'],
  ['null', () => 'null'],
  ['a list', () => '[]'],
  ['a text', () => '"cached"'],
  ['another program’s JSON', () => '{"a":1}'],
  ['a state alone', () => '{"state":"cached"}'],
  ['a stale state alone', () => '{"state":"stale","createdAt":1}'],
  ['a state that is none', () => '{"state":"eaten","createdAt":1,"data":{}}'],
  ['a request of a program that has gone', () => '{"state":"loading","previous":"empty"}'],
  ['an entry without data', (text) => text.replace(/"data":\{.*$/, '"createdAt":9e15,"ttl":9e15}')],
  ['an entry without headers', () => '{"state":"cached","createdAt":9e15,"ttl":9e15,"data":{"data":{},"status":200}}'],
  ['an entry for ever', (text) => text.replace(/"createdAt":\d+/, '"createdAt":"x"')],
];

it.each(spoilt)('a file that holds %s is no entry, and is written anew (I3)', async (_what, change) => {
  const folder = await inFolder();
  const here = await world({ session: { cache: true } });
  await ask(here.session, url);
  await rewrite(folder, change);
  const later = anotherSession(here, { cache: true });
  const { status, data } = await settled(ask(later, url));
  expect([status, data['made']]).toEqual([200, 2]);
  expect(await isCached(later, url)).toBe(true);
});

it('a file that cannot be written costs nobody an answer, three at once neither (I3)', async () => {
  const folder = await inFolder();
  await writeFile(folder, 'a file where the folder should be');
  const { session } = await world({ session: { cache: true } });
  expect(await Promise.all([1, 2, 3].map(() => endOf(session.get(url))))).toEqual([200, 200, 200]);
  expect(await endOf(session.get(url))).toBe(200);
  expect(await readFile(folder, 'utf8')).toBe('a file where the folder should be');
});

it('a folder that is removed meanwhile is made again (I3)', async () => {
  const folder = await inFolder();
  const { session } = await world({ session: { cache: true } });
  await ask(session, url);
  await rm(folder, { recursive: true });
  expect([await isCached(session, url), await isCached(session, url)]).toEqual([false, true]);
});

it('many answers at once are each in their file (I3)', async () => {
  const folder = await inFolder();
  const { session } = await world({ session: { cache: true } });
  const numbers = Array.from({ length: 30 }, (_, number) => number);
  await Promise.all(numbers.map((number) => ask(session, url, { data: { number } })));
  const again = await Promise.all(numbers.map((number) => ask(session, url, { data: { number } })));
  expect(again.map(({ data, cached }) => [data['dtoIn'], cached])).toEqual(numbers.map((number) => [{ number }, true]));
  expect(await filesIn(folder)).toHaveLength(30);
});
