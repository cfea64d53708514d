// publint and attw look at files and types only; this proves that both builds run, that the tarball installs and compiles, and
// that the samples of its guide run with the runners for which they were written.
import { clientNames, compile, compilerNames, inFolder, makeConsumer, pack, runNode } from '@axios-authorizer/test-kit';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const cwd = join(__dirname, '..');
const fixtures = join(__dirname, 'fixtures');
const requests = ['200 Bearer #1', '401 Bearer #2', '200 Bearer #3', '500 Bearer #3'];

it.each(clientNames)('%s lets a token expire and be rejected, by a server and without one', async (name) => {
  expect(JSON.parse(await runNode([join(fixtures, name)], { cwd }))).toEqual([requests, requests]);
});

it.each(['@axios-authorizer/testing', '@axios-authorizer/testing/extend'])(
  'both builds of %s export the same names',
  async (name) => {
    const program = `
    const named = (space) => Object.keys(space).filter((one) => !['default', '__esModule', 'module.exports'].includes(one));
    import('${name}').then((esm) => console.log(JSON.stringify([named(esm), named(require('${name}'))].map((all) => all.sort()))));`;
    const [esm, cjs] = JSON.parse(await runNode(['--input-type=commonjs', '-e', program], { cwd })) as string[][];
    expect(esm).toEqual(cjs);
    expect(esm?.length).toBeGreaterThan(5);
  },
);

it('the tarball installs beside core and axios, runs, and compiles with the types of Node', () =>
  inFolder(async (place) => {
    const tarballs = await Promise.all(['..', '../../core'].map((folder) => pack(join(__dirname, folder), place)));
    const folder = join(place, 'consumer');
    const programs = clientNames.map((name) => join(fixtures, name));
    const install = [...tarballs, 'axios@1.21.1', '@types/node@20'];
    await makeConsumer({ folder, install, programs, sample: join(fixtures, 'consumer.ts') });
    const settings = join(folder, 'tsconfig.json');
    await writeFile(settings, (await readFile(settings, 'utf8')).replace('"types":[]', '"types":["node"]'));
    for (const name of compilerNames) expect(await compile(name, folder, __filename)).toBe('');
    for (const name of clientNames)
      expect(JSON.parse(await runNode([name], { cwd: folder }))).toEqual([requests, requests]);
  }));

describe('the samples of the guide', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(cwd, 'dist/samples-')); // from where the packages are found, and which git ignores
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** The sample whose first line names the file, as a file. */
  async function sample(name: string): Promise<void> {
    const guide = await readFile(join(cwd, '../../docs/guide/testing.md'), 'utf8');
    const code =
      new RegExp(`^\`\`\`js\\n(// ${name.replaceAll('.', '\\.')}\\n[^]*?)^\`\`\``, 'm').exec(guide)?.[1] ?? '';
    expect(code).toContain('test(');
    await writeFile(join(folder, name), code);
  }

  function bin(name: string, path: string): string {
    return join(dirname(createRequire(__filename).resolve(`${name}/package.json`)), path);
  }

  it('runs with Jest', async () => {
    await sample('items.test.cjs');
    await writeFile(join(folder, 'jest.config.json'), '{ "testMatch": ["**/*.test.cjs"] }');
    const report = join(folder, 'jest.json');
    await runNode([bin('jest', 'bin/jest.js'), '--json', `--outputFile=${report}`], { cwd: folder });
    expect(JSON.parse(await readFile(report, 'utf8'))).toMatchObject({ numPassedTests: 2, numTotalTests: 2 });
  });

  it('runs with Vitest', async () => {
    await sample('items.test.js');
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const printed = await runNode([bin('vitest', 'vitest.mjs'), 'run', '--root', '.', '--reporter=json'], {
      cwd: folder,
    });
    expect(JSON.parse(printed)).toMatchObject({ numPassedTests: 2, numTotalTests: 2 });
  });
});
