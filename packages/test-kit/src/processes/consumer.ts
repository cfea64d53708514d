// What a user has after `npm install`: the packed package in a folder that knows nothing of this repository, beside programs
// that import it and a compiler that reads its declarations.

import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { run, runNode } from './programs.js';

/** The oldest axios that is supported, and the newest that is tested. */
export const axiosVersions = ['1.18.0', '1.21.1'] as const;

const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'];
const options = { module: 'nodenext', target: 'es2022', strict: true, skipLibCheck: false, noEmit: true };
/** No types but those that come with the packages: nobody has to have @types/node. */
const compilerOptions = { ...options, exactOptionalPropertyTypes: true, types: [], lib: ['es2023', 'dom'] };
const compilers = {
  'TypeScript 6': ['typescript', 'bin/tsc6'],
  'TypeScript 7': ['@typescript/native', 'bin/tsc'],
} as const;

export type Compiler = keyof typeof compilers;
export const compilerNames: readonly Compiler[] = ['TypeScript 6', 'TypeScript 7'];
/** The programs that a package's `e2e/fixtures` holds, one for each build. */
export const clientNames = ['client.mjs', 'client.cjs'] as const;

export interface ConsumerOptions {
  /** Made, and filled. */
  readonly folder: string;
  /** What `npm install` is told: tarballs, names with versions. */
  readonly install: readonly string[];
  /** Paths of programs that are copied there. */
  readonly programs: readonly string[];
  /** Path of a TypeScript file that is copied as .mts and as .cts, so that the types of both builds are read. */
  readonly sample: string;
}

/** Packs the package in `folder`. @returns the path of the tarball, in `into` */
export async function pack(folder: string, into: string): Promise<string> {
  const packing = ['pack', '--loglevel=error', '--ignore-scripts', '--pack-destination', into];
  return join(into, await run('npm', packing, { cwd: folder }));
}

export async function makeConsumer({ folder, install, programs, sample }: ConsumerOptions): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  await run('npm', ['install', ...quiet, ...install], { cwd: folder });
  await Promise.all(programs.map((path) => copyFile(path, join(folder, basename(path)))));
  await Promise.all(['mts', 'cts'].map((end) => copyFile(sample, join(folder, `consumer.${end}`))));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
}

/**
 * Compiles what lies in `folder`, declarations of packages included.
 * @param from a file of the repository, from where the compiler is found
 * @returns what the compiler says, which should be nothing; rejects when it finds mistakes
 */
export function compile(compiler: Compiler, folder: string, from: string): Promise<string> {
  const [name, path] = compilers[compiler];
  const home = dirname(createRequire(from).resolve(`${name}/package.json`));
  return runNode([join(home, path), '-p', '.'], { cwd: folder });
}

/** The package whose `e2e` folder this is, packed with core and installed beside each of these versions of axios. */
export class PackedConsumers {
  readonly #here: string;
  readonly #versions: readonly string[];
  #place = '';

  constructor(here: string, versions: readonly string[] = axiosVersions) {
    this.#here = here;
    this.#versions = versions;
  }

  /** Where `fixtures/client.mjs`, `client.cjs` and the sample lie beside what was installed. */
  folderOf(version: string): string {
    return join(this.#place, `axios-${version}`);
  }

  async make(): Promise<void> {
    this.#place = await mkdtemp(join(tmpdir(), 'axios-authorizer-packed-'));
    const fixture = (name: string): string => join(this.#here, 'fixtures', name);
    const folders = ['..', '../../core'].map((folder) => join(this.#here, folder));
    const tarballs = await Promise.all(folders.map((folder) => pack(folder, this.#place)));
    const shared = { programs: clientNames.map(fixture), sample: fixture('consumer.ts') };
    const makeOne = (version: string): Promise<void> =>
      makeConsumer({ ...shared, folder: this.folderOf(version), install: [...tarballs, `axios@${version}`] });
    await Promise.all(this.#versions.map(makeOne));
  }

  /** @returns what the compiler says, which should be nothing; rejects when it finds mistakes */
  compile(compiler: Compiler, version: string): Promise<string> {
    return compile(compiler, this.folderOf(version), join(this.#here, 'consumer'));
  }

  /** @returns whether the package and the user have one core and one axios, and that axios' version: `true 1.21.1` */
  sharing(name: string, version: string): Promise<string> {
    const program = `
      const from = (name, by) => require.resolve(name, { paths: [require.resolve(by)] });
      const core = '@axios-authorizer/core';
      const shared = from(core, '${name}') === require.resolve(core) && from('axios', core) === require.resolve('axios');
      process.stdout.write(shared + ' ' + require('axios').VERSION);`;
    return runNode(['-e', program], { cwd: this.folderOf(version) });
  }

  remove(): Promise<void> {
    return rm(this.#place, { recursive: true, force: true });
  }
}
