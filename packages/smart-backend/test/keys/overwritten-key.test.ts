// What does somebody see who looks into the folder in the middle of a write?
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { generateEcKeyPair } from '../../src/index.js';
import { temporaryFolder } from './folder.js';

interface Sight {
  readonly names: readonly string[];
  readonly modes: readonly number[];
  readonly key: string;
}

function lookInto(folder: string): Sight {
  const names = readdirSync(folder);
  // A name may be gone by now: the writer's file operations go on beside this.
  const stats = names.map((name) => statSync(join(folder, name), { throwIfNoEntry: false }));
  const modes = stats.flatMap((stat) => (stat === undefined ? [] : [stat.mode & 0o777]));
  return { names, modes, key: readFileSync(join(folder, 'a.json'), 'utf8') };
}

/** The folder after every turn of the event loop until `work` is done. */
async function sightsDuring(folder: string, work: Promise<unknown>): Promise<readonly Sight[]> {
  const progress = { over: false };
  const end = (): void => void (progress.over = true);
  work.then(end, end);
  const sights: Sight[] = [];
  while (!progress.over) {
    sights.push(lookInto(folder));
    await turn();
  }
  await work;
  return [...sights, lookInto(folder)];
}

it('at every moment of a refresh the old key or the new one is there, whole and closed (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' });
  const before = lookInto(folder);
  const sights = await sightsDuring(folder, generateEcKeyPair(folder, { kid: 'a', overwrite: true }));
  const after = lookInto(folder);
  expect(new Set(sights.map(({ key }) => key))).toEqual(new Set([before.key, after.key]));
  expect(new Set(sights.flatMap(({ modes }) => modes))).toEqual(new Set([0o600]));
});

it('what is being written bears no name that is loaded (S4)', async () => {
  const folder = join(await temporaryFolder(), 'keys');
  await generateEcKeyPair(folder, { kid: 'a' });
  const sights = await sightsDuring(folder, generateEcKeyPair(folder, { kid: 'b' }));
  const written = new Set(sights.flatMap(({ names }) => names).filter((name) => !/^[ab]\.json$/.test(name)));
  expect([...written]).toEqual([expect.stringMatching(/^\./)]);
  expect(lookInto(folder).names).toEqual(['a.json', 'b.json']);
});
