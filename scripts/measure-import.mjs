// What importing a package costs over importing what it stands on, in milliseconds: the median of plain child processes, as
// JSON. Nothing that is loaded on first use counts. Run after a build: node scripts/measure-import.mjs [spawns]
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = join(fileURLToPath(import.meta.url), '../../packages');
const spawns = Number(process.argv[2] ?? 25);
/** Each published package, and what its users have loaded without it. */
const BASES = { core: ['axios'], 'smart-backend': ['axios', '@axios-authorizer/core'] };
const PROGRAMS = {
  import: (names) => names.map((name) => `await import('${name}');`).join(' '),
  require: (
    names,
    cwd,
  ) => `const { createRequire } = await import('node:module'); const require = createRequire('${cwd}/x.js');
    start = performance.now(); ${names.map((name) => `require('${name}');`).join(' ')}`,
};

function once(kind, names, cwd) {
  const program = `let start = performance.now(); ${PROGRAMS[kind](names, cwd)} console.log(performance.now() - start);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' }));
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

/** Both programs in turns, so that a busy moment of the machine hits both alike. */
function measure(kind, name) {
  const cwd = join(packages, name);
  const base = BASES[name];
  const pairs = Array.from({ length: spawns }, () => [
    once(kind, base, cwd),
    once(kind, [...base, `@axios-authorizer/${name}`], cwd),
  ]);
  const [before, after] = [0, 1].map((column) => median(pairs.map((pair) => pair[column])));
  return { baseMs: round(before), withItMs: round(after), addedMs: round(after - before) };
}

function round(ms) {
  return Math.round(ms * 10) / 10;
}

const costs = Object.keys(BASES).map((name) => [
  name,
  { import: measure('import', name), require: measure('require', name) },
]);
console.log(JSON.stringify({ spawns, packages: Object.fromEntries(costs) }));
