// Is every requirement of the guide on a client proven by a test that exists, or said to be somebody else's?
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirements } from './client-requirements.js';
import { withVectors } from './ig.js';

const list = join(__dirname, '../../../../../shared/data/smart-ig/client-requirements-2.2.json');
const packages = join(__dirname, '../../..');

interface Row {
  readonly id: string;
  readonly level: 'SHALL' | 'SHOULD' | 'SHOULD NOT' | 'MAY';
}

function rows(): readonly Row[] {
  return (JSON.parse(readFileSync(list, 'utf8')) as { readonly rows: readonly Row[] }).rows;
}

/** The numbers of all rows, or of those that `isMeant` picks from the table. */
function ids(isMeant: (requirement: (typeof requirements)[number]) => boolean = () => true): readonly string[] {
  return requirements.filter(isMeant).flatMap((requirement) => requirement.ids.split(' '));
}

function testFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.ts'));
  return names.map((name) => join(folder, name)).filter((path) => path !== __filename);
}

const sources = readdirSync(packages)
  .flatMap((name) => ['test', 'e2e'].map((folder) => join(packages, name, folder)))
  .flatMap(testFiles)
  .map((path) => readFileSync(path, 'utf8'));

/** Whether it is the first argument of an it() or an it.each()(), as it is written there. */
function stands(title: string, within: readonly string[] = sources): boolean {
  const literal = title.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  const titled = new RegExp(`(?:\\b(?:it|test)|\\))\\(\\s*(['"\`])${literal}\\1,`);
  return within.some((source) => titled.test(source.replaceAll(/^\s*\/\/.*$/gm, '')));
}

withVectors('the requirements of SMART App Launch 2.2 on clients', () => {
  it('each has its row, whether SHALL, SHOULD or MAY, and no other is spoken of (S6)', () => {
    expect(ids().toSorted()).toEqual(
      rows()
        .map(({ id }) => id)
        .toSorted(),
    );
    expect(rows().length).toBeGreaterThan(50);
  });

  it('each SHALL is proven by a test, but for the registration, which is made with people (S6)', () => {
    const shalls = rows().flatMap(({ id, level }) => (level === 'SHALL' ? [id] : []));
    const proven = new Set(ids(({ tests = [] }) => tests.length > 0));
    expect(shalls.filter((id) => !proven.has(id))).toEqual(['225', '291', '293', '298']);
  });
});

it('no requirement has two rows, and each row names tests or says whose it is (S6)', () => {
  expect(new Set(ids()).size).toBe(ids().length);
  expect(ids(({ tests = [], others = '' }) => tests.length === 0 && others === '')).toEqual([]);
});

it('every test that is named stands in a test file (S6)', () => {
  const titles = requirements.flatMap(({ tests = [] }) => tests);
  expect(titles.filter((title) => !stands(title))).toEqual([]);
});

it.each([
  ['a comment', "// it('a title', …"],
  ['a row of a table', "it.each(['a title', 'b'])('%s', f);"],
  ['a longer title', "it('a title, and more', f);"],
  ['a test that is skipped', "it.skip('a title', f);"],
  ['a describe', "describe('a title', f);"],
])('a title that stands in %s only is found missing (S6)', (_, source) => {
  expect(stands('a title', [source])).toBe(false);
});

it.each(["it('a title', f);", "it.each([1])(\n  'a title',\n  f);", 'test("a title", f);', 'it(`a title`, f);'])(
  'a title is found in %s (S6)',
  (source) => {
    expect(stands('a title', ['', source])).toBe(true);
  },
);
