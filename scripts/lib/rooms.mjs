// Jest loads every module anew for each test file, which takes longer than most files' tests. So a dozen files of a folder are
// read by one: a describe block a file, with the file's own hooks inside. `npx jest FILE` runs one file as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const FILES_AT_ONCE = 12;
/** Hooks of what tests share: they hold for all files of a room, as they would for each. */
const HOOK = /^(?:before|after)(?:Each|All)\(/m;

/** @param project one of Jest's projects, on sources @returns the same, with fewer and larger test files */
export function roomsOf(project) {
  const home = join(root, project.rootDir);
  writeRooms(join(home, 'test'));
  return { ...project, testMatch: ['<rootDir>/test/.rooms/*.js'], testPathIgnorePatterns: ['/node_modules/'] };
}

function writeRooms(test) {
  const files = readdirSync(test, { recursive: true }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.d.ts'),
  );
  const tests = files
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.long.test.ts'))
    .toSorted((a, b) => a.localeCompare(b));
  const shared = files.filter(
    (file) => !file.endsWith('.test.ts') && HOOK.test(readFileSync(join(test, file), 'utf8')),
  );
  const rooms = new Map(dozens(tests).map(([name, members]) => [`${name}.js`, room(shared, members)]));
  const folder = join(test, '.rooms');
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) if (!rooms.has(file)) rmSync(join(folder, file));
  for (const [file, text] of rooms) writeWhenNew(join(folder, file), text);
}

/** Another run may be reading it. */
function writeWhenNew(path, text) {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
}

/** `[['wire-1', ['wire/a.test.ts', …]], …]` */
function dozens(tests) {
  const folders = groupBy(tests, (file) => file.split(/[\\/]/).slice(0, -1).join('-') || 'test');
  return [...folders].flatMap(([name, files]) =>
    Array.from({ length: Math.ceil(files.length / FILES_AT_ONCE) }, (_, index) => [
      `${name}-${index + 1}`,
      files.slice(index * FILES_AT_ONCE, (index + 1) * FILES_AT_ONCE),
    ]),
  );
}

function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) groups.set(keyOf(value), [...(groups.get(keyOf(value)) ?? []), value]);
  return groups;
}

function room(shared, members) {
  const path = (file) => JSON.stringify(`../${file.replaceAll('\\', '/')}`);
  const loaded = shared.map((file) => `require(${path(file)});`);
  const blocks = members.map((file) => `describe(${JSON.stringify(file)}, () => void require(${path(file)}));`);
  return [...loaded, ...blocks, ''].join('\n');
}
