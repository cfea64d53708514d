// Compiles and runs every ts and js sample of the documents and of the site's pages, so that none of them can lie.
// Run after a build: node scripts/check-readme.mjs [documents]
//
// A comment before the fence says how: <!-- sample: setup=NAME --> runs it beside the servers of readme-setups/NAME.mjs
// (without a comment: api), <!-- sample: types only --> compiles it only. Before a "::: code-group" it is for all samples of the
// group. What a sample prints must be what its "// prints: …" comments say, line by line; without such comments it must only
// end well. tsx is compiled only. A json sample must be JSON. An indented fence is no sample, and a mistake.
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { filesUnder, foldersIn } from './lib/typescript-files.mjs';

const LIMIT_MS = 20_000;
const LINES_SHOWN = 20;
const COMMENT = String.raw`^<!-- sample: (?<how>.+?) -->\s*\n`;
const FENCE = new RegExp(
  `(?:${COMMENT})?` +
    String.raw`^(?<indent> *)\x60\x60\x60(?<language>ts|tsx|typescript|js|javascript|json)\b[^\n]*\n(?<code>[\s\S]*?)^ *\x60\x60\x60`,
  'gm',
);
const GROUP = new RegExp(String.raw`${COMMENT}^::: code-group\n[\s\S]*?^:::$`, 'gm');
/** Pages of the site that are made of what is checked elsewhere, and what is no page. */
const NOT_WRITTEN = /^(?:node_modules|\.vitepress|public|reference\/(?:api\/|cli\.md|doctor\.md))/;
const TSC = join(dirname(createRequire(import.meta.url).resolve('@typescript/native/package.json')), 'bin/tsc');
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Inside the repository, so that a sample finds the packages as a user's program does; a folder that git ignores.
const work = join(root, 'node_modules/.cache/readme-samples', String(process.pid));
const run = promisify(execFile);

function documents() {
  const folders = ['.', ...foldersIn(join(root, 'packages')).map((name) => join('packages', name))];
  const files = folders.flatMap((folder) => ['README.md', 'MIGRATING.md'].map((name) => join(root, folder, name)));
  return [...files.filter((file) => existsSync(file)), ...pages()];
}

function pages() {
  const docs = join(root, 'docs');
  return filesUnder(docs, /\.md$/).filter((file) => !NOT_WRITTEN.test(relative(docs, file).split(sep).join('/')));
}

function samplesIn(file) {
  const text = readFileSync(file, 'utf8');
  const groups = [...text.matchAll(GROUP)].map((group) => ({
    from: group.index,
    to: group.index + group[0].length,
    how: group.groups.how,
  }));
  const howOf = (index) => groups.find(({ from, to }) => from <= index && index < to)?.how ?? 'setup=api';
  return [...text.matchAll(FENCE)].map(({ index, groups: { how = howOf(index), language, code, indent } }, number) => ({
    place: `${relative(root, file)}:${text.slice(0, text.indexOf('```', index)).split('\n').length}`,
    name: `${relative(root, file).replace(/\W+/g, '-')}-${number + 1}`,
    setup: /sx$|^json$/.test(language) ? undefined : /^setup=([\w-]+)$/.exec(how)?.[1],
    isKnown: how === 'types only' || /^setup=[\w-]+$/.test(how),
    isIndented: indent !== '',
    ending: endingOf(language, code),
    code,
    prints: [...code.matchAll(/\/\/ prints: (.*)$/gm)].map(([, line]) => line.trim()),
  }));
}

function endingOf(language, code) {
  if (language === 'tsx' || language === 'json') return language;
  if (language.startsWith('ts') || language === 'typescript') return 'ts';
  return /\brequire\(/.test(code) ? 'cjs' : 'js';
}

/** Compiles all samples at once, each a module of its own. @returns the compiler's complaints by sample */
function compile(samples) {
  mkdirSync(work, { recursive: true });
  for (const { name, ending, code } of samples) {
    if (ending === 'json') continue;
    const isModule = /^(?:import|export)\b/m.test(code) || ending === 'cjs';
    writeFileSync(join(work, `${name}.${ending}`), isModule ? code : `${code}\nexport {};\n`);
  }
  writeFileSync(join(work, 'package.json'), '{ "type": "module" }');
  const language = {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'dom'],
    types: ['node'],
    allowJs: true,
    jsx: 'react-jsx',
  };
  const care = { strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, skipLibCheck: true };
  const output = { rootDir: '.', outDir: 'out', noEmitOnError: false };
  const files = samples.filter(({ ending }) => ending !== 'json').map(({ name, ending }) => `${name}.${ending}`);
  writeFileSync(
    join(work, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...language, ...care, ...output }, files }),
  );
  return complaintsOf(() =>
    execFileSync(process.execPath, [TSC, '-p', work, '--pretty', 'false'], { encoding: 'utf8', cwd: work }),
  );
}

function complaintsOf(compiling) {
  try {
    compiling();
    return [];
  } catch (error) {
    return `${error.stdout}`.trim().split('\n');
  }
}

/** @returns what is wrong with the sample, if anything */
async function problemOf({ name, ending, setup, isKnown, isIndented, prints, code }, complaints) {
  if (isIndented) return 'an indented fence is not checked: let it begin the line';
  if (ending === 'json') return problemOfJson(code);
  const own = complaints.filter((line) => line.startsWith(`${name}.`));
  if (own.length > 0) return own.join('\n');
  if (!isKnown) return 'the comment before it says neither setup=NAME nor types only';
  if (setup === undefined) return undefined;
  const { start, missing } = await import(`./readme-setups/${setup}.mjs`);
  const lack = missing?.();
  if (lack !== undefined) {
    console.error(`NOT RUN, only compiled, ${lack}: ${name}`);
    return undefined;
  }
  const { env, stop } = await start();
  try {
    return await runOne(join(work, 'out', `${name}.${ending === 'ts' ? 'js' : ending}`), env, prints);
  } finally {
    await stop();
  }
}

function problemOfJson(code) {
  try {
    JSON.parse(code);
    return undefined;
  } catch (error) {
    return error.message;
  }
}

async function runOne(file, env, prints) {
  try {
    const place = { cwd: work, timeout: LIMIT_MS, env: { ...process.env, ...env } };
    const { stdout } = await run(process.execPath, ['--enable-source-maps', file], place);
    const printed = stdout.trimEnd();
    if (prints.length === 0 || printed === prints.join('\n')) return undefined;
    return `it should print\n${prints.join('\n')}\nbut printed\n${printed}`;
  } catch (error) {
    return `${error.killed ? `did not end within ${LIMIT_MS / 1000} s` : 'failed'}\n${error.stdout}${error.stderr}`;
  }
}

async function main(files) {
  const samples = files.flatMap(samplesIn);
  const complaints = samples.length === 0 ? [] : compile(samples);
  const strangers = complaints.filter(
    (line) => !samples.some(({ name }) => line.startsWith(`${name}.`)) && /^\S/.test(line),
  );
  let failed = strangers.length;
  for (const line of strangers) console.error(line);
  for (const sample of samples) {
    const problem = await problemOf(sample, complaints);
    console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${sample.place}`);
    if (problem === undefined) continue;
    failed += 1;
    console.error(problem.split('\n').slice(0, LINES_SHOWN).join('\n').replace(/^/gm, '     '));
  }
  console.log(`${samples.length} samples, ${failed} problems`);
  return failed === 0;
}

try {
  const named = process.argv.slice(2).map((file) => resolve(file));
  process.exitCode = (await main(named.length > 0 ? named : documents())) ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
