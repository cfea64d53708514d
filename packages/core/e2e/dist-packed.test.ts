// The tarball as npm installs it, in a folder that knows nothing of this repository, on the oldest and the newest axios.
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { run, runNode } from './child.js';
import { healthy, runClient } from './service.js';

const AXIOS_VERSIONS = ['1.18.0', '1.21.1'];
const QUIET = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
const fixtures = join(__dirname, 'fixtures');
const compilers = {
  'TypeScript 6': compiler('typescript', 'bin/tsc6'),
  'TypeScript 7': compiler('@typescript/native', 'bin/tsc'),
};

let place: string;

function compiler(name: string, path: string): string {
  return join(dirname(createRequire(__filename).resolve(`${name}/package.json`)), path);
}

function consumerOf(version: string): string {
  return join(place, `axios-${version}`);
}

async function install(version: string, tarball: string): Promise<void> {
  const folder = consumerOf(version);
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', ...QUIET, join(place, tarball), `axios@${version}`], { cwd: folder });
  await Promise.all(['client.mjs', 'client.cjs'].map((name) => copyFile(join(fixtures, name), join(folder, name))));
  await Promise.all(
    ['mts', 'cts'].map((end) => copyFile(join(fixtures, 'consumer.ts'), join(folder, `consumer.${end}`))),
  );
  const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: false, noEmit: true };
  const types = { types: [], lib: ['es2023', 'dom'], exactOptionalPropertyTypes: true };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...compilerOptions, ...types } }));
}

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'axios-authorizer-packed-'));
  const packing = ['pack', '--json', '--loglevel=error', '--ignore-scripts', '--pack-destination', place];
  const packed = JSON.parse(await run('npm', packing, { cwd: join(__dirname, '..') })) as { filename: string }[];
  await Promise.all(AXIOS_VERSIONS.map((version) => install(version, packed[0]?.filename ?? '')));
});

afterAll(() => rm(place, { recursive: true, force: true }));

describe.each(AXIOS_VERSIONS)('the installed package beside axios %s', (version) => {
  it.each(['client.mjs', 'client.cjs'])('runs %s', async (name) => {
    const folder = consumerOf(version);
    expect(await runClient(join(folder, name), folder)).toEqual(healthy);
  });

  it.each(Object.keys(compilers) as (keyof typeof compilers)[])(
    'compiles with %s, its declarations included',
    async (name) => {
      expect(await runNode([compilers[name], '-p', '.'], { cwd: consumerOf(version) })).toBe('');
    },
  );

  it('uses the axios that the user installed', async () => {
    const program =
      "console.log(require('axios').VERSION, require.resolve('axios/package.json', { paths: [require.resolve('@axios-authorizer/core')] }))";
    const folder = consumerOf(version);
    expect(await runNode(['-e', program], { cwd: folder })).toBe(
      `${version} ${join(folder, 'node_modules/axios/package.json')}`,
    );
  });
});
