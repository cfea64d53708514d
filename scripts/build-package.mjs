// Builds the package in the current folder: ESM, then CommonJS, with the native compiler; then makes one file of each
// entry point, since a loader takes half a millisecond for every file it links. The joined CommonJS is made of the ESM
// output as if no package.json said "module": else the bundler would take the default import of axios-retry, which is
// CommonJS with an `__esModule` mark, for its namespace. Where the package has an entry for browsers, that is made as well,
// with no-x.js in the place of each x.js that has one beside it. What nobody uses must fall out of a user's bundle, so each
// class with a static block is marked as free of side effects, and what imports a package that is not stays a file of its own.
// The declarations are joined in the same way.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';

/** In place of what browsers have no use for. */
const standIns = {
  name: 'stand-ins',
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const standIn = join(resolveDir, dirname(path), `no-${basename(path)}`);
      return existsSync(standIn) ? { path: standIn } : undefined;
    });
  },
};

/**
 * A static block is a side effect to bundlers: they would keep its class, and all that the class uses, in every bundle. Ours
 * change their own class only. The class is named by its property, which no bundler renames.
 */
const pureClasses = {
  name: 'pure-classes',
  setup({ onLoad }) {
    const withStaticBlock = /^(export )?class (\w+)([^\n]*\{\n +static \{\n[^]*?\n\})$/gm;
    onLoad({ filter: /\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        withStaticBlock,
        (_all, exported = '', name, text) =>
          `${exported}const ${name} = /* @__PURE__ */ (() => ({ ${name}: class${text} }).${name})();`,
      ),
    }));
  },
};

/** These import a package that is not marked as free of side effects. A bundler leaves out files that it has no use for. */
const KEPT_APART = ['axios/retry/transient-retry.js'];

const tsc = join(dirname(createRequire(import.meta.url).resolve('@typescript/native/package.json')), 'bin/tsc');
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-b', 'tsconfig.json', 'tsconfig.cjs.json'], { stdio: 'inherit' });
mkdirSync('dist/cjs', { recursive: true });
writeFileSync('dist/cjs/package.json', '{"type":"commonjs"}\n');

const { name: ownName, exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8'));
const targets = Object.values(exports).filter((target) => typeof target === 'object');
const esm = targets.map((target) => resolve(target.import.default));
const cjs = targets.map((target) => resolve(target.require.default));
const apart = KEPT_APART.map((path) => resolve('dist/esm', path)).filter((path) => existsSync(path));
/** The entries that share their code with the main one, each a window on one file: `extend`, and those that work on its classes. */
const sharing = ['./extend', './fetch', './dpop']
  .flatMap((name) => exports[name]?.import.default ?? [])
  .map((path) => resolve(path));
/** The main entry and those; their order is that of `exports`. */
const windows = esm.filter((entry) => entry === esm[0] || sharing.includes(entry));
/**
 * The entry that is for browsers alone imports the two above by their names: a bundler then takes those made for browsers, and
 * every class exists once.
 */
const byNames = exports['./browser'] && resolve(exports['./browser'].import.default);
const SHARED_BY_BROWSERS = 'dist/esm/shared.browser.js';
const forBrowsers = targets.filter((target) => target.import.browser).map((target) => target.import);
for (const entry of sharing.length === 0 ? forBrowsers : forBrowsers.slice(0, 1))
  await build({
    ...joining('esm'),
    platform: 'browser',
    ...(sharing.length === 0 ? { entryPoints: [entry.default] } : { stdin: all() }),
    outfile: sharing.length === 0 ? entry.browser : SHARED_BY_BROWSERS,
    plugins: [pureClasses, standIns, keepOut(resolve(entry.default), apart)],
  });
const browsers = forBrowsers.map(({ browser }) => resolve(browser));
writeFileSync('dist/esm/package.json', '{}\n');
const names = sharing.length === 0 ? [] : await Promise.all(windows.map(exportedBy));
const apartInCjs = apart.map((path) => resolve('dist/cjs', relative('dist/esm', path)));
await joined('cjs', [...esm, ...apart], [...cjs, ...apartInCjs]);
rmSync('dist/esm/package.json');
await joined('esm', [...esm, ...apart], [...esm, ...apart]);
if (sharing.length > 0)
  for (const [index, file] of browsers.entries())
    await windowOn({ names: names[index], file, shared: SHARED_BY_BROWSERS, format: 'esm' });
/** Programs, ESM alone: a file each, and beside it what a command loads when it is run, so that `--help` loads none of it. */
const programs = Object.values(bin).map((file) => resolve(file));
const PARTS = 'dist/esm/parts';
if (programs.length > 0)
  await build({
    ...joining('esm'),
    entryPoints: programs,
    outdir: 'dist/esm',
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    allowOverwrite: true,
  });
for (const file of programs) chmodSync(file, 0o755); // npm does it where it installs them; in a clone nobody does
const shared = sharing.length === 0 ? [] : ['dist/esm/shared.js', SHARED_BY_BROWSERS, 'dist/cjs/shared.js'];
const sharedFiles = shared.map((file) => resolve(file));
removeParts('dist/esm', new Set([...esm, ...programs, ...apart, ...browsers, ...sharedFiles]));
removeParts('dist/cjs', new Set([...cjs, ...apartInCjs, ...sharedFiles]));
for (const format of ['import', 'require']) await joinedTypes(targets.map((target) => resolve(target[format].types)));

/**
 * Joins each entry with what it imports; further entries import the first, so that every class exists once. Where the package
 * has entries that share their code with the first, all of these are windows on one file that holds the code of all.
 */
async function joined(format, entries, outputs) {
  for (const [index, entry] of [...entries.entries()].toReversed())
    if (!windows.includes(entry))
      await bundled({ format, entryPoints: [entry] }, outputs[index], keepOut(entry, [...windows, ...apart]));
  if (sharing.length === 0) return bundled({ format, entryPoints: windows }, outputs[0], keepOut(entries[0], apart));
  const file = join(dirname(outputs[0]), 'shared.js');
  await bundled({ format, stdin: all() }, file, keepOut(entries[0], apart));
  for (const [index, entry] of windows.entries())
    await windowOn({ names: names[index], file: outputs[entries.indexOf(entry)], shared: file, format });
}

async function bundled({ format, ...input }, outfile, kept) {
  await build({ ...joining(format), ...input, outfile, allowOverwrite: true, plugins: [pureClasses, kept] });
}

/** A module that holds what the main entry exports, and those that share its code. */
function all() {
  const contents = windows.map((file) => `export * from '${pathFrom(dirname(esm[0]), file)}';`).join('\n');
  return { contents, resolveDir: dirname(esm[0]), sourcefile: 'shared.js' };
}

async function exportedBy(file) {
  const how = { ...joining('esm'), entryPoints: [file], outfile: 'names.js', write: false, metafile: true };
  const { metafile } = await build({ ...how, sourcemap: false });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}

/** An entry that exports `names` of the file `shared`. */
async function windowOn({ names: exported, file, shared: holder, format }) {
  const contents = `export { ${exported.join(', ')} } from '${pathFrom(dirname(file), holder)}';`;
  const stdin = { contents, resolveDir: dirname(file), sourcefile: basename(file) };
  await build({
    ...joining(format),
    stdin,
    outfile: file,
    external: ['./*', '../*'],
    sourcemap: false,
    allowOverwrite: true,
  });
  rmSync(`${file}.map`, { force: true }); // the compiler's, of what stood here
}

function joining(format) {
  return {
    bundle: true,
    format,
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    // Jest and other virtual machines have no import() in CommonJS; require() loads on first use as well.
    supported: { 'dynamic-import': format === 'esm' },
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  };
}

/** Leaves the imports of `files` imports, by their paths from the joined `entry`. */
function keepOut(entry, files) {
  return {
    name: 'keep-out',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, importer }) => {
        const file = resolve(resolveDir, path);
        if (file === entry || importer === '' || !files.includes(file)) return undefined;
        if (entry === byNames && !apart.includes(file))
          return { path: file === sharing[0] ? `${ownName}/extend` : ownName, external: true };
        return { path: pathFrom(dirname(entry), file), external: true };
      });
    },
  };
}

/** As an import in `folder` names `file`. */
function pathFrom(folder, file) {
  const from = relative(folder, file).replaceAll('\\', '/');
  return from.startsWith('.') ? from : `./${from}`;
}

/** The compiler's single files are in the joined ones; the declarations stay as they are. */
function removeParts(folder, entries) {
  for (const found of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = resolve(folder, found);
    const isPart = path.startsWith(resolve(PARTS));
    if (/\.js(\.map)?$/.test(path) && !isPart && !entries.has(path.replace(/\.map$/, ''))) rmSync(path);
  }
}

/**
 * The declarations of each entry, without those of what it does not export; what several entries show is a file of its own, so
 * that every class exists once. They lie in `types/`, beside the compiler's own, which the other packages of this repository compile against.
 */
async function joinedTypes(files) {
  const folder = dirname(files[0]);
  if (basename(folder) !== 'types') return; // a package that is not published
  const entries = files.map((file) => [
    relative(folder, file).replace(/\.d\.ts$/, ''),
    join(dirname(folder), relative(folder, file)),
  ]);
  const joinedFiles = await rollup({
    input: Object.fromEntries(entries),
    plugins: [dts()],
    external: (id) => !/^[./]/.test(id) && !isAbsolute(id),
    onwarn: ({ code, message }) => code !== 'UNUSED_EXTERNAL_IMPORT' && console.warn(message),
  });
  await joinedFiles.write({
    dir: folder,
    format: 'es',
    entryFileNames: '[name].d.ts',
    chunkFileNames: ({ name }) => `shared-${name.replace(/\.d$/, '')}.d.ts`,
    minifyInternalExports: false,
  });
}
