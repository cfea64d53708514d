// What importing core costs over importing axios alone, in milliseconds: the median of plain child processes, as JSON.
// Run after a build: node scripts/measure-import.mjs [spawns]
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cwd = join(fileURLToPath(import.meta.url), '../../packages/core');
const spawns = Number(process.argv[2] ?? 25);
const PROGRAMS = {
  import: (names) => names.map((name) => `await import('${name}');`).join(' '),
  require: (
    names,
  ) => `const { createRequire } = await import('node:module'); const require = createRequire('${cwd}/x.js');
    start = performance.now(); ${names.map((name) => `require('${name}');`).join(' ')}`,
};

function once(kind, names) {
  const program = `let start = performance.now(); ${PROGRAMS[kind](names)} console.log(performance.now() - start);`;
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd, encoding: 'utf8' }));
}

function median(numbers) {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];
}

/** Both programs in turns, so that a busy moment of the machine hits both alike. */
function measure(kind) {
  const pairs = Array.from({ length: spawns }, () => [
    once(kind, ['axios']),
    once(kind, ['axios', '@axios-authorizer/core']),
  ]);
  const [axios, both] = [0, 1].map((column) => median(pairs.map((pair) => pair[column])));
  return { axiosMs: round(axios), withCoreMs: round(both), coreMs: round(both - axios) };
}

function round(ms) {
  return Math.round(ms * 10) / 10;
}

console.log(JSON.stringify({ spawns, import: measure('import'), require: measure('require') }));
